"""All due at once, and everything that can be killed is killed: nobody is missed, and hardly anybody gets two.

PostgreSQL, Redis, the mail server, two beats and four workers are the test's own.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter

import psycopg2
import pytest
import redis

from devtools.services import ROOT, database_url, redis_url
from devtools.services.postgres import Postgres
from devtools.services.redis import Redis
from tests.outbox.smtp import mail_server

CELERY = [sys.executable, "-m", "celery", "--quiet", "-A", "tests.reminders.soak_app"]
WORKER = [*CELERY, "worker", "--pool", "threads", "--concurrency", "1", "--loglevel", "critical"]
BEAT = [*CELERY, "beat", "--pidfile", "", "--loglevel", "critical"]

LATE = 10
"""So many are put off by the mail server until their meeting has begun."""


class House:
    """The processes of a site, which can be killed and are then started again."""

    def __init__(self, folder, mail_port):
        self.folder, self.postgres, self.redis = folder, Postgres(folder), Redis(folder)
        self.url = database_url(folder).replace("postgres://", "postgresql://")
        self.environment = os.environ | {
            "DATABASE_URL": database_url(folder),
            "REDIS_URL": redis_url(folder),
            "DJANGO_SETTINGS_MODULE": "tests.reminders.soak_settings",
            "SOAK_MAIL_PORT": str(mail_port),
        }
        self.environment.pop("PYTEST_XDIST_WORKER", None)
        self.running, self.started, self.workers_killed = {}, 0, 0

    def open(self, people):
        """Start the servers, write what is due, start workers and beats."""
        self.postgres.start()
        self.redis.start()
        feed = [sys.executable, "-m", "tests.reminders.soak_app", str(people), str(LATE)]
        subprocess.run(feed, env=self.environment, cwd=ROOT, check=True)
        for name in ("worker 1", "worker 2", "worker 3", "worker 4", "beat 1", "beat 2"):
            self.start(name)

    def start(self, name):
        self.started += 1
        words = (
            [*WORKER, "--hostname", f"soak{self.started}"]
            if "worker" in name
            else [*BEAT, "--schedule", f"{self.folder}/beat{self.started}"]
        )
        self.running[name] = subprocess.Popen(
            words, env=self.environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def kill(self, name):
        """``kill -9``, and another one in its place."""
        self.running[name].kill()
        self.running[name].wait()
        self.workers_killed += "worker" in name
        self.start(name)

    def close(self):
        for process in self.running.values():
            process.kill()
            process.wait()
        self.redis.stop()
        self.postgres.stop()

    def ask(self, sql):
        with psycopg2.connect(self.url) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def is_done(self):
        [(left,)] = self.ask("SELECT count(*) FROM reminders_delivery WHERE state IN ('planned', 'claimed')")
        return left == 0


@pytest.fixture
def server():
    """A mail server that puts every seventh message off and hangs up over every thirteenth; some it always puts off."""
    with mail_server() as server:
        heard = Counter()

        def trouble(address):
            if address.startswith("late"):
                return "451 not now"
            heard["all"] += 1
            return "451 try later" if heard["all"] % 7 == 0 else None if heard["all"] % 13 == 0 else ""

        server.trouble = trouble
        yield server


@pytest.fixture
def house(server, tmp_path, monkeypatch):
    """A site with servers of its own."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    house = House(tmp_path, server.port)
    yield house
    house.close()


def soak(house, server, people, kills, seconds):
    """Send to so many people while so many processes are killed, Redis is flushed and PostgreSQL restarted."""
    chance = random.Random(5)
    refused = {f"p{n}@people.example" for n in range(0, people, 40)}
    server.replies |= dict.fromkeys(refused, "550 no such mailbox")
    house.open(people)
    deadline = time.monotonic() + seconds
    wait_for(lambda: server.received, deadline)
    accidents = ["kill"] * kills + ["flush", "restart"]
    chance.shuffle(accidents)
    for accident in accidents:
        time.sleep(chance.uniform(0.2, 0.8))
        if accident == "kill":
            house.kill(chance.choice(["worker 1", "worker 2", "worker 3", "worker 4", "beat 1"]))
        elif accident == "flush":
            redis.Redis.from_url(redis_url(house.folder)).flushall()
        else:
            house.postgres.stop()
            house.postgres.start()
    wait_for(house.is_done, deadline)
    check(house, server, people, refused)


def wait_for(fact, deadline):
    while not fact():
        assert time.monotonic() < deadline, "It never came about."
        time.sleep(0.2)


def check(house, server, people, refused):
    states = Counter(dict(house.ask("SELECT state, count(*) FROM reminders_delivery GROUP BY state")))
    assert states == {"sent": people - len(refused), "failed": len(refused), "expired": LATE}
    [(reasons,)] = house.ask("SELECT array_agg(DISTINCT reason) FROM reminders_delivery WHERE state = 'failed'")
    assert reasons == ["550 no such mailbox"]
    got = Counter(server.addresses)
    assert set(got) == {f"p{n}@people.example" for n in range(people)} - refused
    twice = {address for address, count in got.items() if count > 1}
    assert sum(got.values()) - len(got) <= house.workers_killed
    for address in twice:
        letters = [content for to, content in server.received if to == address]
        assert len({letter.split(b"Message-ID: ")[1].split(b"\r\n")[0] for letter in letters}) == 1
    assert dict(house.ask("SELECT address, 1 FROM outbox_badaddress")).keys() == refused


def test_killed_flushed_and_restarted_each_is_told_and_hardly_any_twice(house, server):
    soak(house, server, people=200, kills=3, seconds=60)


@pytest.mark.long
def test_two_thousand_at_once_while_ten_are_killed(house, server):
    soak(house, server, people=2000, kills=10, seconds=240)
