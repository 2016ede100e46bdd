"""``python -m tests.pictures``: the pictures of the README, and every page to be looked at.

Both show the demonstration as it is served for real. ``--every FOLDER`` follows the links from the dashboard and takes
one picture of each kind of page: with the demonstration's records, with none, and after a form was sent empty; on a
desktop and on a phone, in light and in dark. They are for looking at, and are not kept.
"""

import argparse
import base64
import os
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from tests.bench.__main__ import bench_address, free_port, fresh_database, serving, session_of

FOLDER = Path(__file__).resolve().parent.parent / "docs/pictures"
BASE = "/agreements/lga-techuk/"
DESKTOP, TELEPHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
PICTURES = {
    "dashboard": (BASE, DESKTOP, "light"),
    "dashboard-dark": (BASE, DESKTOP, "dark"),
    "commitments": (f"{BASE}commitments/", DESKTOP, "light"),
    "record": (f"{BASE}engagements/?status=held", DESKTOP, "light"),
    "calendar": (f"{BASE}calendar/", DESKTOP, "light"),
    "quick-log-phone": (f"{BASE}engagements/new/", TELEPHONE, "light"),
    "my-week-phone": (f"{BASE}my-week/", TELEPHONE, "light"),
}
"""{name of the file: (address, size, colours)}; of the record, the address of a list that leads to it."""
MOST = 100_000
"""Bytes that a picture may have."""
DO_SOMETHING = ("cancel", "stop", "repeat", "plan", "delete", "reminders-mine")
"""Pages whose form, sent empty, is not wrong, and changes what the other pages show."""
LOOKS = [(DESKTOP, "light"), (TELEPHONE, "light"), (DESKTOP, "dark"), (TELEPHONE, "dark")]


def main():
    """Load the demonstration anew into a database of its own, serve it, and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", metavar="FOLDER", type=Path, help="every page, into this folder")
    parser.add_argument("--user", default="lead@lga.example", help="who looks (default: a lead)")
    asked = parser.parse_args()
    os.environ.update(DATABASE_URL=bench_address(), DEMO="1", DJANGO_SETTINGS_MODULE="config.settings")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    from tests.browser import LAUNCH

    fresh_database()
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    user = get_user_model().objects.get(email=asked.user)
    if asked.every:
        make_empty_agreement(user)
    name, _, value = session_of(user).partition("=")
    port = free_port()
    with serving(port), sync_playwright() as driver:
        browser = driver.chromium.launch(**LAUNCH | {"args": [*LAUNCH["args"], "--lang=en-GB"]})
        site = f"http://localhost:{port}"
        cookie = {"name": name, "value": value, "url": site}
        every_page(browser, site, cookie, asked.every) if asked.every else for_the_readme(browser, site, cookie)
        browser.close()


def make_empty_agreement(user):
    """An agreement in which ``user`` has a part and nothing is recorded: what it looks like on the first day."""
    from partnership.models import Agreement, Party
    from partnership.operations import give_role, save_agreement, save_party

    agreement = save_agreement(Agreement(name="North and South", slug="north-and-south", status="in_force"), by=None)
    party = save_party(Party(agreement=agreement, name="North Council", short_name="North"), by=None)
    if not user.is_superuser:
        give_role(agreement, email=user.email, role="lead", party=party, by=None)


def opened(browser, cookie, size, colours, sharpness=1):
    """A page of a window of this ``size`` and these ``colours``, signed in."""
    context = browser.new_context(viewport=size, color_scheme=colours, device_scale_factor=sharpness, locale="en-GB")
    context.add_cookies([cookie])
    return context.new_page()


def drawn(page, url):
    """Open ``url`` and wait for its letters and its charts."""
    answer = page.goto(url)
    page.evaluate("() => document.fonts.ready")
    if page.locator("[data-chart]").count():
        page.wait_for_selector("[data-drawn]")
    return answer


def for_the_readme(browser, site, cookie):
    """The pictures of ``PICTURES`` as WebP in ``docs/pictures/``; SystemExit for one that is too large."""
    FOLDER.mkdir(exist_ok=True)
    for name, (path, size, colours) in PICTURES.items():
        page = opened(browser, cookie, size, colours, sharpness=1.5 if size is TELEPHONE else 1)
        drawn(page, site + path)
        if name == "record":
            drawn(page, site + page.locator("tbody a.row-title").first.get_attribute("href"))
        taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "webp", "quality": 82})
        file = FOLDER / f"{name}.webp"
        file.write_bytes(base64.b64decode(taken["data"]))
        page.context.close()
        print(f"{file.stat().st_size / 1000:6.1f} kB  {file.relative_to(FOLDER.parent.parent)}")
        if file.stat().st_size > MOST:
            raise SystemExit(f"{file.name} is larger than {MOST // 1000} kB.")


def every_page(browser, site, cookie, folder):
    """A picture of each kind of page in each of ``LOOKS``, into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    finder = opened(browser, cookie, *LOOKS[0])
    pages = found(finder, site, f"{site}{BASE}") | found(finder, site, f"{site}/agreements/north-and-south/", "empty")
    finder.context.close()
    for size, colours in LOOKS:
        page = opened(browser, cookie, size, colours)
        look = f"{size['width']}-{colours}"
        for name, url in pages.items():
            drawn(page, url)
            page.screenshot(path=folder / f"{name}--{look}.png", full_page=True)
            if not any(word in name for word in DO_SOMETHING) and sent_empty(page):
                page.screenshot(path=folder / f"{name}--error--{look}.png", full_page=True)
        page.context.close()
    print(f"{len(pages)} pages in {len(LOOKS)} looks in {folder}")


def found(page, site, start, prefix="full"):
    """{a name for the file: address} of one page of each kind that links lead to from ``start``."""
    from django.urls import resolve

    waiting, pages = [start], {}
    while waiting:
        url = waiting.pop(0)
        path = urlsplit(url).path
        name = resolve(path).view_name.replace(":", "-")
        if f"{prefix}-{name}" in pages or any(word in name for word in ("csv", "ics", "document", "admin-", "logout")):
            continue
        answer = drawn(page, url)
        if answer is None or not answer.ok or "html" not in answer.headers.get("content-type", ""):
            continue
        pages[f"{prefix}-{name}"] = url
        inside = page.eval_on_selector_all("main a[href], .main-nav a, .menu a", "links => links.map(a => a.href)")
        of_this = urlsplit(start).path
        waiting += [link for link in inside if link.startswith(site) and urlsplit(link).path.startswith(of_this)]
    return pages


def sent_empty(page):
    """Empty the fields of the page's form and send it. Whether there is one, and it came back with what is wrong."""
    form = page.locator("main form[method=post][novalidate]").first
    typed = form.locator("input[type=text], input[type=date], input[type=email], textarea")
    if not form.count() or not typed.count():
        return False
    for field in typed.all():
        if field.is_visible() and field.is_editable():
            field.fill("")
    with page.expect_navigation():
        form.evaluate("form => form.submit()")
    return page.locator(".field-error, [data-error-summary]").count() > 0


if __name__ == "__main__":
    main()
