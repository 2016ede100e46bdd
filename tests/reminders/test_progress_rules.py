"""Leads are told that a commitment slips or is late, once for each in a period, and that nothing was held for long."""

import datetime as dt

import pytest

from commitments.models import Commitment, Evidence
from reminders.deliveries.ledger import plan_all
from reminders.models import Delivery, Preference
from reminders.operations.sweeping import check_all, sweep
from tests.factories import AgreementDateFactory, CommitmentFactory, EngagementFactory, WorkstreamFactory
from tests.reminders.conftest import NOW, outbox
from tests.reminders.ruled import deliveries_of, html, live, on, plain, rule_about

pytestmark = pytest.mark.usefixtures("clock")

BOTH = ["lead", "lead"]


@pytest.fixture
def agreement(cast):
    """In force since 1 April 2025, with one lead of each party."""
    cast.agreement.dates.all().delete()
    cast.agreement.workstreams.update(archived_on=NOW.date())
    AgreementDateFactory(agreement=cast.agreement, kind="effective", on=dt.date(2025, 4, 1))
    return cast.agreement


def day(number):
    return NOW.date() + dt.timedelta(days=number)


def promise(agreement, **fields):
    """Four roundtables a year, of a year that began on 1 April 2026. Written down in the spring of 2025."""
    facts = {"measure": "rhythm", "rhythm_count": 4, "rhythm_period": "year", "rhythm_kinds": ["roundtable"]}
    made = CommitmentFactory(agreement=agreement, title="Four roundtables a year", **facts | fields)
    Commitment.objects.filter(pk=made.pk).update(created_at=dt.datetime(2025, 4, 20, tzinfo=dt.UTC))
    return made


def held(agreement, on_day, stream=None, **fields):
    facts = {"kind": "roundtable", "status": "held", "starts_on": on_day, "outcomes": "Much", "head_count": 9}
    engagement = EngagementFactory(agreement=agreement, **facts | fields)
    if stream:
        engagement.workstreams.add(stream, through_defaults={"agreement": agreement})
    return engagement


# Rhythm


@pytest.fixture
def rhythm(agreement):
    """A rule that was there long before: on the day on which it begins to slip or to be late."""
    rule = rule_about(agreement, "rhythm", 0, audience=["leads"])
    rule.steps.update(counts_from=NOW - dt.timedelta(days=600))
    return rule


def test_leads_are_told_once_that_it_slips_with_the_reason_as_pages_say_it(agreement, rhythm, clock):
    promise(agreement)
    held(agreement, dt.date(2026, 5, 5))
    assert live(clock, since=0, until=10, plan=True) == [(0, "lead"), (0, "lead")]
    letter = outbox()[0]
    assert letter["Subject"] == "Slipping: Four roundtables a year"
    for words in (
        "This commitment is slipping: 1 of 4 held, none planned, 4 months left.",
        "4 roundtables a year",
        "5 May 2026",
        f"/commitments/{Commitment.objects.get().pk}/",
        "You got this email because you are a lead",
    ):
        assert words in plain(letter)
        assert words in html(letter)


@pytest.mark.parametrize(
    ("number", "planned", "told"),
    [(0, 0, True), (1, 0, True), (1, 3, True), (2, 0, False), (4, 0, False)],
)
def test_what_stands_how_is_told(agreement, rhythm, clock, number, planned, told):
    promise(agreement)
    for place in range(number):
        held(agreement, dt.date(2026, 5, 1 + place))
    for place in range(planned):
        held(agreement, day(10 + place), status="planned")
    assert len(live(clock, since=0, until=0, plan=True)) == 2 * told


@pytest.mark.parametrize("fields", [{"measure": "narrative"}, {"measure": "due", "due_on": day(100)}])
def test_what_is_told_in_words_or_due_later_is_not_told(agreement, rhythm, clock, fields):
    promise(agreement, **{"rhythm_count": None, "rhythm_period": "", "rhythm_kinds": []} | fields)
    assert live(clock, since=0, until=0, plan=True) == []


def test_a_promise_with_a_date_is_told_a_month_before_and_when_it_is_late(agreement, rhythm, clock):
    due = {"rhythm_count": None, "rhythm_period": "", "rhythm_kinds": [], "measure": "due", "due_on": day(32)}
    promise(agreement, **due)
    assert [each for each, _ in live(clock, since=0, until=60, plan=True)] == [2, 2, 33, 33]
    assert [letter["Subject"].split(":")[0] for letter in outbox()] == ["Slipping"] * 2 + ["Late"] * 2


def test_slipping_and_then_late_are_two_things(agreement, rhythm, clock):
    promise(agreement)
    held(agreement, dt.date(2026, 5, 5))
    sweep(plan_everything=True)
    # 18 March 2027: fewer than fourteen days are left.
    told = live(clock, since=100, until=118, plan=True)
    assert told == [(107, "lead"), (107, "lead")]
    assert outbox()[-1]["Subject"] == "Late: Four roundtables a year"


def test_back_and_forth_within_a_period_is_told_once(agreement, rhythm, clock):
    promise(agreement)
    first = held(agreement, dt.date(2026, 5, 5))
    assert len(live(clock, since=0, until=0, plan=True)) == 2
    second = held(agreement, dt.date(2026, 6, 5))
    assert live(clock, since=1, until=2, plan=True) == []
    second.delete()
    first.delete()
    assert live(clock, since=3, until=5, plan=True) == []


def test_it_is_told_anew_in_the_next_period(agreement, rhythm, clock):
    promise(agreement, rhythm_count=1, rhythm_period="quarter")
    # The quarter ends on 31 December: late from the 18th on. In the next one the same, from 18 March on.
    assert [each for each, _ in live(clock, since=0, until=120, plan=True)] == [17, 17, 107, 107]


