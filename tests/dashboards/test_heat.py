"""Engagements by workstream and quarter: which columns there are, what is counted in which, and what it says."""

import datetime as dt
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboards.widgets.heat import MOST_QUARTERS, STEPS, columns_of, heat_of
from tests.dashboards.pages import Page, rows_behind
from tests.dashboards.test_figures import board_of, held
from tests.factories import AgreementDateFactory, WorkstreamFactory

DAY = dt.date.fromisoformat
URL = "/agreements/lga-techuk/"


def columns(first, last, effective="2025-04-01"):
    return [
        f"{column.name}: {column.days}" for column in columns_of(DAY(first), DAY(last), effective and DAY(effective))
    ]


@pytest.mark.parametrize(
    ("first", "last", "effective", "expected"),
    [
        ("2026-04-01", "2026-09-30", "2025-04-01", ["Q1: Apr to Jun 2026", "Q2: Jul to Sep 2026"]),
        ("2026-05-10", "2026-07-31", "2025-04-01", ["Q1: 10 May to 30 Jun 2026", "Q2: Jul 2026"]),
        ("2026-11-01", "2027-02-28", "2025-04-01", ["Q3: Nov to Dec 2026", "Q4: Jan to Feb 2027"]),
        ("2026-03-15", "2026-09-14", "2025-03-15", ["Q1: 15 Mar to 14 Jun 2026", "Q2: 15 Jun to 14 Sep 2026"]),
        ("2026-12-15", "2027-03-14", "2025-03-15", ["Q4: 15 Dec 2026 to 14 Mar 2027"]),
        ("2026-03-01", "2026-04-30", "2026-04-01", ["Before: Mar 2026", "Q1: Apr 2026"]),
        ("2025-01-01", "2025-02-28", "2026-04-01", ["Before: Jan to Feb 2025"]),
        ("2026-01-01", "2026-06-30", "2025-04-01", ["Year 1, Q4: Jan to Mar 2026", "Year 2, Q1: Apr to Jun 2026"]),
        ("2025-12-01", "2026-04-30", None, [": Dec 2025 to Feb 2026", ": Mar to Apr 2026"]),
        ("2025-02-28", "2025-03-01", "2024-02-29", ["Year 1, Q4: 28 Feb 2025", "Year 2, Q1: 1 Mar 2025"]),
    ],
)
def test_columns_are_quarters_of_the_agreement_year_cut_to_the_period(first, last, effective, expected):
    assert columns(first, last, effective) == expected


def test_a_long_period_is_told_by_years():
    assert columns("2025-04-01", "2027-03-31")[-1] == "Year 2, Q4: Jan to Mar 2027"
    assert columns("2025-03-01", "2027-06-30") == [
        "Before: Mar 2025",
        "Year 1: Apr 2025 to Mar 2026",
        "Year 2: Apr 2026 to Mar 2027",
        "Year 3: Apr to Jun 2027",
    ]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dates(DAY("2020-01-01"), DAY("2030-12-31")),
    st.integers(0, 4000),
    st.one_of(st.none(), st.dates(DAY("2020-01-01"), DAY("2030-12-31"))),
)
def test_each_day_of_a_period_is_in_one_column(first, days, effective):
    last = first + dt.timedelta(days=days)
    found = columns_of(first, last, effective)
    assert (found[0].first, found[-1].last) == (first, last)
    assert all(one.last + dt.timedelta(days=1) == other.first for one, other in itertools.pairwise(found))
    assert all(one.first <= one.last for one in found)
    assert days > 800 or len(found) <= MOST_QUARTERS + 2


@pytest.mark.parametrize(
    ("numbers", "steps"),
    [([0, 1, 2, 3, 4], [0, 1, 2, 3, 4]), ([1, 2], [1, 2]), ([0, 1, 100], [0, 1, 4]), ([25, 26, 75, 100], [1, 2, 3, 4])],
)
def test_the_tint_tells_how_many(numbers, steps):
    quarters = columns_of(DAY("2025-04-01"), DAY("2027-03-31"), DAY("2025-04-01"))
    stream = {"pk": 1, "name": "Skills", "slug": "skills", "colour": "blue", "archived_on": None}
    counts = {(1, place): number for place, number in enumerate(numbers)}
    row = heat_of(quarters, [stream], counts, {}, DAY("2027-03-31"), lambda *_: "").rows[0]
    assert [cell.step for cell in row.cells][: len(steps)] == steps
    assert max(cell.step for cell in row.cells) <= STEPS


