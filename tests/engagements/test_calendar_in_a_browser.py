"""The calendar in a real browser: by keyboard, without scripts, on a phone."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import axe_findings, enter
from tests.factories import AgreementDateFactory, EngagementFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def december(cast, live_server):
    """The address of a month with something in it, as ``december(more of the query)``."""
    rows = {"agreement": cast.agreement, "starts_on": dt.date(2026, 12, 10), "status": "planned"}
    for title in ("x" * 200, "🧭 Kick-off", "לוח זמנים للمشروع", "A", "B", "C"):
        EngagementFactory(title=title, **rows)
    off = rows | {"starts_on": dt.date(2026, 12, 11), "status": "cancelled"}
    EngagementFactory(title="Off", ends_on=dt.date(2026, 12, 13), **off)
    AgreementDateFactory(agreement=cast.agreement, kind="review", on=dt.date(2026, 12, 1), certainty="unclear")
    there = live_server.url + reverse("engagements:calendar", args=[cast.agreement.slug])
    return lambda more="": f"{there}?month=2026-12{more}"


def sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_both_views_are_accessible_and_fit(cast, live_server, page, problems, december, scheme, width):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    enter(page, live_server, cast.viewer)
    for more in ("", "&view=agenda", "&kind=webinar", "&view=week&kind=x"):
        page.goto(december(more))
        assert axe_findings(page) == []
        assert not sideways(page)
    assert problems == []


def test_on_a_phone_the_month_is_a_list_of_the_days_that_have_something(cast, live_server, page, december):
    page.set_viewport_size({"width": 390, "height": 844})
    enter(page, live_server, cast.viewer)
    page.goto(december())
    seen = page.locator(".month-head time:visible").all_inner_texts()
    assert seen[:3] == ["Tuesday 1 December", "Thursday 10 December", "Friday 11 December"]
    assert page.get_by_role("link", name="and 2 more on 10 December").is_visible()
    places = page.get_by_role("navigation", name="Main, on a phone").locator("> ul > li").all_inner_texts()
    assert places == ["Dashboard", "Commitments", "Actions", "Calendar", "More"]


def test_a_month_is_chosen_by_keyboard_and_without_scripts_and_the_filters_stay(cast, live_server, browser, december):
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    enter(page, live_server, cast.officer)
    page.goto(december("&kind=workshop&view=agenda"))
    page.get_by_label("Month", exact=True).fill("2026-11")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("November 2026")
    assert "kind=workshop" in page.url
    assert "view=agenda" in page.url
    page.get_by_role("link", name="December 2026").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("December 2026")
    page.get_by_role("link", name="Month", exact=True).press("Enter")
    expect(page.get_by_role("table", name="Engagements in December 2026, by day")).to_be_visible()
    page.get_by_role("link", name="A", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A")
    context.close()
