"""Heartbeats of processes, and turns for work that one worker does at a time."""

from datetime import timedelta

from django.utils import timezone

from outbox import statements as sql
from outbox.models import Heartbeat
from records.sql import run


def note_alive(name):
    """Note that ``name`` ("worker", "beat", "sweep") is alive now."""
    heartbeat = Heartbeat(name=name, at=timezone.now())
    Heartbeat.objects.bulk_create([heartbeat], update_conflicts=True, unique_fields=["name"], update_fields=["at"])


def take_turn(name, now, every: timedelta) -> bool:
    """Take the turn to do ``name``, which one worker does once in ``every``. Returns whether the turn is ours."""
    return bool(run(sql.TURN, name=name, now=now, before=now - every))
