"""Redis away or hung: nobody is locked out, nothing fails, and no page waits long."""

import datetime as dt
import socket
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from config.celery import app
from devtools.services import celery_url, redis_url
from devtools.services.redis import Redis
from engagements.models import Engagement
from tests.engagements.forms import log_page, quick
from tests.factories import PASSWORD, PersonFactory
from tests.reminders.conftest import make_rule


@pytest.fixture
def use():
    """``use(url)`` has the queue look for Redis there."""
    before = app.conf.broker_url

    def look_at(url):
        app.conf.broker_url = celery_url(url)

    yield look_at
    app.conf.broker_url = before


@contextmanager
def nobody_listens(use, folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        use(f"redis://127.0.0.1:{taken.getsockname()[1]}/0")
        yield


@contextmanager
def it_never_answers(use, folder):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        yield


@contextmanager
def it_hangs_while_in_use(use, folder):
    server = Redis(folder)
    server.start()
    use(redis_url(folder))
    (process,) = server._processes()
    process.suspend()
    try:
        yield
    finally:
        process.resume()


@pytest.fixture(params=[nobody_listens, it_never_answers, it_hangs_while_in_use])
def _without_redis(request, use, folder):
    with request.param(use, folder):
        yield


@contextmanager
def soon():
    """What is done within takes less than two seconds."""
    began = time.monotonic()
    yield
    assert time.monotonic() - began < 2


@pytest.mark.usefixtures("_without_redis")
def test_an_officer_signs_in_looks_and_logs(cast, client, django_capture_on_commit_callbacks, caplog):
    make_rule(cast.agreement, 2)
    person = PersonFactory(agreement=cast.agreement)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    with soon():
        answer = client.post(reverse("account_login"), {"login": cast.officer.email, "password": PASSWORD})
    assert (answer.status_code, answer.url) == (302, reverse("home"))
    with soon():
        assert client.get(reverse("dashboards:dashboard", args=[cast.agreement.slug])).status_code == 200
    with soon(), django_capture_on_commit_callbacks(execute=True):
        client.post(log_page(cast), quick(starts_on=tomorrow.isoformat(), who=[person.pk]))
    assert Engagement.objects.get().logged_by.user == cast.officer
    assert "No worker could be called" in caplog.text


@pytest.mark.usefixtures("_without_redis")
def test_guesses_of_a_password_are_counted(cast, client):
    def attempt(password):
        with soon():
            return client.post(reverse("account_login"), {"login": cast.officer.email, "password": password})

    for _ in range(5):
        assert "is not right" in attempt("wrong").content.decode()
    refused = attempt(PASSWORD)
    assert (refused.status_code, "That was tried too often." in refused.content.decode()) == (200, True)


def test_redis_holds_json_and_nothing_that_runs():
    assert [name for name, cache in settings.CACHES.items() if "redis" in str(cache).lower()] == []
    assert (app.conf.task_serializer, app.conf.result_serializer) == ("json", "json")
    assert set(app.conf.accept_content) == {"json"}
