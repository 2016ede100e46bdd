"""What cannot be seen makes no difference in a name, wherever it is saved."""

import unicodedata

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from contacts.models import Organisation, Person
from partnership.models import Party
from records.names import NameField, clean_name
from tests.factories import CommitteeFactory, EngagementFactory, OrganisationFactory, PersonFactory, WorkstreamFactory

ZWNJ = "\u200c"


@pytest.mark.parametrize(
    ("typed", "saved"),
    [
        ("\ufeffMorag Lewis", "Morag Lewis"),
        ("Mor\u200bag\u00a0Lew\u00adis", "Morag Lewis"),
        (" \u2003Morag\u2009\u202fLewis\u3000", "Morag Lewis"),
        ("Morag\t Lewis\u200f", "Morag Lewis"),
        ("\u202aMorag\u202c Lewis\u2060", "Morag Lewis"),
        ("Zoe\u0308 Mu\u0308ller", "Zoë Müller"),
        (f"Mo{ZWNJ}rag", "Morag"),
        (f"علی{ZWNJ}رضا", f"علی{ZWNJ}رضا"),
        ("👩\u200d💻 Dev", "👩\u200d💻 Dev"),
        ("\u200b", ""),
        ("O’Dowd-Lewis", "O’Dowd-Lewis"),
    ],
)
def test_what_cannot_be_seen_is_taken_out_of_a_name(typed, saved):
    assert clean_name(typed) == saved


@given(st.text(max_size=40))
def test_a_clean_name_stays_as_it_is_and_nothing_in_it_is_hidden(text):
    name = clean_name(text)
    assert clean_name(name) == name
    assert not {sign for sign in name if unicodedata.category(sign) == "Zs" and sign != " "}


def test_every_name_of_every_record_is_such_a_field():
    plain = [
        f"{model.__name__}.{field.name}"
        for app in (
            "accounts",
            "partnership",
            "contacts",
            "workstreams",
            "engagements",
            "commitments",
            "outbox",
            "reminders",
        )
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if getattr(field, "name", "") in ("name", "short_name", "title", "honours", "job_title")
        and not model.__name__.endswith("Event")
        and not isinstance(field, NameField)
    ]
    # A file's name is cleaned where it arrives; that of a delivery is a copy; processes name themselves.
    assert sorted(plain) == ["Delivery.title", "Document.name", "Heartbeat.name", "Quota.name", "Tally.name"]


@pytest.mark.django_db
def test_a_name_is_clean_however_it_is_saved(cast):
    person = PersonFactory(agreement=cast.agreement, name="Mo\u200brag\u00a0Lewis")
    assert person.name == "Morag Lewis"
    Person.objects.bulk_create([Person(agreement=cast.agreement, name="\ufeffJo Reed")])
    Person.objects.filter(name="J\u00ado Reed").update(job_title="Cle\u200brk")
    assert Person.objects.get(name="Jo Reed").job_title == "Clerk"
    party = Party.objects.get(pk=cast.lga.pk)
    party.name = "L\u200bGA"
    party.save()
    rows = [
        CommitteeFactory(agreement=cast.agreement, name="\u2003Digital\u00a0Committee"),
        WorkstreamFactory(agreement=cast.agreement, name="Ski\u00adlls"),
        EngagementFactory(agreement=cast.agreement, title="AI\u200b in councils"),
        party,
    ]
    for row in rows:
        row.refresh_from_db()
    assert [getattr(row, "title", None) or row.name for row in rows] == [
        "Digital Committee",
        "Skills",
        "AI in councils",
        "LGA",
    ]


@pytest.mark.django_db
def test_two_organisations_that_look_alike_are_one(cast, sign_in):
    OrganisationFactory(agreement=cast.agreement, name="Northmoor Council")
    page = reverse("contacts:new_organisation", args=[cast.agreement.slug])
    response = sign_in(cast.officer).post(page, {"name": "North\u200bmoor\u00a0Council", "kind": "council"})
    assert "name" in response.context["form"].errors
    assert Organisation.objects.of(cast.agreement).filter(name="Northmoor Council").count() == 1


@pytest.mark.django_db
def test_a_name_over_two_lines_is_refused(cast, sign_in):
    page = reverse("contacts:new_person", args=[cast.agreement.slug])
    response = sign_in(cast.officer).post(page, {"name": "Jo\nReed"})
    assert response.context["form"].errors["name"] == ["A name must be on one line."]


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["contacts_person", "contacts_organisation"])
def test_not_even_the_database_takes_a_hidden_character(cast, table):
    PersonFactory(agreement=cast.agreement)
    with pytest.raises(IntegrityError, match="visible"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET name = name || %s", ["\u200b"])
