"""Series in a real browser: the dates follow the choices, by keyboard, without scripts, on a phone."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from engagements.models import Engagement, Series
from engagements.operations.engagement import cancel_engagement, delete_engagement
from engagements.operations.series import start_series
from tests.browser import axe_findings, enter
from tests.engagements.pages import address
from tests.factories import EngagementFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def engagement(cast):
    """One to come, on the second Thursday of a month that is no further ahead than dates of a series are planned."""
    day = (timezone.localdate() + dt.timedelta(days=95)).replace(day=1)
    day += dt.timedelta((3 - day.weekday()) % 7 + 7)
    times = {"start_time": dt.time(10), "end_time": dt.time(11, 30)}
    return EngagementFactory(agreement=cast.agreement, title="Board", status="planned", starts_on=day, **times)


def test_the_dates_follow_the_choices_by_keyboard(cast, live_server, page, problems, engagement):
    enter(page, live_server, cast.officer)
    page.goto(live_server.url + address("repeat", engagement))
    preview = page.locator("#preview")
    expect(preview).to_contain_text("Every second Thursday of the month, 10:00 to 11:30")
    page.get_by_label("Every month").focus()
    page.keyboard.press("ArrowLeft")
    expect(preview).to_contain_text("Every two weeks on Thursday, 10:00 to 11:30")
    expect(page.get_by_label("Every two weeks")).to_be_focused()
    expect(page.locator("#place-in-month")).to_be_hidden()
    page.get_by_label("So many times").check()
    page.get_by_label("How many times").fill("3")
    page.keyboard.press("Tab")
    expect(preview).to_contain_text("3 times from")
    expect(preview.locator("li")).to_have_count(3)
    page.get_by_role("button", name="Start the series").click()
    expect(page.get_by_text("The series is started.")).to_be_visible()
    assert Engagement.objects.filter(series__isnull=False).count() == 3
    assert problems == []


def test_without_scripts_the_dates_are_shown_by_a_button_and_saved_by_another(cast, live_server, browser, engagement):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(page, live_server, cast.officer)
    page.goto(live_server.url + address("repeat", engagement))
    page.get_by_label("Every quarter").check()
    page.get_by_role("button", name="Show the dates").click()
    expect(page.locator("#preview")).to_contain_text("Every quarter on the second Thursday")
    assert not Series.objects.exists()
    page.get_by_role("button", name="Start the series").click()
    expect(page.get_by_role("heading", name="To come")).to_be_visible()
    page.get_by_role("link", name="Change how often").click()
    page.get_by_label("Every half-year").check()
    page.get_by_role("button", name="Save the change").click()
    expect(page.get_by_text("Every half-year on the second Thursday").first).to_be_visible()
    context.close()


def test_a_bank_holiday_is_told_while_the_date_is_chosen(cast, live_server, page, problems):
    enter(page, live_server, cast.officer)
    page.goto(f"{live_server.url}/agreements/{cast.agreement.slug}/engagements/new/")
    date = page.get_by_label("Date")
    date.fill("2026-12-25")
    date.press("Tab")
    expect(page.locator("#day-note")).to_have_text("25 December 2026 is a bank holiday: Christmas Day.")
    date.fill("2026-12-24")
    date.press("Tab")
    expect(page.locator("#day-note")).to_be_hidden()
    assert problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_its_pages_are_accessible_and_fit(cast, live_server, page, problems, engagement, scheme, width):
    engagement.title, engagement.venue = "x" * 200, "לוח זמנים للمشروع " * 10
    engagement.save()
    other = EngagementFactory(agreement=cast.agreement, status="planned", starts_on=engagement.starts_on)
    series = start_series(Series(rule="FREQ=MONTHLY;BYDAY=2TH"), engagement, by=cast.officer)
    rows = list(series.engagements.order_by("series_date"))
    cancel_engagement(rows[1], reason="Snow.", by=cast.officer)
    delete_engagement(rows[2], by=cast.officer)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    enter(page, live_server, cast.officer)
    pages = [("series", series), ("edit_series", series), ("stop_series", series), ("repeat", other)]
    for name, row in [*pages, ("record", rows[0]), ("edit", rows[0]), ("cancel", rows[0])]:
        page.goto(live_server.url + address(name, row))
        assert axe_findings(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    assert problems == []
