"""What the picker asks the server."""

import re
import uuid

import pytest
from django.urls import reverse

from contacts.models import Organisation, Person
from tests.factories import EngagementFactory, ParticipationFactory, PersonFactory


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
    assert (
        "<strong><bdi>Morag Lewis</bdi></strong> <small><bdi>Eastmarch</bdi> · came to 1</small>"
        in response.content.decode()
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
