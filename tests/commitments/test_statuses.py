"""The status of a commitment is kept for each day that it changed, and its measures for the days that they applied."""

import datetime as dt
import re
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from commitments.models import Commitment, CommitmentStatus, PastMeasure
from commitments.operations import add_evidence, delete_commitment, mark_met, save_commitment
from commitments.recording import reconstruct_statuses, record_changed, record_statuses
from engagements.models import Engagement
from partnership.models import AgreementDate
from tests.factories import CommitmentFactory, EngagementFactory

START = dt.date(2026, 4, 1)


def noon(*date):
    return dt.datetime(*date, 12, tzinfo=dt.UTC)


@pytest.fixture
def clock(cast):
    """The clock at noon on 1 April 2026, the first day of the agreement."""
    AgreementDate.objects.filter(agreement=cast.agreement, kind="effective").update(on=START)
    with time_machine.travel(noon(2026, 4, 1), tick=False) as traveller:
        yield traveller


@pytest.fixture
def four(cast, clock):
    """Four workshops a year."""
    return CommitmentFactory(
        agreement=cast.agreement,
        title="Four workshops a year",
        measure="rhythm",
        rhythm_count=4,
        rhythm_period="year",
        rhythm_kinds=["workshop"],
    )


def workshop(cast, day, **fields):
    fields = {"kind": "workshop", "status": "held", "starts_on": day} | fields
    return EngagementFactory(agreement=cast.agreement, **fields)


def kept(commitment):
    rows = CommitmentStatus.objects.filter(commitment=commitment).order_by("day")
    return [(f"{row.day:%-d %b}", row.status) for row in rows]


def test_a_status_is_recorded_on_the_days_on_which_it_changed(cast, four, clock):
    for day in (noon(2026, 4, 1), noon(2026, 6, 30), noon(2026, 7, 1), noon(2026, 7, 2), noon(2026, 7, 3)):
        clock.move_to(day)
        record_statuses(cast.agreement, timezone.now())
    assert kept(four) == [("1 Apr", "on course"), ("2 Jul", "slipping")]
    workshop(cast, dt.date(2026, 7, 3))
    record_statuses(cast.agreement, timezone.now())
    assert kept(four)[-1] == ("3 Jul", "on course")


def test_what_changes_back_on_the_same_day_leaves_no_trace(cast, four, clock):
    record_statuses(cast.agreement, timezone.now())
    clock.move_to(noon(2026, 8, 3))
    record_statuses(cast.agreement, timezone.now())
    engagement = workshop(cast, dt.date(2026, 8, 3))
    record_statuses(cast.agreement, timezone.now())
    assert kept(four) == [("1 Apr", "on course")]
    engagement.delete()
    record_statuses(cast.agreement, timezone.now())
    assert kept(four) == [("1 Apr", "on course"), ("3 Aug", "slipping")]


def test_evidence_and_a_promise_that_is_met_are_recorded_too(cast, clock):
    promise = CommitmentFactory(agreement=cast.agreement, measure="due", due_on=dt.date(2026, 4, 20))
    record_statuses(cast.agreement, timezone.now())
    add_evidence(promise, workshop(cast, START), reason="It was about this.", by=cast.lead)
    clock.move_to(noon(2026, 4, 2))
    record_statuses(cast.agreement, timezone.now())
    mark_met(promise, on=dt.date(2026, 4, 2), by=cast.lead)
    record_statuses(cast.agreement, timezone.now())
    assert kept(promise) == [("1 Apr", "slipping"), ("2 Apr", "met")]


@pytest.mark.django_db(transaction=True)
def test_only_agreements_that_changed_are_looked_at_and_it_ends(cast, four, django_assert_num_queries):
    assert record_changed() == 1
    assert record_changed() == 0
    with django_assert_num_queries(1):
        record_changed()
    workshop(cast, dt.date(2026, 7, 3))
    with pytest.MonkeyPatch.context() as patch:
        seen = []
        patch.setattr("commitments.recording.record_statuses", lambda agreement, now: seen.append(agreement) or 0)
        record_changed()
    assert seen == [cast.agreement]


