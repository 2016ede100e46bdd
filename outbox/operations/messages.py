"""Records the outcomes of messages: renewed claims, receipts of sent ones, and all other outcomes.

The signal ``messages_settled`` notifies the apps whose emails they are, in the same transaction.
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
    """Renew the claim on these messages. Returns the ids of those that no other worker has taken over."""
    return {row[0] for row in run(sql.STILL_MINE, now=now, **_keys(claimed))}


def receive(now, claimed, subject):
    """Note that the mail server accepted a message, before the next one is started."""
    run(sql.RECEIVE, now=now, id=claimed.message_id, subject=subject[:300])


def apply_receipts() -> int:
    """Mark all messages with a receipt as sent, and count them. Returns how many deliveries they carried."""
    count, is_more = 0, True
    while is_more:
        with transaction.atomic():
            taken = run(sql.APPLY_RECEIPTS, limit=AT_ONCE)
            count += announce(State.SENT, [(pk, at) for pk, at in taken if at])
            is_more = len(taken) == AT_ONCE
    return count


@transaction.atomic
def record(now, claimed, *, state, subject="", error="", retry_at=None, is_refused=False, is_bad_address=False):
    """Record the ``state`` of messages that were not sent, and the reason (``error``).

    With ``is_bad_address`` their addresses are flagged as refused for good.
    """
    outcome = {"state": state, "retry_at": retry_at, "is_refused": is_refused}
    rows = run(sql.RECORD, now=now, **outcome, subject=subject[:300], error=error, **_keys(claimed))
    if state != State.WAITING:
        announce(state, [(pk, now) for (pk,) in rows], error)
    for (pk,) in rows if is_bad_address else ():
        flag(now, pk, error)


@transaction.atomic
def reopen(now, *, since, limit, error):
    """Retry messages that were claimed before ``since`` and never recorded. After ``limit`` attempts they fail."""
    rows = run(sql.REOPEN, now=now, since=since, limit=limit, error=error)
    announce(State.FAILED, [(pk, now) for pk, is_last in rows if is_last], error)


def announce(state, settled, reason="") -> int:
    """Send ``messages_settled`` for messages, pairs of an id and a time. Returns how many deliveries they carried.

    The deliveries are counted for monitoring, unless they were withdrawn.
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
