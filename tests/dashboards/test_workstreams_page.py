"""The pages of workstreams."""

import datetime as dt

import pytest

from commitments.models import CommitmentWorkstream
from engagements.models import EngagementWorkstream
from tests.dashboards.pages import Page
from tests.factories import (
    ActionFactory,
    CommitmentFactory,
    EngagementFactory,
    NoteFactory,
    PersonFactory,
    WorkstreamFactory,
)
from workstreams.models import WorkstreamLead

pytestmark = pytest.mark.usefixtures("november")
ALL = "/agreements/lga-techuk/workstreams/"
ONE = f"{ALL}procurement/"
BUDGETS = {ALL: 8, ONE: 13}


def work(cast, workstream, times=1):
    """``times`` rows of each kind that the page of a workstream shows."""
    for i in range(times):
        for title, status, day in (("Held", "held", "2026-06-10"), ("Coming", "planned", "2026-12-03")):
            engagement = EngagementFactory(
                agreement=cast.agreement,
                title=f"{title} {workstream} {i}",
                status=status,
                starts_on=dt.date.fromisoformat(day),
            )
            EngagementWorkstream.objects.create(agreement=cast.agreement, engagement=engagement, workstream=workstream)
        ActionFactory(agreement=cast.agreement, workstream=workstream, title=f"Own {workstream} {i}")
        ActionFactory(agreement=cast.agreement, engagement=engagement, title=f"Agreed {workstream} {i}")
        commitment = CommitmentFactory(agreement=cast.agreement, title=f"Promise {workstream} {i}")
        CommitmentWorkstream.objects.create(agreement=cast.agreement, commitment=commitment, workstream=workstream)


def lead(cast, workstream, party, name):
    person = PersonFactory(agreement=cast.agreement, name=name, organisation=party.organisation)
    WorkstreamLead.objects.create(agreement=cast.agreement, workstream=workstream, party=party, person=person)


def test_the_list_tells_of_each_who_leads_it_what_was_held_and_what_comes_next(cast, sign_in):
    work(cast, cast.workstream)
    lead(cast, cast.workstream, cast.techuk, "Tom Hale")
    lead(cast, cast.workstream, cast.lga, "Priya Nair")
    text = Page(sign_in(cast.viewer).get(ALL)).text
    assert "Leads Priya Nair (LGA), Tom Hale (techUK)" in text
    assert "Held 1 since 1 April 2026 Open actions 2 Next Coming Procurement 0, 3 December 2026" in text


def test_each_workstream_has_figures_of_its_own(cast, sign_in):
    other = WorkstreamFactory(agreement=cast.agreement, name="Skills")
    work(cast, cast.workstream)
    work(cast, other, times=2)
    rows = sign_in(cast.viewer).get(ALL).context["streams"].current
    figures = {row.name: (row.held_count, row.coming_count, row.open_count, row.next.title) for row in rows}
    assert figures == {
        "Procurement": (1, 1, 2, "Coming Procurement 0"),
        "Skills": (2, 2, 4, "Coming Skills 0"),
    }


def test_an_action_of_the_workstream_and_of_its_engagement_counts_once(cast, sign_in):
    engagement = EngagementFactory(agreement=cast.agreement)
    EngagementWorkstream.objects.create(agreement=cast.agreement, engagement=engagement, workstream=cast.workstream)
    ActionFactory(agreement=cast.agreement, engagement=engagement, workstream=cast.workstream)
    assert sign_in(cast.viewer).get(ALL).context["streams"].current[0].open_count == 1


def test_archived_ones_stand_apart_and_say_so(cast, sign_in):
    cast.workstream.archived_on = dt.date(2026, 10, 1)
    cast.workstream.save()
    client = sign_in(cast.viewer)
    streams = client.get(ALL).context["streams"]
    assert (streams.current, streams.archived) == ([], [cast.workstream])
    assert "Archived on 1 October 2026" in Page(client.get(ONE)).text


def test_the_page_of_one_shows_its_engagements_actions_and_commitments_and_no_others(cast, sign_in):
    other = WorkstreamFactory(agreement=cast.agreement, name="Skills")
    work(cast, cast.workstream)
    work(cast, other)
    text = Page(sign_in(cast.viewer).get(ONE)).text
    for what in ("Held", "Coming", "Own", "Agreed", "Promise"):
        assert f"{what} Procurement 0" in text
        assert f"{what} Skills 0" not in text


