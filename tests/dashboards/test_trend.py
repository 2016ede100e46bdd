"""The small lines of the tiles, and the file of months."""

import csv
import datetime as dt
import io

import pytest

from dashboards.exports import months_csv
from dashboards.periods.period import Period
from dashboards.widgets.trend import NO_TREND, changing, rising
from tests.dashboards.pages import Page
from tests.dashboards.test_figures import board_of, came, held
from tests.factories import ActionFactory, OrganisationFactory

YEAR = Period(dt.date(2026, 4, 1), dt.date(2027, 3, 31))


def test_a_figure_that_adds_up_begins_with_nothing_and_ends_today():
    trend = rising(YEAR, [1, 0, 1, *[0] * 9], dt.date(2026, 6, 10))
    assert trend.points == "0,29 8,15.5 17,15.5 19,2"
    assert trend.label == "1 at the end of April 2026, 2 now"


def test_the_plan_goes_on_to_the_end_of_the_period():
    trend = rising(YEAR, [1] * 12, dt.date(2026, 5, 31), plan=[1] * 12)
    assert (trend.points.split()[-1], trend.plan.split()[-1]) == ("17,24.5", "100,2")


def test_a_figure_that_goes_up_and_down_is_told_at_the_end_of_each_month():
    trend = changing(YEAR, [4, 2, *[0] * 10], dt.date(2027, 5, 1))
    assert trend.points.startswith("8,2 17,15.5 25,29")
    assert trend.label == "4 at the end of April 2026, 0 at the end of March 2027"


def test_a_plan_of_other_steps_than_months_is_left_out():
    assert rising(YEAR, [1] * 12, dt.date(2026, 5, 31), plan=[12]).plan == ""


@pytest.mark.parametrize("today", ["2026-03-31", "2026-04-20"])
def test_less_than_two_months_are_no_trend(today):
    assert rising(YEAR, [1] * 12, dt.date.fromisoformat(today)) == NO_TREND


@pytest.mark.usefixtures("november")
class TestOnRecord:
    """What the lines are made of."""

    def test_an_action_is_open_from_the_day_of_its_engagement_until_it_is_done(self, cast):
        old = held(cast, "2026-05-20")
        ActionFactory(agreement=cast.agreement, engagement=old)
        ActionFactory(agreement=cast.agreement, engagement=old, done_on=dt.date(2026, 7, 1))
        ActionFactory(agreement=cast.agreement, done_on=dt.date(2026, 3, 31))
        ActionFactory(agreement=cast.agreement)
        assert board_of(cast).actions["by_month"] == [0, 2, 2, 1, 1, 1, 1, 2, 2, 2, 2, 2]

    def test_an_organisation_is_reached_in_the_month_it_first_comes(self, cast):
        council = OrganisationFactory(agreement=cast.agreement, kind="council")
        for day in ("2026-09-01", "2026-05-01"):
            came(held(cast, day), council)
        assert board_of(cast).reached["by_month"] == [0, 1, *[0] * 10]

    def test_councils_and_what_is_overdue_have_their_own_links(self, cast, sign_in):
        came(held(cast), OrganisationFactory(agreement=cast.agreement, kind="council"))
        ActionFactory(agreement=cast.agreement, due_on=dt.date(2026, 11, 1))
        page = Page(sign_in(cast.viewer).get("/agreements/lga-techuk/"))
        assert "Organisations reached 1 of them 1 council" in page.text
        assert "Actions open 1 1 overdue" in page.text
        assert any("kind=council" in url for url, _ in page.numbers)

    def test_the_file_has_the_figures_of_the_table(self, cast, sign_in):
        for day, kind in [("2026-04-01", "webinar"), ("2026-05-01", "workshop")]:
            held(cast, day, kind=kind)
        answer = sign_in(cast.viewer).get("/agreements/lga-techuk/months.csv")
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert "lga-techuk-months-2026-04-01-to-2027-03-31.csv" in answer["Content-Disposition"]
        lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert lines[0] == ["Month", "First day", "Last day", "Workshop", "Webinar", "All"]
        assert lines[1:3] == [
            ["April 2026", "2026-04-01", "2026-04-30", "0", "1", "1"],
            ["May 2026", "2026-05-01", "2026-05-31", "1", "0", "1"],
        ]
        assert len(lines) == 13

    def test_the_file_has_the_plan_where_the_chart_has_it_and_no_formula(self, cast):
        held(cast)
        table = board_of(cast).table
        text = months_csv(table, {"plan": {"name": "=1+1", "counts": list(range(12))}})
        lines = list(csv.reader(io.StringIO(text)))
        assert ([line[-1] for line in lines[:3]], len(lines)) == (["'=1+1", "0", "1"], 13)
