"""The page of one organisation."""

import datetime as dt

import pytest
from django.urls import reverse

from engagements.models import EngagementHost
from tests.dashboards.pages import Page
from tests.factories import (
    ActionFactory,
    CommitmentFactory,
    CommitteeFactory,
    EngagementFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
    SeatFactory,
)


@pytest.fixture
def council(cast):
    """A council."""
    return OrganisationFactory(agreement=cast.agreement, name="Eastmarch County Council", kind="council")


@pytest.fixture
def page(cast, sign_in, council):
    """``page()``: the answer to whoever asks for the council's page."""

    def get(user=cast.viewer, organisation=council, query=""):
        return sign_in(user).get(
            reverse("dashboards:organisation", args=[cast.agreement.slug, organisation.pk]) + query
        )

    return get


def came(cast, council, title, **kwargs):
    """Somebody of the council came to a new engagement; it."""
    engagement = EngagementFactory(agreement=cast.agreement, title=title, **kwargs)
    ParticipationFactory(engagement=engagement, organisation=council, attendance="came")
    return engagement


def rows(response):
    """Title, whether it hosts, and how many came, of each engagement shown."""
    return [(row.title, row.is_host, row.came) for row in response.context["page_obj"]]


def test_it_shows_what_the_organisation_hosted_and_what_its_people_came_to(cast, page, council):
    both = came(cast, council, "Both", starts_on="2026-03-02")
    came(cast, council, "Came", starts_on="2026-03-01")
    hosted = EngagementFactory(agreement=cast.agreement, title="Hosted", starts_on="2026-02-01")
    for engagement in (both, hosted):
        EngagementHost.objects.create(agreement=cast.agreement, engagement=engagement, organisation=council)
    assert rows(page()) == [("Both", True, 1), ("Came", False, 1), ("Hosted", True, 0)]
    link = f"{reverse('engagements:list', args=[cast.agreement.slug])}?host={council.pk}"
    assert link in page().content.decode()


def test_where_people_went_on_to_work_does_not_change_what_their_council_came_to(cast, page, council):
    came(cast, council, "Then")
    mover = PersonFactory(agreement=cast.agreement, organisation=council)
    engagement = EngagementFactory(agreement=cast.agreement, title="Before they came here")
    ParticipationFactory(engagement=engagement, person=mover, organisation=None, attendance="came")
    assert rows(page()) == [("Then", False, 1)]


def test_under_the_chatham_house_rule_a_viewer_does_not_learn_that_it_was_there(cast, page, council):
    came(cast, council, "Hush hush", chatham_house=True)
    assert rows(page(cast.officer)) == [("Hush hush", False, 1)]
    assert rows(page(cast.viewer)) == []
    assert "Hush hush" not in page(cast.viewer).content.decode()


def test_of_an_engagement_that_it_hosted_a_viewer_does_not_learn_how_many_came_under_the_rule(cast, page, council):
    engagement = came(cast, council, "Hush hush", chatham_house=True)
    EngagementHost.objects.create(agreement=cast.agreement, engagement=engagement, organisation=council)
    assert rows(page(cast.viewer)) == [("Hush hush", True, 0)]


def test_its_people_are_shown_without_those_who_left(cast, page, council):
    PersonFactory(agreement=cast.agreement, organisation=council, name="Morag Lewis")
    PersonFactory(agreement=cast.agreement, organisation=council, name="Long Gone", left_on="2026-01-01")
    html = page().content.decode()
    assert "Morag Lewis" in html
    assert "Long Gone" not in html
    people = reverse("contacts:people", args=[cast.agreement.slug])
    assert f'href="{people}?organisation={council.pk}&amp;left=no" data-count="1">All 1</a>' in html


def test_open_actions_of_the_organisation_and_of_its_people_are_shown(cast, page, council):
    person = PersonFactory(agreement=cast.agreement, organisation=council)
    ActionFactory(agreement=cast.agreement, title="Its own", owner_organisation=council)
    ActionFactory(agreement=cast.agreement, title="Of somebody there", owner_person=person, owner_organisation=None)
    ActionFactory(agreement=cast.agreement, title="Of others")
    assert {action.title for action in page().context["board"].open_actions} == {"Its own", "Of somebody there"}


def test_its_seats_are_shown_those_held_today_first(cast, page, council):
    past = CommitteeFactory(agreement=cast.agreement, name="A past committee")
    now = CommitteeFactory(agreement=cast.agreement, name="Digital Committee")
    SeatFactory(committee=past, organisation=council, ends_on="2026-01-01")
    SeatFactory(committee=now, organisation=council)
    assert [seat.committee for seat in page().context["board"].seats] == [now, past]


def test_only_an_editor_is_offered_to_edit(cast, page, council):
    edit = reverse("contacts:edit_organisation", args=[cast.agreement.slug, council.pk])
    assert edit in page(cast.officer).content.decode()
    assert edit not in page(cast.viewer).content.decode()


def test_an_organisation_of_another_agreement_is_not_there(cast, page):
    assert page(organisation=OrganisationFactory(agreement=cast.elsewhere)).status_code == 404
    assert page(cast.outsider).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_for_few_and_many(cast, council, sign_in, django_assert_max_num_queries, number):
    for n in range(number):
        came(cast, council, f"E {n}")
        PersonFactory(agreement=cast.agreement, organisation=council)
        ActionFactory(agreement=cast.agreement, owner_organisation=council)
        SeatFactory(committee=CommitteeFactory(agreement=cast.agreement), organisation=council)
    client = sign_in(cast.officer)
    with django_assert_max_num_queries(13):
        client.get(reverse("dashboards:organisation", args=[cast.agreement.slug, council.pk]))


