"""Periods by their names in an address: years and quarters of an agreement, and what else people ask for."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.periods.period import Period
from dashboards.periods.presets import PeriodPresets, UnknownPeriodError, is_too_long
from records.limits import FIRST_DAY, LAST_DAY

TODAY = dt.date(2026, 11, 24)
EFFECTIVE = dt.date(2025, 4, 1)
DAYS = st.dates(FIRST_DAY, LAST_DAY)
ONE_DAY = dt.timedelta(days=1)


def calendar(effective=EFFECTIVE, today=TODAY, **more):
    return PeriodPresets(today, effective, **more)


def days(period):
    return " ".join(day.isoformat() for day in period.days)


@pytest.mark.parametrize(
    ("name", "expected", "label"),
    [
        ("this-year", "2026-04-01 2027-03-31", "This agreement year"),
        ("year-2", "2026-04-01 2027-03-31", "This agreement year"),
        ("last-year", "2025-04-01 2026-03-31", "Last agreement year"),
        ("year-1", "2025-04-01 2026-03-31", "Last agreement year"),
        ("this-quarter", "2026-10-01 2026-12-31", "Year 2, quarter 3"),
        ("last-quarter", "2026-07-01 2026-09-30", "Year 2, quarter 2"),
        ("year-2-quarter-1", "2026-04-01 2026-06-30", "Year 2, quarter 1"),
        ("year-1-quarter-4", "2026-01-01 2026-03-31", "Year 1, quarter 4"),
        ("last-12-months", "2025-12-01 2026-11-30", "The last twelve months"),
    ],
)
def test_a_name_stands_for_days(name, expected, label):
    period = calendar().named(name)
    assert (days(period), period.label, period.query) == (expected, label, {"period": name})


@pytest.mark.parametrize(
    ("name", "effective", "why"),
    [
        ("last-year", dt.date(2026, 4, 1), "There was no agreement year before this one."),
        ("last-quarter", dt.date(2026, 10, 1), "There was no quarter before this one."),
        ("year-3", EFFECTIVE, "Agreement year 3 has not begun."),
        ("year-9999", EFFECTIVE, "Agreement year 9999 has not begun."),
        ("year-0", EFFECTIVE, "Agreement years are counted from 1."),
        ("year-2-quarter-4", EFFECTIVE, "Quarter 4 of agreement year 2 has not begun."),
        ("year-9999-quarter-4", EFFECTIVE, "Quarter 4 of agreement year 9999 has not begun."),
        ("year-1-quarter-5", EFFECTIVE, "The quarters of an agreement year are counted from 1 to 4."),
        ("year-1-quarter-0", EFFECTIVE, "The quarters of an agreement year are counted from 1 to 4."),
        ("year-12345", EFFECTIVE, "“year-12345” is not the name of a period."),
        ("year-²", EFFECTIVE, "“year-²” is not the name of a period."),
        ("tomorrow", EFFECTIVE, "“tomorrow” is not the name of a period."),
        ("x" * 999, EFFECTIVE, f"“{'x' * 40}” is not the name of a period."),
        ("this-year", None, "The agreement has no effective date, so its years and quarters cannot be counted."),
        ("year-1-quarter-1", None, "The agreement has no effective date, so its years and quarters cannot be counted."),
    ],
)
def test_of_a_name_that_stands_for_nothing_it_is_said_why(name, effective, why):
    with pytest.raises(UnknownPeriodError) as problem:
        calendar(effective).named(name)
    assert str(problem.value) == why


def test_one_chooses_from_the_years_and_the_last_four_quarters():
    names = ["this-year", "last-year", "year-2-quarter-3", "year-2-quarter-2", "year-2-quarter-1", "year-1-quarter-4"]
    assert [period.key for period in calendar().offered] == names
    assert [period.key for period in calendar(dt.date(2026, 9, 1)).offered] == ["this-year", "year-1-quarter-1"]
    assert [period.key for period in calendar(None).offered] == ["last-12-months"]


@pytest.mark.parametrize(
    ("changes", "label", "instead"),
    [
        ({}, "This agreement year", "This agreement year is shown instead."),
        ({"ended": True}, "The last agreement year", "The last agreement year is shown instead."),
        ({"effective": dt.date(2027, 4, 1)}, "The first agreement year", "The first agreement year is shown instead."),
        ({"effective": None}, "The last twelve months", "The last twelve months are shown instead."),
    ],
)
def test_what_is_shown_unasked_is_named_by_where_the_agreement_stands(changes, label, instead):
    assert (calendar(**changes).default.label, calendar(**changes).default_in_words) == (label, instead)


def test_of_an_agreement_that_has_ended_years_and_quarters_are_counted_up_to_its_end():
    ended = calendar(dt.date(2023, 4, 1), ended=True, ended_on=dt.date(2025, 3, 31))
    assert [days(ended.named(name)) for name in ("this-year", "last-year", "this-quarter")] == [
        "2024-04-01 2025-03-31",
        "2023-04-01 2024-03-31",
        "2025-01-01 2025-03-31",
    ]
    assert [period.label for period in ended.offered][:2] == ["The last agreement year", "Agreement year 1"]
    with pytest.raises(UnknownPeriodError):
        ended.named("year-3")


def test_an_agreement_that_has_not_begun_has_its_first_year_and_quarter():
    names = [period.key for period in calendar(dt.date(2027, 4, 1)).offered]
    assert names == ["this-year", "year-1-quarter-1"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("year-1", "2024-02-29 2025-02-28"),
        ("year-2", "2025-03-01 2026-02-28"),
        ("year-1-quarter-1", "2024-02-29 2024-05-28"),
        ("year-1-quarter-4", "2024-11-29 2025-02-28"),
        ("year-2-quarter-1", "2025-03-01 2025-05-28"),
    ],
)
def test_an_agreement_of_a_29_february_has_years_that_follow_each_other(name, expected):
    assert days(calendar(dt.date(2024, 2, 29)).named(name)) == expected


def test_what_was_done_since_the_committee_begins_the_day_after_and_ends_today():
    period = calendar().since_committee(dt.date(2026, 10, 1))
    assert (days(period), period.query) == ("2026-10-02 2026-11-24", {"period": "since-committee"})
    assert days(calendar().since_committee(TODAY - ONE_DAY)) == "2026-11-24 2026-11-24"


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (dt.date(2026, 5, 1), dt.date(2026, 5, 31), "2026-05-01 2026-05-31"),
        (dt.date(2026, 5, 1), None, "2026-05-01 2026-11-24"),
        (None, dt.date(2026, 5, 31), "2026-04-01 2026-05-31"),
        (None, dt.date(2024, 5, 31), "2023-06-01 2024-05-31"),
        (dt.date(2027, 5, 1), None, "2027-05-01 2027-05-01"),
    ],
)
def test_one_end_of_any_days_may_be_left_out(first, last, expected):
    assert days(calendar().days(first, last)) == expected


def test_days_that_are_an_agreement_year_are_known_as_one_and_no_others_are():
    def year(first, last):
        period = calendar().days(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
        return period.year and period.year.number

    assert year("2025-04-01", "2026-03-31") == 1
    assert year("2026-04-01", "2027-03-31") == 2
    assert year("2026-04-01", "2027-03-30") is None
    assert year("2025-04-01", "2027-03-31") is None
    assert year("2024-04-01", "2025-03-31") is None
    assert [period.year is not None for period in calendar().offered] == [True, True, False, False, False, False]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (dt.date(2016, 11, 25), TODAY, False),
        (dt.date(2016, 11, 24), TODAY, True),
        (dt.date(2016, 2, 29), dt.date(2026, 2, 28), False),
        (dt.date(2016, 2, 29), dt.date(2026, 3, 1), True),
    ],
)
def test_more_than_ten_years_are_too_long(first, last, expected):
    assert is_too_long(first, last) is expected


@given(effective=DAYS, number=st.integers(1, 50))
def test_the_quarters_of_any_agreement_year_cover_it_without_a_hole(effective, number):
    its = calendar(effective, today=dt.date(2200, 1, 1))
    year, quarters = its.named(f"year-{number}"), [its.named(f"year-{number}-quarter-{q}") for q in (1, 2, 3, 4)]
    assert (quarters[0].first, quarters[-1].last) == year.days
    assert all(one.first <= one.last and one.last + ONE_DAY == other.first for one, other in pairwise(quarters))
    assert its.named(f"year-{number + 1}").first == year.last + ONE_DAY


@given(effective=DAYS, today=DAYS)
def test_today_is_in_this_year_and_this_quarter_of_an_agreement_that_has_begun(effective, today):
    its = calendar(effective, today)
    year, quarter = its.named("this-year"), its.named("this-quarter")
    assert year.first <= quarter.first <= quarter.last <= year.last
    assert quarter.first <= max(today, effective) <= quarter.last
    assert its.offered[0] == year == its.default
    assert quarter.days in [one.days for one in its.offered]
    assert year.year.number == its.default.year.number


@given(first=DAYS, last=DAYS)
def test_the_steps_of_any_period_cover_each_of_its_days_once(first, last):
    period = Period(*sorted([first, last]))
    for steps in (period.months, period.calendar_years, period.steps):
        assert (steps[0].first, steps[-1].last) == period.days
        assert all(one.first <= one.last and one.last + ONE_DAY == other.first for one, other in pairwise(steps))
    assert [period.start_of_step(step.last) for step in period.steps] == [
        period.start_of_step(step.first) for step in period.steps
    ]
    assert len(period.steps) <= 26 or period.is_long
