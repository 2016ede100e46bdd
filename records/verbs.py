"""``@verb`` marks an operation that changes records: one transaction, which the history records by name."""

from contextvars import ContextVar
from functools import partial, wraps

import pghistory
from django.db import transaction

from records.memberships import keys_of_parties

PAST = {}
"""{name of an operation: its first word in the past tense, or ""}."""

_in_a_verb = ContextVar("in_a_verb", default=False)


def verb(function=None, *, past=""):
    """Make an operation atomic, and record in the history its name, who ran it (``by``, a user or None) and for whom.

    Every operation takes ``by`` as a keyword. Its name in the history is the function's, in words. An operation that
    runs inside another is recorded under the outer one's name. ``past`` is the first word in the past tense, "archived"
    for ``archive_workstream``; without it the history says "added", "changed" or "deleted". The parties that the user
    acts for are recorded too, since these may change later.
    """
    if function is None:
        return partial(verb, past=past)
    name = function.__name__.replace("_", " ")
    PAST[name] = past

    @wraps(function)
    def act(*args, by, **kwargs):
        outer = _in_a_verb.get()
        context = {} if outer else {"verb": name}
        if by:
            context["user"] = by.pk
        if by and not outer:
            context["parties"] = keys_of_parties(by)
        token = _in_a_verb.set(True)
        try:
            with transaction.atomic(), pghistory.context(**context):
                return function(*args, by=by, **kwargs)
        finally:
            _in_a_verb.reset(token)

    return act
