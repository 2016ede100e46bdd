"""The rule that says how a commitment stands, and the days that it counts in."""

import datetime as dt

import pytest

from commitments.rules.rhythm import Span, left, standing_of_date, standing_of_rhythm
from pages.words import ordinal
from partnership.agreement_years import agreement_quarter, months_after


def day(text):
    return dt.date.fromisoformat(text)


YEAR = Span(day("2026-04-01"), day("2027-03-31"))
QUARTER = Span(day("2026-10-01"), day("2026-12-31"), "agreement quarter")
LEAP = Span(day("2028-02-29"), day("2029-02-28"))

RHYTHMS = [
    # target, span, held, planned, today: state, reason, percent, mark
    (4, YEAR, 0, 0, "2026-03-31", "not measured", "Counting begins on 1 April 2026.", None, None),
    (4, YEAR, 0, 0, "2026-04-01", "on course", "0 of 4 held, none planned, 12 months left", 0, 0),
    (4, YEAR, 0, 0, "2026-07-01", "on course", "0 of 4 held, none planned, 9 months left", 0, 0),
    (4, YEAR, 0, 0, "2026-07-02", "slipping", "0 of 4 held, none planned, 9 months left", 0, 25),
    (4, YEAR, 0, 4, "2026-07-02", "slipping", "0 of 4 held, 4 planned, 9 months left", 0, 25),
    (4, YEAR, 2, 1, "2026-11-24", "on course", "2 of 4 held, 1 planned, 4 months left", 50, 50),
    (4, YEAR, 1, 3, "2026-11-24", "slipping", "1 of 4 held, 3 planned, 4 months left", 25, 50),
    (4, YEAR, 2, 1, "2027-01-01", "slipping", "2 of 4 held, 1 planned, 3 months left", 50, 75),
    (4, YEAR, 4, 0, "2026-04-02", "met", "4 of 4 held", 100, 0),
    (4, YEAR, 9, 2, "2026-05-01", "met", "9 of 4 held, 2 planned", 100, 0),
    (4, YEAR, 3, 0, "2027-03-17", "on course", "3 of 4 held, none planned, 14 days left", 75, 75),
    (4, YEAR, 3, 0, "2027-03-18", "late", "3 of 4 held, none planned, 13 days left", 75, 75),
    (4, YEAR, 3, 1, "2027-03-18", "on course", "3 of 4 held, 1 planned, 13 days left", 75, 75),
    (4, YEAR, 2, 2, "2027-03-30", "slipping", "2 of 4 held, 2 planned, 1 day left", 50, 75),
    (4, YEAR, 3, 1, "2027-03-31", "on course", "3 of 4 held, 1 planned, last day today", 75, 75),
    (4, YEAR, 3, 0, "2027-03-31", "late", "3 of 4 held, none planned, last day today", 75, 75),
    (4, YEAR, 3, 1, "2027-04-01", "late", "3 of 4 held by the end of the agreement year, 31 March 2027", 75, 100),
    (4, YEAR, 4, 0, "2027-04-01", "met", "4 of 4 held by the end of the agreement year, 31 March 2027", 100, 100),
    (1, QUARTER, 0, 0, "2026-10-01", "on course", "0 of 1 held, none planned, 3 months left", 0, 0),
    (1, QUARTER, 0, 1, "2026-12-31", "on course", "0 of 1 held, 1 planned, last day today", 0, 0),
    (1, QUARTER, 0, 0, "2026-12-18", "late", "0 of 1 held, none planned, 13 days left", 0, 0),
    (3, QUARTER, 1, 0, "2026-12-10", "slipping", "1 of 3 held, none planned, 3 weeks left", 33, 66),
    (12, LEAP, 0, 0, "2028-02-29", "on course", "0 of 12 held, none planned, 12 months left", 0, 0),
    (12, LEAP, 11, 1, "2029-02-28", "on course", "11 of 12 held, 1 planned, last day today", 91, 91),
    (0, YEAR, 3, 0, "2026-11-24", "not measured", "It does not say how many.", None, None),
    (None, YEAR, 3, 0, "2026-11-24", "not measured", "It does not say how many.", None, None),
    (
        *(4, None, 3, 0, "2026-11-24", "not measured"),
        *("The agreement has no effective date, so its years cannot be counted.", None, None),
    ),
]


