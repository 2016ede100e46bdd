"""The figures count the agreement year; where it stands is said in words."""

import datetime as dt

import pytest

from dashboards.periods.period import Period
from dashboards.periods.presets import calendar_of
from dashboards.widgets.agreement_progress import term_of
from partnership.models import Agreement, AgreementDate

TODAY = dt.date(2026, 11, 24)


def agreement(status="in_force", **dates):
    """An agreement that no database knows, with its dates as prefetched."""
    agreement = Agreement(pk=1, name="A", slug="a", status=status)
    rows = [AgreementDate(kind=kind, on=on) for kind, on in dates.items()]
    agreement._prefetched_objects_cache = {"dates": rows}
    return agreement


def days(period):
    return period.first.isoformat(), period.last.isoformat()


@pytest.mark.parametrize(
    ("effective", "today", "expected"),
    [
        (dt.date(2025, 4, 1), dt.date(2026, 3, 31), ("2025-04-01", "2026-03-31")),
        (dt.date(2025, 4, 1), dt.date(2026, 4, 1), ("2026-04-01", "2027-03-31")),
        (dt.date(2024, 2, 29), dt.date(2025, 2, 28), ("2024-02-29", "2025-02-28")),
        (dt.date(2024, 2, 29), dt.date(2025, 3, 1), ("2025-03-01", "2026-02-28")),
        (dt.date(2027, 4, 1), TODAY, ("2027-04-01", "2028-03-31")),
    ],
)
def test_it_is_the_agreement_year_of_today(effective, today, expected):
    assert days(calendar_of(agreement(effective=effective), today).default) == expected


def test_of_an_ended_agreement_it_is_the_last_year():
    ended = agreement("ended", effective=dt.date(2023, 4, 1), end=dt.date(2025, 3, 31))
    assert days(calendar_of(ended, TODAY).default) == ("2024-04-01", "2025-03-31")


def test_an_end_that_has_passed_does_not_stop_an_agreement_that_is_in_force():
    running = agreement(effective=dt.date(2023, 4, 1), end=dt.date(2025, 3, 31))
    assert days(calendar_of(running, TODAY).default) == ("2026-04-01", "2027-03-31")


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (TODAY, ("2025-12-01", "2026-11-30")),
        (dt.date(2026, 12, 31), ("2026-01-01", "2026-12-31")),
        (dt.date(2026, 1, 1), ("2025-02-01", "2026-01-31")),
    ],
)
def test_without_an_effective_date_it_is_the_twelve_months_up_to_this_one(today, expected):
    period = calendar_of(agreement(), today).default
    assert (*days(period), len(period.months)) == (*expected, 12)


def test_its_months_cover_each_day_once_and_are_cut_where_it_begins_and_ends():
    months = Period(dt.date(2026, 4, 15), dt.date(2027, 4, 14)).months
    assert (len(months), months[0].name, months[1].name, months[-1].name) == (
        13,
        "15 to 30 April 2026",
        "May 2026",
        "1 to 14 April 2027",
    )
    assert sum((month.last - month.first).days + 1 for month in months) == 365


@pytest.mark.parametrize(
    ("status", "dates", "expected"),
    [
        ("in_force", {"effective": dt.date(2025, 4, 1)}, ("Agreement year 2", "day 238 of 365", 65)),
        ("in_force", {"effective": dt.date(2026, 11, 24)}, ("Agreement year 1", "day 1 of 365", 0)),
        ("in_force", {"effective": dt.date(2025, 11, 25)}, ("Agreement year 1", "day 365 of 365", 100)),
        ("in_force", {"effective": dt.date(2026, 12, 1)}, ("Agreement year 1", "begins in 7 days", 0)),
        ("in_force", {"effective": dt.date(2026, 11, 25)}, ("Agreement year 1", "begins tomorrow", 0)),
        (
            "ended",
            {"effective": dt.date(2023, 4, 1), "end": dt.date(2025, 3, 31)},
            ("Agreement year 2, the last", "ended 31 March 2025", 100),
        ),
        ("ended", {"effective": dt.date(2025, 4, 1)}, ("Agreement year 2, the last", "ended", 100)),
    ],
)
def test_where_it_stands_in_its_term(status, dates, expected):
    subject = agreement(status, **dates)
    term = term_of(subject, calendar_of(subject, TODAY).default.year, TODAY)
    assert (term.heading, term.note, term.percent) == expected


