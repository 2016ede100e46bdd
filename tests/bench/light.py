"""What is waited for: the pages of the demonstration in Chromium, over a slow line, on a slow telephone.

They are served as in production: by gunicorn, with static files compressed and under names that change with them. Each
line is a look at a page: the first one with nothing kept, the later ones with what the browser has kept by then.
"""

import os
import statistics

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from playwright.sync_api import sync_playwright

from tests.bench.__main__ import free_port, fresh_database, serving, session_of
from tests.browser import CHROMIUM, LAUNCH
from tests.lightness import (
    LATEST_SENTENCE,
    LONGEST_TASK,
    MOST_AT_FIRST,
    MOST_LATER,
    MOST_SHIFT,
    SLOW_PROCESSOR,
    slowed,
    visit,
)

BASE = "/agreements/lga-techuk/"
LATER = {
    "dashboard again": BASE,
    "list": f"{BASE}engagements/",
    "quick log": f"{BASE}engagements/new/",
    "actions": f"{BASE}actions/",
    "calendar": f"{BASE}calendar/",
}
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
TELEPHONE = {"width": 390, "height": 844}


def main():
    """Load the demonstration, serve it, look at it ``BENCH_ROUNDS`` times (3), print medians beside their limits."""
    if CHROMIUM is None:
        print("light: no Chromium was found, so nothing is measured.")
        return
    fresh_database()
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    name, _, value = session_of(get_user_model().objects.get(email="lead@lga.example")).partition("=")
    port = free_port()
    with serving(port), sync_playwright() as driver:
        browser = driver.chromium.launch(**LAUNCH)
        url = f"http://localhost:{port}"
        cookie = {"name": name, "value": value, "url": url}
        rounds = [looks(browser, url, cookie) for _ in range(ROUNDS + 1)][1:]
        browser.close()
    report(rounds)


def looks(browser, url, cookie):
    """{name: Visit} of a first visit to the dashboard and of later ones, in a browser that has kept nothing yet."""
    context = browser.new_context(viewport=TELEPHONE)
    context.add_cookies([cookie])
    page = context.new_page()
    session = slowed(page)
    seen = {"dashboard, first visit": visit(page, session, url + BASE)}
    seen |= {name: visit(page, session, url + path) for name, path in LATER.items()}
    context.close()
    return seen


def report(rounds):
    """Print the median of each figure over ``rounds``, and what it may be at most."""
    print(f"over 1.6 Mbit/s with 150 ms, processor slowed {SLOW_PROCESSOR} times; median of {len(rounds)}")
    print(f"  {'':24}{'kB':>8}{'sentence ms':>13}{'largest ms':>12}{'longest task ms':>17}{'shift':>8}")
    for name in rounds[0]:
        middle = {
            what: statistics.median(getattr(seen[name], what) for seen in rounds)
            for what in ("weight", "sentence", "largest", "longest", "shift")
        }
        print(
            f"  {name:24}{middle['weight'] / 1000:8.1f}{middle['sentence'] or float('nan'):13.0f}"
            f"{middle['largest']:12.0f}{middle['longest']:17.0f}{middle['shift']:8.3f}"
        )
    print(
        f"  {'at most':24}{MOST_AT_FIRST // 1000:>4}/{MOST_LATER // 1000}"
        f"{LATEST_SENTENCE:13}{LATEST_SENTENCE:12}{LONGEST_TASK:17}{MOST_SHIFT:8}"
    )
    for address, weight in sorted(rounds[0]["dashboard, first visit"].weights.items(), key=lambda row: -row[1]):
        print(f"  {weight / 1000:8.1f} kB  {address.partition(settings.STATIC_URL)[2] or 'the page itself'}")
