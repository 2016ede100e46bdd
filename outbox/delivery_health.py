"""Checks that emails are still being sent: nobody notices an email that does not arrive."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from string import Template

from django.conf import settings
from django.utils import timezone

from outbox.refusals import in_short
from outbox.sources import sources
from records.sql import run

ALIVE = timedelta(seconds=90)
"""A worker or beat seen this recently is running: it may miss four heartbeats."""

LATE = timedelta(minutes=5)
"""Leads are warned when the last sweep is this long ago (15 were missed) or a delivery is this overdue."""

KEPT = 30
"""Seconds for which a process caches the warning, so that pages for leads do not query each time."""

# Three failed attempts to send an email suggest that the mail server is down. Fewer are common: a server that does not
# know us may ask us to try again in five minutes (greylisting). A full mailbox (4.2.2) is its owner's concern.
UNSENT = r"""
    SELECT error FROM outbox_message
    WHERE state = 'waiting' AND (is_refused OR (attempts >= 3 AND error !~ '^4\d\d 4\.[12]\.'))
    ORDER BY retry_at, id
    LIMIT 1"""
"""SELECT of the error of a waiting email that the server refuses whatever the address, or has not accepted for long."""

_SEEN = Template("""
    SELECT name, at, '' FROM outbox_heartbeat
    UNION ALL
    (SELECT 'oldest due', min(at), '' FROM ($oldest) due (at) HAVING min(at) IS NOT NULL)
    UNION ALL
    (SELECT 'unsent', NULL, error FROM ($unsent) unsent)""")


@dataclass(frozen=True)
class Seen:
    """The state of sending at ``now``.

    ``at`` is {"worker", "beat", "sweep" or "check": when it was last seen; "oldest due": since when the oldest delivery
    is due}, without those never seen. ``unsent`` is why the server has not accepted a waiting email; "" for none.
    """

    now: datetime
    at: dict
    unsent: str = ""

    @property
    def lag(self):
        """Seconds by which the oldest due delivery is late."""
        due = self.at.get("oldest due")
        return (self.now - due).total_seconds() if due else 0

    @property
    def sentence(self):
        """A warning for leads; "" where all is well."""
        swept = self.at.get("sweep")
        if swept and self.now - swept > LATE:
            return f"No emails have been sent since {in_words(swept)}. {self._stopped}"
        if self.unsent:
            return sentence_of_unsent(self.unsent)
        if self.lag > LATE.total_seconds():
            return f"Emails are late. The oldest was due on {in_words(self.at['oldest due'])}."
        return ""

    @property
    def _stopped(self):
        """A sentence that names the processes that have stopped."""
        stopped = [name for name in ("worker", "beat") if not is_alive(self.at.get(name), self.now)]
        if not stopped:
            return "The worker is running but does not finish its work."
        return f"The {' and the '.join(stopped)} {'have' if stopped[1:] else 'has'} stopped."


def is_alive(at, now):
    """Whether a process that was last seen ``at`` (None: never) is running."""
    return at is not None and now - at < ALIVE


def sentence_of_unsent(error):
    """A warning for leads about an email that was not accepted. It has only codes: ``error`` may name a person."""
    codes = in_short(error)
    if codes.startswith("5"):
        return f"The mail server is refusing our emails ({codes}). They are kept and tried again every hour."
    if codes:
        return f"The mail server is not taking our emails ({codes}). They are kept and tried again every hour."
    return "The mail server cannot be reached. Emails are kept and tried again every hour."


def in_words(moment):
    """ "12 May 2026 at 09:00"."""
    return f"{timezone.localtime(moment):%-d %B %Y at %H:%M}"


def check(now=None) -> Seen:
    """Read the state of sending by one short query."""
    now = now or timezone.now()
    oldest = " UNION ALL ".join(f"({source.oldest_due})" for source in sources())
    rows = run(_SEEN.substitute(oldest=oldest, unsent=UNSENT), now=now)
    unsent = next((error or "?" for name, _, error in rows if name == "unsent"), "")
    return Seen(now, {name: at for name, at, _ in rows if name != "unsent"}, unsent)


_memory = {"until": 0.0, "sentence": ""}


def sentence_of_late() -> str:
    """A warning for leads, cached for half a minute; "" where all is well."""
    if not settings.WATCH_SILENCE:
        return ""
    if time.monotonic() >= _memory["until"]:
        _memory.update(sentence=check().sentence, until=time.monotonic() + KEPT)
    return _memory["sentence"]