def test_it_is_withdrawn_if_it_is_on_course_again_before_it_goes(agreement, rhythm, clock):
    lead = agreement.people.get(user__email="lead@lga.example")
    Preference.objects.create(agreement=agreement, person=lead, progress="weekly")
    due = {"rhythm_count": None, "rhythm_period": "", "rhythm_kinds": [], "measure": "due", "due_on": day(32)}
    made = promise(agreement, **due)
    # The other lead is told on the day; this one on Monday, the sixth day.
    assert live(clock, since=0, until=3, plan=True) == [(2, "lead")]
    engagement = held(agreement, day(2))
    Evidence.objects.create(agreement=agreement, commitment=made, engagement=engagement, counts=True, reason="It was.")
    assert live(clock, since=6, until=7) == []
    assert sorted(row[2:] for row in deliveries_of("rhythm")) == [("sent", ""), ("skipped", "on course, or met")]


def test_it_is_found_by_the_check_and_not_by_every_sweep(agreement, rhythm, clock):
    sweep()
    promise(agreement)
    clock.move_to(on(0, 13))
    sweep()
    assert deliveries_of("rhythm") == []
    assert check_all() is not None
    assert [row[2] for row in deliveries_of("rhythm")] == ["sent", "sent"]


def test_of_an_agreement_that_is_not_in_force_nothing_is_told(agreement, rhythm, clock):
    promise(agreement)
    clock.move_to(on(0, 7))
    agreement.status = "ended"
    agreement.save()
    assert live(clock, since=0, until=0, plan=True) == []


# Quiet


@pytest.fixture
def quiet(agreement):
    """A rule: after 180 days."""
    return rule_about(agreement, "quiet", 180, audience=["leads"])


@pytest.fixture
def cyber(agreement):
    """A workstream that was there when the agreement took effect."""
    return WorkstreamFactory(agreement=agreement, name="Cyber", created_at=dt.datetime(2025, 3, 1, tzinfo=dt.UTC))


def test_leads_are_told_once_that_nothing_was_held_for_a_workstream(agreement, quiet, cyber, clock):
    held(agreement, day(-170), cyber)
    assert live(clock, since=0, until=60, plan=True) == [(10, "lead"), (10, "lead")]
    letter = outbox()[0]
    assert letter["Subject"] == "Nothing held since 14 June 2026: Cyber"
    for words in (
        "Nothing has been held for Cyber since 14 June 2026.",
        cyber.get_absolute_url(),
        "Open the workstream",
    ):
        assert words in plain(letter)
        assert words in html(letter)


def test_what_is_held_starts_it_anew_and_an_old_date_entered_late_is_no_activity_today(agreement, quiet, cyber, clock):
    held(agreement, day(-170), cyber)
    sweep(plan_everything=True)
    held(agreement, day(-175), cyber)
    assert [each for each, _ in live(clock, since=1, until=12, plan=True)] == [10, 10]
    held(agreement, day(-100), cyber)
    assert [each for each, _ in live(clock, since=13, until=90, plan=True)] == [80, 80]


def test_what_is_held_in_time_withdraws_it(agreement, quiet, cyber, clock):
    held(agreement, day(-170), cyber)
    sweep(plan_everything=True)
    held(agreement, day(-1), cyber)
    assert live(clock, since=10, until=10) == []
    assert {row[2:] for row in deliveries_of("quiet")} == {("superseded", "something has been held since")}


def test_with_nothing_ever_held_it_counts_from_the_later_of_the_two_beginnings(agreement, quiet, cyber, clock):
    agreement.dates.update(on=day(-175))
    assert [each for each, _ in live(clock, since=0, until=10, plan=True)] == [5, 5]
    assert "Nothing has been held for Cyber yet, and it could have been since 9 June 2026." in plain(outbox()[0])


def test_an_archived_workstream_is_not_quiet(agreement, quiet, cyber, clock):
    held(agreement, day(-170), cyber)
    sweep(plan_everything=True)
    cyber.archived_on = day(1)
    cyber.save()
    assert live(clock, since=10, until=12) == []
    assert {row[2:] for row in deliveries_of("quiet")} == {("skipped", "archived")}


def test_a_commitment_in_force_with_nothing_held_for_it_is_quiet(agreement, quiet, clock):
    promise(agreement)
    held(agreement, day(-170))
    assert live(clock, since=9, until=12, plan=True) == [(10, "lead"), (10, "lead")]
    assert outbox()[0]["Subject"] == "Nothing held since 14 June 2026: Four roundtables a year"


def test_a_commitment_that_is_met_or_told_in_words_is_not_quiet(agreement, quiet, clock):
    promise(agreement, rhythm_count=1)
    CommitmentFactory(agreement=agreement)
    held(agreement, day(-170))
    assert live(clock, since=9, until=12, plan=True) == []


# Both


def test_planned_twice_it_is_there_once(agreement, rhythm, quiet, cyber, clock):
    promise(agreement)
    held(agreement, day(-170), cyber)
    sweep(plan_everything=True)
    rows = list(Delivery.objects.order_by("pk").values_list("pk", "kind", "state", "reason", "state_at"))
    assert not +plan_all(NOW)
    assert list(Delivery.objects.order_by("pk").values_list("pk", "kind", "state", "reason", "state_at")) == rows
    assert len(rows) == 6


@pytest.mark.parametrize("number", [1, 5])
def test_planning_asks_as_often_however_many_there_are(agreement, rhythm, cyber, django_assert_max_num_queries, number):
    for _ in range(number):
        promise(agreement)
    with django_assert_max_num_queries(40):
        plan_all(NOW)