def test_one_archived_in_the_middle_of_the_period_keeps_what_was_held_and_asks_for_nothing_new(cast, sign_in):
    work(cast, cast.workstream)
    cast.workstream.archived_on = dt.date(2026, 7, 1)
    cast.workstream.save()
    page = Page(sign_in(cast.officer).get(f"{ONE}?period=this-year"))
    assert "Engagements held 1 since 1 April last on 10 June" in page.text
    assert page.data("months-data")["series"][0]["counts"] == [0, 0, 1, *[0] * 9]
    empty = WorkstreamFactory(agreement=cast.agreement, slug="empty", archived_on=dt.date(2026, 7, 1))
    text = Page(sign_in(cast.officer).get(f"{ALL}{empty.slug}/")).text
    assert "Nothing is planned." in text
    assert "Plan an engagement" not in text


def test_what_was_promised_about_it_stands_as_on_the_dashboard_with_the_worst_first(cast, sign_in):
    work(cast, cast.workstream)
    rhythm = {"measure": "rhythm", "rhythm_count": 1, "rhythm_period": "year"}
    late = {"measure": "due", "due_on": dt.date(2026, 6, 1)}
    for title, measure in (("One a year", rhythm), ("A guide", late)):
        commitment = CommitmentFactory(agreement=cast.agreement, title=title, **measure)
        commitment.workstreams.add(cast.workstream, through_defaults={"agreement": cast.agreement})
    page = Page(sign_in(cast.viewer).get(ONE))
    promised = page.text.split("What was promised")[1].split("Latest")[0]
    assert promised.index("A guide") < promised.index("One a year") < promised.index("Promise Procurement 0")
    assert "All 3 commitments" in promised
    assert "One a year Met 1 of 1 held" in promised
    assert "10 June 2026" in promised
    assert "Commitments on course 1 of 2 1 late" in page.text


def test_the_chart_is_a_file_too_with_the_period_of_the_page(cast, sign_in):
    work(cast, cast.workstream)
    work(cast, WorkstreamFactory(agreement=cast.agreement, name="Skills"), times=2)
    client = sign_in(cast.viewer)
    query = "?from=2026-06-01&to=2026-06-30"
    assert f'href="{ONE}months.csv{query.replace("&", "&amp;")}"' in Page(client.get(ONE + query)).html
    response = client.get(f"{ONE}months.csv{query}")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines == ["Month,First day,Last day,Workshop,All", "June 2026,2026-06-01,2026-06-30,1,1"]
    name = "lga-techuk-procurement-months-2026-06-01-to-2026-06-30.csv"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'


def test_an_empty_one_says_so(cast, sign_in):
    text = Page(sign_in(cast.viewer).get(ONE)).text
    for words in ("not named yet", "None were held in this period", "Nothing is planned", "No actions are open"):
        assert words in text


@pytest.mark.parametrize("url", [ALL, ONE])
def test_only_an_administrator_is_led_to_the_admin(cast, sign_in, url):
    for role in ("administrator", "lead", "officer", "viewer"):
        assert ("Edit in admin" in Page(sign_in(getattr(cast, role)).get(url)).text) is (role == "administrator")


def test_notes_of_a_party_never_appear(cast, sign_in):
    work(cast, cast.workstream)
    for engagement in cast.agreement.engagements.all():
        NoteFactory(engagement=engagement, party=cast.techuk, text="Our red line.")
    for url in (ALL, ONE):
        assert "red line" not in Page(sign_in(cast.officer).get(url)).html


def test_what_is_not_of_this_agreement_is_not_found(cast, sign_in):
    elsewhere = WorkstreamFactory(agreement=cast.elsewhere, slug="theirs")
    client = sign_in(cast.officer)
    assert client.get(f"{ALL}{elsewhere.slug}/").status_code == 404
    assert elsewhere.name not in Page(client.get(ALL)).html
    for url in (ALL, ONE):
        assert sign_in(cast.outsider).get(url).status_code == 404


@pytest.mark.parametrize("url", [ALL, ONE])
@pytest.mark.parametrize("times", [1, 3])
def test_it_asks_the_database_a_fixed_number_of_times(cast, sign_in, django_assert_num_queries, url, times):
    for i in range(times):
        workstream = cast.workstream if i == 0 else WorkstreamFactory(agreement=cast.agreement)
        work(cast, workstream, times)
        lead(cast, workstream, cast.lga, f"Lead {i}")
    client = sign_in(cast.officer)
    with django_assert_num_queries(BUDGETS[url]):
        client.get(url)
