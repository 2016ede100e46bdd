"""Where allauth counts: in the database, whatever becomes of Redis."""

import datetime as dt
import threading

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from accounts.models import Count
from accounts.tasks import clear_sessions_and_counts


def test_what_is_kept_is_found_again_as_it_was(db):
    for value in ([], [1.5, 2], {"a": "ü"}, True, None, "text"):
        cache.set("key", value, 60)
        assert cache.get("key", "nothing") == value
    cache.set("other", 2)
    assert cache.get("key") == "text"
    assert cache.delete("key")
    assert not cache.delete("key")
    assert cache.get("key", "nothing") == "nothing"
    cache.clear()
    assert not Count.objects.exists()


def test_what_has_run_out_is_not_found_and_its_lock_is_free(db):
    with time_machine.travel(dt.datetime(2026, 12, 1, tzinfo=dt.UTC), tick=False) as clock:
        assert cache.add("lock", 1, 10)
        assert not cache.add("lock", 2, 10)
        clock.shift(10)
        assert cache.get("lock") is None
        assert cache.add("lock", 3, 10)
        assert cache.get("lock") == 3


def test_of_several_that_ask_for_a_lock_at_once_one_gets_it(transactional_db):
    got, together = [], threading.Barrier(6)

    def ask():
        together.wait()
        got.append(cache.add("lock", True, 10))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False] * 5 + [True]


def test_it_is_text_that_cannot_run(db):
    cache.set("key", [1.5])
    assert Count.objects.get().value == "[1.5]"
    with pytest.raises(TypeError):
        cache.set("key", object())


def test_what_has_run_out_is_removed_at_night(db):
    cache.set("old", 1, 1)
    cache.set("new", 1, 3600)
    Count.objects.filter(key__contains="old").update(expires_at=timezone.now())
    clear_sessions_and_counts()
    assert [row.key for row in Count.objects.all()] == [cache.make_key("new")]


def test_sessions_that_have_ended_are_removed_at_night_and_others_stay(cast, client, sign_in, settings):
    sign_in(cast.officer)
    session = client.session
    ended = type(session)()
    ended.set_expiry(-1)
    ended.save()
    clear_sessions_and_counts()
    assert not ended.exists(ended.session_key)
    assert session.exists(session.session_key)
    nightly = settings.CELERY_BEAT_SCHEDULE["clear"]
    assert (nightly["task"], nightly["schedule"].hour) == ("accounts.tasks.clear_sessions_and_counts", {3})
