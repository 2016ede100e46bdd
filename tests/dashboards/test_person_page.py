"""The page of one person."""

import pytest
from django.urls import reverse

from tests.factories import (
    ActionFactory,
    CommitteeFactory,
    EngagementFactory,
    NoteFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
    SeatFactory,
)
from tests.markup import one_line


@pytest.fixture
def morag(cast):
    """Head of service at a council."""
    eastmarch = OrganisationFactory(agreement=cast.agreement, name="Eastmarch County Council")
    return PersonFactory(
        agreement=cast.agreement, name="Morag Lewis", organisation=eastmarch, job_title="Head of service"
    )


@pytest.fixture
def page(cast, sign_in, morag):
    """``page()``: the answer to whoever asks for Morag's page."""

    def get(user=cast.viewer, person=morag, query=""):
        return sign_in(user).get(reverse("dashboards:person", args=[cast.agreement.slug, person.pk]) + query)

    return get


def engagement(cast, title, **kwargs):
    """One of the agreement."""
    return EngagementFactory(agreement=cast.agreement, title=title, **kwargs)


def test_it_says_who_they_are_and_what_they_came_to(cast, page, morag):
    ParticipationFactory(engagement=engagement(cast, "A workshop"), person=morag, attendance="came")
    ParticipationFactory(engagement=engagement(cast, "A webinar"), person=morag, attendance="apologies")
    html = page().content.decode()
    for words in ("Head of service", "Eastmarch County Council", "A workshop", "Came", "A webinar", "Sent apologies"):
        assert words in html
    assert "1 engagement</dd>" in html


def test_engagements_are_paged_newest_first_and_lead_to_the_list(cast, page, morag):
    for day in range(1, 13):
        ParticipationFactory(engagement=engagement(cast, f"Number {day}", starts_on=f"2026-03-{day:02}"), person=morag)
    html = page().content.decode()
    assert "Number 12" in html
    assert "Number 2<" not in html
    assert "Number 2<" in page(query="?page=2").content.decode()
    assert f'{reverse("engagements:list", args=[cast.agreement.slug])}?person={morag.pk}">All 12 in the list' in html


def test_under_the_chatham_house_rule_a_viewer_does_not_learn_that_they_were_there(cast, page, morag):
    secret = engagement(cast, "Hush hush", chatham_house=True)
    ParticipationFactory(engagement=secret, person=morag, attendance="came")
    NoteFactory(engagement=secret, party=cast.techuk, text="Only for techUK")
    assert "Hush hush" in page(cast.officer).content.decode()
    html = page(cast.viewer).content.decode()
    assert "Hush hush" not in html
    assert "none yet" in html


def test_under_the_chatham_house_rule_people_see_what_they_were_at_themselves(cast, page):
    viewer = cast.agreement.people.get(user=cast.viewer)
    ParticipationFactory(engagement=engagement(cast, "Hush hush", chatham_house=True), person=viewer, attendance="came")
    assert "Hush hush" in page(cast.viewer, viewer).content.decode()


def test_where_they_worked_then_is_said_if_it_is_elsewhere_now(cast, page, morag):
    before = OrganisationFactory(agreement=cast.agreement, name="Northbridge Systems")
    ParticipationFactory(engagement=engagement(cast, "A workshop"), person=morag, organisation=before)
    assert "for <bdi>Northbridge Systems</bdi>" in page().content.decode()


def test_open_actions_and_seats_are_shown_and_done_ones_are_not(cast, page, morag):
    ActionFactory(agreement=cast.agreement, title="Write the guide", owner_person=morag, owner_organisation=None)
    ActionFactory(
        agreement=cast.agreement, title="Long done", owner_person=morag, owner_organisation=None, done_on="2026-01-01"
    )
    committee = CommitteeFactory(agreement=cast.agreement, name="Digital Committee")
    SeatFactory(committee=committee, organisation=cast.lga.organisation, deputy=morag)
    html = one_line(page().content.decode())
    assert "Write the guide" in html
    assert "Long done" not in html
    assert "Digital Committee" in html
    assert "Deputy for <bdi>LGA</bdi>" in html


def test_actions_beyond_ten_are_said_to_be_there(cast, page, morag):
    ActionFactory.create_batch(11, agreement=cast.agreement, owner_person=morag, owner_organisation=None)
    response = page()
    assert len(response.context["actions"]) == 10
    assert "There are more" in response.content.decode()


def test_only_an_editor_is_offered_to_edit(cast, page, morag):
    edit = reverse("contacts:edit_person", args=[cast.agreement.slug, morag.pk])
    assert edit in page(cast.officer).content.decode()
    assert edit not in page(cast.viewer).content.decode()


def test_a_person_of_another_agreement_is_not_there(cast, page):
    assert page(person=PersonFactory(agreement=cast.elsewhere)).status_code == 404
    assert page(cast.outsider).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_few_and_many(cast, morag, sign_in, django_assert_num_queries, rows):
    for n in range(rows):
        ParticipationFactory(
            engagement=engagement(cast, f"E {n}"),
            person=morag,
            organisation=OrganisationFactory(agreement=cast.agreement),
        )
        ActionFactory(agreement=cast.agreement, owner_person=morag, owner_organisation=None)
        SeatFactory(committee=CommitteeFactory(agreement=cast.agreement), holder=morag)
    client = sign_in(cast.officer)
    with django_assert_num_queries(9):
        client.get(reverse("dashboards:person", args=[cast.agreement.slug, morag.pk]))
