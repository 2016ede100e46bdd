"""Rules of series: the days they give, and how they are told."""

import datetime as dt
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from engagements.models import Engagement
from engagements.rules.occurrences import clock_gap, occurrences, why_free
from engagements.rules.recurrence import MOST, RuleError, checked, days, gaps_in_words, in_words, pattern_of, rule_for

THURSDAY = dt.date(2026, 12, 10)
"""The second Thursday of its month."""

TOLD = [
    ("week", "weekday", "FREQ=WEEKLY;BYDAY=TH", "Every Thursday"),
    ("fortnight", "weekday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "Every two weeks on Thursday"),
    ("month", "weekday", "FREQ=MONTHLY;BYDAY=2TH", "Every second Thursday of the month"),
    ("month", "last", "FREQ=MONTHLY;BYDAY=-1TH", "Every last Thursday of the month"),
    ("month", "day", "FREQ=MONTHLY;BYMONTHDAY=10", "On the 10th of every month"),
    ("month", "last_day", "FREQ=MONTHLY;BYMONTHDAY=-1", "On the last day of every month"),
    ("quarter", "weekday", "FREQ=MONTHLY;INTERVAL=3;BYDAY=2TH", "Every quarter on the second Thursday"),
    ("half_year", "day", "FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=10", "Every half-year on the 10th"),
    ("year", "day", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=10", "Every year on 10 December"),
    ("year", "weekday", "FREQ=YEARLY;BYMONTH=12;BYDAY=2TH", "Every year on the second Thursday of December"),
]


@pytest.mark.parametrize(("every", "on", "rule", "words"), TOLD)
def test_each_choice_is_a_rule_in_the_form_of_rfc_5545_and_told_in_words(every, on, rule, words):
    assert rule_for(every, on, THURSDAY) == rule == checked(rule)
    assert in_words(rule) == words
    assert pattern_of(rule) == (every, on)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TH", "Every Monday and Thursday"),
        ("FREQ=WEEKLY;INTERVAL=9;BYDAY=TH", "Every nine weeks on Thursday"),
        ("FREQ=MONTHLY;BYDAY=1TU,3TU", "Every first Tuesday and third Tuesday of the month"),
        ("FREQ=YEARLY;BYMONTH=4,10;BYMONTHDAY=1", "Every year on 1 April and October"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "By the rule FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1"),
        ("FREQ=WEEKLY", "By the rule FREQ=WEEKLY"),
        ("FREQ=YEARLY;BYDAY=2TU", "By the rule FREQ=YEARLY;BYDAY=2TU"),
    ],
)
def test_a_rule_that_no_form_makes_is_told_too(rule, words):
    assert in_words(rule) == words
    assert pattern_of(rule) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cannot stand in a rule"),
        ("every Thursday", "cannot stand in a rule"),
        ("FREQ=DAILY", "FREQ=DAILY"),
        ("FREQ=WEEKLY;INTERVAL=0", "INTERVAL=0"),
        ("FREQ=WEEKLY;INTERVAL=" + "9" * 100, "INTERVAL=9999"),
        ("FREQ=WEEKLY;FREQ=WEEKLY", "FREQ=WEEKLY"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY=32"),
        ("FREQ=MONTHLY;BYMONTHDAY=٣", "BYMONTHDAY"),
        ("FREQ=WEEKLY\0", "cannot stand in a rule"),
        ("BYDAY=TH", "FREQ is missing"),
        ("FREQ=WEEKLY;BYDAY=2TH", "days of the week only"),
        ("FREQ=WEEKLY;COUNT=1000000000", "fields of their own"),
        ("FREQ=WEEKLY;UNTIL=20270101", "fields of their own"),
    ],
)
def test_what_is_no_rule_is_refused_with_what_is_wrong(text, said):
    with pytest.raises(RuleError, match=said):
        checked(text)


def test_a_rule_may_be_pasted_from_a_calendar():
    assert checked("RRULE:freq=monthly; byday=2th;") == "FREQ=MONTHLY;BYDAY=2TH"


def test_a_rule_that_never_comes_gives_no_day_and_takes_no_time():
    assert list(days("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", dt.date(2026, 1, 1))) == []


def test_29_february_comes_in_leap_years_and_says_so():
    rule = rule_for("year", "day", dt.date(2028, 2, 29))
    assert [day.year for day in days(rule, dt.date(2028, 2, 29), count=3)] == [2028, 2032, 2036]
    assert "only in leap years" in gaps_in_words(rule)
    assert "1 March" in gaps_in_words(rule)


@pytest.mark.parametrize(
    ("every", "on", "day", "said"),
    [
        ("month", "day", dt.date(2026, 12, 31), "A month without a 31st is left out."),
        ("month", "day", dt.date(2026, 12, 29), "February, but in leap years, is left out."),
        ("month", "weekday", dt.date(2026, 12, 31), "A month without a fifth Thursday is left out."),
        ("month", "weekday", THURSDAY, ""),
        ("month", "last", dt.date(2026, 12, 31), ""),
        ("year", "day", dt.date(2026, 12, 31), ""),
    ],
)
def test_months_that_are_passed_over_are_said_beforehand(every, on, day, said):
    assert gaps_in_words(rule_for(every, on, day)).startswith(said)
    assert bool(gaps_in_words(rule_for(every, on, day))) is bool(said)


FREQUENCIES = {"WEEKLY": rrule.WEEKLY, "MONTHLY": rrule.MONTHLY, "YEARLY": rrule.YEARLY}
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2090, 12, 31))