def test_the_number_of_queries_does_not_grow_with_the_commitments(cast, clock, django_assert_num_queries):
    CommitmentFactory.create_batch(3, agreement=cast.agreement)
    record_statuses(cast.agreement, timezone.now())
    CommitmentFactory.create_batch(9, agreement=cast.agreement)
    record_statuses(cast.agreement, timezone.now())
    with django_assert_num_queries(11):
        record_statuses(cast.agreement, timezone.now())


def test_another_measure_applies_from_its_day_and_the_one_before_is_kept(cast, four, clock):
    clock.move_to(noon(2027, 4, 1))
    four.rhythm_count, four.measured_from = 6, dt.date(2027, 4, 1)
    save_commitment(four, by=cast.lead)
    past = four.past_measures.get()
    assert (past.applies_from, past.applies_until, past.rhythm_count) == (START, dt.date(2027, 3, 31), 4)
    assert four.measure_on(dt.date(2027, 3, 31)).rhythm_count == 4
    assert four.measure_on(dt.date(2027, 4, 1)).rhythm_count == 6
    assert four.measure_on(dt.date(2026, 3, 31)) is None


def test_a_correction_of_the_measure_keeps_its_day(cast, four):
    four.rhythm_count = 5
    save_commitment(four, by=cast.lead)
    four.refresh_from_db()
    assert (four.measured_from, four.past_measures.count()) == (START, 0)


