"""The dashboard: the same figures for everyone in the agreement, verbs for those who may, nothing for others."""

import datetime as dt

import pytest
from django.urls import reverse

from engagements.models import EngagementHost, EngagementWorkstream
from tests.dashboards.pages import Page
from tests.factories import (
    ActionFactory,
    AgreementDateFactory,
    CommitmentFactory,
    EngagementFactory,
    NoteFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
)

pytestmark = pytest.mark.usefixtures("november")
URL = "/agreements/lga-techuk/"
BUDGET = 13
ROLES = ["officer", "lead", "viewer", "administrator"]


def fill(cast, times=1):
    """``times`` rows of each kind that the dashboard shows."""
    for i in range(times):
        held = EngagementFactory(agreement=cast.agreement, title=f"Held {i}", starts_on=dt.date(2026, 6, 10 + i))
        coming = EngagementFactory(
            agreement=cast.agreement, title=f"Coming {i}", status="planned", starts_on=dt.date(2026, 12, 3 + i)
        )
        EngagementFactory(
            agreement=cast.agreement, title=f"Unanswered {i}", status="planned", starts_on=dt.date(2026, 11, 10)
        )
        for engagement in (held, coming):
            host = OrganisationFactory(agreement=cast.agreement)
            link = {"agreement": cast.agreement, "engagement": engagement}
            EngagementHost.objects.create(organisation=host, **link)
            EngagementWorkstream.objects.create(workstream=cast.workstream, **link)
            person = PersonFactory(agreement=cast.agreement, organisation=host)
            ParticipationFactory(engagement=engagement, person=person, organisation=host, attendance="came")
        rhythm = {"measure": "rhythm", "rhythm_count": 4, "rhythm_period": "year", "rhythm_kinds": ["workshop"]}
        CommitmentFactory(agreement=cast.agreement, title=f"Promise {i}", **rhythm)
        owner = PersonFactory(agreement=cast.agreement, organisation=cast.lga.organisation)
        ActionFactory(
            agreement=cast.agreement,
            owner_person=owner,
            due_on=dt.date(2026, 11, 1),
            title=f"Late {i}",
            engagement=held,
        )


@pytest.fixture
def visit(sign_in):
    """``visit(user)`` gives the dashboard as ``user`` sees it."""
    return lambda user: Page(sign_in(user).get(URL))


@pytest.mark.parametrize("role", ROLES)
def test_everyone_in_the_agreement_sees_where_it_stands(cast, visit, role):
    fill(cast)
    text = visit(getattr(cast, role)).text
    assert (
        "1 engagement held since 1 April 2026, 1 fewer than the plan by now. 1 of 1 commitment is slipping. "
        "1 open action is overdue. Next: Coming 0, Thursday 3 December." in text
    )
    assert "Agreement year 2" in text
    assert "day 238 of 365" in text
    assert "Effective 1 April 2025, stated" in text


def test_nobody_else_knows_that_there_is_one(cast, sign_in, client):
    assert sign_in(cast.outsider).get(URL).status_code == 404
    client.logout()
    assert client.get(URL).status_code == 302


@pytest.mark.parametrize(("role", "presses"), [("officer", 2), ("lead", 2), ("viewer", 0), ("administrator", 0)])
def test_editors_can_act_on_what_they_see_and_viewers_see_the_same_without_the_verbs(cast, visit, role, presses):
    fill(cast)
    page = visit(getattr(cast, role))
    slug, late, unanswered = cast.agreement.slug, cast.agreement.actions.get(), "Unanswered 0"
    verbs = [
        reverse("engagements:action_done", args=[slug, late.pk]),
        reverse("engagements:took_place", args=[slug, cast.agreement.engagements.get(title=unanswered).pk]),
    ]
    assert sorted(url for url in page.verbs if url in verbs) == sorted(verbs[:presses])
    assert ("Log engagement" in page.text) is bool(presses)
    for title in ("Late 0", "Unanswered 0", "Did it take place?", "Coming 0", "Held 0"):
        assert title in page.text


def test_a_viewer_can_finish_an_action_of_their_own(cast, visit):
    me = cast.agreement.people.get(user=cast.viewer)
    action = ActionFactory(agreement=cast.agreement, owner_person=me, due_on=dt.date(2026, 11, 1))
    assert reverse("engagements:action_done", args=[cast.agreement.slug, action.pk]) in visit(cast.viewer).verbs


def test_the_notes_of_a_party_never_appear(cast, visit):
    fill(cast)
    for party in (cast.lga, cast.techuk, None):
        for engagement in cast.agreement.engagements.all():
            NoteFactory(engagement=engagement, party=party, text="Our red line is December.")
    for role in ROLES:
        assert "red line" not in visit(getattr(cast, role)).html


def test_who_came_under_the_chatham_house_rule_is_not_named(cast, visit):
    engagement = EngagementFactory(agreement=cast.agreement, chatham_house=True)
    guest = PersonFactory(agreement=cast.agreement, name="Gwen Guest")
    organisation = OrganisationFactory(agreement=cast.agreement, name="Quiet Council")
    ParticipationFactory(engagement=engagement, person=guest, organisation=organisation, attendance="came")
    page = visit(cast.viewer)
    assert "Gwen Guest" not in page.html
    assert "Quiet Council" not in page.html
    assert "1 came" in page.text


