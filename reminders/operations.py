"""Verbs of reminders: plan, sweep (look again, claim, send, record), and the rules."""

import logging
import time
from collections import Counter
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from outbox.smtp import WITHDRAWN, Outcome, SendAttempt, SmtpSender, in_words
from records.edit_conflicts import Part, merge
from records.verbs import verb
from reminders import ledger
from reminders.letters import Letters
from reminders.models import Delivery, Heartbeat, Message
from reminders.models.rules import Rule
from reminders.queries import Reason

logger = logging.getLogger(__name__)

BATCH = (25, 100, 500)
"""Messages claimed at once: at least, at first, at most. A worker that is killed gives no more than these back."""

A_BATCH_TAKES = 1
"""Seconds. Where it takes longer the next is smaller, so that what has just come to be due does not wait for long."""

BACK_OFF = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=25), *[timedelta(hours=1)] * 96]
"""Waits between attempts. After the last one a message has failed: four days, as mail servers wait (RFC 5321, 4.5.4.1),
so that what is wrong with a server on Friday evening can be put right on Monday."""

MOST_KILLED = 6
"""Attempts after which a message has failed over which the worker stopped: it may be the message that stops it."""

ABANDONED_AFTER = timedelta(minutes=10)
"""Who has claimed a message and said nothing for so long is dead."""

RENEW_AFTER = timedelta(minutes=2)
"""A batch that takes longer says that it is still at work."""

PLANNED_AT_ONCE = 100
"""Subjects of the queue that are planned in one transaction: whoever saves one of them waits for no more than these."""

ROUNDS_EVERY = timedelta(hours=1)
"""How often the next rounds of steps that repeat are looked for."""

WATCHED = ("rhythm", "quiet")
"""What comes to be told by itself, as days go by: the check of everything looks for it."""

CHECK_EVERY = timedelta(hours=6)
"""How often everything is planned, which finds what nobody has told of."""

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
def save_rule(rule, *, steps=(), removed=(), seen=None, by):
    """Save a rule with its new and changed ``steps``, delete those ``removed``; the next sweep plans. Returns it.

    A step counts from when it is added or changed, or its rule is resumed or widened: what was past by then never goes.
    ``seen``: see ``merge``, and its ConflictError.
    """
    if seen and "steps" in merge(rule, seen, steps=_steps_part(rule, steps, removed)):
        steps, removed = (), ()
    now = timezone.now()
    if _is_widened(rule):
        rule.steps.update(counts_from=now)
    rule.save()
    for step in removed:
        step.delete()
    for step in steps:
        step.rule, step.agreement_id, step.counts_from = rule, rule.agreement_id, now
        step.save()
    touch("agreement", rule.agreement_id)
    return rule


def _steps_part(rule, changed, removed):
    """The lead times of a rule, as they are stored and as they are about to be."""
    stored = list(Rule.objects.get(pk=rule.pk).steps.all())
    other = {step.pk: step for step in changed if step.pk} | {step.pk: None for step in removed}
    mine = [other.get(step.pk, step) for step in stored] + [step for step in changed if not step.pk]
    return Part("Lead times", [str(step) for step in stored], [str(step) for step in mine if step])


def _is_widened(rule):
    """Whether a rule that is about to be saved is resumed, or covers more kinds or people than before."""
    before = type(rule).objects.filter(pk=rule.pk).first()
    if before is None:
        return False
    is_resumed = rule.is_active and not before.is_active
    return is_resumed or not (set(rule.kinds) <= set(before.kinds) and set(rule.audience) <= set(before.audience))


@verb(past="deleted")
def delete_rule(rule, *, by):
    """Delete a rule with its steps; what was sent by it stays in the ledger, what was planned is skipped."""
    rule.delete()
    touch("agreement", rule.agreement_id)


def touch(what, *keys):
    """Queue what was changed, for the next sweep to plan all that it concerns.

    Not at once: planning many engagements in one transaction would hold up whoever is saving one of them.
    """
    ledger.touch(timezone.now(), what, keys)


def sweep(now=None, *, plan_everything=False) -> Counter:
    """Plan what was touched, give back what a dead worker held, and send all that is due.

    ``now`` stands still for the whole sweep where it is given. Returns how many deliveries came into which state.
    """
    moment = now or timezone.now()
    since = _last_check()
    if ledger.take_turn("rounds", moment, ROUNDS_EVERY):
        ledger.touch_rounds(moment)
    counts = plan_touched(moment)
    if plan_everything:
        counts += ledger.plan_all(moment, since=since)
    ledger.fold()
    ledger.reopen(
        moment, since=moment - ABANDONED_AFTER, limit=MOST_KILLED, error="the worker stopped while sending it"
    )
    counts += send_due(now)
    note_alive("sweep")
    return counts


def plan_touched(now) -> Counter:
    """Plan all that is queued. What somebody is saving at this moment stays in the queue for the next time."""
    counts = Counter()
    try:
        while (planned := ledger.plan_touched(now, PLANNED_AT_ONCE)) is not None:
            counts += planned
    except DatabaseError:
        # It stays queued. What is due has to go whatever is wrong with what is queued.
        logger.exception("What was changed could not be planned.")
    return counts


def check_all(now=None, *, every=CHECK_EVERY) -> Counter | None:
    """Plan everything, once in ``every``: what that changes, nobody had told of. It is noted, and said in the log.

    Returns how many deliveries came into which state, or None where it was not our turn.
    """
    moment, since = now or timezone.now(), _last_check()
    if not ledger.take_turn("check", moment, every):
        return None
    ledger.touch_rounds(moment, watched=WATCHED)
    sweep(now)
    ledger.forget(moment)
    mended = ledger.plan_all(moment, since=since)
    words = ", ".join(f"{count} {state}" for state, count in sorted(mended.items()))
    if mended:
        logger.warning("The full check of reminders mended what nobody had told of: %s.", words)
    Heartbeat.objects.filter(name="check").update(note=f"mended: {words}" if mended else "nothing was missing")
    return mended


def _last_check():
    """When everything was planned before; what is missing now came to be since."""
    return Heartbeat.objects.filter(name="check").values_list("at", flat=True).first() or ledger.EVER


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
        insist(ledger.fold)
        ledger.unflag(claimed)
    return counts


def posts_of(claimed, now):
    """A ``Post`` for each of these messages that is still ours when its turn comes."""
    letters = Letters(claimed)
    mine, renewed = {message.message_id for message in claimed}, time.monotonic()
    for place, message in enumerate(claimed):
        if time.monotonic() - renewed > RENEW_AFTER.total_seconds():
            mine = insist(partial(ledger.still_mine, timezone.now(), claimed[place:]))
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
        insist(partial(ledger.receive, moment, message, subject))
        return str(Delivery.State.SENT)
    if outcome is WITHDRAWN:
        fate = {"state": Message.State.WITHDRAWN, "delivery": Delivery.State.SKIPPED, "reason": Reason.NO_STEP}
    elif outcome.is_temporary and message.attempts <= len(BACK_OFF):
        retry_at = moment + BACK_OFF[message.attempts - 1]
        fate = {"state": Message.State.WAITING, "delivery": Delivery.State.CLAIMED, "retry_at": retry_at}
        fate["is_refused"] = outcome.is_refusal
    else:
        fate = {"state": Message.State.FAILED, "delivery": Delivery.State.FAILED, "reason": outcome.error}
    insist(partial(ledger.record, moment, [message], **fate, subject=subject, error=outcome.error))
    if outcome.is_bad_address:
        ledger.flag(moment, message.message_id, outcome.error)
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