def test_two_measures_never_apply_on_one_day(four):
    fields = {"agreement_id": four.agreement_id, "commitment": four, "measure": "narrative"}
    PastMeasure.objects.create(applies_from=dt.date(2025, 1, 1), applies_until=dt.date(2025, 6, 30), **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        PastMeasure.objects.create(applies_from=dt.date(2025, 6, 30), applies_until=dt.date(2025, 7, 30), **fields)


def test_past_days_are_worked_out_by_the_measure_of_their_time(cast, four, clock):
    workshop(cast, dt.date(2026, 6, 1))
    workshop(cast, dt.date(2026, 12, 1))
    clock.move_to(noon(2026, 12, 1))
    four.rhythm_count, four.measured_from = 2, dt.date(2026, 12, 1)
    save_commitment(four, by=cast.lead)
    record_changed()
    assert kept(four) == [("1 Dec", "met")]
    assert reconstruct_statuses(cast.agreement, timezone.localdate()) > 0
    assert kept(four) == [("1 Apr", "on course"), ("1 Oct", "slipping"), ("1 Dec", "met")]
    assert list(four.statuses.order_by("day").values_list("is_reconstructed", flat=True)) == [True, True, False]
    assert reconstruct_statuses(cast.agreement, timezone.localdate()) == 2


def test_the_command_records_works_out_the_past_and_refuses_an_agreement_that_is_not_there(cast, four, clock):
    clock.move_to(noon(2026, 8, 3))
    said = StringIO()
    call_command("record_statuses", past=True, agreement=cast.agreement.slug, stdout=said)
    assert said.getvalue() == "Recorded: 1 statuses have changed.\nWorked out for past days: 2 changes of status.\n"
    with pytest.raises(CommandError, match="no agreement “nowhere”"):
        call_command("record_statuses", past=True, agreement="nowhere")
    with pytest.raises(CommandError, match="with --past"):
        call_command("record_statuses", agreement=cast.agreement.slug)


def test_a_past_period_shows_each_status_as_it_was(cast, four, clock, sign_in):
    clock.move_to(noon(2026, 8, 3))
    record_changed()
    clock.move_to(noon(2026, 11, 3))
    for _ in range(4):
        workshop(cast, dt.date(2026, 11, 2))
    record_changed()
    assert kept(four) == [("3 Aug", "slipping"), ("3 Nov", "met")]
    client, home = sign_in(cast.viewer), f"/agreements/{cast.agreement.slug}/"
    then = client.get(home, {"from": "2026-04-01", "to": "2026-09-30"}).content.decode()
    assert "Each status is shown as it was on 30 September 2026." in then
    assert ">Slipping<" in then
    assert "On 30 September 2026, " in then
    assert "1 of 1 commitment</a> was slipping" in then or "was slipping" in then
    before = client.get(home, {"from": "2026-04-01", "to": "2026-07-30"}).content.decode()
    assert "No status was recorded for this day." in before
    assert "Each status is shown" not in client.get(home).content.decode()


def test_the_list_shows_the_statuses_of_a_past_day(cast, four, clock, sign_in, at):
    clock.move_to(noon(2026, 8, 3))
    record_changed()
    clock.move_to(noon(2026, 11, 3))
    for _ in range(4):
        workshop(cast, dt.date(2026, 11, 2))
    client = sign_in(cast.viewer)
    listed = client.get(at("list"), {"on": "2026-08-04", "show": "slipping"}).content.decode()
    assert "Each status is shown as it was on 4 August 2026." in listed
    assert four.title in listed
    assert four.title not in client.get(at("list"), {"show": "slipping"}).content.decode()
    for wrong in ("2026-02-31", "x", "2027-01-01"):
        page = client.get(at("list"), {"on": wrong}).content.decode()
        assert re.search("Day: .*, so this filter is left out", page)


def test_the_page_of_a_commitment_tells_its_statuses_and_measures(cast, four, clock, sign_in, at):
    record_changed()
    clock.move_to(noon(2026, 8, 3))
    four.rhythm_count, four.measured_from = 6, dt.date(2026, 8, 1)
    save_commitment(four, by=cast.lead)
    record_changed()
    page = sign_in(cast.viewer).get(at("commitment", four.pk)).content.decode()
    assert "Status over time" in page
    assert "From 3 August 2026: 0 of 6 held" in page
    assert "4 workshops a year, from 1 April 2026 to 31 July 2026" in page


@pytest.mark.parametrize(
    ("given", "stored"), [("", dt.date(2026, 8, 3)), ("2026-06-01", dt.date(2026, 6, 1)), ("2026-04-01", START)]
)
def test_a_lead_says_from_when_another_measure_applies(cast, four, clock, sign_in, at, filled, given, stored):
    clock.move_to(noon(2026, 8, 3))
    fields = {"measure": "rhythm", "rhythm_count": 6, "rhythm_period": "year", "rhythm_kinds": ["workshop"]}
    data = filled(**fields, measured_from=given)
    assert sign_in(cast.lead).post(at("edit", four.pk), data).status_code == 302
    four.refresh_from_db()
    assert (four.rhythm_count, four.measured_from, four.past_measures.count()) == (6, stored, int(stored != START))


def test_an_edit_that_leaves_the_measure_alone_leaves_its_day_alone(cast, four, clock, sign_in, at, filled):
    clock.move_to(noon(2026, 8, 3))
    fields = {"measure": "rhythm", "rhythm_count": 4, "rhythm_period": "year", "rhythm_kinds": ["workshop"]}
    data = filled(**fields, title="Four a year")
    assert sign_in(cast.lead).post(at("edit", four.pk), data).status_code == 302
    four.refresh_from_db()
    assert (four.title, four.measured_from, four.past_measures.count()) == ("Four a year", START, 0)


@pytest.mark.parametrize(
    ("given", "problem"),
    [("2026-08-04", "Enter today or an earlier day"), ("2026-03-31", "Enter 1 April 2026 or a later day.")],
)
def test_a_day_on_which_no_measure_can_begin_is_refused(cast, four, clock, sign_in, at, filled, given, problem):
    clock.move_to(noon(2026, 8, 3))
    page = sign_in(cast.lead).post(at("edit", four.pk), filled(measured_from=given))
    assert problem in page.content.decode()
    assert Commitment.objects.get(pk=four.pk).measure == "rhythm"


def test_a_new_commitment_is_measured_from_the_start_of_the_agreement(cast, clock, sign_in, at, filled):
    clock.move_to(noon(2026, 8, 3))
    sign_in(cast.lead).post(at("new"), filled(title="Something new"))
    assert Commitment.objects.get(title="Something new").measured_from == START


def test_statuses_go_with_their_commitment(cast, four):
    record_changed()
    delete_commitment(four, by=cast.lead)
    assert not CommitmentStatus.objects.exists()
    assert Engagement.objects.count() == 0


def test_nobody_of_another_agreement_sees_them(cast, four):
    record_changed()
    assert CommitmentStatus.objects.visible_to(cast.viewer).exists()
    assert not CommitmentStatus.objects.visible_to(cast.outsider).exists()
