"""Slips of the keys are caught where they are made: years that cannot be meant, addresses that reach nobody."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.email_typos import likely_meant
from contacts.models import Person
from engagements.models import Action
from partnership.models import Membership
from records.limits import OUT_OF_REACH
from tests.factories import ActionFactory, CommitmentFactory, CommitteeFactory, PersonFactory, SeatFactory

YEAR_1, YEAR_9999 = "0001-01-01", "9999-12-31"


def errors_of(response):
    return response.context["form"].errors


def forms_with_a_day(cast):
    """{name of an address with its keys: (what is sent, the field that is a day)}."""
    committee = CommitteeFactory(agreement=cast.agreement)
    commitment = CommitmentFactory(agreement=cast.agreement, measure="due", due_on=dt.date(2026, 9, 1))
    seat = SeatFactory(committee=committee, holder=PersonFactory(agreement=cast.agreement))
    return [
        ("engagements:quick_log", [], "starts_on", {"title": "It", "kind": "workshop"}),
        ("engagements:new_action", [], "due_on", {"title": "It"}),
        ("engagements:edit_seat", [committee.pk, seat.pk], "ends_on", {"role": "member"}),
        ("engagements:edit_seat", [committee.pk, seat.pk], "starts_on", {"role": "member"}),
        ("contacts:new_person", [], "left_on", {"name": "Nia"}),
        ("commitments:new", [], "due_on", {"title": "It", "measure": "due", "certainty": "stated"}),
        ("commitments:met", [commitment.pk], "met_on", {}),
        ("reminders:mine", [], "paused_until", {}),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("day", [YEAR_1, YEAR_9999])
def test_a_year_that_cannot_be_meant_is_refused_beside_its_field(cast, sign_in, day):
    client = sign_in(cast.lead)
    for name, keys, field, sent in forms_with_a_day(cast):
        response = client.post(reverse(name, args=[cast.agreement.slug, *keys]), sent | {field: day})
        said = errors_of(response)[field]
        assert OUT_OF_REACH in said or "This day is still to come." in said, name
        assert day in response.content.decode(), name


@pytest.mark.django_db
def test_nor_can_a_program_save_one(cast):
    action = ActionFactory(agreement=cast.agreement)
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(due_on=dt.date(9999, 12, 31))
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.of(cast.agreement).update(left_on=dt.date(1, 1, 1))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nia@tehcuk.example", "nia@techuk.example"),
        ("nia@TECHUK.exmaple", "nia@techuk.example"),
        ("nia@gmial.com", "nia@gmail.com"),
        ("nia@techuk.example", None),
        ("nia@Gmail.com", None),
        ("nia@leeds.gov.uk", None),
    ],
)
def test_a_domain_that_is_nearly_a_known_one_is_likely_a_slip(typed, meant):
    assert likely_meant(typed, {"techuk.example"}) == meant


@pytest.mark.django_db
def test_an_address_that_looks_like_a_slip_is_asked_about_once(cast, sign_in):
    client, url = sign_in(cast.officer), reverse("contacts:new_person", args=[cast.agreement.slug])
    sent = {"name": "Nia", "email": "nia@tehcuk.example"}
    response = client.post(url, sent)
    assert errors_of(response)["email"] == [
        "Is it nia@techuk.example? Put it right; or save again, if it is right as it is."
    ]
    asked = response.context["form"]["email_asked_about"].value()
    client.post(url, sent | {"email_asked_about": asked})
    assert Person.objects.of(cast.agreement).get(name="Nia").email == "nia@tehcuk.example"


@pytest.mark.django_db
def test_an_administrator_is_asked_before_an_invitation_goes_astray(cast, sign_in):
    client, url = sign_in(cast.administrator), reverse("admin:partnership_membership_add")
    sent = {"agreement": cast.agreement.pk, "email": "nia@lga.exmaple", "name": "Nia", "role": "viewer", "party": ""}
    response = client.post(url, sent)
    assert "Is it nia@lga.example?" in response.content.decode()
    assert not Membership.objects.filter(user__email="nia@lga.exmaple").exists()
    client.post(url, sent | {"email_asked_about": "nia@lga.exmaple"})
    assert Membership.objects.filter(user__email="nia@lga.exmaple").exists()


@pytest.mark.django_db
def test_the_rule_holds_in_admin_too(cast):
    holder = PersonFactory(agreement=cast.agreement)
    seat = SeatFactory(committee=CommitteeFactory(agreement=cast.agreement), holder=holder)
    seat.ends_on = dt.date(9999, 1, 1)
    with pytest.raises(ValidationError) as refused:
        seat.full_clean()
    assert refused.value.message_dict["ends_on"] == [OUT_OF_REACH]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "sent", "sentences"),
    [
        ("/accounts/login/", {}, ["Give your email address.", "Give your password."]),
        ("/accounts/login/", {"login": "nia"}, ["Give a whole email address, such as name@council.gov.uk."]),
        (
            "/accounts/login/",
            {"login": "nia@lga.example", "password": "x"},
            ["The email address or the password is not right. Look at both, and try again."],
        ),
        ("/accounts/password/reset/", {}, ["Give your email address."]),
        ("/accounts/password/change/", {}, ["Give the password that you have now.", "Choose a password."]),
    ],
)
def test_what_is_wrong_with_signing_in_is_said_in_our_words(cast, client, sign_in, path, sent, sentences):
    if "change" in path:
        sign_in(cast.officer)
    page = client.post(path, sent).content.decode()
    for sentence in sentences:
        assert sentence in page
    assert "This field is required." not in page
