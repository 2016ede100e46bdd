"""A rule may keep off weekends and bank holidays; its times stay those of the clock on the wall."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pages.holidays import bank_holiday_on
from reminders.deliveries import ledger
from reminders.models import Delivery, Rule, Step
from reminders.operations.rules import save_rule
from tests.factories import ActionFactory, PersonFactory
from tests.reminders.conftest import make_meeting
from tests.reminders.test_wall_clock import instant

LONDON = "Europe/London"

with_database = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def is_off(day):
    return day.weekday() > 4 or bool(bank_holiday_on(day))


def working_day(day, anchor):
    """The rule, once more and plainly: back to a working day, but not from after the anchor to it; then on."""
    found = day
    while is_off(found):
        found -= dt.timedelta(days=1)
    if day > anchor and found <= anchor:
        found = day
        while is_off(found):
            found += dt.timedelta(days=1)
    return found


@pytest.fixture
def action(cast):
    ana = PersonFactory(agreement=cast.agreement, name="Ana")
    rule = Rule(agreement=cast.agreement, name="R", kind="action_due", audience=["owners"], on_working_days=True)
    save_rule(rule, steps=[Step(days=0)], by=None)
    return ActionFactory(agreement=cast.agreement, owner_person=ana, owner_organisation=None)


days = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31))


@with_database
@given(day=days, lead=st.integers(-40, 40), at=st.times().map(lambda at: at.replace(second=0, microsecond=0)))
@example(day=dt.date(2027, 3, 29), lead=-1, at=dt.time(9))
@example(day=dt.date(2027, 3, 28), lead=1, at=dt.time(9))
@example(day=dt.date(2026, 10, 23), lead=3, at=dt.time(9))
@example(day=dt.date(2026, 12, 24), lead=1, at=dt.time(9))
@example(day=dt.date(2026, 12, 29), lead=-3, at=dt.time(9))
def test_a_time_never_falls_on_a_day_off(action, day, lead, at):
    Step.objects.update(days=lead, at=at)
    Delivery.objects.all().delete()
    action.due_on = day
    action.save()
    now = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
    with time_machine.travel(now, tick=False):
        ledger.plan(now, [action.pk], "action")
    expected = instant(working_day(day + dt.timedelta(days=lead), day), at, LONDON)
    due = Delivery.objects.values_list("due_at", flat=True).first()
    if due is None:
        assert expected < now - dt.timedelta(days=360)
    else:
        here = due.astimezone(ZoneInfo(LONDON))
        assert not is_off(here.date())
        assert due == expected


@pytest.mark.parametrize(
    ("day", "lead", "goes"),
    [
        (dt.date(2027, 3, 30), -1, dt.date(2027, 3, 25)),
        (dt.date(2026, 12, 29), -1, dt.date(2026, 12, 24)),
        (dt.date(2026, 12, 19), 0, dt.date(2026, 12, 18)),
        (dt.date(2026, 12, 15), -2, dt.date(2026, 12, 11)),
        (dt.date(2026, 12, 16), -2, dt.date(2026, 12, 14)),
    ],
    ids=["Easter", "Christmas", "a meeting on a Saturday", "a Sunday", "a working day"],
)
@pytest.mark.usefixtures("clock")
def test_the_reminder_of_a_meeting_goes_on_the_working_day_before(cast, day, lead, goes):
    rule = Rule(agreement=cast.agreement, name="R", engagement_kinds=["roundtable"], on_working_days=True)
    save_rule(rule, steps=[Step(days=lead)], by=None)
    make_meeting(cast.agreement, "Ana", starts_on=day)
    due = Delivery.objects.get(kind="reminder").due_at.astimezone(ZoneInfo(LONDON))
    assert (due.date(), due.time()) == (goes, dt.time(9))


@pytest.mark.usefixtures("clock")
def test_another_nation_has_other_holidays(cast, settings):
    settings.NATION = "Scotland"
    rule = Rule(agreement=cast.agreement, name="R", engagement_kinds=["roundtable"], on_working_days=True)
    save_rule(rule, steps=[Step(days=-1)], by=None)
    make_meeting(cast.agreement, "Ana", starts_on=dt.date(2027, 1, 5))
    assert Delivery.objects.get(kind="reminder").due_at.date() == dt.date(2026, 12, 31)


@with_database
@given(
    day=days,
    lead=st.integers(0, 20),
    every=st.integers(1, 40),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    after=st.integers(-60 * 24 * 30, 60 * 24 * 120),
    only_working_days=st.booleans(),
)
@example(day=dt.date(2027, 3, 21), lead=7, every=7, at=dt.time(1, 30), after=60 * 24 * 7, only_working_days=False)
@example(day=dt.date(2026, 10, 18), lead=0, every=7, at=dt.time(1, 30), after=60 * 24 * 7, only_working_days=False)
@example(day=dt.date(2027, 3, 26), lead=1, every=1, at=dt.time(9), after=60 * 24 * 3, only_working_days=True)
def test_of_a_step_that_repeats_the_latest_that_is_past_and_the_next_are_there(
    action, day, lead, every, at, after, only_working_days
):
    Rule.objects.update(on_working_days=only_working_days)
    Step.objects.update(days=lead, at=at, repeats_every=every)
    Delivery.objects.all().delete()
    action.due_on = day
    action.save()
    now = instant(day, dt.time(12), LONDON) + dt.timedelta(minutes=after)
    with time_machine.travel(now, tick=False):
        ledger.plan(now, [action.pk], "action")
    goes = {}
    for number in range(after // (60 * 24 * every) + 30 if after > 0 else 30):
        nominal = day + dt.timedelta(days=lead + number * every)
        goes[number] = instant(working_day(nominal, day) if only_working_days else nominal, at, LONDON)
    past = [number for number, moment in goes.items() if moment <= now]
    expected = {min(number for number, moment in goes.items() if moment > now)} | ({max(past)} if past else set())
    assert dict(Delivery.objects.values_list("round", "due_at")) == {number: goes[number] for number in expected}
