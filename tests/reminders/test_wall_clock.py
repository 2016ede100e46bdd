"""Lead times are wall-clock times of the engagement's zone, checked against a plain reference."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engagements.models import Engagement
from reminders.deliveries import ledger
from reminders.models import Delivery, Step
from reminders.operations.sweeping import sweep
from tests.reminders.conftest import make_meeting, make_rule

LONG_AGO = dt.datetime(2023, 1, 1, tzinfo=dt.UTC)

LONDON = "Europe/London"
ZONES = [LONDON, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]
SPRING, AUTUMN, LEAP = dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2028, 2, 29)

days = st.dates(dt.date(2024, 1, 1), dt.date(2032, 12, 31)) | st.sampled_from([SPRING, AUTUMN, LEAP])
times = st.builds(dt.time, st.integers(0, 23), st.integers(0, 59))
with_database = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)


def instant(day, at, zone):
    """The moment of a wall-clock time; of an hour that comes twice the second, in one left out as if it were not."""
    first = dt.datetime.combine(day, at, ZoneInfo(zone))
    second = first.replace(fold=1)
    comes_twice = first.utcoffset() > second.utcoffset()
    return (second if comes_twice else first).astimezone(dt.UTC)


@pytest.fixture
def meeting(cast):
    make_rule(cast.agreement, 1)
    return make_meeting(cast.agreement, "Ana", save=False)


def plan(meeting, day, start, zone, *steps, now=LONG_AGO):
    """Plan the meeting as if it were on that day and had these steps; gives its deliveries, the longest lead first."""
    Delivery.objects.all().delete()
    Step.objects.all().delete()
    rule = meeting.agreement.reminder_rules.get()
    Step.objects.bulk_create(
        Step(agreement=rule.agreement, rule=rule, days=-n, at=at, counts_from=ledger.EVER) for n, at in steps
    )
    Engagement.objects.filter(pk=meeting.pk).update(starts_on=day, start_time=start, time_zone=zone)
    ledger.plan(now, [meeting.pk])
    return list(Delivery.objects.select_related("step").order_by("due_at"))


@with_database
@given(day=days, start=times | st.none(), zone=st.sampled_from(ZONES), lead=st.integers(0, 366), at=times)
@example(day=SPRING + dt.timedelta(days=2), start=dt.time(14), zone=LONDON, lead=2, at=dt.time(1, 30))
@example(day=AUTUMN + dt.timedelta(days=2), start=dt.time(14), zone=LONDON, lead=2, at=dt.time(1, 30))
@example(day=SPRING + dt.timedelta(days=1), start=dt.time(9), zone=LONDON, lead=2, at=dt.time(9))
@example(day=LEAP + dt.timedelta(days=1), start=None, zone=LONDON, lead=1, at=dt.time(0))
@example(day=dt.date(2029, 2, 28), start=None, zone=LONDON, lead=365, at=dt.time(23, 59))
def test_a_step_is_due_at_its_wall_clock_time_in_the_zone_of_the_engagement(meeting, day, start, zone, lead, at):
    [delivery] = plan(meeting, day, start, zone, (lead, at))
    assert delivery.due_at == instant(day - dt.timedelta(days=lead), at, zone)
    assert delivery.expires_at == instant(day, start or dt.time(0), zone)


@with_database
@given(
    day=days,
    start=times | st.none(),
    zone=st.sampled_from(ZONES),
    steps=st.lists(st.tuples(st.integers(0, 20), times), min_size=1, max_size=4, unique=True),
    after=st.integers(-60 * 24 * 22, 60 * 24),
)
@example(day=SPRING, start=dt.time(1, 30), zone=LONDON, steps=[(1, dt.time(9)), (0, dt.time(1))], after=-30)
@example(day=AUTUMN, start=dt.time(1, 30), zone=LONDON, steps=[(0, dt.time(1, 30)), (7, dt.time(9))], after=0)
def test_at_any_moment_each_reminder_is_where_the_rules_put_it(meeting, day, start, zone, steps, after):
    starts_at = instant(day, start or dt.time(0), zone)
    now = starts_at + dt.timedelta(minutes=after)
    plan(meeting, day, start, zone, *steps)
    sweep(now, plan_everything=True)
    found = {(-d.step.days, d.step.at): d.state for d in Delivery.objects.select_related("step")}
    assert found == expected_states(day, zone, steps, starts_at, now)


def expected_states(day, zone, steps, starts_at, now):
    """The rules of reminders, once more and plainly."""
    due = {(lead, at): instant(day - dt.timedelta(days=lead), at, zone) for lead, at in steps}
    past = {step: moment for step, moment in due.items() if moment <= now and moment < starts_at}
    latest = max(past, key=lambda step: (past[step], steps.index(step)), default=None)
    states = {}
    for step, moment in due.items():
        if moment >= starts_at:
            states[step] = "skipped"
        elif now >= starts_at:
            states[step] = "expired"
        elif moment > now:
            states[step] = "planned"
        else:
            states[step] = "sent" if step == latest else "skipped"
    return states


around = st.sampled_from([SPRING, AUTUMN, LEAP, dt.date(2027, 1, 1)]).flatmap(
    lambda day: st.dates(day - dt.timedelta(days=2), day + dt.timedelta(days=2))
)
"""Days about the changes of the clocks, a 29 February and midnight of a new year."""


@with_database
@given(
    day=around,
    start=st.sampled_from([None, dt.time(0), dt.time(0, 30), dt.time(1), dt.time(1, 30), dt.time(2), dt.time(23, 59)]),
    zone=st.sampled_from(ZONES),
    lead=st.integers(0, 3),
    at=st.sampled_from(
        [dt.time(0), dt.time(0, 59), dt.time(1), dt.time(1, 30), dt.time(2), dt.time(9), dt.time(23, 59)]
    ),
    seconds=st.sampled_from([-3601, -3600, -1, 0, 1, 3599, 3600]),
    of=st.sampled_from(["step", "start"]),
)
@example(day=SPRING, start=None, zone=LONDON, lead=0, at=dt.time(0), seconds=0, of="step")
@example(day=AUTUMN, start=dt.time(2), zone=LONDON, lead=0, at=dt.time(1, 30), seconds=-1, of="step")
@example(day=LEAP, start=dt.time(0), zone="America/New_York", lead=1, at=dt.time(23, 59), seconds=0, of="start")
def test_a_reminder_goes_from_its_second_on_and_until_the_second_of_the_start(
    meeting, day, start, zone, lead, at, seconds, of
):
    """(event time, lead time, now), with now within an hour of either moment."""
    due, starts_at = instant(day - dt.timedelta(days=lead), at, zone), instant(day, start or dt.time(0), zone)
    now = (due if of == "step" else starts_at) + dt.timedelta(seconds=seconds)
    plan(meeting, day, start, zone, (lead, at))
    sweep(now, plan_everything=True)
    if due >= starts_at:
        expected = "skipped"
    elif now >= starts_at:
        expected = "expired"
    else:
        expected = "sent" if now >= due else "planned"
    assert Delivery.objects.get().state == expected
