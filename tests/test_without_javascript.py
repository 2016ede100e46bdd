"""Every task in a browser that runs no JavaScript. Logging, attendance, the plan and replies have theirs elsewhere."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from commitments.models import Commitment, Evidence
from contacts.models import Organisation, Person
from engagements.models import Action, Committee, Document, Engagement, Feed, Note, Seat, Series
from engagements.operations.feeds import make_feed
from reminders.models import Preference, Rule
from reminders.operations.rules import save_rule
from tests.browser import enter
from tests.engagements.pages import day, held, planned
from tests.factories import ActionFactory, CommitmentFactory, PersonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | {"java_script_enabled": False}


@pytest.fixture
def opened(cast, live_server, page):
    """Opens a page as a lead: by its name and what fills its address, or by its path."""
    enter(page, live_server, cast.lead)

    def visit(name, *args):
        page.goto(live_server.url + reverse(name, args=[cast.agreement.slug, *args]))
        return page

    return visit


def press(page, name, role="button"):
    page.get_by_role(role, name=name, exact=True).first.click()


def head(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def test_signing_out(opened):
    page = opened("dashboards:dashboard")
    page.locator("summary.avatar").click()
    press(page, "Sign out")
    expect(page.get_by_label("Password")).to_be_visible()


def test_the_list_is_filtered_sorted_paged_and_exported(cast, opened):
    for number in range(30):
        held(cast, title=f"Meeting {number:02}", kind="webinar" if number == 7 else "workshop")
    page = opened("engagements:list")
    press(page, "Engagement", role="link")
    press(page, "Next page", role="link")
    expect(page.get_by_role("link", name="Meeting 29")).to_be_visible()
    page.get_by_text("Kind: any").click()
    page.get_by_label("Webinar").check()
    page.locator("details[open]").get_by_role("button", name="Apply").click()
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.get_by_text("Export").click()
    with page.expect_download() as file:
        page.get_by_role("link", name="Spreadsheet").click()
    assert "Meeting 07" in file.value.path().read_text()


def test_the_full_form_takes_another_action(cast, opened):
    page = opened("engagements:full_log")
    page.get_by_label("Title").fill("Buying well")
    page.get_by_role("radio", name="Workshop").check()
    page.get_by_label("What is to be done").first.fill("Write it up")
    page.get_by_label("Who does it").first.fill(cast.lga.organisation.name)
    before = page.get_by_label("What is to be done").count()
    press(page, "Add another action")
    expect(page.get_by_label("What is to be done")).to_have_count(before + 1)
    expect(page.get_by_label("Title")).to_have_value("Buying well")
    page.get_by_label("What is to be done").last.fill("Ring them")
    page.get_by_label("Who does it").last.fill(cast.lga.organisation.name)
    page.get_by_role("button", name="Save engagement").last.click()
    head(page, "Buying well")
    assert sorted(action.title for action in Action.objects.all()) == ["Ring them", "Write it up"]


def test_an_engagement_is_duplicated_cancelled_reinstated_and_deleted(cast, opened):
    engagement = planned(cast, title="Buying well")
    page = opened("engagements:record", engagement.pk)
    page.get_by_text("More", exact=True).first.click()
    press(page, "Cancel the engagement", role="link")
    page.get_by_label("Why").fill("Snow")
    press(page, "Cancel the engagement")
    expect(page.get_by_text("Snow")).to_be_visible()
    page.get_by_text("More", exact=True).first.click()
    press(page, "Reinstate", role="link")
    press(page, "Reinstate the engagement")
    assert Engagement.objects.get().status == "planned"
    page.get_by_text("More", exact=True).first.click()
    press(page, "Duplicate", role="link")
    page.get_by_label("Date", exact=True).fill(day(20).isoformat())
    page.get_by_role("button", name="Save engagement").last.click()
    assert Engagement.objects.count() == 2
    page.get_by_text("More", exact=True).first.click()
    press(page, "Delete the record", role="link")
    press(page, "Delete the record")
    assert Engagement.objects.get() == engagement


def test_notes_and_papers(cast, opened):
    engagement = held(cast)
    page = opened("engagements:record", engagement.pk)
    press(page, "Add a note", role="link")
    page.get_by_label("Note").first.fill("They are keen.")
    page.get_by_label("Everyone in the agreement").check()
    press(page, "Save note")
    expect(page.get_by_text("They are keen.", exact=True)).to_be_visible()
    page.get_by_role("link", name="Edit the note").click()
    press(page, "Delete the note", role="link")
    press(page, "Delete the note")
    assert not Note.objects.exists()
    press(page, "Add a paper", role="link")
    page.get_by_label("File").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"Agenda"})
    page.get_by_label("Everyone in the agreement").check()
    press(page, "Save paper")
    page.get_by_role("link", name="Delete a.txt").click()
    page.get_by_role("button", name="Delete").click()
    assert not Document.objects.exists()


def test_an_action_is_added_changed_and_deleted(cast, opened):
    page = opened("engagements:new_action")
    page.get_by_label("What is to be done").fill("Ring them")
    page.get_by_label("Owner").fill(cast.lga.organisation.name)
    press(page, "Save action")
    page.get_by_role("link", name="Ring them").click()
    page.get_by_label("Due").fill(day(3).isoformat())
    press(page, "Save action")
    assert Action.objects.get().due_on == day(3)
    page.get_by_role("link", name="Ring them").click()
    press(page, "Delete the action", role="link")
    page.get_by_role("button", name="Delete").click()
    assert not Action.objects.exists()


def test_people_and_organisations(cast, opened):
    page = opened("contacts:new_organisation")
    page.get_by_label("Name", exact=True).fill("Eastmarch Council")
    press(page, "Save organisation")
    head(page, "Eastmarch Council")
    page = opened("contacts:new_person")
    page.get_by_label("Name", exact=True).fill("Morag Lewis")
    page.get_by_label("Organisation").fill("Eastmarch Council")
    press(page, "Save person")
    head(page, "Morag Lewis")
    page = opened("contacts:people")
    page.get_by_label("Find by name, email or organisation").fill("morag")
    press(page, "Filter")
    expect(page.get_by_role("link", name="Morag Lewis")).to_be_visible()
    assert Person.objects.get(name="Morag Lewis").organisation == Organisation.objects.get(name="Eastmarch Council")


def test_a_committee_and_its_seats(cast, opened):
    PersonFactory(agreement=cast.agreement, name="Morag Lewis")
    page = opened("engagements:new_committee")
    page.get_by_label("Name", exact=True).fill("Digital Committee")
    press(page, "Save committee")
    press(page, "Add a seat", role="link")
    page.get_by_label("Held by").fill("Morag Lewis")
    press(page, "Save seat")
    head(page, "Digital Committee")
    expect(page.get_by_text("Morag Lewis", exact=True)).to_be_visible()
    assert Seat.objects.get().committee == Committee.objects.get()


def test_a_series_is_made_and_stopped(cast, opened):
    page = opened("engagements:repeat", planned(cast, title="Monthly").pk)
    page.get_by_role("radio", name="Every month").check()
    press(page, "Show the dates")
    page.locator("main .btn-primary").click()
    series = Series.objects.get()
    page = opened("engagements:stop_series", series.pk)
    page.locator("main .btn-danger, main .btn-primary").first.click()
    series.refresh_from_db()
    assert series.is_stopped


def test_a_commitment_its_evidence_and_that_it_is_met(cast, opened):
    engagement = held(cast, title="Buying well")
    commitment = CommitmentFactory(agreement=cast.agreement, measure="due", due_on=day(30))
    page = opened("commitments:commitment", commitment.pk)
    press(page, "Add one by hand", role="link")
    page.get_by_label("Words in its title or text").fill("buying")
    press(page, "Search")
    page.get_by_role("link", name="Add").last.click()
    page.get_by_label("Why").fill("It was about this.")
    press(page, "Let it count")
    assert Evidence.objects.get().engagement == engagement
    page.get_by_role("button", name="Take this back").click()
    assert not Evidence.objects.exists()
    press(page, "It is met", role="link")
    press(page, "It is met")
    press(page, "It is not met after all")
    page = opened("commitments:delete", commitment.pk)
    press(page, "Delete the commitment")
    assert not Commitment.objects.exists()


def test_rules_and_what_one_is_told(cast, opened):
    rule = save_rule(Rule(agreement=cast.agreement, name="Workshops", engagement_kinds=["workshop"]), by=None)
    page = opened("reminders:rules")
    press(page, "Pause Workshops")
    expect(page.get_by_role("button", name="Resume Workshops")).to_be_visible()
    page = opened("reminders:edit_rule", rule.pk)
    page.get_by_label("Name", exact=True).fill("All workshops")
    page.get_by_label("Subject").fill("Soon: {title}")
    page.get_by_label("Days before").first.fill("2")
    page.get_by_label("At", exact=True).first.fill("09:00")
    page.locator("main .btn-primary").click()
    head(page, "All workshops")
    assert Rule.objects.get().name == "All workshops"
    page = opened("reminders:mine")
    page.get_by_label("Pause emails until").fill(day(3).isoformat())
    press(page, "Save email settings")
    assert Preference.objects.get().paused_until == day(3)


def test_a_feed_is_made_renewed_and_revoked(cast, opened):
    make_feed(cast.agreement, what="mine", by=cast.lead)
    before = Feed.objects.get()
    page = opened("engagements:feeds")
    page.get_by_role("button", name="New address").click()
    expect(page.get_by_label("Address of “My meetings”")).not_to_have_value(before.address)
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("button", name="Revoke")).to_have_count(0)
    page.get_by_role("button", name="Make the address").first.click()
    expect(page.get_by_role("button", name="Revoke")).to_have_count(1)


def test_a_period_is_chosen_and_the_calendar_turned(cast, opened):
    ActionFactory(agreement=cast.agreement)
    engagement = planned(cast, starts_on=dt.date(day(0).year + 1, 1, 15), title="Next year")
    page = opened("engagements:calendar")
    page.get_by_label("Month", exact=True).fill(f"{engagement.starts_on:%Y-%m}")
    press(page, "Show")
    page.get_by_role("link", name="Next year").click()
    head(page, "Next year")


def test_the_password_is_changed(cast, opened, page, live_server):
    page.goto(live_server.url + reverse("account_change_password"))
    page.get_by_label("Current Password").fill("partnership")
    for field in page.get_by_label("New Password").all():
        field.fill("a much longer one 7")
    page.locator("main .btn-primary").click()
    cast.lead.refresh_from_db()
    assert cast.lead.check_password("a much longer one 7")
