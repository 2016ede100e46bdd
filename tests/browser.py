"""Driving a real Chromium: what the browser tests share."""

import os
import re
import shutil
from pathlib import Path

from django.conf import settings
from playwright.sync_api import expect

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is Chromium without windows, which starts and draws in less time."""
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
LAUNCH = {
    "executable_path": CHROMIUM,
    "args": [
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        # Chromium's sandbox refuses to run as root, as it does in a container.
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ],
    # Under libfaketime Chromium does not start: see tests/other_days.py.
    "env": {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"},
}
CLOCK_SHIFT = int(os.environ.get("FAKETIME", "0s").removesuffix("s"))
"""Seconds by which the tests' clock is ahead of the browser's."""
SHIFTED_CLOCK = """(seconds) => {
    const Real = Date;
    window.Date = class extends Real {
        constructor(...given) { given.length ? super(...given) : super(Real.now() + seconds * 1000); }
        static now() { return Real.now() + seconds * 1000; }
    };
}"""
AXE = Path(settings.BASE_DIR, "node_modules/axe-core/axe.min.js")
AXE_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # Only what is wrong is asked for: to describe all that is right takes as long as to look.
    "resultTypes": ["violations"],
}
RULES_OF_COLOUR = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""What another theme can break: it changes colours, and nothing else."""

# A link that has half scrolled under a bar that stays would count as too small to hit. A link to a place on the page
# scrolls there a frame or more after the press, so the top counts once two frames have left it alone.
TO_THE_TOP = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    for (let calm = 0; calm < 2; calm = scrollY === 0 ? calm + 1 : 0) {
        scrollTo({top: 0, behavior: "instant"});
        await frame();
        await frame();
    }
}"""


def choose(page, label):
    """Press the button of a radio or checkbox that is drawn by its label, as a user does, until it is chosen."""
    page.locator("label", has_text=re.compile(f"^\\s*{re.escape(label)}\\s*$")).click()
    expect(page.get_by_label(label, exact=True)).to_be_checked()


PASTE = """([field, text]) => {
    const data = new DataTransfer();
    data.setData("text", text);
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def paste(page, field, text):
    """Paste ``text`` into ``field``."""
    field.focus()
    page.evaluate(PASTE, [field.element_handle(), text])


def axe_findings(page, rules=AXE_RULES):
    """What axe finds wrong on the page: a list of "rule: first element". It is put in once a page."""
    page.evaluate(TO_THE_TOP)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    result = page.evaluate("rules => axe.run(document, rules)", rules)
    return [f"{found['id']}: {found['nodes'][0]['html'][:160]}" for found in result["violations"]]


SHAPE = """() => {
    const seen = (element) => element.checkVisibility({ visibilityProperty: true });
    const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
    const levels = all("h1, h2, h3, h4, h5, h6").map((head) => [Number(head.tagName[1]), head.innerText.trim()]);
    const wrong = [];
    if (!/^[^·\\s].* · Concord$/.test(document.title) && !location.pathname.startsWith("/admin/"))
        wrong.push(`its title says little: ${document.title}`);
    if (levels.filter(([level]) => level === 1).length !== 1) wrong.push("it has not one first heading");
    levels.forEach(([level, words], at) => {
        if (!words) wrong.push(`an empty heading of level ${level}`);
        if (at && level > levels[at - 1][0] + 1) wrong.push(`“${words}” leaves a level of headings out`);
    });
    if (all("main").length !== 1) wrong.push("it has not one main part");
    const named = (nav) => document.getElementById(nav.getAttribute("aria-labelledby"))?.innerText;
    const names = all("nav").map((nav) => nav.getAttribute("aria-label") ?? named(nav) ?? "");
    if (names.includes("") || new Set(names).size < names.length) wrong.push(`its navigations are called ${names}`);
    for (const table of all("table")) {
        if (!table.caption && !table.ariaLabel && !table.hasAttribute("aria-labelledby"))
            wrong.push(`a table without a name: ${table.textContent.trim().slice(0, 60)}`);
        const bare = [...table.tBodies].flatMap((body) => [...body.rows]).find((row) => !row.querySelector("th"));
        // In a calendar each day says its own date.
        if (bare && !bare.querySelector("time")) wrong.push(`a row without a head: ${bare.innerText.slice(0, 60)}`);
    }
    return wrong;
}"""


def shape_findings(page):
    """What is wrong with the bones of the page: its title, headings, landmarks."""
    return page.evaluate(SHAPE)


SIDEWAYS = """() => {
    const room = document.documentElement.clientWidth;
    const width = document.documentElement.scrollWidth;
    if (width <= room) return [];
    const out = [...document.querySelectorAll("body *")]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > room + 1);
    return [`scrolls sideways: ${width} in ${room}, by ${out.at(-1)?.outerHTML.slice(0, 120)}`];
}"""


def sideways(page):
    """Whether the page scrolls sideways, as a list of one sentence or none. A frame inside may, by itself."""
    return page.evaluate(SIDEWAYS)


def enter(page, live_server, user):
    """Sign ``user`` in, by a session of the test's making, for pages that are not about signing in."""
    from django.test import Client

    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