@settings(deadline=None)
@given(
    every=st.sampled_from(["week", "fortnight", "month", "quarter", "half_year", "year"]),
    on=st.sampled_from(["weekday", "last", "day", "last_day"]),
    day=DAYS,
    number=st.integers(1, 40),
)
def test_the_days_are_those_that_dateutil_reckons_from_the_same_parts(every, on, day, number):
    rule = rule_for(every, on, day)
    parts = dict(part.split("=") for part in rule.split(";"))
    weekday = rrule.weekdays[day.weekday()]
    by = {
        "byweekday": weekday(int(parts["BYDAY"][:-2]))
        if parts.get("BYDAY", "")[:-2]
        else weekday
        if "BYDAY" in parts
        else None,
        "bymonthday": int(parts["BYMONTHDAY"]) if "BYMONTHDAY" in parts else None,
        "bymonth": int(parts["BYMONTH"]) if "BYMONTH" in parts else None,
    }
    start = dt.datetime.combine(day, dt.time())
    theirs = rrule.rrule(
        FREQUENCIES[parts["FREQ"]],
        start,
        int(parts.get("INTERVAL", 1)),
        **by,
        until=dt.datetime.combine(dt.date(2100, 12, 31), dt.time()),
    )
    ours = list(days(rule, day, count=number))
    assert ours == [moment.date() for moment in islice(theirs, number)]
    assert ours == sorted(set(ours))
    assert pattern_of(rule)[0] == every


@settings(deadline=None)
@given(day=DAYS, on_free_days=st.sampled_from(["keep", "skip", "move"]), every=st.sampled_from(["week", "month"]))
def test_each_day_of_the_rule_stands_once_whatever_is_done_with_free_days(day, on_free_days, every):
    rule = rule_for(every, "day", day)
    found = list(islice(occurrences(rule, day, on_free_days=on_free_days), 30))
    assert [one.day for one in found] == list(islice(days(rule, day), 30))
    for one in found:
        assert one.free == why_free(rule, one.day)
        if not one.free:
            assert one.held_on == one.day
        elif on_free_days == "move":
            assert one.held_on > one.day
            assert one.held_on.weekday() < 5
        else:
            assert one.held_on == (None if on_free_days == "skip" else one.day)


def test_christmas_is_kept_left_out_or_moved_to_the_next_working_day():
    def first(choice):
        return next(occurrences("FREQ=WEEKLY;BYDAY=FR", dt.date(2026, 12, 25), on_free_days=choice))

    assert (first("keep").held_on, first("keep").free) == (dt.date(2026, 12, 25), "Christmas Day")
    assert first("skip").held_on is None
    assert first("move").held_on == dt.date(2026, 12, 29), "28 December is a bank holiday too"


def test_a_weekend_is_free_unless_the_rule_asks_for_it():
    saturday = dt.date(2026, 8, 15)
    assert why_free("FREQ=MONTHLY;BYMONTHDAY=15", saturday) == "a Saturday"
    assert why_free("FREQ=WEEKLY;BYDAY=SA", saturday) == ""


def test_a_date_left_out_by_hand_is_left_out():
    skipped = {dt.date(2027, 1, 14)}
    found = list(islice(occurrences("FREQ=MONTHLY;BYDAY=2TH", THURSDAY, skipped=skipped), 3))
    assert [one.is_left_out for one in found] == [False, True, False]


def test_a_time_that_the_clocks_leave_out_is_told():
    spring = dt.date(2027, 3, 28)
    assert "01:30 does not exist on 28 March 2027" in clock_gap(spring, dt.time(1, 30), "Europe/London")
    assert "This one starts at 02:30." in clock_gap(spring, dt.time(1, 30), "Europe/London")
    assert clock_gap(spring, dt.time(10), "Europe/London") == ""
    assert clock_gap(dt.date(2027, 10, 31), dt.time(1, 30), "Europe/London") == ""
    assert MOST == 500


LISTS = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, max_size=4, unique=True)
NUMBERED = st.builds("{}{}".format, st.sampled_from([1, 2, 3, 4, 5, -1, -2]), st.sampled_from(["MO", "WE", "FR", "SU"]))
RULES = st.one_of(
    st.builds("FREQ=WEEKLY;INTERVAL={};BYDAY={}".format, st.integers(1, 99), LISTS.map(",".join)),
    st.builds(
        "FREQ=MONTHLY;INTERVAL={};BYDAY={}".format,
        st.integers(1, 24),
        st.lists(NUMBERED, min_size=1, max_size=3, unique=True).map(",".join),
    ),
    st.builds("FREQ=YEARLY;BYMONTH={};BYMONTHDAY={}".format, st.integers(1, 12), st.integers(-31, 31).filter(bool)),
    st.builds("FREQ=MONTHLY;BYDAY={};BYSETPOS={}".format, LISTS.map(",".join), st.sampled_from([1, 2, -1])),
)
CLOCKS = st.times().map(lambda time: time.replace(second=0, microsecond=0))


@settings(deadline=None)
@given(rule=RULES, day=DAYS, zone=st.sampled_from(["Europe/London", "America/New_York"]), time=CLOCKS)
def test_whatever_the_rule_each_day_comes_once_in_order_and_the_wall_clock_is_kept(rule, day, zone, time):
    assert checked(rule) == rule
    assert in_words(rule)
    found = list(islice(days(rule, day), 20))
    theirs = rrule.rrulestr(f"{rule};UNTIL=21001231", dtstart=dt.datetime.combine(day, dt.time()))
    assert found == [moment.date() for moment in islice(theirs, 20)]
    assert all(one < two for one, two in pairwise(found))
    for one in found:
        starts_at, _ = Engagement(starts_on=one, start_time=time, time_zone=zone).instants()
        on_the_wall = starts_at.astimezone(dt.UTC).astimezone(ZoneInfo(zone)).time()
        assert on_the_wall == time or clock_gap(one, time, zone)
