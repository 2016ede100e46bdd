"""The plan of an agreement year: what it is made of, how it is spread, and what is said of it."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commitments.rules.plan import Comparison, Plan, YearlyTarget, plan_of
from partnership.agreement_years import agreement_year, year_numbered

YEAR = year_numbered(dt.date(2025, 4, 1), 2)
LEAP = year_numbered(dt.date(2023, 4, 1), 1)


@pytest.mark.parametrize(
    ("numbers", "rhythms", "by_kind", "of_several", "is_set"),
    [
        ({"workshop": 12}, [YearlyTarget(4, ("webinar",))], {"workshop": 12}, 0, True),
        ({"workshop": 0}, [YearlyTarget(4, ("workshop",))], {"workshop": 0}, 0, True),
        (
            {},
            [YearlyTarget(12, ("workshop",)), YearlyTarget(4, ("webinar",))],
            {"workshop": 12, "webinar": 4},
            0,
            False,
        ),
        ({}, [YearlyTarget(12, ("workshop",)), YearlyTarget(2, ("workshop",))], {"workshop": 14}, 0, False),
        ({}, [YearlyTarget(4, ("workshop", "webinar")), YearlyTarget(3)], {}, 7, False),
    ],
)
def test_it_is_what_leads_set_else_the_sum_of_the_rhythms(numbers, rhythms, by_kind, of_several, is_set):
    plan = plan_of(YEAR, numbers, rhythms)
    assert (plan.by_kind, plan.of_several, plan.is_set) == (by_kind, of_several, is_set)
    assert plan.total == sum(by_kind.values()) + of_several


def test_with_neither_there_is_none():
    assert plan_of(YEAR, {}, []) is None


@pytest.mark.parametrize(
    ("day", "by"),
    [
        ("2025-06-01", 0),
        ("2026-04-01", 0),
        ("2026-04-02", Fraction(24, 365)),
        ("2026-11-24", Fraction(24 * 237, 365)),
        ("2027-03-31", Fraction(24 * 364, 365)),
        ("2027-04-01", 24),
        ("2090-01-01", 24),
    ],
)
def test_it_is_spread_evenly_by_day_within_its_year(day, by):
    assert Plan(YEAR, {"workshop": 24}).by(dt.date.fromisoformat(day)) == by


def test_a_year_with_a_29_february_has_a_day_more_to_spread_over():
    plan = Plan(LEAP, {"workshop": 366})
    leap_day = dt.date(2024, 2, 29)
    assert (LEAP.length, plan.between(leap_day, leap_day), plan.by(dt.date(2024, 3, 1))) == (366, 1, 335)


@pytest.mark.parametrize(
    ("held", "today", "words", "chip"),
    [
        (18, "2026-03-31", None, None),
        (0, "2026-04-01", "as many as the plan has by now", "good"),
        (1, "2026-04-01", "1 more than the plan by now", "good"),
        # 24 * 237 / 365 is 15.6: fifteen held is not a whole one behind, sixteen not a whole one ahead.
        (18, "2026-11-24", "2 more than the plan by now", "good"),
        (16, "2026-11-24", "as many as the plan has by now", "good"),
        (15, "2026-11-24", "as many as the plan has by now", "good"),
        (14, "2026-11-24", "1 fewer than the plan by now", "warn"),
        (23, "2027-03-31", "as many as the plan has by now", "good"),
        (23, "2027-04-01", "1 fewer than the plan", "warn"),
        (24, "2027-04-01", "as many as the plan", "good"),
        (1024, "2027-04-01", "1,000 more than the plan", "good"),
    ],
)
def test_what_is_held_is_compared_with_what_should_be_by_now(held, today, words, chip):
    found = Plan(YEAR, {"workshop": 24}).compare(held, dt.date.fromisoformat(today))
    assert (found and found.words, found and found.chip) == (words, chip)


def test_an_agreement_that_has_ended_is_compared_as_of_its_last_day():
    plan = Plan(YEAR, {"workshop": 365})
    found = plan.compare(30, dt.date(2029, 1, 1), ended_on=dt.date(2026, 4, 30))
    assert (found.difference, found.words) == (0, "as many as the plan")


def test_one_kind_is_compared_by_itself_in_fewer_words():
    plan = Plan(YEAR, {"workshop": 12, "webinar": 6})
    assert plan.compare(9, dt.date(2026, 11, 24), number=12).short == "1 more by now"
    assert plan.compare(5, dt.date(2027, 11, 24), number=6).short == "1 fewer"
    assert Comparison(0, is_over=True).short == "as many"


def test_a_plan_of_nought_is_a_plan():
    plan = plan_of(YEAR, {"workshop": 0}, [])
    assert plan.total == 0
    assert plan.compare(0, dt.date(2026, 11, 24)).words == "as many as the plan has by now"
    assert plan.compare(2, dt.date(2026, 11, 24)).words == "2 more than the plan by now"


days = st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31))


@given(effective=days, day=days, total=st.integers(0, 7 * 999), held=st.integers(0, 20_000))
def test_on_any_day_of_any_year_the_plan_and_what_is_said_of_it_agree(effective, day, total, held):
    year = agreement_year(effective, day)
    plan = Plan(year, {"workshop": total})
    middle = min(max(day, year.starts_on), year.ends_on)
    assert (
        plan.between(year.starts_on, middle) + plan.between(middle, year.ends_on) - plan.between(middle, middle)
        == total
    )
    assert 0 <= plan.by(day) <= total
    found = plan.compare(held, day)
    assert (found is None) == (day < year.starts_on)
    if found:
        assert abs(held - plan.by(day) - found.difference) < 1
        assert (found.difference < 0) == (held < int(plan.by(day)))


@given(effective=days, number=st.integers(1, 111))
def test_each_day_of_a_year_belongs_to_that_year(effective, number):
    year = year_numbered(effective, number)
    assert agreement_year(effective, year.starts_on) == agreement_year(effective, year.ends_on) == year
    assert year.length in (365, 366)
