"""The emails that a save causes: noted while it runs, or found out in advance by a save that is rolled back."""

import datetime as dt
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property

from django.db import transaction
from django.utils import timezone

from engagements.signals import emails_asked_for

_watch = ContextVar("watch", default=None)

WORDS = {
    "invitation": ("person you invite", "people you invite"),
    "moved": ("person about the new time or place", "people about the new time or place"),
    "cancelled": ("person", "people"),
    "removed": ("person you remove", "people you remove"),
    "action": ("action owner", "action owners"),
}
"""{kind of email: words for one recipient, words for several}."""


@dataclass(frozen=True)
class Email:
    """One email to one person, given by key and name. ``kind`` is a key of ``WORDS``; ``goes_at`` is when it is due."""

    person: int
    name: str
    kind: str
    goes_at: dt.datetime


@dataclass(frozen=True)
class Emails:
    """The emails that one save causes."""

    each: tuple[Email, ...] = ()

    def __bool__(self):
        return bool(self.each)

    @cached_property
    def names(self):
        """The names of the recipients, sorted."""
        return sorted({email.person: email.name for email in self.each}.values())

    @property
    def count(self):
        """The number of recipients."""
        return len(self.names)

    @property
    def people(self):
        """ "3 people you invite and 2 action owners"."""
        return in_a_list([_counted(kind, self._people_of(kind)) for kind in WORDS if self._people_of(kind)])

    def _people_of(self, kind):
        return len({email.person for email in self.each if email.kind == kind})

    @property
    def afterwards(self):
        """ "3 people will be emailed at 14:10."; "Nobody was emailed."."""
        if not self.each:
            return "Nobody was emailed."
        people = "1 person" if self.count == 1 else f"{self.count} people"
        first = min(email.goes_at for email in self.each)
        if first <= timezone.now():
            return f"{people} {'was' if self.count == 1 else 'were'} emailed."
        return f"{people} will be emailed at {timezone.localtime(first):%H:%M}."


def _counted(kind, number):
    one, many = WORDS[kind]
    return f"1 {one}" if number == 1 else f"{number} {many}"


def in_a_list(words):
    """ "Ana, Bo and Cy"."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


class Watch:
    """Collects the emails that a save causes, as ``keys`` that mean something only to the app that sends them."""

    def __init__(self):
        self.keys = []

    def emails(self) -> Emails:
        """Return those of the emails noted so far that will be sent."""
        for _, found in emails_asked_for.send(Watch, keys=self.keys) if self.keys else ():
            return Emails(tuple(found))
        return Emails()


@contextmanager
def watched():
    """Yield a ``Watch`` that collects the emails caused within the block."""
    watch = Watch()
    token = _watch.set(watch)
    try:
        yield watch
    finally:
        _watch.reset(token)


def note(keys):
    """Note emails that were written down: ``keys()`` returns their keys, which come back with ``emails_asked_for``.

    Outside ``watched`` it does nothing and does not call ``keys``.
    """
    if watch := _watch.get():
        watch.keys += keys()


class _UndoError(Exception):
    """Raised to roll a save back, once its emails are known."""


def would_email(save):
    """Call ``save()``, roll back everything it did, and return (its result, the ``Emails`` that it causes).

    So the emails announced before saving are the ones that saving sends. Raises what ``save`` raises.
    """
    with watched() as watch:
        try:
            with transaction.atomic():
                saved = save()
                found = watch.emails()
                raise _UndoError
        except _UndoError:
            return saved, found
