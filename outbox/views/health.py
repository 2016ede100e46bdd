"""Health checks for load balancers and monitoring, without a session or a sign-in."""

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from outbox.delivery_health import UNSENT, is_alive, sentence_of_unsent

ANSWER_WITHIN = 2
"""Seconds that PostgreSQL may take to answer. Its library does not support less than 2."""


@require_safe
@never_cache
def live(request):
    """The process answers. Nothing else is checked."""
    return JsonResponse({"ok": True})


@require_safe
@never_cache
def ready(request):
    """Answer 200 if database, queue, worker and beat are running and emails are sent; else 503 with the faults."""
    checks = check_database() | {"redis": redis_answers()}
    order = ("database", "redis", "worker", "beat", "mail")
    is_well = all(checks[name] is True for name in order)
    body = {"ok": is_well, "checks": {name: checks[name] for name in order}}
    return JsonResponse(body, status=200 if is_well else 503)


def check_database():
    """Check the database over a connection of its own, and worker, beat and emails by its data. True means well."""
    fresh = connection.copy()
    fresh.settings_dict["OPTIONS"] = {**fresh.settings_dict["OPTIONS"], "connect_timeout": ANSWER_WITHIN}
    try:
        with fresh.cursor() as cursor:
            cursor.execute("SELECT name, at FROM outbox_heartbeat")
            seen = dict(cursor.fetchall())
            cursor.execute(UNSENT)
            unsent = cursor.fetchone()
    except DatabaseError:
        return {"database": False} | dict.fromkeys(("worker", "beat", "mail"), "unknown")
    finally:
        fresh.close()
    alive = {name: is_alive(seen.get(name), timezone.now()) for name in ("worker", "beat")}
    return {"database": True, **alive, "mail": sentence_of_unsent(unsent[0]) if unsent else True}


def redis_answers():
    """Whether Redis answers within half a second."""
    limits = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "retry": Retry(NoBackoff(), 0)}
    try:
        with redis.Redis.from_url(settings.REDIS_URL, **limits) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError):
        return False


urlpatterns = [path("live", live, name="health_live"), path("ready", ready, name="health_ready")]
