"""Whether reminders have fallen silent: nobody notices a mail that does not come."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from reminders.database import run

LATE = timedelta(minutes=5)
"""A sweep this long ago, or a delivery this long overdue, is silence: 15 sweeps were missed."""

KEPT = 30
"""Seconds for which a process remembers what it saw, so that the pages of leads do not ask each time."""

# The oldest that is due is found by its index.
_SEEN = """
    SELECT name, at FROM reminders_heartbeat
    UNION ALL
    (SELECT 'oldest due', goes_at FROM reminders_delivery
     WHERE state = 'planned' AND goes_at <= %(now)s ORDER BY goes_at, id LIMIT 1)"""


@dataclass(frozen=True)
class Seen:
    """When worker, beat, sweep and check were last seen, and since when the oldest delivery is due; None: never."""

    now: datetime
    at: dict

    @property
    def lag(self):
        """Seconds by which the oldest due delivery is late."""
        due = self.at.get("oldest due")
        return (self.now - due).total_seconds() if due else 0

    @property
    def sentence(self):
        """What to tell leads; "" where all is well."""
        swept = self.at.get("sweep")
        if swept and self.now - swept > LATE:
            return f"Reminders have not been sent since {in_words(swept)}: the worker or the beat has stopped."
        if self.lag > LATE.total_seconds():
            return f"Reminders are late: the oldest was due on {in_words(self.at['oldest due'])}."
        return ""


def in_words(moment):
    """ "12 May 2026 at 09:00"."""
    return f"{timezone.localtime(moment):%-d %B %Y at %H:%M}"


def look(now=None) -> Seen:
    """Look, by one short query."""
    now = now or timezone.now()
    return Seen(now, dict(run(_SEEN, now=now)))


_memory = {"until": 0.0, "sentence": ""}


def sentence_of_late() -> str:
    """What to tell leads, as it was seen within the last half minute; "" where all is well."""
    if not settings.WATCH_SILENCE:
        return ""
    if time.monotonic() >= _memory["until"]:
        _memory.update(sentence=look().sentence, until=time.monotonic() + KEPT)
    return _memory["sentence"]
