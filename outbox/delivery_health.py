"""Whether emails have stopped going out: nobody notices an email that does not come."""

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
"""A worker or a beat seen this recently is running: it may miss four signs of life."""

LATE = timedelta(minutes=5)
"""A sweep this long ago, or a delivery this long overdue, is silence: 15 sweeps were missed."""

KEPT = 30
"""Seconds for which a process remembers what it saw, so that the pages of leads do not ask each time."""

# An email that was tried three times is a sign that the mail server is away. Fewer are common: a server that does not
# know us may ask us to come back in five minutes (greylisting). A mailbox that is full (4.2.2) is its owner's affair.
UNSENT = r"""
    SELECT error FROM outbox_message
    WHERE state = 'waiting' AND (is_refused OR (attempts >= 3 AND error !~ '^4\d\d 4\.[12]\.'))
    ORDER BY retry_at, id
    LIMIT 1"""
"""Why an email waits that the mail server refuses for good, whatever the address, or has not taken for some time."""

_SEEN = Template("""
    SELECT name, at, '' FROM outbox_heartbeat
    UNION ALL
    (SELECT 'oldest due', min(at), '' FROM ($oldest) due (at) HAVING min(at) IS NOT NULL)
    UNION ALL
    (SELECT 'unsent', NULL, error FROM ($unsent) unsent)""")


@dataclass(frozen=True)
class Seen:
    """When worker, beat, sweep and check were last seen, and since when the oldest delivery is due; None: never.

    ``unsent`` is why the mail server has not taken an email that waits; "" where none waits for it.
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
        """What to tell leads; "" where all is well."""
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
        """Which process has stopped, of those that have emails sent."""
        stopped = [name for name in ("worker", "beat") if not is_alive(self.at.get(name), self.now)]
        if not stopped:
            return "The worker is running but does not finish its work."
        return f"The {' and the '.join(stopped)} {'have' if stopped[1:] else 'has'} stopped."


def is_alive(at, now):
    """Whether a process that was last seen then (None: never) is running."""
    return at is not None and now - at < ALIVE


def sentence_of_unsent(error):
    """What to tell leads of an email that the mail server did not take for this reason, which may name a person."""
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
    """Check, by one short query."""
    now = now or timezone.now()
    oldest = " UNION ALL ".join(f"({source.oldest_due})" for source in sources())
    rows = run(_SEEN.substitute(oldest=oldest, unsent=UNSENT), now=now)
    unsent = next((error or "?" for name, _, error in rows if name == "unsent"), "")
    return Seen(now, {name: at for name, at, _ in rows if name != "unsent"}, unsent)


_memory = {"until": 0.0, "sentence": ""}


def sentence_of_late() -> str:
    """What to tell leads, as it was seen within the last half minute; "" where all is well."""
    if not settings.WATCH_SILENCE:
        return ""
    if time.monotonic() >= _memory["until"]:
        _memory.update(sentence=check().sentence, until=time.monotonic() + KEPT)
    return _memory["sentence"]
