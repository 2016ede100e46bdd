"""``python -m tests.bench``: the median of each page as a ratio to ``/accessibility/`` of the same server and run."""

import argparse
import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg2
from psycopg2.extensions import make_dsn, parse_dsn

from config.services import database_url

DATABASE = "concord_bench"
ROUNDS = 40


def fresh_database():
    """Make an empty database beside the configured one; returns its address."""
    address = os.environ.get("DATABASE_URL") or database_url()
    server = psycopg2.connect(make_dsn(**parse_dsn(address) | {"dbname": "postgres"}))
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    server.close()
    return urlsplit(address)._replace(path=f"/{DATABASE}").geturl()


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


def seconds(connection, path, cookie):
    """How long one GET of ``path`` takes; anything but 200 ends the run."""
    started = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}.")
    return time.perf_counter() - started


def medians(port, pages, cookie):
    """{name: median seconds}, the pages taken in turn so that a slow moment touches all alike."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    taken = {name: [] for name in pages}
    for turn in range(ROUNDS + 3):
        for name, path in pages.items():
            took = seconds(connection, path, cookie)
            if turn >= 3:
                taken[name].append(took)
    return {name: statistics.median(values) for name, values in taken.items()}


def main():
    """Fill a database, serve it, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engagements", type=int, default=10_000)
    engagements = parser.parse_args().engagements
    os.environ.update(DATABASE_URL=fresh_database(), DEMO="1", DJANGO_SETTINGS_MODULE="config.settings")

    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from engagements.models import Engagement
    from tests.bench.data import make_agreement

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    cookie = session_of(make_agreement(engagements))
    record = Engagement.objects.filter(status="held").order_by("pk")[engagements // 2].pk
    connection.close()
    base = "/agreements/bench/"
    pages = {
        "accessibility": "/accessibility/",
        "dashboard": base,
        "list with a filter": f"{base}engagements/?kind=roundtable&workstream=skills",
        "search, a rare word": f"{base}engagements/?q=zebra",
        "search, a common word": f"{base}engagements/?q=procurement",
        "record": f"{base}engagements/{record}/",
        "actions": f"{base}actions/",
    }
    port = free_port()
    with serving(port):
        found = medians(port, pages, cookie)
    print(
        f"{engagements:,} engagements, ten participations each: x /accessibility/ of the same run, median of {ROUNDS}"
    )
    for name in pages:
        print(f"  {name:24} {found[name] / found['accessibility']:6.1f}")


if __name__ == "__main__":
    main()
