"""The list and the forms of engagements in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from engagements.models import Engagement
from tests.browser import axe_findings, choose, enter
from tests.engagements.forms import log_page
from tests.engagements.lists import list_page
from tests.engagements.pages import address, held, planned
from tests.factories import ActionFactory, EngagementFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opened(cast, live_server, page, problems):
    """Opens an address as the officer."""
    enter(page, live_server, cast.officer)

    def visit(path):
        page.goto(f"{live_server.url}{path}")
        return page

    return visit


def test_the_list_is_filtered_sorted_and_paged_without_a_reload(cast, opened, problems):
    EngagementFactory.create_batch(27, agreement=cast.agreement, kind="webinar")
    planned(cast, kind="workshop", title="The only workshop")
    page = opened(list_page(cast))
    page.evaluate("window.isSamePage = true")

    page.locator("summary", has_text="Kind").click()
    page.locator("details[open] label", has_text="Webinar").click()
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#figures")).to_have_text("27 of 28")
    page.get_by_role("link", name="Engagement", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?kind=webinar&sort=title$"))
    expect(page.locator("#sort-title")).to_be_focused()
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("26 to 27 of 27")).to_be_visible()
    page.get_by_role("link", name="Remove the filter Kind").click()
    expect(page.locator("#total")).to_have_text("28")
    assert page.evaluate("window.isSamePage")

    page.go_back()
    expect(page.locator("#figures")).to_have_text("27 of 28")
    assert axe_findings(page) == []
    assert problems == []


def test_nothing_of_the_list_is_left_in_the_browser_for_whoever_uses_it_next(cast, opened):
    EngagementFactory.create_batch(27, agreement=cast.agreement, title="Confidential")
    page = opened(list_page(cast))
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("26 to 27 of 27")).to_be_visible()
    assert "Confidential" not in page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")


def test_another_action_gets_a_row_and_the_focus_without_losing_what_is_typed(cast, opened, problems):
    page = opened(log_page(cast, "full_log"))
    page.get_by_label("Title").fill("Buying well")
    # Before the rows of actions are filled: while suggestions for an owner open and close, a press may go beside it.
    choose(page, "Workshop")
    page.get_by_label("What is to be done").first.fill("Write it up")
    page.get_by_role("button", name="Add another action").click()
    expect(page.get_by_label("What is to be done").nth(2)).to_be_focused()
    page.get_by_label("Who does it").nth(0).fill("LGA")
    page.get_by_label("Who does it").nth(2).fill("techUK")
    page.get_by_label("What is to be done").nth(2).fill("Send it round")
    page.get_by_label("What is to be done").nth(2).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Buying well")
    assert sorted(action.title for action in Engagement.objects.get().actions.all()) == ["Send it round", "Write it up"]
    assert problems == []


def test_the_committee_is_asked_for_only_where_it_matters(cast, opened):
    page = opened(f"{log_page(cast, 'full_log')}?kind=webinar")
    expect(page.get_by_label("Committee", exact=True)).to_be_hidden()
    choose(page, "Committee meeting")
    expect(page.get_by_label("Committee", exact=True)).to_be_visible()


@pytest.mark.parametrize("name", ["quick_log", "full_log"])
def test_after_an_error_the_focus_is_on_what_is_wrong_and_its_links_lead_there(cast, opened, name):
    page = opened(log_page(cast, name))
    page.get_by_role("button", name="Save engagement").click()
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    assert axe_findings(page) == []
    summary.get_by_role("link", name="Title: Give it a title.").click()
    expect(page.get_by_label("Title")).to_be_focused()


def test_two_versions_stand_side_by_side_and_are_clean(cast, opened):
    engagement = held(cast, title="Skills workshop")
    ActionFactory(agreement=cast.agreement, engagement=engagement, title="Write it up")
    page = opened(address("edit", engagement))
    Engagement.objects.filter(pk=engagement.pk).update(revision=2, title="Theirs")
    page.get_by_label("Title").fill("Mine")
    page.get_by_role("button", name="Save engagement").click()
    expect(page.get_by_role("row", name="Title Theirs Mine")).to_be_visible()
    assert axe_findings(page) == []
    page.get_by_role("button", name="Save mine in place of theirs").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mine")
