"""Driving a real Chromium: what the browser tests share."""

import os
import re
import shutil
from pathlib import Path

from django.conf import settings
from playwright.sync_api import expect

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
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
}
AXE = Path(settings.BASE_DIR, "node_modules/axe-core/axe.min.js")
AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

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


def axe_findings(page):
    """What axe finds wrong on the page: a list of "rule: first element"."""
    page.evaluate(TO_THE_TOP)
    page.evaluate(AXE.read_text())
    result = page.evaluate("rules => axe.run(document, rules)", AXE_RULES)
    return [f"{found['id']}: {found['nodes'][0]['html'][:160]}" for found in result["violations"]]


def enter(page, live_server, user):
    """Sign ``user`` in, by a session of the test's making, for pages that are not about signing in."""
    from django.test import Client

    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
