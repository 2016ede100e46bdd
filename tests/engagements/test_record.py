"""The record of an engagement, and the presses that say where it stands."""

import pytest

from engagements.models import EngagementHost, EngagementWorkstream
from tests.engagements.pages import address, day, held, person_of, planned, said
from tests.factories import (
    ActionFactory,
    DecisionFactory,
    DocumentFactory,
    NoteFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
    WorkstreamFactory,
)


def with_rows(engagement, number, workstreams):
    """``number`` of everything that can hang on an engagement."""
    agreement = engagement.agreement
    for place in range(number):
        organisation = OrganisationFactory(agreement=agreement)
        person = PersonFactory(agreement=agreement, organisation=organisation)
        ParticipationFactory(engagement=engagement, person=person, organisation=organisation, attendance="came")
        ActionFactory(agreement=agreement, engagement=engagement, owner_person=person, owner_organisation=None)
        NoteFactory(engagement=engagement, written_by=person)
        DocumentFactory(engagement=engagement, added_by=person)
        DecisionFactory(engagement=engagement, text=f"Decision {place}", position=place)
        EngagementHost.objects.create(agreement=agreement, engagement=engagement, organisation=organisation)
        EngagementWorkstream.objects.create(agreement=agreement, engagement=engagement, workstream=workstreams[place])


@pytest.mark.parametrize("number", [1, 3])
def test_the_record_costs_fourteen_queries_however_much_hangs_on_it(
    number, cast, sign_in, django_assert_num_queries, media
):
    engagement = held(cast, logged_by=person_of(cast.officer, cast.agreement), outcomes="We agreed.")
    workstreams = [WorkstreamFactory(agreement=cast.agreement) for _ in range(number)]
    with_rows(engagement, number, workstreams)
    client = sign_in(cast.officer)
    client.get(engagement.get_absolute_url())  # the first one of a process also fills what is cached
    with django_assert_num_queries(14):
        client.get(engagement.get_absolute_url())


def test_the_record_tells_what_was_agreed_by_whom_and_who_came(cast, sign_in):
    engagement = held(cast, title="Suppliers and councils", outcomes="Agreed to draft a guide.", mode="online")
    DecisionFactory(engagement=engagement, text="Both parties publish it.")
    ActionFactory(agreement=cast.agreement, engagement=engagement, title="Draft it", due_on=day(1))
    council = OrganisationFactory(agreement=cast.agreement, name="Northmoor Council")
    priya = PersonFactory(agreement=cast.agreement, name="Priya Nair")
    ParticipationFactory(engagement=engagement, person=priya, organisation=council, role="chair", attendance="came")
    page = sign_in(cast.viewer).get(engagement.get_absolute_url()).content.decode()
    for words in ("Suppliers and councils", "Agreed to draft a guide.", "Both parties publish it.", "Draft it"):
        assert words in page
    assert "due tomorrow" in page
    assert "1 person, 1 organisation" in page
    assert "Priya Nair" in page
    assert "Northmoor Council" in page


def test_who_came_are_twelve_at_first_and_the_rest_behind_show_all(cast, sign_in):
    engagement = held(cast)
    for _ in range(14):
        ParticipationFactory(engagement=engagement, person=PersonFactory(agreement=cast.agreement), attendance="came")
    response = sign_in(cast.officer).get(engagement.get_absolute_url())
    record = response.context["record"]
    assert (len(record.first_people), len(record.more_people)) == (12, 2)
    assert "Show all 14" in response.content.decode()


def test_chairs_come_first_then_who_came_then_apologies(cast, sign_in):
    engagement = held(cast)
    for name, role, attendance in [
        ("Ann", "participant", "apologies"),
        ("Ben", "participant", "came"),
        ("Cat", "participant", ""),
        ("Dan", "chair", "came"),
        ("Eve", "speaker", "apologies"),
    ]:
        person = PersonFactory(agreement=cast.agreement, name=name)
        ParticipationFactory(engagement=engagement, person=person, role=role, attendance=attendance)
    record = sign_in(cast.officer).get(engagement.get_absolute_url()).context["record"]
    assert [(each.person.name, each.part) for each in record.people] == [
        ("Dan", "Chair"),
        ("Eve", "Speaker, sent apologies"),
        ("Ben", "Came"),
        ("Cat", "Not recorded"),
        ("Ann", "Sent apologies"),
    ]
    assert record.people_in_words == "2 of 5 invited"


