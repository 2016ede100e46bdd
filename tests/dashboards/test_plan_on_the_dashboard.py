"""The dashboard says how what was held compares with the plan, where there is one, and asks for nothing more."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.operations import save_plan
from dashboards.pages.agreement import Board
from dashboards.periods.period import Period
from dashboards.queries import figures
from partnership.agreement_years import year_numbered
from partnership.models import AgreementDate
from tests.dashboards.pages import Page
from tests.factories import AgreementDateFactory, CommitmentFactory, EngagementFactory

pytestmark = pytest.mark.usefixtures("november")
URL = "/agreements/lga-techuk/"
EFFECTIVE = dt.date(2025, 4, 1)
YEAR = year_numbered(EFFECTIVE, 2)
BUDGET = 13


def set_plan(cast, year=YEAR, **numbers):
    save_plan(cast.agreement, year, numbers, by=cast.lead)


def hold(cast, times, day=dt.date(2026, 6, 10), **fields):
    EngagementFactory.create_batch(times, agreement=cast.agreement, starts_on=day, **fields)


def board_of(cast):
    cast.agreement.refresh_from_db()
    calendar = figures.calendar(cast.agreement, timezone.localdate())
    return Board(cast.viewer, cast.agreement, timezone.now(), calendar)


@pytest.fixture
def visit(sign_in):
    """``visit(user)`` gives the dashboard as ``user`` sees it."""
    return lambda user: Page(sign_in(user).get(URL))


@pytest.mark.parametrize("role", ["officer", "lead", "viewer", "administrator"])
def test_the_sentence_the_tile_and_the_table_say_it(cast, visit, role):
    set_plan(cast, workshop=20, webinar=4)
    hold(cast, 18)
    page = visit(getattr(cast, role))
    assert "18 engagements held since 1 April 2026, 2 more than the plan by now." in page.text
    assert "Engagements held 18 of 24 in the plan 2 more than the plan by now" in page.text
    assert "The plan has 24 for this agreement year, as the leads have set it." in page.text
    assert "April 2026 0 0 2.0" in page.text
    assert "All 18 18 24" in page.text
    assert reverse("commitments:plan", args=[cast.agreement.slug]) in page.html


def test_too_few_are_a_warning(cast):
    set_plan(cast, workshop=24)
    hold(cast, 10)
    tile = board_of(cast).tiles[0]
    assert (tile.figure, tile.of, tile.state, tile.word) == (
        10,
        "of 24 in the plan",
        "warn",
        "5 fewer than the plan by now",
    )


def test_the_chart_gets_a_number_of_the_plan_for_each_month(cast, visit):
    set_plan(cast, workshop=36, webinar=0)
    hold(cast, 1)
    plan = visit(cast.viewer).data("months-data")["plan"]
    assert (plan["name"], len(plan["counts"])) == ("Plan", 12)
    assert plan["counts"][:3] == [3.0, 3.1, 3.0]
    assert abs(sum(plan["counts"]) - 36) < 0.6


def test_without_numbers_the_rhythms_are_the_plan(cast, visit):
    rhythm = {"measure": "rhythm", "rhythm_count": 6, "rhythm_period": "quarter"}
    CommitmentFactory(agreement=cast.agreement, **rhythm)
    hold(cast, 1)
    text = visit(cast.viewer).text
    assert "1 of 24 in the plan" in text
    assert "24 for this agreement year, the sum of the rhythms." in text


def test_without_either_nothing_is_compared_and_leads_are_told_where_to_set_one(cast, visit):
    hold(cast, 1)
    lead, viewer = visit(cast.lead), visit(cast.viewer)
    assert "Set a plan" in lead.text
    assert "plan" not in viewer.text.replace("planned", "").lower()
    assert "plan" not in viewer.data("months-data")
    assert "Engagements held 1 since 1 April 2026" not in viewer.text
    assert "1 engagement held since 1 April 2026. " in viewer.text


def test_a_plan_of_nought_for_a_kind_is_a_plan(cast, visit):
    set_plan(cast, workshop=0)
    hold(cast, 1)
    assert "1 of 0 in the plan 1 more than the plan by now" in visit(cast.viewer).text


@pytest.mark.parametrize(
    "fields",
    [{"is_public_event": True}, {"status": "cancelled"}, {"status": "planned"}, {"starts_on": dt.date(2026, 3, 31)}],
)
def test_what_is_not_held_under_the_agreement_in_the_year_counts_for_nothing(cast, fields):
    set_plan(cast, workshop=24)
    EngagementFactory(agreement=cast.agreement, **{"starts_on": dt.date(2026, 6, 1), **fields})
    assert board_of(cast).against_plan.difference == -15


def test_the_plan_of_another_agreement_or_year_is_none_of_ours(cast):
    AgreementDateFactory(agreement=cast.elsewhere)
    save_plan(cast.elsewhere, YEAR, {"workshop": 24}, by=None)
    set_plan(cast, year_numbered(EFFECTIVE, 1), workshop=24)
    assert board_of(cast).plan is None


@pytest.mark.parametrize(
    ("first", "last", "total"),
    [
        ("2026-04-01", "2027-03-31", 24),
        ("2025-04-01", "2026-03-31", 12),
        ("2026-04-01", "2026-06-30", None),
        ("2026-04-02", "2027-04-01", None),
        ("2024-04-01", "2025-03-31", None),
        ("2025-04-01", "2027-03-31", None),
    ],
)
def test_only_a_whole_agreement_year_is_compared(cast, first, last, total):
    set_plan(cast, workshop=24)
    set_plan(cast, year_numbered(EFFECTIVE, 1), workshop=12)
    hold(cast, 1)
    board = board_of(cast)
    board.period = Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    assert (board.plan and board.plan.total) == total
    assert ("plan" in board.table.as_chart()) is (total is not None)
    assert ("in the plan" in board.tiles[0].of) is (total is not None)


def test_without_an_effective_date_there_is_no_plan(cast, visit):
    set_plan(cast, workshop=24)
    hold(cast, 1)
    cast.agreement.dates.all().delete()
    assert "the plan" not in visit(cast.lead).text


def test_before_it_takes_effect_nothing_is_compared(cast, visit):
    AgreementDate.objects.filter(agreement=cast.agreement).update(on=dt.date(2027, 4, 1))
    set_plan(cast, year_numbered(dt.date(2027, 4, 1), 1), workshop=24)
    hold(cast, 1)
    assert "than the plan" not in visit(cast.lead).text


def test_a_year_that_began_on_29_february_has_its_plan(cast, visit):
    AgreementDate.objects.filter(agreement=cast.agreement).update(on=dt.date(2024, 2, 29))
    set_plan(cast, year_numbered(dt.date(2024, 2, 29), 3), workshop=12)
    hold(cast, 1)
    page = visit(cast.viewer)
    assert "1 of 12 in the plan" in page.text
    assert page.data("months-data")["plan"]["counts"][0] == 1.0


def test_that_the_effective_date_was_changed_since_is_told(cast, visit):
    set_plan(cast, workshop=24)
    hold(cast, 1)
    AgreementDate.objects.filter(agreement=cast.agreement).update(on=dt.date(2025, 5, 1))
    assert "It was set when agreement year 2 began on 1 April 2026." in visit(cast.viewer).text


def test_an_ended_agreement_is_compared_as_of_its_end(cast, visit):
    cast.agreement.status = "ended"
    cast.agreement.save()
    AgreementDateFactory(agreement=cast.agreement, kind="end", on=dt.date(2026, 3, 31))
    set_plan(cast, year_numbered(EFFECTIVE, 1), workshop=2)
    hold(cast, 1, day=dt.date(2026, 3, 1))
    assert "1 engagement held in its last year, 1 fewer than the plan." in visit(cast.viewer).text


@pytest.mark.parametrize("numbers", [{}, {"workshop": 12}, {"workshop": 12, "webinar": 6, "policy": 4}])
def test_it_costs_no_further_query(cast, sign_in, django_assert_num_queries, numbers):
    hold(cast, 2)
    for year in (1, 2, 3):
        set_plan(cast, year_numbered(EFFECTIVE, year), **numbers)
    client = sign_in(cast.viewer)
    with django_assert_num_queries(BUDGET):
        client.get(URL)
