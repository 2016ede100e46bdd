"""Sending what is due: claim, write, hand to the mail server, note what became of it."""

import logging
import time
from collections import Counter
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from outbox.smtp import WITHDRAWN, Outcome, SendAttempt, SmtpSender, in_words
from reminders import ledger
from reminders.letters import Letters
from reminders.models import Delivery, Message
from reminders.queries import Reason

logger = logging.getLogger(__name__)

BATCH = (25, 100, 500)
"""Messages claimed at once: at least, at first, at most. A worker that is killed gives no more than these back."""

A_BATCH_TAKES = 1
"""Seconds. Where it takes longer the next is smaller, so that what has just come to be due does not wait for long."""

BACK_OFF = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=25), *[timedelta(hours=1)] * 96]
"""Waits between attempts. After the last one a message has failed: four days, as mail servers wait (RFC 5321, 4.5.4.1),
so that what is wrong with a server on Friday evening can be put right on Monday."""

RENEW_AFTER = timedelta(minutes=2)
"""A batch that takes longer says that it is still at work."""

DATABASE_PATIENCE = 30
"""Seconds for which what was sent is tried to be written down while the database is away."""


def send_due(now=None) -> Counter:
    """Send all that is due, batch by batch until nothing is left. Returns how many deliveries came into which state."""
    counts, is_more = Counter(), True
    _, size, _ = BATCH
    ledger.retry(now or timezone.now())
    with SmtpSender() as carrier:
        while is_more and not carrier.unreached:
            began = time.monotonic()
            # Claimed for good before anything is sent: never inside somebody's transaction.
            with transaction.atomic(durable=True):
                claimed, settled = ledger.take(now or timezone.now(), size, settings.MAIL_PER_MINUTE)
            counts += settled
            counts += send_batch(carrier, claimed, now) if claimed else Counter()
            is_more = claimed or settled
            size = next_size(size, time.monotonic() - began)
    ledger.withdraw(now or timezone.now())
    return counts + Counter(unreached=bool(carrier.unreached))


def next_size(size, seconds) -> int:
    """How many to claim next, after a batch of ``size`` took so many seconds."""
    least, _, most = BATCH
    return min(size * 4, most) if seconds < A_BATCH_TAKES else max(size // 2, least)


def send_batch(carrier, claimed, now=None) -> Counter:
    """Send claimed messages, one after another. Returns how many went how.

    What became of one is written down before the next is handed over, while the server is told of its coming.
    """
    counts = Counter()
    for post in carrier.carry(posts_of(claimed, now)):
        counts[settle(post, now)] += 1
    if counts[Delivery.State.SENT]:
        retry_write(ledger.fold)
        ledger.unflag(claimed)
    return counts


def posts_of(claimed, now):
    """A ``Post`` for each of these messages that is still ours when its turn comes."""
    letters = Letters(claimed)
    mine, renewed = {message.message_id for message in claimed}, time.monotonic()
    for place, message in enumerate(claimed):
        if time.monotonic() - renewed > RENEW_AFTER.total_seconds():
            mine = retry_write(partial(ledger.still_mine, timezone.now(), claimed[place:]))
            renewed = time.monotonic()
        if message.message_id in mine:
            yield post_of(letters, message, now)


def post_of(letters, message, now) -> SendAttempt:
    """The letter of a message, ready to go; or the outcome where there is none."""
    try:
        letter = letters.letter_for(message, now or timezone.now())
    except Exception as error:
        # Whatever one address or one engagement is poisoned with must not stop the others.
        logger.exception("A reminder could not be written.")
        is_bad_address = isinstance(error, ValueError)
        return SendAttempt(message, outcome=Outcome(False, in_words(error), is_bad_address=is_bad_address))
    return SendAttempt(message, letter, None if letter else WITHDRAWN)


def settle(post, now) -> str:
    """Write down what became of a message; returns the state of its delivery, or "waiting" to be tried again."""
    message, outcome, moment = post.message, post.outcome, now or timezone.now()
    subject = post.letter.subject if post.letter else ""
    if outcome.is_sent:
        retry_write(partial(ledger.receive, moment, message, subject))
        return str(Delivery.State.SENT)
    if outcome is WITHDRAWN:
        fate = {"state": Message.State.WITHDRAWN, "delivery": Delivery.State.SKIPPED, "reason": Reason.NO_STEP}
    elif outcome.is_temporary and message.attempts <= len(BACK_OFF):
        retry_at = moment + BACK_OFF[message.attempts - 1]
        fate = {"state": Message.State.WAITING, "delivery": Delivery.State.CLAIMED, "retry_at": retry_at}
        fate["is_refused"] = outcome.is_refusal
    else:
        fate = {"state": Message.State.FAILED, "delivery": Delivery.State.FAILED, "reason": outcome.error}
    retry_write(partial(ledger.record, moment, [message], **fate, subject=subject, error=outcome.error))
    if outcome.is_bad_address:
        ledger.flag(moment, message.message_id, outcome.error)
    return str(fate["state"] if fate["state"] == Message.State.WAITING else fate["delivery"])


def retry_write(write):
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
