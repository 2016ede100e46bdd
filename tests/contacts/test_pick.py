"""What the picker asks the server."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.models import Organisation, Person
from tests.contacts.rows import sent_row
from tests.factories import EngagementFactory, ParticipationFactory, PersonFactory
from tests.markup import one_line


@pytest.fixture
def pick(book, cast, sign_in):
    """``pick("mor", owners="")``: the names of the options."""

    def ask(q, user=cast.officer, **parameters):
        response = sign_in(user).get(reverse("contacts:pick", args=[cast.agreement.slug]), {"q": q} | parameters)
        assert response.status_code == 200
        return re.findall(r'data-name="([^"]*)"', response.content.decode())

    return ask


def test_people_are_suggested_those_whose_name_begins_so_first(pick, book):
    PersonFactory(agreement=book.agreement, name="Amora Ash")
    assert pick("mor") == ["Morag Lewis", "Amora Ash"]


def test_who_left_is_suggested_last(pick, book):
    PersonFactory(agreement=book.agreement, name="Amora Ash")
    Person.objects.filter(pk=book.morag.pk).update(left_on="2026-01-31")
    assert pick("mor") == ["Amora Ash", "Morag Lewis"]


def test_at_most_ten_are_suggested(pick, book):
    PersonFactory.create_batch(12, agreement=book.agreement, name="Zed Same")
    assert len(pick("zed")) == 10


def test_no_text_suggests_nobody(pick):
    assert pick("") == []
    assert pick(" \0 ") == []


def test_an_owner_may_be_an_organisation_too(pick):
    assert pick("northmoor", owners="") == ["Priya Nair", "Northmoor Council"]
    assert pick("northmoor", organisations="") == ["Northmoor Council"]


def test_nobody_of_another_agreement_is_suggested(pick):
    assert pick("secret", owners="") == []


def test_an_option_says_where_somebody_works_and_how_often_they_came(book, cast, sign_in):
    ParticipationFactory(engagement=EngagementFactory(agreement=book.agreement), person=book.morag, attendance="came")
    response = sign_in(cast.officer).get(
        reverse("contacts:pick", args=[cast.agreement.slug]), {"q": "morag", "add": ""}
    )
    assert "<strong><bdi>Morag Lewis</bdi></strong> <small><bdi>Eastmarch</bdi> · attended 1</small>" in one_line(
        response.content.decode()
    )
    assert "Add “<bdi>morag</bdi>” as a new person…" in response.content.decode()


def test_markup_that_was_typed_stays_text(cast, sign_in):
    url = reverse("contacts:pick", args=[cast.agreement.slug])
    assert "<script>" not in sign_in(cast.officer).get(url, {"q": '"><script>', "add": ""}).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_suggesting_costs_the_same_for_few_and_many(book, cast, sign_in, django_assert_num_queries, rows):
    PersonFactory.create_batch(rows, agreement=book.agreement, name="Zed", organisation=book.northmoor)
    client = sign_in(cast.officer)
    with django_assert_num_queries(6):
        client.get(reverse("contacts:pick", args=[cast.agreement.slug]), {"q": "zed", "owners": ""})


@pytest.fixture
def add(book, cast, sign_in):
    """``add(name="Jo")``: the small form of a new person, sent; the answer."""

    def post(user=cast.officer, **data):
        fields = {f"new_person-{name}": value for name, value in data.items()}
        return sign_in(user).post(reverse("contacts:pick_new", args=[cast.agreement.slug]), fields)

    return post


def test_a_new_person_comes_back_as_a_chip(add, book):
    response = add(name="Jo Reed", organisation="Northmoor Council", email="jo@x.example")
    jo = Person.objects.get(name="Jo Reed")
    assert response.status_code == 201
    assert f'name="who" value="{jo.pk}" checked' in response.content.decode()
    assert (jo.organisation, jo.email) == (book.northmoor, "jo@x.example")


def test_a_new_organisation_comes_with_them(add):
    add(name="Jo Reed", organisation="Fenland Cloud")
    assert Organisation.objects.filter(name="Fenland Cloud", people__name="Jo Reed").exists()


def test_what_is_wrong_comes_back_beside_its_field(add):
    response = add(name="", email="morag@eastmarch.example")
    assert response.status_code == 200
    assert "Give the name." in response.content.decode()
    assert "Morag Lewis, Eastmarch has this email already." in response.content.decode()


def test_sent_twice_a_person_is_added_once(add):
    key = uuid.uuid4()
    pages = [add(name="Jo Reed", form_key=key).content for _ in range(2)]
    assert pages[0] == pages[1]
    assert Person.objects.filter(name="Jo Reed").count() == 1


def test_the_small_form_begins_with_what_was_typed(cast, sign_in):
    page = sign_in(cast.officer).get(reverse("contacts:pick_new", args=[cast.agreement.slug]), {"name": "mor"})
    assert 'value="mor"' in page.content.decode()


def test_neither_is_for_viewers_or_outsiders(add, cast, sign_in):
    url = reverse("contacts:pick", args=[cast.agreement.slug])
    for user, status in ((cast.viewer, 403), (cast.outsider, 404)):
        assert add(user=user, name="Jo").status_code == status
        assert sign_in(user).get(url, {"q": "mor"}).status_code == status


@pytest.fixture
def read(book, cast, sign_in):
    """``read(text="…")``: the answer to what was pasted."""

    def ask(user=cast.officer, **data):
        url = reverse("contacts:pick_read", args=[cast.agreement.slug])
        return sign_in(user).post(url, {"field": "who"} | data)

    return ask


def test_pasted_people_come_back_as_rows_numbered_after_those_that_are_there(read, book):
    html = read(text="Jo Reed (Northmoor Council)\nMorag Lewis", rows="7").content.decode()
    assert re.findall(r'name="who_row" value="(\d+)"', html) == ["7", "8"]
    assert 'name="who_7_organisation" value="Northmoor Council"' in html
    assert f'<option value="{book.morag.pk}" selected>' in html
    assert "2 people: 1 already in contacts, 1 new." in html


def test_a_text_that_cannot_be_read_says_why(read):
    html = read(text="a" * 250_000).content.decode()
    assert "This text has 250,000 characters. It must have 200,000 or fewer." in html
    assert "who_row" not in html


def test_rows_that_were_edited_are_read_anew(read, book):
    html = read(**sent_row("Cllr Priya Nair", "new", index="3", organisation="Northmoor")).content.decode()
    assert re.findall(r'name="who_row" value="(\d+)"', html) == ["3"]
    assert f'<option value="{book.priya.pk}" selected>' in html


def test_rows_of_a_draft_come_back_as_they_were_left(read, book):
    out = sent_row("Priya Nair", "out", index="3", email="no email", doubt="This may be a list.")
    html = read(**out, restore="1").content.decode()
    assert 'value="no email"' in html
    assert '<option value="out" selected>' in html
    assert "This may be a list." in html
    assert "field-error" not in read(**sent_row("Priya", "", index="4"), restore="1").content.decode()


@pytest.mark.parametrize("field", ["", 'who"><script>', "a" * 100])
def test_the_name_of_a_field_is_never_taken_as_it_comes(read, field):
    html = read(text="Jo Reed", field=field).content.decode()
    assert 'name="who_row"' in html
    assert "<script>" not in html


def test_only_editors_have_people_read(read, cast):
    assert read(user=cast.viewer, text="Jo Reed").status_code == 403
    assert read(user=cast.outsider, text="Jo Reed").status_code == 404


def test_five_hundred_people_are_read_with_as_many_queries_as_one(read):
    counts = []
    read(text="Jo Ray")
    for number in (1, 500):
        text = "\n".join(f"Jo Ray{n} (Org {n}) <jo{n}@x.example>" for n in range(number))
        with CaptureQueriesContext(connection) as queries:
            assert read(text=text).content.decode().count("data-person-row") == number
        counts.append(len(queries))
    assert counts[0] == counts[1] < 20