def test_the_chart_is_drawn_from_the_figures_of_the_table(cast, visit):
    fill(cast)
    EngagementFactory(agreement=cast.agreement, kind="webinar", starts_on=dt.date(2026, 5, 1))
    page = visit(cast.viewer)
    series = page.data("months-data")["series"]
    drawn = {url: count for one in series for url, count in zip(one["urls"], one["counts"], strict=True) if count}
    written = dict(page.numbers)
    assert len(drawn) == 2
    assert {url: written[url] for url in drawn} == drawn


def test_chart_js_is_loaded_only_where_there_is_a_chart(cast, visit):
    assert "chart.umd" not in visit(cast.viewer).html
    fill(cast)
    assert visit(cast.viewer).html.count("chart.umd") == 1


def test_what_a_meeting_lacks_and_who_has_replied_stand_beside_it(cast, visit):
    meeting = EngagementFactory(
        agreement=cast.agreement, status="planned", mode="in_person", starts_on=dt.date(2026, 12, 3)
    )
    for reply in ("accepted", ""):
        ParticipationFactory(engagement=meeting, person=PersonFactory(agreement=cast.agreement), reply=reply)
    text = visit(cast.viewer).text
    assert "2 invited, 1 replied" in text
    assert "Not confirmed, no time, no venue, no agenda or papers, no host yet" in text


@pytest.mark.parametrize(
    ("role", "says", "does_not_say"),
    [
        ("officer", "Log the first engagement", "Add a commitment"),
        ("lead", "Add a commitment", "Invite the people"),
        ("viewer", "What the officers of the parties log appears here", "Log the first engagement"),
        ("administrator", "Invite the people", "Log the first engagement"),
    ],
)
def test_an_empty_agreement_says_what_to_do_first(cast, visit, role, says, does_not_say):
    text = visit(getattr(cast, role)).text
    assert says in text
    assert does_not_say not in text
    assert "No engagements held since 1 April 2026. No actions are open. Nothing is planned." in text


def test_without_an_effective_date_it_says_so_and_counts_twelve_months(cast, visit):
    fill(cast)
    cast.agreement.dates.all().delete()
    text = visit(cast.viewer).text
    assert "1 engagement held since 1 December 2025." in text
    assert "No effective date is recorded" in text


@pytest.mark.parametrize(
    ("end", "certainty", "says"),
    [
        (None, "", "Its end is not known"),
        (dt.date(2027, 3, 31), "inferred", "31 March 2027, end inferred"),
        (dt.date(2028, 3, 31), "unclear", "Ends 31 March 2028, unclear"),
        (dt.date(2026, 9, 30), "stated", "Its end, 30 September 2026, has passed, stated"),
    ],
)
def test_the_end_is_told_with_its_certainty(cast, visit, end, certainty, says):
    if end:
        AgreementDateFactory(agreement=cast.agreement, kind="end", on=end, certainty=certainty)
    assert says in visit(cast.viewer).text


def test_titles_of_any_sort_are_shown_as_they_are(cast, visit):
    titles = ["x" * 200, "<script>alert(1)</script>", "اجتماع 🎉"]
    for i, title in enumerate(titles):
        EngagementFactory(agreement=cast.agreement, title=title, starts_on=dt.date(2026, 6, 1 + i))
        ActionFactory(agreement=cast.agreement, title=title, due_on=dt.date(2026, 6, 1))
    html = visit(cast.officer).html
    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;alert(1)") >= 2
    assert titles[2] in html


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("role", ["officer", "viewer"])
def test_it_asks_the_database_a_fixed_number_of_times(cast, sign_in, django_assert_num_queries, role, times):
    fill(cast, times)
    client = sign_in(getattr(cast, role))
    with django_assert_num_queries(BUDGET):
        client.get(URL)


@pytest.mark.parametrize("role", ROLES)
def test_everyone_sees_what_was_promised_and_how_it_stands(cast, visit, role):
    fill(cast)
    CommitmentFactory(agreement=cast.agreement, title="In words", theme="Governance", clause="Paragraph 4")
    text = visit(getattr(cast, role)).text
    for words in ("Promise 0 Slipping 1 of 4 held, 1 planned, 4 months left 10 June 2026", "Governance · Paragraph 4"):
        assert words in text
    assert "All 2 commitments" in text
    assert "1 of 1 commitment is slipping." in text
    assert "Commitments on course 0 of 1 1 slipping" in text


def test_the_worst_commitments_come_first_and_the_rest_is_behind_the_link(cast, visit):
    fill(cast)
    due = {"agreement": cast.agreement, "measure": "due"}
    for number in range(4):
        CommitmentFactory(title=f"In words {number}", agreement=cast.agreement)
        CommitmentFactory(title=f"Overdue {number}", due_on=dt.date(2026, 11, 1), **due)
    promised = visit(cast.viewer).text.split("What was promised")[1].split("Overdue actions")[0]
    assert [promised.count(title) for title in ("Overdue ", "Promise 0", "In words")] == [4, 1, 0]
    assert promised.index("Overdue 3") < promised.index("Promise 0")


def test_without_commitments_nothing_is_said_of_them(cast, visit):
    EngagementFactory(agreement=cast.agreement)
    text = visit(cast.viewer).text
    assert "What was promised" not in text
    assert "none can be measured yet" in text
