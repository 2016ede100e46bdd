"""Sending what is due: claim, write, hand to the mail server, note what became of it."""

import logging
import time
from collections import Counter
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from outbox import statements as sql
from outbox.models import Message
from outbox.operations import bad_addresses, messages
from outbox.operations.heartbeats import note_alive
from outbox.smtp import WITHDRAWN, Outcome, SendAttempt, SmtpSender, in_words
from outbox.sources import sources
from records.sql import run

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

MOST_KILLED = 6
"""Attempts after which a message has failed over which the worker stopped: it may be the message that stops it."""

ABANDONED_AFTER = timedelta(minutes=10)
"""Who has claimed a message and said nothing for so long is dead."""

DATABASE_PATIENCE = 30
"""Seconds for which what was sent is tried to be written down while the database is away."""


def sweep(now=None) -> Counter:
    """Give back what a dead worker held, and send all that is due. Returns as ``send_due`` does."""
    moment = now or timezone.now()
    messages.apply_receipts()
    since = moment - ABANDONED_AFTER
    messages.reopen(moment, since=since, limit=MOST_KILLED, error="the worker stopped while sending it")
    counts = send_due(now)
    note_alive("sweep")
    return counts


def send_due(now=None) -> Counter:
    """Send all that is due, batch by batch until nothing is left. Returns how much came into which state.

    Each source has its turn before any has a second one, so that nobody waits for a password until a thousand reminders
    have gone. ``now`` stands still where it is given.
    """
    counts, is_more = Counter(), True
    _, size, _ = BATCH
    for source in sources():
        source.retry(now or timezone.now())
    with SmtpSender() as sender:
        while is_more and not sender.unreached:
            is_more, began = False, time.monotonic()
            for source in sources():
                done, had_any = _send_some(source, sender, size, now)
                counts, is_more = counts + done, is_more or had_any
            size = next_size(size, time.monotonic() - began)
    for source in sources():
        source.withdraw(now or timezone.now())
    return counts + Counter(unreached=bool(sender.unreached))


def _send_some(source, sender, size, now):
    """Send one batch of a source. Returns how much came into which state, and whether there was anything to do."""
    moment = now or timezone.now()
    # Claimed for good before anything is sent: never inside somebody's transaction.
    with transaction.atomic(durable=True):
        claimed, settled = source.claim(moment, size, partial(allow, moment))
    counts = settled + (send_batch(sender, source.renderer(claimed), claimed, now) if claimed else Counter())
    return counts, bool(claimed) or any(settled.values())


def allow(now, wanted) -> int:
    """How many of ``wanted`` messages may go in this minute (MAIL_PER_MINUTE); they are then counted as gone."""
    limit = settings.MAIL_PER_MINUTE
    if not limit:
        return wanted
    [(taken,)] = run(sql.TAKEN, now=now)
    allowed = max(0, min(wanted, limit - taken))
    run(sql.ALLOWED, allowed=allowed)
    return allowed


def next_size(size, seconds) -> int:
    """How many to claim next, after a batch of ``size`` took so many seconds."""
    least, _, most = BATCH
    return min(size * 4, most) if seconds < A_BATCH_TAKES else max(size // 2, least)


def send_batch(sender, renderer, claimed, now=None) -> Counter:
    """Send claimed messages, one after another. Returns how many went how.

    What became of one is written down before the next is begun.
    """
    counts = Counter()
    for attempt in sender.carry(attempts_of(renderer, claimed, now)):
        counts[settle(attempt, now)] += 1
    if counts[Message.State.SENT]:
        retry_write(messages.apply_receipts)
        bad_addresses.unflag(claimed)
    return counts


def attempts_of(renderer, claimed, now):
    """A ``SendAttempt`` for each of these messages that is still ours when its turn comes."""
    mine, renewed = {message.message_id for message in claimed}, time.monotonic()
    for place, message in enumerate(claimed):
        if time.monotonic() - renewed > RENEW_AFTER.total_seconds():
            mine = retry_write(partial(messages.still_mine, timezone.now(), claimed[place:]))
            renewed = time.monotonic()
        if message.message_id in mine:
            yield attempt_of(renderer, message, now)


def attempt_of(renderer, message, now) -> SendAttempt:
    """The email of a message, ready to go; or the outcome where there is none."""
    try:
        email = renderer.render(message, now or timezone.now())
    except Exception as error:
        # Whatever one address or one record is poisoned with must not stop the others.
        logger.exception("An email could not be written.")
        is_bad_address = isinstance(error, ValueError)
        return SendAttempt(message, outcome=Outcome(False, in_words(error), is_bad_address=is_bad_address))
    return SendAttempt(message, email, None if email else WITHDRAWN)


def settle(attempt, now) -> str:
    """Write down what became of a message; returns the state that it is in."""
    message, outcome, moment = attempt.message, attempt.outcome, now or timezone.now()
    subject = attempt.email.subject if attempt.email else ""
    if outcome.is_sent:
        retry_write(partial(messages.receive, moment, message, subject))
        return str(Message.State.SENT)
    became = {"state": Message.State.FAILED, "is_bad_address": outcome.is_bad_address}
    if outcome is WITHDRAWN:
        became = {"state": Message.State.WITHDRAWN}
    elif outcome.is_temporary and message.attempts <= len(BACK_OFF):
        retry_at = moment + BACK_OFF[message.attempts - 1]
        became = {"state": Message.State.WAITING, "retry_at": retry_at, "is_refused": outcome.is_refusal}
    retry_write(partial(messages.record, moment, [message], **became, subject=subject, error=outcome.error))
    return str(became["state"])


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
