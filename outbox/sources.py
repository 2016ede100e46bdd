"""Where emails come from: the apps above register what they have to send, and the outbox asks each in turn."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class ClaimedMessage:
    """A message that is ours to send now: at which attempt, and when its row was made."""

    message_id: int
    attempts: int
    created_at: datetime


class Renderer(Protocol):
    """Writes the emails of claimed messages, having read what they need at once."""

    def render(self, claimed, now):
        """The ``RenderedEmail`` of one of them; None where there is nothing to say any more.

        ValueError where its address cannot be one.
        """


class EmailSource(Protocol):
    """Something that has emails to send. Sources are asked in the order of their ``priority``, lowest first."""

    priority: int

    oldest_due: str
    """A SELECT of since when the oldest of its emails is due, by ``%(now)s``: one row of one column, or none."""

    def retry(self, now):
        """Have what waited for another attempt be due again, once its time has come."""

    def claim(self, now, limit, allow):
        """Claim what at most ``limit`` due things need, in the caller's transaction; nobody else then gets it.

        ``allow(number)`` says how many of so many messages may go now. Returns the claimed messages (objects with what
        ``ClaimedMessage`` has) and a Counter of the states into which the rest came, both empty once nothing is due.
        """

    def renderer(self, claimed):
        """The ``Renderer`` of these claimed messages."""

    def withdraw(self, now):
        """Close waiting messages of which nothing is to go any more."""

    def figures(self, now):
        """(name, help, value) of each gauge that monitors are told of it."""

    def messages_visible_to(self, user):
        """The condition by which ``user`` may see its messages."""


_SOURCES = []


def register(source):
    """Add a source, in the ``ready`` of its app."""
    _SOURCES.append(source)
    _SOURCES.sort(key=lambda one: one.priority)


def sources() -> list[EmailSource]:
    """All that are registered, the most urgent first."""
    return list(_SOURCES)
