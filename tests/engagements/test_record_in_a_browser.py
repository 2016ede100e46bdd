"""The record, attendance, actions, committees and papers in a real browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from engagements.models import Action, Document, Engagement
from tests.browser import axe_findings, enter
from tests.engagements.pages import address, day, held, person_of, planned
from tests.factories import (
    ActionFactory,
    CommitteeFactory,
    DecisionFactory,
    DocumentFactory,
    NoteFactory,
    ParticipationFactory,
    PersonFactory,
    SeatFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opened(cast, live_server, page, problems):
    """Opens an address as a lead."""
    enter(page, live_server, cast.lead)

    def visit(path):
        page.goto(f"{live_server.url}{path}")
        return page

    return visit


@pytest.fixture
def without_scripts(cast, live_server, browser):
    """Opens an address as a lead, in a browser that runs no JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(page, live_server, cast.lead)

    def visit(path):
        page.goto(f"{live_server.url}{path}")
        return page

    yield visit
    context.close()


@pytest.fixture
def actions(cast):
    """The address of the list of actions, with one that is open and one that is late."""
    ActionFactory(agreement=cast.agreement, title="Write it up", due_on=day(3))
    ActionFactory(agreement=cast.agreement, title="Ring them", due_on=day(-3))
    return reverse("engagements:actions", args=[cast.agreement.slug])


def test_an_action_is_done_and_opened_again_by_keyboard_without_losing_ones_place(actions, opened, problems):
    page = opened(actions)
    page.get_by_role("button", name="Done Write it up").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Undo Write it up")).to_be_focused()
    expect(page.locator("#figures")).to_have_text("1 open, 1 overdue")
    expect(page.locator("#announcer")).to_have_text("“Write it up” is done.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Done Write it up")).to_be_focused()
    assert Action.objects.open().count() == 2
    assert problems == []


def test_without_javascript_the_row_stays_in_sight_for_undo(actions, without_scripts):
    page = without_scripts(f"{actions}?show=overdue")
    page.get_by_role("button", name="Done Ring them").click()
    expect(page.get_by_text("“Ring them” is done.")).to_be_visible()
    page.get_by_role("button", name="Undo Ring them").click()
    expect(page.get_by_role("button", name="Done Ring them")).to_be_visible()


def test_on_the_record_an_action_is_done_and_the_checklist_follows(cast, opened, problems):
    engagement = held(cast, outcomes="Done.", head_count=3)
    ActionFactory(agreement=cast.agreement, engagement=engagement, title="Ring them", due_on=day(-3))
    page = opened(engagement.get_absolute_url())
    expect(page.locator("#checklist")).to_contain_text("1 of them overdue")
    page.get_by_role("button", name="Done Ring them").click()
    expect(page.get_by_text("done today")).to_be_visible()
    expect(page.locator("#checklist")).not_to_contain_text("overdue")
    assert problems == []


def test_without_javascript_a_past_meeting_is_recorded_as_held_and_attendance_taken(cast, without_scripts):
    engagement = planned(cast, starts_on=day(-1))
    ParticipationFactory(engagement=engagement, person=PersonFactory(agreement=cast.agreement, name="Priya Nair"))
    page = without_scripts(engagement.get_absolute_url())
    page.get_by_role("button", name="Yes, it took place").click()
    page.get_by_role("link", name="Take attendance").click()
    page.get_by_label("Sent apologies").check()
    page.get_by_role("button", name="Save the list").click()
    expect(page.get_by_text("Sent apologies")).to_be_visible()
    assert Engagement.objects.get().status == "held"


def test_a_paper_is_added_from_the_record(cast, opened, problems):
    page = opened(held(cast).get_absolute_url())
    page.get_by_role("link", name="Add a paper").click()
    page.get_by_label("File").set_input_files({"name": "agenda.txt", "mimeType": "text/html", "buffer": b"1. Tea"})
    page.get_by_role("radio", name="LGA only").check()
    page.get_by_role("button", name="Save paper").click()
    expect(page.get_by_role("link", name="agenda.txt", exact=True)).to_be_visible()
    assert (Document.objects.get().party, Document.objects.get().content_type) == (cast.lga, "text/plain")
    assert problems == []


@pytest.fixture
def paths(cast, actions, media):
    """Every page of these, each with something on it, by its name."""
    person = person_of(cast.lead, cast.agreement)
    committee = CommitteeFactory(agreement=cast.agreement)
    seat = SeatFactory(committee=committee, organisation=cast.techuk.organisation, holder=person, ends_on=day(-1))
    engagement = held(cast, kind="committee", committee=committee, chatham_house=True, source_url="https://x.example/")
    ParticipationFactory(engagement=engagement, person=person, attendance="came")
    DecisionFactory(engagement=engagement)
    action = ActionFactory(agreement=cast.agreement, engagement=engagement)
    note = NoteFactory(engagement=engagement, party=cast.lga, written_by=person)
    document = DocumentFactory(engagement=engagement, added_by=person)
    return [
        actions,
        reverse("engagements:new_action", args=[cast.agreement.slug]),
        reverse("engagements:committees", args=[cast.agreement.slug]),
        *(address(name, action) for name in ("edit_action", "delete_action")),
        *(address(name, engagement) for name in ("record", "attendance", "history", "cancel", "delete")),
        *(address(name, engagement) for name in ("new_note", "new_document")),
        *(address(name, engagement, note=note.pk) for name in ("edit_note", "delete_note")),
        address("delete_document", engagement, document=document.pk),
        *(address(name, committee) for name in ("committee", "edit_committee", "new_seat")),
        *(address(name, committee, seat=seat.pk) for name in ("edit_seat", "delete_seat")),
        planned(cast, starts_on=day(-1)).get_absolute_url(),
        planned(cast, status="cancelled", cancel_reason="Snow").get_absolute_url(),
        planned(cast).get_absolute_url(),
        held(cast, is_public_event=True).get_absolute_url(),
    ]


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_on_any_of_these_pages_and_nothing_sticks_out(width, paths, opened, problems):
    found = {}
    for path in paths:
        page = opened(path)
        page.set_viewport_size({"width": width, "height": 844})
        sticks_out = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        found[path] = axe_findings(page) + (["sticks out"] if sticks_out else [])
    assert {path: findings for path, findings in found.items() if findings} == {}
    assert problems == []
