"""Commitments and plans in Django admin."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from commitments.models import Commitment, PlanNumber
from tests.factories import CommitmentFactory, WorkstreamFactory

LIST_BUDGET = 5


def address(name, *args):
    return reverse(f"admin:commitments_commitment_{name}", args=args)


@pytest.fixture
def admin_client(cast, sign_in):
    """A test client that is signed in as the administrator."""
    return sign_in(cast.administrator)


def test_one_is_added_last_with_its_workstreams(admin_client, cast, commitment, filled):
    sent = filled(agreement=cast.agreement.pk, about=[cast.workstream.pk], measured_from="2026-04-01")
    admin_client.post(address("add"), sent)
    added = Commitment.objects.last()
    assert (added.title, added.position) == ("Four roundtables a year", 1)
    assert list(added.workstreams.all()) == [cast.workstream]


def test_one_is_changed(admin_client, commitment, filled):
    admin_client.post(address("change", commitment.pk), filled(title="Changed in admin", measured_from="2026-04-01"))
    commitment.refresh_from_db()
    assert commitment.title == "Changed in admin"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"measure": "rhythm"}, "A rhythm needs how many (at least one) and in what period."),
        ({"measure": "due"}, "Give the date by which it is due."),
        ({"source_url": "javascript:alert(1)"}, "Enter a valid URL."),
    ],
)
def test_what_the_pages_forbid_is_not_possible_here(admin_client, commitment, filled, fields, sentence):
    response = admin_client.post(address("change", commitment.pk), filled(**fields))
    assert sentence in response.content.decode()
    assert Commitment.pgh_event_model.objects.count() == 1


def test_parties_and_workstreams_of_another_agreement_are_refused(admin_client, cast, commitment, filled):
    party, workstream = cast.elsewhere.parties.get(), WorkstreamFactory(agreement=cast.elsewhere)
    response = admin_client.post(address("change", commitment.pk), filled(given_by=party.pk))
    assert "This belongs to another agreement." in response.content.decode()
    sent = filled(agreement=cast.agreement.pk, about=[workstream.pk])
    response = admin_client.post(address("add"), sent)
    assert "One of these belongs to another agreement." in response.content.decode()
    assert Commitment.pgh_event_model.objects.count() == 1


def test_the_order_is_changed_in_the_list_and_workstreams_stay(admin_client, cast, commitment):
    commitment.workstreams.add(cast.workstream, through_defaults={"agreement": cast.agreement})
    row = {"form-0-id": commitment.pk, "form-0-position": "3", "_save": "Save"}
    admin_client.post(address("changelist"), row | {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1"})
    commitment.refresh_from_db()
    assert (commitment.position, list(commitment.workstreams.all())) == (3, [cast.workstream])


def test_one_entered_by_mistake_is_deleted(admin_client, commitment):
    admin_client.post(address("delete", commitment.pk), {"post": "yes"})
    assert not Commitment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_its_page_and_history_open(admin_client, commitment):
    assert admin_client.get(address("change", commitment.pk)).status_code == 200
    assert "Added" in admin_client.get(address("history", commitment.pk)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_keeps_its_query_budget(admin_client, cast, count, django_assert_num_queries):
    CommitmentFactory.create_batch(count, agreement=cast.agreement)
    with django_assert_num_queries(LIST_BUDGET):
        admin_client.get(address("changelist"))


def plan_address(name, *args):
    return reverse(f"admin:commitments_plannumber_{name}", args=args)


def number_of(cast, **fields):
    usual = {"year": 2, "kind": "workshop", "number": 4, "set_for": dt.date(2026, 4, 1)}
    return PlanNumber.objects.create(agreement=cast.agreement, **usual | fields)


def test_a_number_of_the_plan_is_added_changed_and_deleted_by_the_verb(admin_client, cast):
    number_of(cast, kind="webinar")
    sent = {"agreement": cast.agreement.pk, "year": "2", "kind": "workshop", "number": "12"}
    assert admin_client.post(plan_address("add"), sent).status_code == 302
    added = PlanNumber.objects.get(kind="workshop")
    assert (added.number, added.set_for, PlanNumber.objects.count()) == (12, dt.date(2026, 4, 1), 2)
    admin_client.post(plan_address("change", added.pk), {"number": "0"})
    added.refresh_from_db()
    assert (added.number, added.year, added.kind) == (0, 2, "workshop")
    admin_client.post(plan_address("delete", added.pk), {"post": "yes"})
    assert [number.kind for number in PlanNumber.objects.all()] == ["webinar"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"number": "1000"}, "Give a whole number from 0 to 999."),
        ({"number": "-1"}, "Ensure this value is greater than or equal to 0."),
        ({"year": "0"}, "Give the number of an agreement year, from 1 to 111."),
        ({"year": "112"}, "Give the number of an agreement year, from 1 to 111."),
        ({"year": "99999"}, "Ensure this value is less than or equal to 32767."),
        ({"kind": "party"}, "Select a valid choice."),
        ({"kind": "webinar"}, "This year has a number for this kind already: change that one."),
    ],
)
def test_what_no_plan_can_hold_is_refused_in_words(admin_client, cast, fields, sentence):
    number_of(cast, kind="webinar")
    sent = {"agreement": cast.agreement.pk, "year": "2", "kind": "workshop", "number": "12"} | fields
    assert sentence in admin_client.post(plan_address("add"), sent).content.decode()
    assert PlanNumber.objects.count() == 1


def test_without_an_effective_date_a_number_can_be_deleted_and_nothing_else(admin_client, cast):
    number = number_of(cast)
    cast.agreement.dates.all().delete()
    says = "Add the day that the agreement takes effect first: its years are counted from it."
    sent = {"agreement": cast.agreement.pk, "year": "3", "kind": "workshop", "number": "12"}
    assert says in admin_client.post(plan_address("add"), sent).content.decode()
    assert says in admin_client.post(plan_address("change", number.pk), {"number": "5"}).content.decode()
    admin_client.post(plan_address("delete", number.pk), {"post": "yes"})
    assert not PlanNumber.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"number": 1000}, {"number": -1}, {"year": 0}, {"year": 112}, {"kind": "party"}, {"kind": "webinar"}]
)
def test_the_database_keeps_what_must_be_true_of_a_plan(cast, fields):
    number_of(cast, kind="webinar")
    with pytest.raises(IntegrityError, match="plannumber_"), transaction.atomic():
        number_of(cast, **fields)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_plans_keeps_its_query_budget(admin_client, cast, count, django_assert_num_queries):
    for year in range(1, count + 1):
        number_of(cast, year=year)
    with django_assert_num_queries(LIST_BUDGET + 1):
        admin_client.get(plan_address("changelist"))
