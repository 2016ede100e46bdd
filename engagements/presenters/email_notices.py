"""Whom saving something emails: watched while it is saved, or found out before by saving it and undoing that."""

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
"""{kind of email: who gets it, of one and of several}."""

NAMED = 3
"""So many people are named in a sentence."""


@dataclass(frozen=True)
class Email:
    """One thing that one person is emailed."""

    person: int
    name: str
    kind: str
    goes_at: dt.datetime


@dataclass(frozen=True)
class Emails:
    """The emails that a saving causes."""

    each: tuple[Email, ...] = ()

    def __bool__(self):
        return bool(self.each)

    @cached_property
    def names(self):
        """The names of those who get one, in order."""
        return sorted({email.person: email.name for email in self.each}.values())

    @property
    def count(self):
        """How many people get one."""
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
    """What a saving emails, as far as it has come. ``keys`` are the affair of the app that emails."""

    def __init__(self):
        self.keys = []

    def emails(self) -> Emails:
        """The emails so far that will go."""
        for _, found in emails_asked_for.send(Watch, keys=self.keys) if self.keys else ():
            return Emails(tuple(found))
        return Emails()


@contextmanager
def watched():
    """Yield a ``Watch`` of what is saved within the block."""
    watch = Watch()
    token = _watch.set(watch)
    try:
        yield watch
    finally:
        _watch.reset(token)


def note(keys):
    """Say that something was written that will be emailed; ``keys`` come back with ``emails_asked_for``."""
    if watch := _watch.get():
        watch.keys += keys()


class _UndoError(Exception):
    """All that was looked for is known."""


def would_email(save):
    """(what ``save()`` returns, the ``Emails`` that it causes): it is called, and all that it did is undone.

    So what is said before saving is what saving does. Raises what ``save`` raises.
    """
    with watched() as watch:
        try:
            with transaction.atomic():
                saved = save()
                found = watch.emails()
                raise _UndoError
        except _UndoError:
            return saved, found
