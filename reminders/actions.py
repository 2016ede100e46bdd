"""Verbs of reminders: plan, sweep (look again, claim, send, record), and the rules."""

import logging
import time
from collections import Counter
from datetime import timedelta
from functools import partial

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from partnership.history import verb
from reminders import ledger
from reminders.letters import Letters
from reminders.models import Delivery, Heartbeat, Message
from reminders.queries import Reason
from reminders.sending import SENT, WITHDRAWN, Carrier, Outcome, in_words

logger = logging.getLogger(__name__)

BATCH = 100
"""Messages claimed at once: a worker that is killed gives no more than these back."""

BACK_OFF = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=25), timedelta(hours=2), timedelta(hours=6)]
"""Waits between attempts. After the last one a message has failed."""

ABANDONED_AFTER = timedelta(minutes=10)
"""Who has claimed a message and said nothing for so long is dead."""

RENEW_AFTER = timedelta(minutes=2)
"""A batch that takes longer says that it is still at work."""

PLAN_EVERY = timedelta(minutes=1)
"""How often everything is planned, for what no signal has told."""

DATABASE_PATIENCE = 30
"""Seconds for which what was sent is tried to be written down while the database is away."""


def plan_for(engagement, *, now=None) -> bool:
    """Bring the deliveries of one engagement up to date, in the transaction that changed it; whether any is due now."""
    now = now or timezone.now()
    ledger.plan(now, [engagement.pk])
    return Delivery.objects.filter(engagement=engagement).due(now).exists()


def settle_deleted(subject):
    """Keep the deliveries about ``subject``, which is about to be deleted, without it; what waits does not go."""
    rows = subject.deliveries.all()
    now = timezone.now()
    rows.waiting().update(state=Delivery.State.SKIPPED, reason=Reason.DELETED, state_at=now)
    rows.update(**{subject.deliveries.field.name: None}, is_gone=True, title=str(subject)[:300])


@verb
def save_rule(rule, *, steps=(), removed=(), by):
    """Save a rule with its new and changed ``steps``, delete those ``removed``; the next sweep plans. Returns it."""
    rule.save()
    for step in removed:
        step.delete()
    for step in steps:
        step.rule, step.agreement_id = rule, rule.agreement_id
        step.save()
    plan_soon()
    return rule


@verb
def delete_rule(rule, *, by):
    """Delete a rule with its steps; what was sent by it stays in the ledger, what was planned is skipped."""
    rule.delete()
    plan_soon()


def plan_soon():
    """Have the next sweep plan everything.

    Not at once: planning many engagements in one transaction would hold up whoever is saving one of them.
    """
    Heartbeat.objects.filter(name="planning").delete()


def sweep(now=None, *, plan_everything=False) -> Counter:
    """Plan what is missing, give back what a dead worker held, and send all that is due.

    ``now`` stands still for the whole sweep where it is given. Returns how many deliveries came into which state.
    """
    note_alive("worker")
    moment = now or timezone.now()
    counts = Counter()
    if plan_everything or ledger.take_turn("planning", moment, PLAN_EVERY):
        counts += ledger.plan_all(moment)
    ledger.reopen(
        moment, since=moment - ABANDONED_AFTER, limit=len(BACK_OFF) + 1, error="the worker stopped while sending it"
    )
    return counts + send_due(now)


def send_due(now=None) -> Counter:
    """Send all that is due, batch by batch until nothing is left. Returns how many deliveries came into which state."""
    counts = Counter()
    ledger.retry(now or timezone.now())
    while not counts["unreached"]:
        # Claimed for good before anything is sent: never inside somebody's transaction.
        with transaction.atomic(durable=True):
            claimed, settled = ledger.take(now or timezone.now(), BATCH)
        counts += settled
        counts += send_batch(claimed, now) if claimed else Counter()
        if not claimed and not settled:
            break
    ledger.withdraw(now or timezone.now())
    return counts


def send_batch(claimed, now=None) -> Counter:
    """Send claimed messages over one connection, each recorded right after it. Returns how many went how."""
    counts, letters, outcome = Counter(), Letters(claimed), SENT
    mine, renewed = {message.message_id for message in claimed}, time.monotonic()
    with Carrier() as carrier:
        for place, message in enumerate(claimed):
            if time.monotonic() - renewed > RENEW_AFTER.total_seconds():
                mine, renewed = ledger.still_mine(timezone.now(), claimed[place:]), time.monotonic()
            if message.message_id not in mine:
                continue
            letter = None
            if outcome.is_connected:
                letter, outcome = carry(carrier, letters, message, now)
            counts[settle(message, letter, outcome, now)] += 1
    counts["unreached"] += not outcome.is_connected
    return counts


def carry(carrier, letters, message, now):
    """Write a letter and hand it over; returns the letter (None where it could not be written) and the outcome."""
    try:
        letter = letters.letter_for(message, now or timezone.now())
    except Exception as error:
        # Whatever one address or one engagement is poisoned with must not stop the others.
        logger.exception("A reminder could not be written.")
        return None, Outcome(is_sent=False, error=in_words(error))
    return letter, carrier.send(letter) if letter else WITHDRAWN


def settle(message, letter, outcome, now) -> str:
    """Write down what became of a message; returns the state of its delivery, or "waiting" to be tried again."""
    moment = now or timezone.now()
    words = {"subject": letter.subject if letter else "", "error": outcome.error}
    if outcome is WITHDRAWN:
        fate = {"state": Message.State.WITHDRAWN, "delivery": Delivery.State.SKIPPED, "reason": Reason.NO_STEP}
    elif outcome.is_sent:
        fate = {"state": Message.State.SENT, "delivery": Delivery.State.SENT}
    elif outcome.is_temporary and message.attempts <= len(BACK_OFF):
        retry_at = moment + BACK_OFF[message.attempts - 1]
        fate = {"state": Message.State.WAITING, "delivery": Delivery.State.CLAIMED, "retry_at": retry_at}
    else:
        fate = {"state": Message.State.FAILED, "delivery": Delivery.State.FAILED, "reason": outcome.error}
    insist(partial(ledger.record, moment, [message], **fate, **words))
    return str(fate["state"] if fate["state"] == Message.State.WAITING else fate["delivery"])


def insist(write):
    """Do ``write``, again and again while the database is away for a moment: what was sent must not be sent again."""
    deadline = time.monotonic() + DATABASE_PATIENCE
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > deadline:
                raise
            connection.close()
            time.sleep(0.5)


def note_alive(name):
    """Note that ``name`` ("worker", "beat") is alive now."""
    heartbeat = Heartbeat(name=name, at=timezone.now())
    Heartbeat.objects.bulk_create([heartbeat], update_conflicts=True, unique_fields=["name"], update_fields=["at"])
