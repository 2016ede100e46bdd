"""The main job, as people do it: sign in, log, find, change. By keyboard alone, and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from engagements.models import Engagement
from tests.factories import PASSWORD, PersonFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME_OF_FOCUS = """() => {
    const element = document.activeElement;
    if (!element || element === document.body) return "";
    const label = element.getAttribute("aria-label") || element.labels?.[0]?.innerText || element.innerText;
    return (label || "").trim();
}"""


def tab_to(page, name, presses=90):
    """Press Tab until what has the focus is called ``name``, as somebody without a mouse would."""
    seen = []
    for _ in range(presses):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(NAME_OF_FOCUS))
        if seen[-1] == name:
            return
    raise AssertionError(f"Tab never reached “{name}”, only {seen}")


def test_logging_finding_and_editing_by_keyboard_alone(cast, live_server, page, problems):
    PersonFactory(agreement=cast.agreement, name="Morag Lewis")
    page.goto(live_server.url)
    tab_to(page, "Email")
    page.keyboard.type(cast.officer.email)
    tab_to(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/agreements/lga-techuk/")

    tab_to(page, "Log engagement")
    page.keyboard.press("Enter")
    page.wait_for_url("**/engagements/new/")
    tab_to(page, "Title")
    page.keyboard.type("Buying well")
    tab_to(page, "Workshop")
    page.keyboard.press("ArrowRight")
    tab_to(page, "Procurement")
    page.keyboard.press("Space")
    tab_to(page, "Who came")
    page.keyboard.type("mor")
    page.wait_for_selector("[role=option][aria-selected=true]")
    page.keyboard.press("Enter")
    tab_to(page, "Outcome")
    page.keyboard.type("Agreed to draft a guide.")
    tab_to(page, "Save engagement")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Buying well")
    expect(page.get_by_text("Morag Lewis")).to_be_visible()

    page.keyboard.press("/")
    page.keyboard.type("buying")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=buying**")
    tab_to(page, "Buying well")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/engagements/\d+/$"))
    tab_to(page, "Edit")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/")
    tab_to(page, "Title")
    page.keyboard.press("End")
    page.keyboard.type(" together")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Buying well together")

    engagement = Engagement.objects.get()
    assert (engagement.kind, engagement.outcomes) == ("roundtable", "Agreed to draft a guide.")
    assert [link.workstream.name for link in engagement.workstream_links.all()] == ["Procurement"]
    assert problems == []


def test_logging_finding_and_editing_without_javascript(cast, live_server, browser):
    PersonFactory(agreement=cast.agreement, name="Morag Lewis", email="morag@eastmarch.example")
    page = browser.new_context(java_script_enabled=False, base_url=live_server.url).new_page()
    page.goto("/")
    page.get_by_label("Email").fill(cast.officer.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Log engagement").first.click()

    page.get_by_label("Title").fill("Buying well")
    page.get_by_role("radio", name="Roundtable").check()
    page.get_by_role("checkbox", name="Procurement").check()
    page.get_by_label("Who came").fill("Morag Lewis, Eastmarch, morag@eastmarch.example\nXu Li, Acme")
    page.get_by_label("Outcome").fill("Agreed to draft a guide.")
    page.get_by_role("button", name="Save engagement").click()
    # The lines come back for confirmation, the sensible answers chosen; what was typed is still there.
    expect(page.get_by_label("Title")).to_have_value("Buying well")
    page.get_by_role("button", name="Save engagement").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Buying well")
    expect(page.get_by_text("Xu Li")).to_be_visible()

    page.get_by_role("link", name="Engagements").first.click()
    page.get_by_placeholder("Find in titles").fill("buying")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Buying well").click()
    page.get_by_role("link", name="Edit", exact=True).first.click()
    page.get_by_label("Title").fill("Buying well together")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Buying well together")
    assert sorted(p.person.name for p in Engagement.objects.get().participations.all()) == ["Morag Lewis", "Xu Li"]
