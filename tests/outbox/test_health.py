"""The addresses that say whether Concord is well."""

import datetime as dt
import time

import pytest
from django.db import connection
from django.utils import timezone

from outbox.models import Heartbeat
from outbox.operations.heartbeats import note_alive


def ready(client):
    started = time.perf_counter()
    response = client.get("/health/ready")
    assert time.perf_counter() - started < 3
    return response.status_code, response.json()["ok"], response.json()["checks"]


def test_live_asks_nobody(client, django_assert_num_queries):
    """Without the mark of a test that may use the database."""
    response = client.get("/health/live")
    assert (response.status_code, response.json()) == (200, {"ok": True})
    assert "no-store" in response["Cache-Control"]


def test_without_worker_and_beat_it_is_not_ready(client, db):
    checks = {"database": True, "redis": True, "worker": False, "beat": False, "mail": True}
    assert ready(client) == (503, False, checks)


def test_a_heartbeat_counts_for_ninety_seconds(client, transactional_db):
    note_alive("worker")
    note_alive("beat")
    for age, is_fresh in ((80, True), (100, False)):
        Heartbeat.objects.filter(name="beat").update(at=timezone.now() - dt.timedelta(seconds=age))
        checks = {"database": True, "redis": True, "worker": True, "beat": is_fresh, "mail": True}
        assert ready(client) == (200 if is_fresh else 503, is_fresh, checks)


def test_a_heartbeat_is_one_row_however_often_it_beats(db):
    for _ in range(3):
        note_alive("worker")
    assert Heartbeat.objects.count() == 1


@pytest.mark.parametrize("address", ["redis://127.0.0.1:9/0", "redis://127.0.0.1:{silent}/0"])
def test_a_redis_that_is_down_or_hangs_is_said_soon(client, db, settings, silent_port, address):
    settings.REDIS_URL = address.format(silent=silent_port)
    status, is_well, checks = ready(client)
    assert (status, is_well, checks["database"], checks["redis"]) == (503, False, True, False)


@pytest.mark.parametrize("port", [9, None])
def test_a_database_that_is_down_or_hangs_is_said_soon(client, db, silent_port, port, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connection.settings_dict, "PORT", port or silent_port)
    checks = {"database": False, "redis": True, "worker": "unknown", "beat": "unknown", "mail": "unknown"}
    assert ready(client) == (503, False, checks)
