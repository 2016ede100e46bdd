"""Titles and honours stand beside a name: shown, edited, kept in history, and left out of matching and sorting."""

import importlib

import pytest
from django.apps import apps
from django.urls import reverse

from contacts.models import Organisation, Person
from engagements.models import Engagement
from tests.factories import EngagementFactory, ParticipationFactory, PersonFactory


@pytest.fixture
def priya(book):
    """A councillor with an honour."""
    book.priya.title, book.priya.honours = "Cllr", "MBE"
    book.priya.save()
    return book.priya


def page(client, name, cast, *args, **query):
    return client.get(reverse(name, args=[cast.agreement.slug, *args]), query).content.decode()


def test_they_are_shown_where_people_are(priya, cast, sign_in):
    client = sign_in(cast.officer)
    engagement = EngagementFactory(agreement=cast.agreement)
    ParticipationFactory(engagement=engagement, person=priya, attendance="came")
    full = "<bdi>Cllr Priya Nair MBE</bdi>"
    assert full in page(client, "contacts:people", cast)
    assert full in page(client, "dashboards:person", cast, priya.pk)
    assert full in page(client, "dashboards:organisation", cast, priya.organisation_id)
    assert full in page(client, "engagements:record", cast, engagement.pk)
    assert full in page(client, "engagements:attendance", cast, engagement.pk)
    assert full in page(client, "contacts:pick", cast, q="priya")


def test_people_are_sorted_by_their_names_alone(priya, book, cast, sign_in):
    PersonFactory(agreement=book.agreement, name="Abe Zed", title="Sir")
    PersonFactory(agreement=book.agreement, name="Quentin Ash")
    names = [person.name for person in Person.objects.of(book.agreement) if "@" not in person.name]
    assert names.index("Abe Zed") < names.index("Priya Nair") < names.index("Quentin Ash")


@pytest.mark.parametrize("text", ["Cllr Priya", "priya nair mbe", "Dr Nair"])
def test_people_are_found_whatever_title_is_typed(priya, cast, sign_in, text):
    assert "Cllr Priya Nair MBE" in page(sign_in(cast.officer), "contacts:people", cast, q=text)


def test_an_engagement_is_found_by_the_full_name_of_somebody_who_was_there(priya, cast, sign_in):
    engagement = EngagementFactory(agreement=cast.agreement, title="Buying well")
    ParticipationFactory(engagement=engagement, person=priya, attendance="came")
    assert Engagement.objects.filter(pk=engagement.pk).exists()
    assert "Buying well" in page(sign_in(cast.officer), "engagements:list", cast, q="Cllr Nair")


def test_they_are_edited_in_fields_of_their_own_and_taken_from_the_name(book, cast, sign_in):
    client = sign_in(cast.officer)
    url = reverse("contacts:edit_person", args=[cast.agreement.slug, book.morag.pk])
    client.post(url, {"name": "Morag Lewis", "title": "Dame", "honours": "DBE"})
    book.morag.refresh_from_db()
    assert book.morag.full_name == "Dame Morag Lewis DBE"
    client.post(url, {"name": "Prof Morag Lewis CBE", "title": "", "honours": ""})
    book.morag.refresh_from_db()
    assert (book.morag.title, book.morag.name, book.morag.honours) == ("Prof", "Morag Lewis", "CBE")
    events = Person.pgh_event_model.objects.filter(pgh_obj=book.morag).order_by("pgh_id")
    assert [event.title for event in events][-2:] == ["Dame", "Prof"]


def test_administrators_edit_them_too(priya, cast, sign_in):
    url = reverse("admin:contacts_person_change", args=[priya.pk])
    html = sign_in(cast.administrator).get(url).content.decode()
    assert 'name="title" value="Cllr"' in html
    assert 'name="honours" value="MBE"' in html


def test_names_that_were_there_before_are_taken_apart_and_put_together_again(book, cast):
    step = importlib.import_module("contacts.migrations.0004_names_without_titles")
    names = {"Cllr Ann Lee OBE": ("Cllr", "Ann Lee", "OBE"), "Dr": ("", "Dr", ""), "Lee, Ann": ("", "Lee, Ann", "")}
    people = {name: PersonFactory(agreement=cast.agreement, name=name) for name in names}
    step.clean(apps, None)
    for name, person in people.items():
        person.refresh_from_db()
        assert (person.title, person.name, person.honours) == names[name]
    assert Organisation.objects.get(pk=book.northmoor.pk).name == "Northmoor Council"
    step.join(apps, None)
    for name, person in people.items():
        person.refresh_from_db()
        assert person.name == name
