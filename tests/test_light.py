"""Pages are light: what comes over the line, what moves while it comes, and what is kept by whom."""

import gzip
import http.client
import os
import re
import subprocess
import sys

import brotli
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import find
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from devtools.services import database_url
from engagements.operations.feeds import make_feed
from tests.bench.__main__ import free_port, serving, session_of
from tests.browser import enter
from tests.lightness import MOST_AT_FIRST, MOST_LATER, MOST_SHIFT, slowed, visit

PATH = "/agreements/lga-techuk/"
WITH_CHART = f"{PATH}?period=last-12-months"
"""The dashboard with its chart, which the first days of an agreement year do not have."""
FILES = re.compile(r'(?:href|src)="/static/([^"]+)"')


@pytest.fixture
def demo(settings, tmp_path, request):
    """The demonstration, and its lead."""
    settings.DEMO, settings.MEDIA_ROOT = True, tmp_path
    call_command("load_demo", verbosity=0)
    return get_user_model().objects.get(email="lead@lga.example")


def size_of(name):
    """Bytes of a static file as WhiteNoise sends it to a browser of today."""
    with open(find(name), "rb") as file:
        content = file.read()
    return len(content) if name.endswith("woff2") else len(brotli.compress(content))


@pytest.mark.django_db
def test_a_first_visit_and_a_later_one_are_small(demo, sign_in):
    response = sign_in(demo).get(WITH_CHART, headers={"Accept-Encoding": "gzip"})
    page = len(response.content)
    files = set(FILES.findall(gzip.decompress(response.content).decode()))
    assert {"chartjs/chart.umd.min.js", "inter/files/inter-latin-wght-normal.woff2"} <= files
    assert page + sum(map(size_of, files)) < MOST_AT_FIRST
    assert page < MOST_LATER


@pytest.mark.django_db
def test_only_a_page_with_a_chart_asks_for_what_draws_it(cast, sign_in):
    for path in ("engagements/", "actions/", "calendar/", "engagements/new/"):
        assert "chart" not in " ".join(FILES.findall(sign_in(cast.lead).get(PATH + path).content.decode()))


@pytest.mark.django_db
def test_a_page_is_its_readers_alone_and_asked_for_anew(cast, sign_in):
    response = sign_in(cast.officer).get(f"{PATH}engagements/", headers={"Accept-Encoding": "gzip"})
    assert set(response["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert response["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response["Vary"]


@pytest.mark.django_db
def test_a_page_that_shows_a_permission_is_neither_stored_nor_compressed(cast, sign_in):
    make_feed(cast.agreement, what="agreement", by=cast.officer)
    url = reverse("engagements:feeds", args=[cast.agreement.slug])
    response = sign_in(cast.officer).get(url, headers={"Accept-Encoding": "gzip"})
    assert "/feeds/" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert not response.has_header("Content-Encoding")


@pytest.mark.django_db
def test_who_signs_out_leaves_nothing_to_go_back_to(cast, sign_in):
    client = sign_in(cast.officer)
    assert not client.get(f"{PATH}engagements/").has_header("Clear-Site-Data")
    assert client.post(reverse("account_logout"))["Clear-Site-Data"] == '"cache"'


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, pytest.param(1280, marks=pytest.mark.long)])
def test_next_to_nothing_moves_while_a_page_comes(demo, live_server, page, width):
    enter(page, live_server, demo)
    page.set_viewport_size({"width": width, "height": 844})
    session = slowed(page, processor=1)
    for path in ("", "engagements/", "engagements/new/", "commitments/", "calendar/"):
        # Each page as if it were the first.
        session.send("Network.clearBrowserCache")
        seen = visit(page, session, f"{live_server.url}{PATH}{path}")
        assert seen.shift < MOST_SHIFT, (path, seen.moved)


@pytest.fixture
def served(demo, monkeypatch):
    """The demonstration as it is served in production; gives its port and the lead's cookie."""
    port = free_port()
    address = os.environ.get("DATABASE_URL") or database_url()
    monkeypatch.setenv("DATABASE_URL", re.sub(r"/[^/?]*(\?.*)?$", rf"/{connection.settings_dict['NAME']}\1", address))
    monkeypatch.setenv("SECRET_KEY", settings.SECRET_KEY)
    monkeypatch.setenv("DEMO", "1")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    monkeypatch.setenv("PORT", os.environ.get("PORT", "8000"))
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"], cwd=settings.BASE_DIR, check=True
    )
    with serving(port):
        yield port, session_of(demo)


def headers_of(port, path, cookie):
    """The headers and the content with which the server answers a browser of today."""
    line = http.client.HTTPConnection("127.0.0.1", port)
    line.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip, br"})
    answer = line.getresponse()
    content = answer.read()
    line.close()
    assert answer.status == 200, path
    return answer.headers, content


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_as_served_in_production_files_are_kept_for_ever_and_visits_are_small(served, page):
    port, cookie = served
    headers, content = headers_of(port, PATH, cookie)
    assert headers["Content-Encoding"] == "gzip"
    file = re.search(r"/static/css/concord\.\w+\.css", gzip.decompress(content).decode())[0]
    headers, _ = headers_of(port, file, cookie)
    assert headers["Content-Encoding"] == "br"
    assert "immutable" in headers["Cache-Control"]

    name, _, value = cookie.partition("=")
    url = f"http://127.0.0.1:{port}{PATH}"
    page.context.add_cookies([{"name": name, "value": value, "url": url}])
    session = slowed(page, processor=1)
    first, later = visit(page, session, url), visit(page, session, f"{url}engagements/")
    print(
        f"first {first.weight}, later {later.weight} bytes; sentence {first.sentence:.0f} ms, shift {first.shift:.3f}"
    )
    assert 50_000 < first.weight < MOST_AT_FIRST
    assert later.weight < MOST_LATER
    assert first.shift < MOST_SHIFT
    assert first.sentence > 0