@pytest.mark.parametrize("number", [1, 3])
def test_that_of_a_party_keeps_the_budget_too(cast, sign_in, django_assert_max_num_queries, number):
    organisation = cast.lga.organisation
    for n in range(number):
        engagement = came(cast, organisation, f"E {n}")
        EngagementHost.objects.create(agreement=cast.agreement, engagement=engagement, organisation=organisation)
        PersonFactory(agreement=cast.agreement, organisation=organisation)
        ActionFactory(agreement=cast.agreement, owner_organisation=organisation)
        SeatFactory(committee=CommitteeFactory(agreement=cast.agreement), organisation=organisation)
        rhythm = {"measure": "rhythm", "rhythm_count": 1, "rhythm_period": "year"}
        CommitmentFactory(agreement=cast.agreement, given_by=cast.lga, **rhythm)
    client = sign_in(cast.officer)
    with django_assert_max_num_queries(13):
        client.get(reverse("dashboards:organisation", args=[cast.agreement.slug, organisation.pk]))


# Its figures


def test_its_figures_count_what_was_held_with_it_and_say_how_much_it_hosted(cast, page, council, november):
    engagement = came(cast, council, "Both", starts_on=dt.date(2025, 6, 10))
    EngagementHost.objects.create(agreement=cast.agreement, engagement=engagement, organisation=council)
    came(cast, council, "Came", starts_on=dt.date(2026, 11, 20))
    came(cast, council, "Public", starts_on=dt.date(2026, 11, 20), is_public_event=True)
    came(cast, council, "Off", starts_on=dt.date(2026, 11, 20), status="cancelled")
    came(cast, council, "Next", starts_on=dt.date(2026, 12, 3), status="planned")
    EngagementFactory(agreement=cast.agreement, title="Without it", starts_on=dt.date(2026, 12, 1), status="planned")
    ActionFactory(agreement=cast.agreement, owner_organisation=council, due_on=dt.date(2026, 11, 20), title="Write")
    text = Page(page()).text
    assert "Engagements held 2 1 hosted last on 20 November" in text
    assert "Still to come 1 planned or confirmed next on 3 December Next" in text
    assert "Actions open 1 1 overdue oldest 4 days late Write" in text
    assert "These figures count what it hosted and what its people were at" in text
    assert "Without it" not in text
    assert "Engagements held 1 since 1 October" in Page(page(query="?period=this-quarter")).text


def test_the_chart_of_any_time_begins_with_the_first_that_was_held(cast, page, council, november):
    came(cast, council, "First", starts_on=dt.date(2025, 12, 10))
    chart = Page(page()).data("months-data")
    assert (chart["names"][0], chart["names"][-1]) == ("December 2025", "March 2027")
    came(cast, council, "Long ago", starts_on=dt.date(2019, 12, 10))
    chart = Page(page()).data("months-data")
    assert (chart["labels"][0], chart["series"][0]["counts"]) == ("2019", [1, 0, 0, 0, 0, 0, 1, 0, 0])


def test_the_chart_is_a_file_too(cast, sign_in, council, november):
    came(cast, council, "Then", starts_on=dt.date(2026, 6, 10), chatham_house=True)
    url = reverse("dashboards:organisation_months_csv", args=[cast.agreement.slug, council.pk])
    query = "?from=2026-06-01&to=2026-06-30"
    response = sign_in(cast.officer).get(url + query)
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines == ["Month,First day,Last day,Workshop,All", "June 2026,2026-06-01,2026-06-30,1,1"]
    name = "lga-techuk-eastmarch-county-council-months-2026-06-01-to-2026-06-30.csv"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    theirs = sign_in(cast.viewer).get(url + query).content.decode("utf-8-sig").splitlines()
    assert theirs == ["Month,First day,Last day,All", "June 2026,2026-06-01,2026-06-30,0"]
    stranger = OrganisationFactory(agreement=cast.elsewhere)
    url = reverse("dashboards:organisation_months_csv", args=[cast.agreement.slug, stranger.pk])
    assert sign_in(cast.officer).get(url).status_code == 404


def test_nothing_that_it_came_to_under_the_rule_is_in_the_figures_of_a_viewer(cast, page, council, november):
    came(cast, council, "Hush hush", chatham_house=True, starts_on=dt.date(2026, 6, 10))
    came(cast, council, "Hush next", chatham_house=True, starts_on=dt.date(2026, 12, 3), status="planned")
    officers, viewers = Page(page(cast.officer)), Page(page(cast.viewer))
    assert "Engagements held 1 at any time" in officers.text
    assert "Still to come 1" in officers.text
    assert "1 came" in officers.text
    assert "Engagements held 0 at any time" in viewers.text
    assert "Still to come 0" in viewers.text
    assert "nobody came yet" in viewers.text
    assert "who came under the Chatham House Rule is known to officers alone" in viewers.text
    assert "Hush" not in viewers.html


def test_a_party_shows_what_it_promised_and_was_promised(cast, page, council, november):
    for title, parties in [
        ("Of all", {}),
        ("By LGA", {"given_by": cast.lga}),
        ("By techUK", {"given_by": cast.techuk}),
    ]:
        CommitmentFactory(agreement=cast.agreement, title=title, **parties)
    text = Page(page(organisation=cast.lga.organisation)).text
    assert "All 2 commitments" in text
    assert "By techUK" not in text
    assert "What was promised" not in Page(page()).text