@pytest.mark.parametrize(("target", "span", "held", "planned", "today", "state", "reason", "percent", "mark"), RHYTHMS)
def test_a_rhythm_stands_as_the_table_says(target, span, held, planned, today, state, reason, percent, mark):
    found = standing_of_rhythm(target, span, held, planned, day(today))
    assert (found.state, found.reason, found.percent, found.mark) == (state, reason, percent, mark)


DATES = [
    # due, met on, held for it, today: state, reason
    ("2027-03-31", None, 0, "2026-11-24", "on course", "due 31 March 2027, 4 months left"),
    ("2026-12-25", None, 0, "2026-11-24", "on course", "due 25 December 2026, 4 weeks left"),
    ("2026-12-24", None, 0, "2026-11-24", "slipping", "due 24 December 2026, 4 weeks left, nothing held for it yet"),
    ("2026-12-24", None, 2, "2026-11-24", "on course", "due 24 December 2026, 4 weeks left, 2 held for it"),
    (
        *("2026-11-24", None, 0, "2026-11-24", "slipping"),
        "due 24 November 2026, last day today, nothing held for it yet",
    ),
    ("2026-11-23", None, 5, "2026-11-24", "late", "due 23 November 2026, 1 day late"),
    ("2026-11-23", "2026-11-23", 0, "2026-11-24", "met", "met on 23 November 2026"),
    ("2026-11-23", "2026-11-25", 0, "2026-11-26", "met", "met on 25 November 2026, 2 days late"),
    ("2028-02-29", None, 0, "2028-03-01", "late", "due 29 February 2028, 1 day late"),
]


@pytest.mark.parametrize(("due", "met", "held", "today", "state", "reason"), DATES)
def test_a_promise_with_a_date_stands_as_the_table_says(due, met, held, today, state, reason):
    found = standing_of_date(day(due), met and day(met), held, day(today))
    assert (found.state, found.reason) == (state, reason)


@pytest.mark.parametrize("span", [YEAR, QUARTER, LEAP])
def test_what_should_be_held_never_falls_and_is_all_once_the_days_are_over(span):
    days = [span.first + dt.timedelta(days=n) for n in range((span.last - span.first).days + 2)]
    expected = [span.expected(7, today) for today in days]
    assert expected == sorted(expected)
    assert (expected[0], expected[-2], expected[-1]) == (0, 6, 7)


@pytest.mark.parametrize(
    ("effective", "today", "first", "last"),
    [
        ("2025-04-01", "2026-11-24", "2026-10-01", "2026-12-31"),
        ("2025-04-01", "2026-10-01", "2026-10-01", "2026-12-31"),
        ("2025-04-01", "2026-09-30", "2026-07-01", "2026-09-30"),
        ("2025-04-01", "2020-01-01", "2025-04-01", "2025-06-30"),
        ("2024-02-29", "2025-02-28", "2024-11-29", "2025-02-28"),
        ("2024-02-29", "2025-03-01", "2025-03-01", "2025-05-28"),
        ("2024-11-30", "2025-03-01", "2025-03-01", "2025-05-29"),
        ("2025-01-31", "2025-04-30", "2025-01-31", "2025-04-30"),
    ],
)
def test_quarters_are_those_of_the_agreement_year(effective, today, first, last):
    assert agreement_quarter(day(effective), day(today)) == (day(first), day(last))


def test_quarters_follow_each_other_without_a_gap():
    for effective in (day("2024-02-29"), day("2025-01-31"), day("2025-11-30")):
        today, end = effective, months_after(effective, 60)
        while today < end:
            first, last = agreement_quarter(effective, today)
            assert first == today
            today = last + dt.timedelta(days=1)


def test_numbers_and_time_left_are_said_in_words():
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th")
    ]
    assert [left(n) for n in (0, 1, 20, 21, 60, 61)] == [
        *("last day today", "1 day left", "20 days left", "3 weeks left", "8 weeks left", "2 months left")
    ]