def test_without_an_effective_date_there_is_no_telling_where_it_stands():
    assert term_of(agreement(), calendar_of(agreement(), TODAY).default.year, TODAY) is None


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (dt.date(2026, 4, 1), dt.date(2027, 3, 31), "since 1 April"),
        (dt.date(2025, 12, 1), dt.date(2026, 11, 30), "since 1 December 2025"),
        (dt.date(2024, 4, 1), dt.date(2025, 3, 31), "from 1 April 2024 to 31 March 2025"),
        (dt.date(2027, 4, 1), dt.date(2028, 3, 31), "from 1 April 2027"),
        (dt.date(2026, 4, 1), dt.date(2026, 6, 30), "from 1 April to 30 June"),
        (dt.date(2026, 5, 3), dt.date(2026, 5, 9), "from 3 to 9 May"),
        (dt.date(2025, 4, 1), dt.date(2025, 6, 30), "from 1 April to 30 June 2025"),
        (dt.date(2026, 5, 12), dt.date(2026, 5, 12), "on 12 May"),
        (TODAY, TODAY, "on 24 November"),
    ],
)
def test_it_is_told_in_words(first, last, expected):
    assert Period(first, last).in_words(TODAY) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (dt.date(2026, 4, 1), dt.date(2026, 6, 30), "from 1 April to 30 June 2026"),
        (dt.date(2024, 4, 1), dt.date(2025, 3, 31), "from 1 April 2024 to 31 March 2025"),
        (dt.date(2026, 4, 1), dt.date(2027, 3, 31), "since 1 April 2026"),
        (dt.date(2026, 4, 1), TODAY, "since 1 April 2026"),
        (dt.date(2027, 4, 1), dt.date(2027, 6, 30), "from 1 April to 30 June 2027"),
        (dt.date(2026, 5, 12), dt.date(2026, 5, 12), "on 12 May 2026"),
    ],
)
def test_a_sentence_says_when_its_engagements_were_held(first, last, expected):
    assert Period(first, last).held_in_words(TODAY) == expected


def test_a_period_since_the_committee_met_names_the_meeting():
    period = Period(dt.date(2026, 10, 2), TODAY, since=dt.date(2026, 10, 1))
    assert period.held_in_words(TODAY) == "since the committee meeting of 1 October 2026"
    assert period.in_words(TODAY) == "since 2 October"


def test_a_short_period_is_one_month_cut_to_its_days():
    assert [month.name for month in Period(dt.date(2026, 5, 3), dt.date(2026, 5, 9)).steps] == ["3 to 9 May 2026"]
    assert [month.name for month in Period(dt.date(2026, 5, 3), dt.date(2026, 5, 3)).steps] == ["3 May 2026"]


@pytest.mark.parametrize(
    ("first", "last", "number", "label", "name"),
    [
        (dt.date(2026, 4, 1), dt.date(2027, 3, 31), 12, "Apr", "April 2026"),
        (dt.date(2026, 4, 15), dt.date(2027, 4, 14), 13, "Apr", "15 to 30 April 2026"),
        (dt.date(2025, 4, 1), dt.date(2026, 4, 30), 13, ["Apr", "’25"], "April 2025"),
        (dt.date(2025, 4, 1), dt.date(2027, 3, 31), 24, ["Apr", "’25"], "April 2025"),
        (dt.date(2025, 4, 1), dt.date(2027, 4, 1), 3, "2025", "1 April to 31 December 2025"),
        (dt.date(2017, 1, 1), dt.date(2026, 12, 31), 10, "2017", "2017"),
    ],
)
def test_up_to_two_years_are_told_by_month_and_more_by_calendar_year(first, last, number, label, name):
    steps = Period(first, last).steps
    assert (len(steps), steps[0].label, steps[0].name) == (number, label, name)
