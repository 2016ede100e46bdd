"""Each main flow from signing in to signing out, by keyboard alone."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from engagements.models import Action, Engagement, Participation
from reminders.models import Preference, Rule
from reminders.operations.rules import save_rule
from tests.browser import enter
from tests.engagements.pages import held
from tests.factories import (
    PASSWORD,
    ActionFactory,
    CommitmentFactory,
    EngagementFactory,
    ParticipationFactory,
    PersonFactory,
    SeatFactory,
)
from tests.keyboard import Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def walker(page, problems):
    """Somebody without a mouse; nothing complains while they walk."""
    yield Walker(page)
    assert problems == []


@pytest.fixture
def lead(cast, live_server, page, walker):
    """The walker, signed in as a lead; ``lead(name, …)`` opens a page."""
    enter(page, live_server, cast.lead)

    def open_page(name, *args):
        page.goto(live_server.url + reverse(name, args=[cast.agreement.slug, *args]))
        return walker

    return open_page


def head(page):
    return expect(page.get_by_role("heading", level=1))


def test_from_signing_in_over_a_quick_log_to_signing_out(cast, live_server, page, walker):
    page.goto(live_server.url)
    walker.fill("Email", cast.lead.email)
    walker.fill("Password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/agreements/lga-techuk/")
    walker.press("Log engagement", leads_to="**/engagements/new/")
    walker.fill("Title", "Buying well")
    walker.press("Workshop", "ArrowRight")
    walker.press("Save engagement")
    head(page).to_have_text("Buying well")
    walker.press("L, your menu")
    walker.press("Sign out", leads_to="**/accounts/login/**")
    assert Engagement.objects.get().kind == "roundtable"


def test_the_full_form_with_its_pickers_and_a_row_more(cast, page, lead):
    PersonFactory(agreement=cast.agreement, name="Morag Lewis")
    walker = lead("engagements:full_log")
    walker.fill("Title", "Buying well")
    walker.press("Workshop", "Space")
    walker.to("Who came")
    page.keyboard.type("mor")
    expect(page.get_by_role("option", selected=True)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Remove Morag Lewis")).to_be_visible()
    rows = page.locator(".action-fields")
    before = rows.count()
    walker.press("Add another action")
    expect(rows).to_have_count(before + 1)
    walker.expect_kept()
    walker.press("Save engagement")
    head(page).to_have_text("Buying well")
    assert Participation.objects.get().person.name == "Morag Lewis"


def test_the_list_is_filtered_sorted_and_paged_without_losing_ones_place(cast, page, lead):
    for number in range(60):
        held(cast, title=f"Meeting {number:02}", kind="workshop" if number % 3 else "webinar")
    walker = lead("engagements:list")
    walker.press("Kind: any")
    walker.press("Workshop", "Space")
    walker.press("Apply", leads_to="**kind=workshop**")
    expect(page.locator("#announcer")).to_have_text("40 found")
    walker.expect_kept()
    walker.press("Engagement", leads_to="**sort=title**")
    walker.expect_kept()
    assert walker.where()["name"].startswith("Engagement")
    walker.press("Next page", leads_to="**page=2**")
    walker.expect_kept()


def test_a_record_is_edited_its_attendance_taken_and_its_action_done(cast, page, lead):
    engagement = held(cast, title="Buying well")
    ParticipationFactory(engagement=engagement, person=PersonFactory(agreement=cast.agreement, name="Morag Lewis"))
    owner = {"owner_person": cast.agreement.people.get(user=cast.lead), "owner_organisation": None}
    ActionFactory(agreement=cast.agreement, engagement=engagement, title="Write it up", **owner)
    walker = lead("engagements:record", engagement.pk)
    walker.press("Done Write it up")
    expect(page.get_by_role("button", name="Undo Write it up")).to_be_visible()
    walker.expect_kept()
    assert Action.objects.get().is_done
    page.goto(page.url)
    walker.press("Edit", leads_to="**/edit/")
    walker.fill("Outcomes", "Agreed to draft a guide.")
    walker.press("Save engagement")
    expect(page.get_by_text("Agreed to draft a guide.")).to_be_visible()
    walker.press("Attendance", leads_to="**/people/")
    walker.to("Not recorded")
    page.keyboard.press("ArrowRight")
    walker.press("Save the list", leads_to=re.compile(r"/engagements/\d+/#people$"))
    assert Participation.objects.get().attendance == "came"


def test_the_calendar_the_commitments_and_the_plan(cast, page, lead):
    CommitmentFactory(agreement=cast.agreement, title="Four workshops a year")
    engagement = EngagementFactory(
        agreement=cast.agreement, status="planned", starts_on=timezone.localdate(), title="Buying well"
    )
    walker = lead("engagements:calendar")
    walker.press("Agenda", leads_to="**view=agenda**")
    walker.press(engagement.title)
    head(page).to_have_text("Buying well")
    walker.press("Commitments", leads_to="**/commitments/")
    walker.press("Four workshops a year")
    head(page).to_have_text("Four workshops a year")
    walker = lead("commitments:plan")
    walker.press("Set the plan", leads_to="**/plan/edit/**")
    walker.fill("Workshop", "4")
    walker.press("Save the plan")
    expect(page.get_by_text("held of 4 in the plan")).to_be_visible()


def test_rules_and_what_one_is_told(cast, page, lead):
    save_rule(Rule(agreement=cast.agreement, name="Workshops", engagement_kinds=["workshop"]), by=None)
    walker = lead("reminders:rules")
    walker.press("Pause Workshops")
    expect(page.get_by_role("button", name="Resume Workshops")).to_be_visible()
    assert not Rule.objects.get().is_active
    walker = lead("reminders:mine")
    day = timezone.localdate() + dt.timedelta(days=3)
    walker.to("Pause emails until")
    page.keyboard.type(f"{day:%m%d%Y}")
    walker.press("Save email settings")
    expect(page.get_by_role("status").first).to_be_visible()
    assert Preference.objects.get().paused_until == day


@pytest.mark.parametrize("width", [1280, pytest.param(390, marks=pytest.mark.long)])
def test_everything_on_the_main_pages_is_reached_in_order_and_shows_it(cast, page, lead, width):
    engagement = held(cast, title="Buying well")
    place = ParticipationFactory(engagement=engagement, person=PersonFactory(agreement=cast.agreement))
    SeatFactory(committee__agreement=cast.agreement, holder=place.person)
    ActionFactory(agreement=cast.agreement, engagement=engagement)
    commitment = CommitmentFactory(agreement=cast.agreement)
    page.set_viewport_size({"width": width, "height": 844})
    pages = {
        "dashboards:dashboard": [],
        "dashboards:my_week": [],
        "engagements:list": [],
        "engagements:record": [engagement.pk],
        "engagements:attendance": [engagement.pk],
        "engagements:quick_log": [],
        "engagements:full_log": [],
        "engagements:calendar": [],
        "engagements:actions": [],
        "commitments:list": [],
        "commitments:commitment": [commitment.pk],
        "commitments:plan": [],
        "reminders:rules": [],
        "reminders:mine": [],
        "contacts:people": [],
    }
    for name, args in pages.items():
        assert len(lead(name, *args).walk()) > 8, name
