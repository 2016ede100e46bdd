"""Pages as others have them: in forced colours, without motion, with text spaced out, with names from right to left."""

import pytest

from tests.addresses import LEAD, address
from tests.browser import enter, sideways
from tests.states import ARABIC, HEBREW, stretch
from tests.test_pages_look import demo, pages

__all__ = ["demo"]  # a fixture

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
        word-spacing: .16em !important; } p { margin-bottom: 2em !important; }`);
    document.adoptedStyleSheets = [sheet];
}"""
"""The text spacing of WCAG 1.4.12, by a sheet that the security policy lets in."""

# What a link cuts off after so many lines stands in full where it leads.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter((one) => {
    const style = getComputedStyle(one);
    const hides = ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY);
    return hides && one.clientWidth > 2 && one.textContent.trim() && one.checkVisibility()
        && !(style.webkitLineClamp !== "none" && one.closest("a[href]"))
        && !one.closest("svg, select") && !["INPUT", "TEXTAREA"].includes(one.tagName)
        && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
}).map((one) => `cut off: ${one.outerHTML.slice(0, 140)}`)"""

WITHOUT_AN_EDGE = """() => [...document.querySelectorAll(
    ".btn:not(.btn-link), .form-control, .form-select, .choice-face, .chip, .card, .picker-box, .menu-panel")]
    .filter((one) => one.checkVisibility() && parseFloat(getComputedStyle(one).borderTopWidth) < 1)
    .map((one) => `without an edge: ${one.outerHTML.slice(0, 100)}`)"""
"""In forced colours grounds are all alike: what was told apart by its ground needs an edge."""

ALIKE = """() => [...document.querySelectorAll(".choice > input:checked + .choice-face")].filter((one) => {
    const other = one.closest(".choices")?.querySelector(".choice > input:not(:checked) + .choice-face");
    return other && getComputedStyle(other).borderTopWidth === getComputedStyle(one).borderTopWidth;
}).map((one) => `looks unchosen: ${one.textContent.trim()}`)"""

MOVES = """() => [
    ...[...document.querySelectorAll("*")]
        .filter((one) => getComputedStyle(one).transitionDuration.split(", ").some((time) => parseFloat(time)))
        .map((one) => `moves: ${one.outerHTML.slice(0, 100)}`),
    ...document.getAnimations().map(String),
    ...(getComputedStyle(document.documentElement).scrollBehavior === "smooth" ? ["it glides"] : []),
]"""

MIXED_UP = """(names) => {
    // What is not seen; and a mail as it will be sent, which is plain text.
    const LEFT_OUT = "script, style, select, textarea, .visually-hidden, .mail-text, strong[dir=auto]";
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const bare = (text) => names.reduce((rest, name) => rest.replaceAll(name, ""), text);
    const loose = (text) => text.replace(/\\u2068[^\\u2069]*\\u2069/g, "");
    while (walker.nextNode()) {
        const text = walker.currentNode, holder = text.parentElement;
        if (!/[\\u0590-\\u06ff]/.test(loose(text.data)) || holder.closest(LEFT_OUT)) continue;
        let block = holder, kept = false;
        while (getComputedStyle(block).display === "inline" && !(kept = block.matches("bdi, [dir=auto]")))
            block = block.parentElement;
        kept ||= block.matches("bdi, [dir=auto]");
        const around = kept ? text.data : block.textContent;
        if (/[a-z]/i.test(bare(around))) found.push(`mixed up: ${holder.outerHTML.slice(0, 160)}`);
    }
    return found;
}"""
"""A name from right to left that stands among other words with nothing around it changes the order of those words."""


@pytest.fixture
def looks(demo, live_server, page, problems):
    """``looks(each)`` opens every page as a lead, full of names hard to show, and gives what ``each`` finds."""
    fill, lead = demo
    agreement = lead.memberships.get().agreement
    stretch(agreement)
    agreement.name = ARABIC
    agreement.save()
    enter(page, live_server, lead)

    def every(each):
        wrong = []
        for name in pages({LEAD}):
            page.goto(live_server.url + address(name, fill))
            wrong += [f"{name} {found}" for found in sorted(set(each(page)))]
        return wrong

    yield every
    assert problems == []


def test_in_forced_colours_without_motion_spaced_out_and_with_names_from_right_to_left(looks):
    def each(page):
        found = page.evaluate(MIXED_UP, [ARABIC, HEBREW])
        page.emulate_media(forced_colors="active", reduced_motion="reduce")
        found += page.evaluate(WITHOUT_AN_EDGE) + page.evaluate(ALIKE) + page.evaluate(MOVES)
        page.emulate_media(forced_colors="none", reduced_motion="no-preference")
        page.evaluate(SPACED)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 844})
            found += [f"spaced out, {width}: {one}" for one in page.evaluate(CUT_OFF) + sideways(page)]
        return found

    wrong = looks(each)
    assert not wrong, "\n".join(wrong)
