"""Verbs: the operations that change records. Each is one transaction, and history knows it by name."""

from contextvars import ContextVar
from functools import partial, wraps

import pghistory
from django.db import transaction

from records.memberships import keys_of_parties

PAST = {}
"""{name of a verb: its first word in the past tense, or ""}."""

_in_a_verb = ContextVar("in_a_verb", default=False)


def verb(function=None, *, past=""):
    """Make an operation atomic, and write its name, who did it (``by``, a user or None) and for whom into the history.

    Every verb takes ``by`` as a keyword. The name in history is the function's, in words; of a verb within a verb, the
    outer one's. ``past`` is its first word as history tells it: "archived" of ``archive_workstream``; without one
    ("save") history says no more than what changed. The parties that the user acts for are kept too: they may act for
    others later.
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
