"""The dashboard in a real browser: the chart is drawn, nothing breaks the security policy, axe finds nothing."""

import base64
import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone

from engagements.models import EngagementHost
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


def test_the_arrow_keys_walk_the_bars_and_each_is_said(shown):
    frame, said = shown.locator("[data-chart]"), shown.locator("[data-chart-said]")
    month = f"{timezone.localdate():%B %Y}"
    frame.focus()
    shown.keyboard.press("End")
    for _ in range(12):
        if "Workshop" in said.inner_text():
            break
        shown.keyboard.press("ArrowLeft")
    assert said.inner_text() == f"{month}, Workshop: 1"
    shown.keyboard.press("ArrowUp")
    assert said.inner_text() == f"{month}, Roundtable: 1"
    assert axe_findings(shown) == []
    shown.keyboard.press("Enter")
    shown.wait_for_url("**/engagements/?*kind=roundtable*")


def test_escape_leaves_the_chart_for_its_table(shown):
    shown.locator("[data-chart]").focus()
    shown.keyboard.press("ArrowRight")
    shown.keyboard.press("Escape")
    assert shown.evaluate("document.activeElement.textContent") == "Show as table"
    assert shown.locator("[data-chart-said]").inner_text() == ""


PLAN = """() => {
    const json = document.getElementById("months-data");
    const figures = JSON.parse(json.textContent);
    figures.plan = {name: "Plan", counts: figures.labels.map(() => 2)};
    json.textContent = JSON.stringify(figures);
    dispatchEvent(new Event("afterprint"));
    return Chart.getChart(document.querySelector(".chart canvas")).data.datasets.at(-1);
}"""


def test_the_plan_is_a_line_over_the_bars(shown, problems):
    line = shown.evaluate(PLAN)
    assert (line["type"], line["label"], line["data"]) == ("line", "Plan", [2] * 12)
    assert problems == []


PICTURE = """async address => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), {width: image.width, height: image.height});
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0);
    const pixels = pen.getImageData(0, 0, image.width, image.height).data;
    const colours = new Set(new Uint32Array(pixels.buffer)).size;
    return [image.width, image.height, pixels.slice(0, 4).join(), colours > 50];
}"""
"""The size of a picture, the colour of its first point, and whether something is drawn on it."""


def test_the_chart_is_saved_as_a_picture_on_an_opaque_ground_in_light_colours(shown, problems):
    shown.emulate_media(color_scheme="dark")
    with shown.expect_download() as download:
        shown.get_by_role("button", name="Download as picture (PNG)").click()
    assert download.value.suggested_filename.startswith("lga-techuk-months-")
    picture = base64.b64encode(Path(download.value.path()).read_bytes()).decode()
    assert shown.evaluate(PICTURE, f"data:image/png;base64,{picture}") == [2400, 1240, "255,255,255,255", True]
    assert shown.evaluate("document.documentElement.dataset.theme") is None
    assert problems == []


def test_on_paper_the_chart_is_sharp_and_in_light_colours(shown):
    shown.emulate_media(color_scheme="dark")
    shown.evaluate(TWO_FRAMES)
    shown.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert shown.evaluate(LINE) == "#0b5563"
    assert shown.evaluate("document.querySelector('.chart canvas').width") == 680 * 3
    shown.evaluate("dispatchEvent(new Event('afterprint'))")
    assert shown.evaluate(LINE) == "#7cc7d3"


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
        assert not page.locator("[data-chart-png]").is_visible()
        assert page.get_by_role("link", name="Download as table (CSV)").is_visible()
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


@pytest.mark.parametrize("name", ["workstream", "organisation"])
def test_the_pages_of_a_workstream_and_an_organisation_draw_the_same_chart_of_their_own(
    shown, cast, live_server, problems, name
):
    hosted = cast.agreement.engagements.get(kind="webinar")
    EngagementHost.objects.create(agreement=cast.agreement, engagement=hosted, organisation=cast.lga.organisation)
    hosted.workstreams.add(cast.workstream, through_defaults={"agreement": cast.agreement})
    path = {
        "workstream": "workstreams/procurement/",
        "organisation": f"contacts/organisations/{cast.lga.organisation.pk}/",
    }
    shown.goto(f"{live_server.url}{PATH}{path[name]}")
    shown.wait_for_selector("[data-drawn]")
    sets = "Chart.getChart(document.querySelector('.chart canvas')).data.datasets.map(set => set.label)"
    assert shown.evaluate(sets) == ["Webinar"]
    with shown.expect_download() as picture:
        shown.get_by_role("button", name="Download as picture (PNG)").click()
    assert picture.value.suggested_filename.startswith(
        f"lga-techuk-{'procurement' if name == 'workstream' else 'lga'}-"
    )
    assert axe_findings(shown) == []
    assert problems == []
