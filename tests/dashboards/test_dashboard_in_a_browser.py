"""The dashboard in a real browser: the chart is drawn, nothing breaks the security policy, axe finds nothing."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.browser import axe_findings, enter
from tests.factories import ActionFactory, EngagementFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATH = "/agreements/lga-techuk/"

INK = """canvas => {
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return new Set(new Uint32Array(pixels.buffer)).size;
}"""
"""How many different colours a canvas holds: 1 where nothing is drawn."""


@pytest.fixture
def shown(cast, live_server, page, problems):
    """The dashboard with an engagement of every kind, and something late, as an officer sees it."""
    today = timezone.localdate()
    for kind in cast.agreement.engagements.model.Kind:
        EngagementFactory(agreement=cast.agreement, kind=kind, starts_on=today, title=f"The {kind.label}")
    EngagementFactory(agreement=cast.agreement, status="planned", starts_on=today + dt.timedelta(days=9))
    ActionFactory(agreement=cast.agreement, due_on=today - dt.timedelta(days=9))
    enter(page, live_server, cast.officer)
    page.goto(f"{live_server.url}{PATH}")
    page.wait_for_selector("[data-drawn]")
    return page


TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
LINE = "Chart.getChart(document.querySelector('.chart canvas')).data.datasets[0].borderColor"


@pytest.mark.parametrize(("scheme", "colour"), [("light", "#0b5563"), ("dark", "#7cc7d3")])
def test_the_chart_is_drawn_in_the_colours_of_the_page_and_nothing_complains(shown, problems, scheme, colour):
    shown.emulate_media(color_scheme=scheme)
    shown.evaluate(TWO_FRAMES)
    assert shown.evaluate(LINE) == colour
    assert shown.eval_on_selector(".chart canvas", INK) > 10
    assert axe_findings(shown) == []
    assert problems == []


def test_pressing_a_bar_opens_the_engagements_that_it_stands_for(shown):
    months_since_april = (timezone.localdate().month - 4) % 12
    where = shown.evaluate(
        """index => {
            const chart = Chart.getChart(document.querySelector(".chart canvas"));
            const {x, y, base} = chart.getDatasetMeta(0).data[index].getProps(["x", "y", "base"]);
            return {x, y: (y + base) / 2};
        }""",
        months_since_april,
    )
    shown.locator(".chart canvas").click(position=where)
    shown.wait_for_url("**/engagements/?*kind=workshop*")


def test_the_table_opens_by_the_keyboard_and_has_the_same_figures(shown):
    table = shown.locator("#months-table")
    assert not table.is_visible()
    shown.locator(".chart-table summary").focus()
    shown.keyboard.press("Enter")
    assert table.is_visible()
    assert table.locator("a[data-count]").last.inner_text() == "7"
    # What the bar on top covers counts as a small target: look from the top of the page.
    shown.evaluate("scrollTo(0, 0)")
    assert axe_findings(shown) == []


def test_without_javascript_the_table_has_the_figures(cast, live_server, browser):
    EngagementFactory(agreement=cast.agreement, starts_on=timezone.localdate())
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        enter(page, live_server, cast.officer)
        page.goto(f"{live_server.url}{PATH}")
        assert not page.locator(".chart-frame").is_visible()
        page.locator(".chart-table summary").click()
        assert page.locator("#months-table a[data-count]").last.inner_text() == "1"


@pytest.mark.parametrize("path", ["", "workstreams/", "workstreams/procurement/", "reached/"])
def test_nothing_scrolls_sideways_on_a_phone(shown, live_server, cast, path):
    long = "x" * 200
    EngagementFactory(agreement=cast.agreement, title=long, starts_on=timezone.localdate())
    ActionFactory(agreement=cast.agreement, title=long, due_on=dt.date(2026, 1, 1), workstream=cast.workstream)
    shown.set_viewport_size({"width": 390, "height": 844})
    shown.goto(f"{live_server.url}{PATH}{path}")
    assert shown.evaluate("document.documentElement.scrollWidth") == 390
    assert axe_findings(shown) == []
