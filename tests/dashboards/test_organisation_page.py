"""The page of one organisation."""

import pytest
from django.urls import reverse

from engagements.models import EngagementHost
from tests.factories import (
    ActionFactory,
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
    assert f'href="{people}?organisation={council.pk}&amp;left=no">All 1</a>' in html


def test_open_actions_of_the_organisation_and_of_its_people_are_shown(cast, page, council):
    person = PersonFactory(agreement=cast.agreement, organisation=council)
    ActionFactory(agreement=cast.agreement, title="Its own", owner_organisation=council)
    ActionFactory(agreement=cast.agreement, title="Of somebody there", owner_person=person, owner_organisation=None)
    ActionFactory(agreement=cast.agreement, title="Of others")
    assert {action.title for action in page().context["actions"]} == {"Its own", "Of somebody there"}


def test_its_seats_are_shown_those_held_today_first(cast, page, council):
    past = CommitteeFactory(agreement=cast.agreement, name="A past committee")
    now = CommitteeFactory(agreement=cast.agreement, name="Digital Committee")
    SeatFactory(committee=past, organisation=council, ends_on="2026-01-01")
    SeatFactory(committee=now, organisation=council)
    assert [seat.committee for seat in page().context["seats"]] == [now, past]


def test_only_an_editor_is_offered_to_edit(cast, page, council):
    edit = reverse("contacts:edit_organisation", args=[cast.agreement.slug, council.pk])
    assert edit in page(cast.officer).content.decode()
    assert edit not in page(cast.viewer).content.decode()


def test_an_organisation_of_another_agreement_is_not_there(cast, page):
    assert page(organisation=OrganisationFactory(agreement=cast.elsewhere)).status_code == 404
    assert page(cast.outsider).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_for_few_and_many(cast, council, sign_in, django_assert_num_queries, number):
    for n in range(number):
        came(cast, council, f"E {n}")
        PersonFactory(agreement=cast.agreement, organisation=council)
        ActionFactory(agreement=cast.agreement, owner_organisation=council)
        SeatFactory(committee=CommitteeFactory(agreement=cast.agreement), organisation=council)
    client = sign_in(cast.officer)
    with django_assert_num_queries(10):
        client.get(reverse("dashboards:organisation", args=[cast.agreement.slug, council.pk]))
