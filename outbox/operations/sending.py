"""Sends what is due: claims messages, renders them, hands them to the mail server and records the outcome."""

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
"""Messages claimed at once: minimum, initial, maximum. A killed worker leaves no more than these unsent."""

A_BATCH_TAKES = 1
"""Seconds. After a slower batch the next one is smaller, so that newly due emails do not wait long."""

BACK_OFF = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=25), *[timedelta(hours=1)] * 96]
"""Waits between attempts. After the last one a message has failed: four days in all, as mail servers wait (RFC 5321,
4.5.4.1), so that a server's fault on Friday evening can be repaired on Monday."""

RENEW_AFTER = timedelta(minutes=2)
"""A batch that takes longer renews its claims."""

MOST_KILLED = 6
"""A message fails after this many attempts if the worker stopped during the last: it may be the cause."""

ABANDONED_AFTER = timedelta(minutes=10)
"""A worker that has not renewed its claim for this long counts as dead."""

DATABASE_PATIENCE = 30
"""Seconds for which writing an outcome is retried while the database is unavailable."""


def sweep(now=None) -> Counter:
    """Release the messages of dead workers, and send all that is due. Returns the same as ``send_due``."""
    moment = now or timezone.now()
    messages.apply_receipts()
    since = moment - ABANDONED_AFTER
    messages.reopen(moment, since=since, limit=MOST_KILLED, error="the worker stopped while sending it")
    counts = send_due(now)
    note_alive("sweep")
    return counts


def send_due(now=None) -> Counter:
    """Send all that is due, batch by batch until nothing is left.

    Each source has its turn before any has a second one, so that nobody waits for a password until a thousand reminders
    are sent. A given ``now`` is used throughout. Returns a Counter of the states reached, with ``unreached`` where the
    mail server could not be reached.
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
    """Send one batch of a source. Returns a Counter of the states reached, and whether there was anything to do."""
    moment = now or timezone.now()
    # The claim is committed before anything is sent: never inside another transaction.
    with transaction.atomic(durable=True):
        claimed, settled = source.claim(moment, size, partial(allow, moment))
    counts = settled + (send_batch(sender, source.renderer(claimed), claimed, now) if claimed else Counter())
    return counts, bool(claimed) or any(settled.values())


def allow(now, wanted) -> int:
    """Return how many of ``wanted`` messages may be sent in this minute (MAIL_PER_MINUTE), and count them as sent."""
    limit = settings.MAIL_PER_MINUTE
    if not limit:
        return wanted
    [(taken,)] = run(sql.TAKEN, now=now)
    allowed = max(0, min(wanted, limit - taken))
    run(sql.ALLOWED, allowed=allowed)
    return allowed


def next_size(size, seconds) -> int:
    """How many messages to claim next, after a batch of ``size`` took ``seconds``."""
    least, _, most = BATCH
    return min(size * 4, most) if seconds < A_BATCH_TAKES else max(size // 2, least)


def send_batch(sender, renderer, claimed, now=None) -> Counter:
    """Send claimed messages, one after another. Returns a Counter of their states.

    Each outcome is recorded before the next message is started.
    """
    counts = Counter()
    for attempt in sender.carry(attempts_of(renderer, claimed, now)):
        counts[settle(attempt, now)] += 1
    if counts[Message.State.SENT]:
        retry_write(messages.apply_receipts)
        bad_addresses.unflag(claimed)
    return counts


def attempts_of(renderer, claimed, now):
    """Yield a ``SendAttempt`` for each of these messages that is still ours when its turn comes."""
    mine, renewed = {message.message_id for message in claimed}, time.monotonic()
    for place, message in enumerate(claimed):
        if time.monotonic() - renewed > RENEW_AFTER.total_seconds():
            mine = retry_write(partial(messages.still_mine, timezone.now(), claimed[place:]))
            renewed = time.monotonic()
        if message.message_id in mine:
            yield attempt_of(renderer, message, now)


def attempt_of(renderer, message, now) -> SendAttempt:
    """Render a message. The attempt returned has the email, or the outcome where there is none."""
    try:
        email = renderer.render(message, now or timezone.now())
    except Exception as error:
        # A faulty address or record must not stop the others.
        logger.exception("An email could not be written.")
        is_bad_address = isinstance(error, ValueError)
        return SendAttempt(message, outcome=Outcome(False, in_words(error), is_bad_address=is_bad_address))
    return SendAttempt(message, email, None if email else WITHDRAWN)


def settle(attempt, now) -> str:
    """Record the outcome of an attempt. Returns the state of its message."""
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
    """Call ``write``, again while the database is briefly unavailable: a sent email must not be sent twice."""
    deadline = time.monotonic() + DATABASE_PATIENCE
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > deadline:
                raise
            connection.close()
            time.sleep(0.5)
