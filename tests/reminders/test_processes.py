"""A worker and a beat as they run for real, and a saving that has no worker to call."""

import datetime as dt
import email
import email.policy
import os
import subprocess
import sys
import time
import uuid

import pytest
import redis
from celery import current_app
from django.conf import settings as project
from django.db import connection
from django.utils import timezone

from engagements.models import Engagement, Series
from engagements.operations.engagement import log_engagement
from engagements.operations.series import start_series
from outbox.dispatch import SEND_DUE
from outbox.models import Heartbeat
from reminders.models import Delivery
from reminders.operations.planning import queue_replan
from tests.factories import ParticipationFactory, PersonFactory
from tests.reminders.conftest import ledger_of, make_meeting, make_rule, saved

PATIENCE = 20
"""Seconds for the worker and the beat to come up and do what is asked of them."""


@pytest.fixture
def broker():
    """``broker(queue=…, url=…)`` has this process publish there, until the end of the test."""
    before = (current_app.conf.task_default_queue, current_app.conf.broker_url)

    def use(queue=before[0], url=before[1]):
        current_app.conf.task_default_queue, current_app.conf.broker_url = queue, url

    yield use
    use()


@pytest.fixture
def processes(transactional_db, tmp_path, broker):
    """A worker and a beat of this test alone, with the folder that they write mails into."""
    queue = f"test-{uuid.uuid4().hex}"
    broker(queue)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.reminders.running",
        "RUNNING_DATABASE": connection.settings_dict["NAME"],
        "RUNNING_QUEUE": queue,
        "RUNNING_MAIL": str(tmp_path / "mail"),
    }
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "config"]
    commands = [
        [*celery, "worker", "--pool", "threads", "--concurrency", "2", "--hostname", queue, "--loglevel", "warning"],
        [*celery, "beat", "--schedule", str(tmp_path / "beat"), "--pidfile", "", "--loglevel", "warning"],
    ]
    started = [subprocess.Popen(command, env=environment, cwd=project.BASE_DIR) for command in commands]
    yield tmp_path / "mail"
    for process in reversed(started):
        process.terminate()
    for process in started:
        process.wait(10)
    redis.Redis.from_url(project.REDIS_URL).delete(queue)


def eventually(fact):
    """Wait for ``fact()`` to become true; fails when it takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < deadline, "It never came about."
        time.sleep(0.05)


def readers(folder):
    """Whom the mails in the folder are to."""
    letters = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in folder.glob("*.eml")
    ]
    return sorted(letter["To"].addresses[0].display_name for letter in letters)


def test_a_roundtable_dated_tomorrow_is_told_to_each_participant_once(processes, cast, client):
    make_rule(cast.agreement, 7, 2)
    people = [PersonFactory(agreement=cast.agreement, name=name) for name in ("Ana", "Bo", "Cy")]
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    engagement = Engagement(agreement=cast.agreement, title="Round", kind="roundtable", status="", starts_on=tomorrow)
    log_engagement(engagement, people=people, by=cast.officer)
    eventually(lambda: Delivery.objects.filter(state="sent").count() == 3)
    assert readers(processes) == ["Ana", "Bo", "Cy"]

    unheard = make_meeting(cast.agreement, save=False, starts_on=tomorrow)
    ParticipationFactory(engagement=unheard, person=people[0])
    queue_replan("engagement", unheard.pk)
    eventually(lambda: [row[2] for row in ledger_of(unheard)] == ["skipped", "skipped"])
    assert readers(processes) == ["Ana", "Bo", "Cy"]

    eventually(lambda: Heartbeat.objects.filter(name__in=["beat", "worker"]).count() == 2)
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.json()) == (
        200,
        {"ok": True, "checks": {"database": True, "redis": True, "worker": True, "beat": True, "mail": True}},
    )


def test_a_series_is_told_each_person_in_one_mail(processes, cast):
    people = [PersonFactory(agreement=cast.agreement, name=name) for name in ("Ana", "Bo")]
    in_a_week = timezone.localdate() + dt.timedelta(days=7)
    first = Engagement(agreement=cast.agreement, title="Catch-up", kind="bilateral", status="", starts_on=in_a_week)
    first = log_engagement(first, people=people, notify=False, by=cast.officer)
    start_series(Series(rule="FREQ=DAILY", count=30), first, by=cast.officer)
    eventually(lambda: Delivery.objects.filter(state="sent").count() == 58)
    assert readers(processes) == ["Ana", "Bo"]


def test_of_however_many_dates_a_worker_is_called_once(cast, broker, django_capture_on_commit_callbacks):
    broker(url="redis://127.0.0.1:9/0")
    in_a_week = timezone.localdate() + dt.timedelta(days=7)
    first = Engagement(agreement=cast.agreement, title="Catch-up", kind="bilateral", status="", starts_on=in_a_week)
    first = log_engagement(first, people=[PersonFactory(agreement=cast.agreement)], notify=False, by=cast.officer)
    with django_capture_on_commit_callbacks() as calls:
        start_series(Series(rule="FREQ=DAILY", count=30), first, by=cast.officer)
    assert len(calls) == 1


def log_a_roundtable_for_tomorrow(cast, on_commit):
    """Save it, call a worker as at the end of a request, and give the seconds that it took."""
    make_rule(cast.agreement, 2)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    engagement = Engagement(agreement=cast.agreement, title="Round", kind="roundtable", status="", starts_on=tomorrow)
    started = time.perf_counter()
    with on_commit(execute=True) as calls:
        log_engagement(engagement, people=[PersonFactory(agreement=cast.agreement)], by=cast.officer)
    assert len(calls) == 1
    assert Delivery.objects.get(kind="invitation").state == "planned"
    return time.perf_counter() - started


def test_saving_costs_little_when_nobody_is_at_the_port_of_redis(cast, broker, django_capture_on_commit_callbacks):
    broker(url="redis://127.0.0.1:9/0")
    assert log_a_roundtable_for_tomorrow(cast, django_capture_on_commit_callbacks) < 1.5


def test_saving_costs_little_when_redis_hangs(cast, broker, silent_port, django_capture_on_commit_callbacks):
    broker(url=f"redis://127.0.0.1:{silent_port}/0")
    assert log_a_roundtable_for_tomorrow(cast, django_capture_on_commit_callbacks) < 1.5


def test_a_worker_is_called_only_when_something_is_due(cast, broker, django_capture_on_commit_callbacks):
    queue = f"test-{uuid.uuid4().hex}"
    broker(queue)
    server = redis.Redis.from_url(project.REDIS_URL)
    make_rule(cast.agreement, 2)
    with django_capture_on_commit_callbacks(execute=True):
        meeting = make_meeting(cast.agreement, "Ana", starts_on=timezone.localdate() + dt.timedelta(days=30))
    assert server.llen(queue) == 0
    # Put to tomorrow, those who had the old date in mind are reminded at once.
    meeting.starts_on, meeting.schedule_version = timezone.localdate() + dt.timedelta(days=1), 2
    meeting.save()
    with django_capture_on_commit_callbacks(execute=True):
        saved(meeting)
    assert server.llen(queue) == 1
    server.delete(queue)


def test_the_tasks_that_are_called_by_name_exist():
    current_app.loader.import_default_modules()
    assert SEND_DUE in current_app.tasks
    assert project.CELERY_BEAT_SCHEDULE["sweep"]["task"] in current_app.tasks
