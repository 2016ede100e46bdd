"""The choice of a period in a real browser: by keyboard, without JavaScript, on a phone, with a wrong date."""

import re

import pytest
from django.utils import timezone

from tests.browser import axe_findings, enter
from tests.factories import EngagementFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATH = "/agreements/lga-techuk/"
SUMMARY = ".period > summary"


@pytest.fixture
def shown(cast, live_server, page, problems):
    """The dashboard of an agreement with one engagement, as a viewer sees it."""
    EngagementFactory(agreement=cast.agreement, starts_on=timezone.localdate(), title="A workshop today")
    enter(page, live_server, cast.viewer)
    page.goto(f"{live_server.url}{PATH}")
    return page


def test_it_is_chosen_by_the_keyboard(shown, problems):
    shown.locator(SUMMARY).focus()
    shown.keyboard.press("Enter")
    assert shown.locator(".period .filter-panel").is_visible()
    shown.keyboard.press("Escape")
    assert not shown.locator(".period .filter-panel").is_visible()
    shown.keyboard.press("Enter")
    shown.keyboard.press("Tab")
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.textContent").startswith("Last agreement year")
    shown.keyboard.press("Enter")
    shown.wait_for_url("**/?period=last-year")
    assert "Last agreement year" in shown.locator(SUMMARY).inner_text()
    assert problems == []


def test_without_javascript_any_dates_can_be_asked_for(cast, live_server, browser):
    EngagementFactory(agreement=cast.agreement, starts_on=timezone.localdate())
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        enter(page, live_server, cast.viewer)
        page.goto(f"{live_server.url}{PATH}")
        page.locator(SUMMARY).click()
        page.locator("#from").fill("2026-01-01")
        page.locator("#to").fill("2026-02-28")
        page.get_by_role("button", name="Show these dates").click()
        assert page.url.endswith("?from=2026-01-01&to=2026-02-28")
        assert re.search(r"held\s+from 1 January to 28 February 2026", page.locator(".lead").inner_text())


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("path", ["", "workstreams/procurement/?period=last-year", "?from=2026-02-01&to=2026-01-01"])
def test_open_or_with_a_wrong_date_it_is_right_for_everyone(shown, live_server, problems, width, path):
    shown.emulate_media(color_scheme="dark" if width == 390 else "light")
    shown.set_viewport_size({"width": width, "height": 844})
    shown.goto(f"{live_server.url}{PATH}{path}")
    if "from" not in path:
        shown.locator(SUMMARY).click()
    assert shown.locator(".period .filter-panel").is_visible()
    left, right = shown.evaluate(
        "(({left, right}) => [left, right])(document.querySelector('.period .filter-panel').getBoundingClientRect())"
    )
    assert left >= 0
    assert right <= width
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert axe_findings(shown) == []
    assert problems == []


def test_its_panel_stays_on_the_screen_at_any_width(shown, live_server, cast):
    there = f"contacts/organisations/{cast.lga.organisation.pk}/?from=2024-09-10&to=2026-09-10"
    for path in ("", there):
        shown.goto(f"{live_server.url}{PATH}{path}")
        shown.locator(SUMMARY).click()
        for width in (360, 768, 800, 821, 1000, 1061):
            shown.set_viewport_size({"width": width, "height": 900})
            box = shown.locator(".period .filter-panel").bounding_box()
            assert (box["x"] >= 0, box["x"] + box["width"] <= width) == (True, True), width