def table(cast):
    """{workstream: its numbers}, "None" for those without one, and "all"."""
    heat = board_of(cast).heat
    rows = {row.stream["name"] if row.stream else "None": row.cells for row in heat.rows} | {"all": heat.totals}
    return {name: [cell.count for cell in cells] for name, cells in rows.items()}


def put(cast, day, *streams, **fields):
    engagement = held(cast, day, **fields)
    engagement.workstreams.add(*streams, through_defaults={"agreement": cast.agreement})
    return engagement


@pytest.mark.usefixtures("november")
class TestCounted:
    """What of an agreement is counted in which cell."""

    def test_an_engagement_counts_in_each_of_its_workstreams_and_once_in_all(self, cast):
        skills = WorkstreamFactory(agreement=cast.agreement, name="Skills", slug="skills", position=5)
        put(cast, "2026-04-01", cast.workstream, skills)
        put(cast, "2026-06-30", cast.workstream, kind="webinar")
        put(cast, "2026-07-01")
        put(cast, "2026-07-02", cast.workstream, status="planned")
        put(cast, "2026-07-03", cast.workstream, is_public_event=True)
        assert table(cast) == {
            cast.workstream.name: [2, 0, 0, 0],
            "Skills": [1, 0, 0, 0],
            "None": [0, 1, 0, 0],
            "all": [2, 1, 0, 0],
        }
        assert board_of(cast).heat.is_shared

    def test_quarters_that_begin_in_mid_month_count_their_own_days(self, cast):
        cast.agreement.dates.all().delete()
        AgreementDateFactory(agreement=cast.agreement, on=DAY("2025-03-15"))
        for day in ("2026-03-14", "2026-03-15", "2026-06-14", "2026-06-15", "2027-03-14", "2027-03-15"):
            put(cast, day, cast.workstream)
        assert table(cast) == {cast.workstream.name: [2, 1, 0, 1], "all": [2, 1, 0, 1]}
        board = board_of(cast)
        assert (board.table.total.count, [row.total.count for row in board.table.rows][3:5]) == (4, [2, 0])

    def test_one_archived_in_the_year_is_there_if_something_was_held_in_it(self, cast):
        old, older = (
            WorkstreamFactory(agreement=cast.agreement, name=name, position=9, archived_on=DAY("2026-08-01"))
            for name in ("Old", "Older")
        )
        put(cast, "2026-05-01", old)
        put(cast, "2025-05-01", older)
        assert list(table(cast)) == [cast.workstream.name, "Old", "all"]

    def test_the_page_marks_what_is_archived_and_says_that_an_engagement_may_count_twice(self, cast, sign_in):
        old = WorkstreamFactory(agreement=cast.agreement, name="Old", archived_on=DAY("2026-08-01"))
        put(cast, "2026-05-01", old)
        text = Page(sign_in(cast.viewer).get(URL)).text
        assert "Old archived 1 0 0 –still to come" in text
        assert "counts in both" not in text
        put(cast, "2026-05-02", old, cast.workstream)
        assert "An engagement in two workstreams counts in both" in Page(sign_in(cast.viewer).get(URL)).text

    def test_those_without_a_workstream_can_be_found(self, cast, sign_in):
        put(cast, "2026-05-01")
        put(cast, "2026-05-02", cast.workstream)
        client, url = sign_in(cast.viewer), f"{URL}engagements/?workstream="
        assert rows_behind(client, f"{url}.none") == 1
        assert rows_behind(client, f"{url}.none&workstream={cast.workstream.slug}") == 2

    def test_without_workstreams_and_engagements_there_is_no_table(self, cast, sign_in):
        cast.workstream.delete()
        held(cast, "2026-12-10", status="planned")
        assert board_of(cast).heat is None
        assert "Workstreams by quarter" not in Page(sign_in(cast.viewer).get(URL)).text