def lines(response):
    """The checklist of a record: (text, done, link) of each line."""
    return [(item.text, item.is_done, item.link) for item in response.context["record"].checklist]


def test_a_record_that_was_held_says_what_it_lacks_and_links_to_what_puts_it_right(cast, sign_in):
    engagement = held(cast)
    response = sign_in(cast.officer).get(engagement.get_absolute_url())
    assert lines(response) == [
        ("Outcomes are not written yet", False, "Write them"),
        ("Who came is not recorded yet", False, "Take attendance"),
    ]
    page = response.content.decode()
    assert f'href="{address("edit", engagement)}#id_outcomes"' in page
    assert f'href="{address("attendance", engagement)}"' in page


def test_a_viewer_reads_what_it_lacks_without_links_to_change_it(cast, sign_in):
    engagement = held(cast)
    page = sign_in(cast.viewer).get(engagement.get_absolute_url()).content.decode()
    assert "Outcomes are not written yet" in page
    for name in ("edit", "attendance", "history", "cancel", "delete", "duplicate", "new_note", "new_document"):
        assert address(name, engagement) not in page


def test_a_whole_record_lacks_nothing_but_says_which_actions_are_late(cast, sign_in):
    engagement = held(cast, outcomes="Done.", head_count=30)
    ActionFactory(agreement=cast.agreement, engagement=engagement, due_on=day(-3))
    ActionFactory(agreement=cast.agreement, engagement=engagement)
    response = sign_in(cast.officer).get(engagement.get_absolute_url())
    assert lines(response) == [
        ("Outcomes written", True, ""),
        ("Attendance taken", True, ""),
        ("2 actions with owners", True, ""),
        ("1 of them overdue", False, "See which"),
    ]
    assert "3 days late" in response.content.decode()
    assert "30 came in all" in response.content.decode()


def test_a_meeting_to_come_says_what_people_do_not_know_yet(cast, sign_in):
    assert lines(sign_in(cast.officer).get(planned(cast).get_absolute_url())) == [
        ("Not confirmed yet", False, "Confirm"),
        ("No time yet", False, "Add"),
        ("No venue or joining link yet", False, "Add"),
        ("No agenda or papers yet", False, "Add"),
        ("No host yet", False, "Add"),
        ("Nobody is invited yet", False, "Add people"),
    ]


def test_a_hybrid_meeting_needs_a_venue_and_a_link(cast, sign_in):
    engagement = planned(cast, mode="hybrid", status="confirmed", start_time="10:00", venue="Town Hall")
    ParticipationFactory(engagement=engagement, person=PersonFactory(agreement=cast.agreement))
    assert lines(sign_in(cast.officer).get(engagement.get_absolute_url())) == [
        ("Confirmed", True, ""),
        ("Time given", True, ""),
        ("Venue given", True, ""),
        ("No joining link yet", False, "Add"),
        ("No agenda or papers yet", False, "Add"),
        ("No host yet", False, "Add"),
        ("1 person invited", True, ""),
    ]


def test_a_past_one_asks_whether_it_took_place_and_one_press_answers(cast, sign_in):
    engagement = planned(cast, starts_on=day(-1))
    client = sign_in(cast.officer)
    assert "Did it take place?" in client.get(engagement.get_absolute_url()).content.decode()
    response = client.post(address("took_place", engagement), follow=True)
    assert said(response) == ["It is recorded as held."]
    assert response.context["engagement"].status == "held"
    assert "Did it take place?" not in response.content.decode()


