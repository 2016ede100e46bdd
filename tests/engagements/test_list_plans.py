"""How PostgreSQL goes about the list of engagements where there are thousands."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.models import Engagement
from tests.engagements.lists import list_page


@pytest.fixture
def thousands(cast):
    """Four thousand engagements over eleven years."""
    first = dt.date(2020, 1, 1)
    Engagement.objects.bulk_create(
        Engagement(
            agreement=cast.agreement,
            title=f"Engagement {n}{' about zebras' if n % 1500 == 0 else ''}",
            kind=Engagement.Kind.values[n % 7],
            status="held",
            starts_on=first + dt.timedelta(days=n),
        )
        for n in range(4000)
    )
    with connection.cursor() as cursor:
        # What other tests added and took back waits there for a vacuum, and makes the index look dear.
        cursor.execute("SELECT gin_clean_pending_list('engagement_search')")
        # All tables: what PostgreSQL thinks of a small one decides how it goes about the large one.
        cursor.execute("ANALYZE")


@pytest.fixture
def plans(sign_in):
    """How PostgreSQL goes about each query on engagements of a page."""

    def explain(user, page, how="EXPLAIN"):
        with CaptureQueriesContext(connection) as captured:
            assert sign_in(user).get(page).status_code == 200
        found = []
        with connection.cursor() as cursor:
            for query in captured.captured_queries:
                if "engagements_engagement" in query["sql"]:
                    # The history's note of who is asking goes ahead of what is not plainly a SELECT.
                    sql = re.sub(r"^SELECT set_config\(.*?true\);\s*", "", query["sql"])
                    cursor.execute(f"{how} {sql}")
                    found.append("\n".join(line[0] for line in cursor.fetchall()))
        return found

    return explain


@pytest.mark.parametrize(
    ("sort", "index"),
    [
        ("-date", "engagement_by_date"),
        ("date", "engagement_by_date"),
        ("title", "engagement_by_title"),
        ("-title", "engagement_by_title"),
        ("kind", "engagement_by_kind"),
        ("-kind", "engagement_by_kind"),
        ("status", "engagement_by_status"),
        ("-status", "engagement_by_status"),
    ],
)
def test_each_order_is_read_from_its_index(cast, thousands, plans, sort, index):
    *others, rows = plans(cast.officer, list_page(cast, f"sort={sort}"))
    # The keys of the first rows come straight from the index: nothing is sorted below the limit.
    assert re.search(
        rf"Limit [^\n]*\n( +->  Nested Loop[^\n]*\n)? +->  Index[^\n]* using {index} on", "\n".join(others)
    )
    assert "Seq Scan on engagements_engagement " not in rows


def test_a_search_reads_the_index_of_words_and_not_all_dates(cast, thousands, plans):
    *others, rows = plans(cast.officer, list_page(cast, "q=zebras"))
    assert any("Bitmap Index Scan on engagement_search" in plan for plan in others)
    assert not any("engagement_by_date" in plan for plan in others)
    assert "using engagements_engagement_pkey" in rows or "Bitmap Index Scan on engagements_engagement_pkey" in rows


def test_what_rows_say_is_read_for_those_of_the_page_and_not_for_those_passed_over(cast, thousands, plans):
    rows = plans(cast.officer, list_page(cast, "page=20"), "EXPLAIN (ANALYZE, TIMING OFF)")[-1]
    times = [int(n) for n in re.findall(r"engagements_engagementhost.*loops=(\d+)", rows)]
    assert times
    assert max(times) <= 25
