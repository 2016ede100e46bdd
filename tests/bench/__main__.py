"""``python -m tests.bench``: the median of each page as a ratio to ``/accessibility/`` of the same server and run.

Two sizes, since a page that is fast with little may still grow with what the agreement holds, or with what others hold
beside it: 50 agreements over ten years, of which the measured one holds a fifth. Seconds would say more of the machine
than of the product, so only ratios are printed: to the plainest signed-in page, and of the large size to the small.
A page's own growth is that of its ratio, since both sizes are not measured at the same moment.

Each page is requested twice: "rendered" is the first request after something in the agreement has changed. The second
sends the entity tag of the first, as a browser does (see ``pages.conditional``), and the table has its status.
"""

import argparse
import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from importlib import import_module
from urllib.parse import urlsplit

import psycopg2
from psycopg2.extensions import make_dsn, parse_dsn

from devtools.services import database_url

DATABASE = os.environ.get("BENCH_DATABASE", "concord_bench")
SIZES = [10_000, 100_000]
ROUNDS = 40
PLAINEST = "accessibility"
PARTS = ["mail", "planning", "light", "compiled"]
"""Parts beside the pages, each a module of this package with a ``main()``."""


def bench_address():
    """The address of a database of that name beside the configured one."""
    address = os.environ.get("DATABASE_URL") or database_url()
    return urlsplit(address)._replace(path=f"/{DATABASE}").geturl()


def fresh_database():
    """Make it anew, empty."""
    server = psycopg2.connect(make_dsn(**parse_dsn(bench_address()) | {"dbname": "postgres"}))
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    server.close()


def free_port():
    """A port of the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(port):
    """Gunicorn, as the Procfile runs it, but with one worker so that the figures steady."""
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "-b", f"127.0.0.1:{port}", "-w", "1", "--threads", "2"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait(10)


def session_of(user):
    """A cookie that signs in as ``user``."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def request(connection, path, cookie, tag=None):
    """(seconds, status, entity tag) of one GET of ``path``; anything but 200 and 304 ends the run."""
    headers = {"Cookie": cookie} | ({"If-None-Match": tag} if tag else {})
    started = time.perf_counter()
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status not in (200, 304):
        raise SystemExit(f"{path} answered {answer.status}.")
    return time.perf_counter() - started, answer.status, answer.headers["ETag"]


def medians(port, pages, cookie):
    """{(name, "rendered" or "again, 304"): median seconds}, in turn so that a slow moment touches all alike."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    taken = {}
    for turn in range(ROUNDS + 3):
        something_changes()
        for name, path in pages.items():
            rendered, _, tag = request(connection, path, cookie)
            again, status, _ = request(connection, path, cookie, tag)
            if turn >= 3:
                taken.setdefault((name, "rendered"), []).append(rendered)
                taken.setdefault((name, f"again, {status}"), []).append(again)
    return {key: statistics.median(values) for key, values in taken.items()}


def something_changes():
    """What every change of a row of the agreement comes to: its version rises."""
    from django.db.models import F

    from partnership.models import Version

    Version.objects.filter(agreement__slug="bench").update(number=F("number") + 1)


def measured(engagements):
    """The same, each as a ratio to the plainest page, with ``engagements`` in a fresh database."""
    from django.core.management import call_command
    from django.db import connection

    from commitments.models import Commitment
    from contacts.models import Organisation
    from engagements.models import Engagement
    from tests.bench.data import make_agreements

    fresh_database()
    call_command("migrate", verbosity=0)
    officer = make_agreements(engagements)
    held = Engagement.objects.filter(agreement__slug="bench", status="held").order_by("pk")
    record = held[held.count() // 2].pk
    commitment = Commitment.objects.filter(agreement__slug="bench").earliest("pk").pk
    organisation = Organisation.objects.filter(agreement__slug="bench", party=None).earliest("pk").pk
    cookie = session_of(officer)
    port = free_port()
    with serving(port):
        found = medians(port, pages_of(record, commitment, organisation), cookie)
    connection.close()
    plainest = statistics.mean(taken for (name, _), taken in found.items() if name == PLAINEST)
    return {(name, how): taken / plainest for (name, how), taken in found.items() if name != PLAINEST}


def pages_of(record, commitment, organisation):
    """{name: address} of what is measured; the parameters are the keys of those to open."""
    base = "/agreements/bench/"
    return {
        PLAINEST: "/accessibility/",
        "dashboard": base,
        "list with a filter": f"{base}engagements/?kind=roundtable&workstream=skills",
        "search, a rare word": f"{base}engagements/?q=zebra",
        "search, a common word": f"{base}engagements/?q=procurement",
        "record": f"{base}engagements/{record}/",
        "workstream": f"{base}workstreams/skills/",
        "commitment": f"{base}commitments/{commitment}/",
        "organisation": f"{base}contacts/organisations/{organisation}/",
        "calendar": f"{base}calendar/",
        "actions": f"{base}actions/",
    }


def main():
    """Measure each size, print a table, and how the pages grow."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engagements", type=int, nargs="+", default=SIZES, help="in all agreements; one size or more")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, "pages", []], help="what to measure; else all of it")
    asked = parser.parse_args()
    sizes = asked.engagements
    os.environ.update(DATABASE_URL=bench_address(), DEMO="1", DJANGO_SETTINGS_MODULE="config.settings")

    import django

    django.setup()
    from django.core.management import call_command

    for part in [name for name in PARTS if name in (asked.parts or PARTS)]:
        import_module(f"tests.bench.{part}").main()
    if asked.parts and "pages" not in asked.parts:
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    tables = [measured(size) for size in sizes]
    print(f"x /accessibility/ of the same server and run, median of {ROUNDS}; ten participations to an engagement")
    print(f"  {'engagements in all':36}{''.join(f'{size:>10,}' for size in sizes)}{'growth':>10}")
    for name, how in tables[0]:
        ratios = [table[name, how] for table in tables]
        row = f"{name if how == 'rendered' else '':24}{how}"
        print(f"  {row:36}{''.join(f'{ratio:10.1f}' for ratio in ratios)}{ratios[-1] / ratios[0]:10.2f}")


if __name__ == "__main__":
    main()
