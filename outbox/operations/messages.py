"""What becomes of messages: claims kept, receipts of what was sent, and the rest written down as it was.

Whose emails they are hears of it in the same transaction, by the signal ``messages_settled``.
"""

from django.db import transaction

from outbox import statements as sql
from outbox.models import Message
from outbox.operations.bad_addresses import flag
from outbox.signals import messages_settled
from records.sql import run

AT_ONCE = 1000
"""Receipts that are applied in one transaction."""

State = Message.State


def still_mine(now, claimed) -> set[int]:
    """Renew the claim on these messages; returns the ids of those that nobody took over meanwhile."""
    return {row[0] for row in run(sql.STILL_MINE, now=now, **_keys(claimed))}


def receive(now, claimed, subject):
    """Write down that the mail server has taken a message: before the next is begun."""
    run(sql.RECEIVE, now=now, id=claimed.message_id, subject=subject[:300])


def apply_receipts() -> int:
    """Have all that was received be sent, and be counted. Returns how many things were told."""
    count, is_more = 0, True
    while is_more:
        with transaction.atomic():
            taken = run(sql.APPLY_RECEIPTS, limit=AT_ONCE)
            count += announce(State.SENT, [(pk, at) for pk, at in taken if at])
            is_more = len(taken) == AT_ONCE
    return count


@transaction.atomic
def record(now, claimed, *, state, subject="", error="", retry_at=None, is_refused=False, is_bad_address=False):
    """Write what became of messages that were not sent: ``state``, and why.

    With ``is_bad_address`` their addresses are noted as refused for good.
    """
    outcome = {"state": state, "retry_at": retry_at, "is_refused": is_refused}
    rows = run(sql.RECORD, now=now, **outcome, subject=subject[:300], error=error, **_keys(claimed))
    if state != State.WAITING:
        announce(state, [(pk, now) for (pk,) in rows], error)
    for (pk,) in rows if is_bad_address else ():
        flag(now, pk, error)


@transaction.atomic
def reopen(now, *, since, limit, error):
    """Let what was claimed before ``since`` and never recorded be tried again; after ``limit`` attempts it failed."""
    rows = run(sql.REOPEN, now=now, since=since, limit=limit, error=error)
    announce(State.FAILED, [(pk, now) for pk, is_last in rows if is_last], error)


def announce(state, settled, reason="") -> int:
    """Tell whose emails they are that these, pairs of an id and a moment, are settled. Returns how many things it was.

    Those are counted for monitors, if they were sent or should have been.
    """
    if not settled:
        return 0
    answers = messages_settled.send(sender=Message, state=state, settled=settled, reason=reason)
    count = sum(number or 0 for _, number in answers)
    if count and state != State.WITHDRAWN:
        run(sql.TALLY, name=str(state), count=count)
    return count


def _keys(claimed):
    return {"ids": [one.message_id for one in claimed], "attempts": [one.attempts for one in claimed]}
