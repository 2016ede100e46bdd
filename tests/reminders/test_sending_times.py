"""When a thing goes to somebody who has chosen digests, quiet hours or a pause, against a plain reference."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from reminders.models import Kind
from reminders.preferences.rules import AHEAD, Choice, How, after_quiet, goes_at, resumes_at
from reminders.preferences.topics import TOPICS

LONDON = ZoneInfo("Europe/London")
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
CHANGES = [dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC), dt.datetime(2026, 10, 25, 1, tzinfo=dt.UTC)]
"""When the clocks go forward, and back."""

at_any_time = st.integers(0, 730 * 24 * 60).map(lambda n: dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + n * MINUTE)
around_a_change = st.builds(lambda change, n: change + n * MINUTE, st.sampled_from(CHANGES), st.integers(-3600, 3600))
moments = at_any_time | around_a_change
spans = st.integers(0, 60 * 24 * 16).map(lambda minutes: minutes * MINUTE)
times = st.builds(dt.time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))


@st.composite
def choices(draw, times=times):
    """What somebody may have chosen, but Off."""
    how = draw(st.sampled_from([How.ON, How.DAILY, How.WEEKLY]))
    start, end = draw(st.one_of(st.just((None, None)), st.tuples(times, times)))
    assume(start is None or start != end)
    paused_until = draw(st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)))
    return Choice(how, start, end, paused_until)


def is_quiet(choice, moment):
    """Whether the clock on the wall stands in the quiet hours."""
    if choice.quiet_from is None:
        return False
    clock, start, end = moment.astimezone(LONDON).time(), choice.quiet_from, choice.quiet_to
    return start <= clock < end if start < end else clock >= start or clock < end


def is_digest(choice, moment):
    """Whether a digest goes at this minute."""
    here = moment.astimezone(LONDON)
    return here.time() == dt.time(8) and (choice.how == How.DAILY or here.weekday() == 0)


def first(moment, holds):
    """The first minute from ``moment`` on of which ``holds`` is true."""
    while not holds(moment):
        moment += MINUTE
    return moment


def plainly(choice, due, expires, now):
    """The rule, minute by minute."""
    start, last = due, expires - 2 * 60 * MINUTE
    if choice.paused_until:
        start = max(due, dt.datetime.combine(choice.paused_until, dt.time(8), LONDON).astimezone(dt.UTC))
    if choice.how != How.ON:
        digest = first(start, lambda moment: is_digest(choice, moment))
        digest = first(digest, lambda moment: not is_quiet(choice, moment))
        start = digest if digest <= last else start
    wanted = max(start, now)
    calm = first(wanted, lambda moment: not is_quiet(choice, moment))
    return calm if calm <= last else wanted


not_while_the_clocks_change = times.filter(lambda time: time.hour != 1)


@settings(deadline=None, max_examples=150)
@given(choice=choices(not_while_the_clocks_change), due=moments, span=spans, late=spans)
@example(Choice(How.DAILY), CHANGES[0] - DAY, 5 * DAY, 0 * DAY)
@example(Choice(How.WEEKLY), CHANGES[1] - DAY, 5 * DAY, 0 * DAY)
@example(Choice(How.ON, dt.time(22), dt.time(7)), CHANGES[0], 5 * DAY, 0 * DAY)
@example(Choice(How.ON, dt.time(22), dt.time(7)), CHANGES[1], 5 * DAY, 0 * DAY)
@example(Choice(How.DAILY, dt.time(22), dt.time(9)), CHANGES[1], 5 * DAY, 0 * DAY)
def test_it_goes_when_the_plain_rule_says(choice, due, span, late):
    assert goes_at(choice, due, due + span, due + late) == plainly(choice, due, due + span, due + late)


@settings(deadline=None, max_examples=400)
@given(choice=choices(), due=moments, span=spans, late=spans)
def test_it_is_never_lost_and_never_in_quiet_hours_unless_it_could_not_wait(choice, due, span, late):
    now, expires = due + late, due + span
    moment = goes_at(choice, due, expires, now)
    earliest = max(now, due, resumes_at(choice) or due)
    assert moment >= max(now, due)
    assert moment <= max(expires - AHEAD, earliest)
    if is_quiet(choice, moment):
        assert after_quiet(choice, moment) > expires - AHEAD


def test_hours_that_end_and_begin_in_the_hour_that_is_skipped_go_on_until_the_next_day():
    choice = Choice(How.ON, quiet_from=dt.time(1, 15), quiet_to=dt.time(1))
    due = dt.datetime(2026, 3, 29, 0, 59, tzinfo=dt.UTC)
    assert after_quiet(choice, due) == dt.datetime(2026, 3, 30, tzinfo=dt.UTC)


@settings(deadline=None, max_examples=400)
@given(choice=choices(), due=moments, span=spans)
def test_at_that_moment_it_goes_and_is_not_put_off_again(choice, due, span):
    moment = goes_at(choice, due, due + span, due)
    assert goes_at(choice, due, due + span, moment) == moment


@settings(deadline=None)
@given(how=st.sampled_from([How.DAILY, How.WEEKLY]), one=moments, other=moments)
def test_what_came_up_between_two_digests_goes_in_the_same_one(how, one, other):
    choice, never = Choice(how), dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    first_digest, second_digest = (goes_at(choice, due, never, due) for due in sorted([one, other]))
    local = first_digest.astimezone(LONDON)
    assert (local.time(), how == How.DAILY or local.weekday() == 0) == (dt.time(8), True)
    assert first_digest == second_digest or max(one, other) > first_digest


def test_each_kind_that_people_are_told_is_in_one_topic():
    assert sorted(kind for topic in TOPICS for kind in topic.kinds) == sorted(Kind.values)
