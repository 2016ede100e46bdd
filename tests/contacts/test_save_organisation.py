"""Adding and changing an organisation."""

import uuid

import pytest
from django.urls import reverse

from contacts.models import Organisation


@pytest.fixture
def send(book, cast, sign_in):
    """``send(name="A")``: the form of a new organisation, or with ``row`` of that one, sent; the answer."""

    def post(row=None, user=cast.officer, **data):
        name, args = ("contacts:edit_organisation", [row.pk]) if row else ("contacts:new_organisation", [])
        return sign_in(user).post(reverse(name, args=[cast.agreement.slug, *args]), {"kind": "other"} | data)

    return post


def test_an_officer_adds_an_organisation(send, book):
    response = send(name="Fenland Cloud", kind="supplier", website="https://fenland.example")
    row = Organisation.objects.get(name="Fenland Cloud")
    assert response["Location"] == row.get_absolute_url()
    assert (row.kind, row.website, row.agreement) == ("supplier", "https://fenland.example", book.agreement)


def test_a_name_that_is_taken_is_refused_beside_the_field_whatever_its_case(send):
    response = send(name="NORTHMOOR council", website="https://kept.example")
    assert response.context["form"].errors["name"] == ["An organisation of this name is in the address book already."]
    assert "https://kept.example" in response.content.decode()


def test_a_name_of_another_agreement_is_free_here(send):
    assert send(name="Secret Council").status_code == 302


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "A" * 201}, "name"),
        ({"name": "A", "kind": "pirates"}, "kind"),
        ({"name": "A", "website": "javascript:alert(1)"}, "website"),
    ],
)
def test_bad_input_is_refused_beside_its_field(send, data, field):
    before = Organisation.objects.count()
    assert send(**data).context["form"].errors[field]
    assert Organisation.objects.count() == before


def test_a_form_sent_twice_saves_once(send):
    key = uuid.uuid4()
    first, second = (send(name="Fenland Cloud", form_key=key) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Organisation.objects.filter(name="Fenland Cloud").count() == 1


def test_an_officer_changes_an_organisation(send, book):
    send(row=book.northmoor, name="Northmoor City Council", kind="council")
    row = Organisation.objects.get(pk=book.northmoor.pk)
    assert (row.name, row.kind) == ("Northmoor City Council", "council")


def test_the_name_of_a_party_stays_the_partys(send, cast):
    send(row=cast.lga.organisation, name="Somebody else", kind="trade_body")
    row = Organisation.objects.get(pk=cast.lga.organisation.pk)
    assert (row.name, row.kind) == ("LGA", "trade_body")


def test_a_viewer_may_not_and_an_organisation_of_another_agreement_is_not_there(send, book, cast):
    assert send(user=cast.viewer, name="A").status_code == 403
    assert send(user=cast.outsider, name="A").status_code == 404
    assert send(row=book.strangers, name="A").status_code == 404