def test_what_has_not_begun_cannot_have_taken_place(cast, sign_in):
    engagement = planned(cast)
    response = sign_in(cast.officer).post(address("took_place", engagement), follow=True)
    assert said(response) == ["It has not begun yet, so it cannot have taken place."]
    assert response.context["engagement"].status == "planned"


def test_a_planned_one_is_confirmed_with_one_press(cast, sign_in):
    engagement = planned(cast)
    response = sign_in(cast.officer).post(address("confirm", engagement), follow=True)
    assert said(response) == ["It is confirmed."]
    response = sign_in(cast.officer).post(address("confirm", engagement), follow=True)
    assert said(response) == ["This engagement is confirmed already."]


@pytest.mark.parametrize("name", ["took_place", "confirm", "reinstate", "cancel", "delete", "attendance"])
def test_a_viewer_changes_nothing_and_an_outsider_finds_nothing(name, cast, sign_in):
    engagement = planned(cast, starts_on=day(-1))
    assert sign_in(cast.viewer).post(address(name, engagement)).status_code == 403
    assert sign_in(cast.outsider).post(address(name, engagement)).status_code == 404
    engagement.refresh_from_db()
    assert engagement.status == "planned"


@pytest.mark.parametrize("name", ["took_place", "confirm", "action_done", "action_undo"])
def test_a_link_alone_presses_nothing(name, cast, sign_in):
    assert sign_in(cast.officer).get(address(name, planned(cast))).status_code == 405


def test_an_engagement_of_another_agreement_is_not_found_at_this_ones_address(cast, sign_in):
    theirs = held(cast, agreement=cast.elsewhere)
    path = address("record", theirs).replace(cast.elsewhere.slug, cast.agreement.slug)
    assert sign_in(cast.officer).get(path).status_code == 404


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", "\0"]
)
def test_a_press_never_leads_to_another_site(url, cast, sign_in):
    engagement = planned(cast, starts_on=day(-1))
    response = sign_in(cast.officer).post(address("took_place", engagement), {"next": url})
    assert response["Location"] == engagement.get_absolute_url()


def test_a_press_leads_back_to_the_page_it_was_made_on(cast, sign_in):
    engagement = planned(cast, starts_on=day(-1))
    here = f"/agreements/{cast.agreement.slug}/"
    response = sign_in(cast.officer).post(address("took_place", engagement), {"next": here})
    assert response["Location"] == here


def test_a_public_event_says_that_it_is_not_said_to_be_under_the_agreement(cast, sign_in):
    engagement = held(cast, is_public_event=True, source_url="https://techuk.example/event")
    EngagementHost.objects.create(
        agreement=cast.agreement, engagement=engagement, organisation=cast.techuk.organisation
    )
    response = sign_in(cast.officer).get(engagement.get_absolute_url())
    page = " ".join(response.content.decode().split())
    assert "Public event of <bdi>techUK</bdi>; not said to be under the agreement" in page
    assert 'href="https://techuk.example/event"' in page
    assert lines(response) == []


def test_what_people_typed_is_shown_as_they_typed_it_and_never_run(cast, sign_in):
    markup = "<script>alert(1)</script>"
    engagement = held(cast, title=markup, outcomes=markup, summary=markup, venue=markup)
    NoteFactory(engagement=engagement, text=markup)
    DecisionFactory(engagement=engagement, text=markup)
    page = sign_in(cast.officer).get(engagement.get_absolute_url()).content.decode()
    assert markup not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_calendar_file_of_one_engagement_names_nobody(cast, sign_in):
    engagement = planned(cast, title="Tea: with, everybody")
    person = PersonFactory(agreement=cast.agreement, name="Priya Nair")
    ParticipationFactory(engagement=engagement, person=person)
    response = sign_in(cast.viewer).get(address("record_ics", engagement))
    assert response["Content-Disposition"] == 'attachment; filename="tea-with-everybody.ics"'
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert str(engagement.uid).encode() in response.content
    assert b"Priya" not in response.content
    assert person.email.encode() not in response.content
