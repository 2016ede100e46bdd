"""Sources of emails. The apps above register theirs, and the outbox asks each in turn for emails to send."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class ClaimedMessage:
    """A message that is ours to send now, with the number of the attempt and the time at which its row was made."""

    message_id: int
    attempts: int
    created_at: datetime


class Renderer(Protocol):
    """Renders the emails of claimed messages. It reads the data for all of them at once."""

    def render(self, claimed, now):
        """Return the ``RenderedEmail`` of one message; None where it is no longer needed.

        Raises ValueError where its address is invalid.
        """


class EmailSource(Protocol):
    """A source of emails. Sources are asked in the order of their ``priority``, lowest first."""

    priority: int

    oldest_due: str
    """A SELECT of when the oldest of its emails due by ``%(now)s`` became due: one column, and one row or none."""

    def retry(self, now):
        """Make emails that wait for another attempt due again, once their time has come."""

    def claim(self, now, limit, allow):
        """Claim the messages for at most ``limit`` due items, in the caller's transaction. No other worker gets them.

        ``allow(number)`` returns how many of ``number`` messages may be sent now. Returns the claimed messages (objects
        with the fields of ``ClaimedMessage``) and a Counter of the states of the rest. Both are empty once none is due.
        """

    def renderer(self, claimed):
        """Return the ``Renderer`` of these claimed messages."""

    def withdraw(self, now):
        """Withdraw waiting messages that have nothing left to send."""

    def figures(self, now):
        """Yield (name, help, value) of each of its gauges for monitoring."""

    def messages_visible_to(self, user):
        """Return the condition (``Q``) on its messages that ``user`` may see."""


_SOURCES = []


def register(source):
    """Add a source. Its app does this in ``ready``."""
    _SOURCES.append(source)
    _SOURCES.sort(key=lambda one: one.priority)


def sources() -> list[EmailSource]:
    """All registered sources, the most urgent first."""
    return list(_SOURCES)
