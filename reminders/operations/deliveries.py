"""Operations of leads: sending or skipping one delivery by hand, and sending emails again.

Emails that failed or bounced are sent again, and those that wait for their next attempt are tried at once. Deliveries
that shared an email share one again. It has a row and a Message-ID of its own: the row of the first one stays as it
ended, and mail programs do not take the second for a copy of it.
"""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from outbox.dispatch import call_once
from outbox.models import Message
from records.verbs import verb
from reminders.models import Delivery
from reminders.operations.preferences import preference_of
from reminders.planning.database import run
from reminders.preferences.rules import How
from reminders.preferences.topics import topic_of
from reminders.queries import Reason

State = Delivery.State


class NotWaitingError(Exception):
    """The delivery cannot be sent or skipped any more; the message says so, for people to read."""


@verb(past="skipped")
def skip_delivery(delivery, *, by):
    """Skip a delivery, because a lead says so. Raises NotWaitingError where it is not planned."""
    _settle(delivery, state=State.SKIPPED, reason=str(Reason.BY_HAND))


@verb(past="sent")
def send_now(delivery, *, by):
    """Send a delivery at once, whatever quiet hours, digest or pause its reader has chosen.

    Raises NotWaitingError where it is not planned, or its reader has opted out of its topic: nothing that people have
    opted out of is ever sent.
    """
    topic = topic_of(delivery.kind)
    if getattr(preference_of(delivery.person), topic.name) == How.OFF:
        raise NotWaitingError(f"{delivery.person.name} has {topic.opted_out}, so it is not sent.")
    _settle(delivery, due_at=timezone.now() - timedelta(seconds=1), is_by_hand=True)
    call_once()


def _settle(delivery, **fields):
    """Change a planned delivery. Raises NotWaitingError for any other, for example one that a worker has claimed."""
    waiting = Delivery.objects.filter(pk=delivery.pk, state=State.PLANNED)
    # ``state_at`` changes only with the state.
    if not waiting.update(**fields, **({"state_at": timezone.now()} if "state" in fields else {})):
        raise NotWaitingError("It has gone already, or was not to go any more.")


_AGAIN = """
    WITH held AS MATERIALIZED (
        SELECT id, agreement_id, person_id, COALESCE(message_id, -id) AS first FROM reminders_delivery
        WHERE id = ANY (%(ids)s) AND state IN ('failed', 'bounced')
        ORDER BY id
        FOR UPDATE
    ), emails AS MATERIALIZED (
        SELECT first, agreement_id, person_id, nextval(pg_get_serial_sequence('outbox_message', 'id')) AS id
        FROM (SELECT DISTINCT first, agreement_id, person_id FROM held) firsts
    ), written AS (
        INSERT INTO outbox_message (
            id, agreement_id, person_id, address, subject, state, attempts, retry_at, error, created_at, state_at)
        SELECT e.id, e.agreement_id, e.person_id, p.email, '', 'waiting', 0, %(now)s, '', %(now)s, %(now)s
        FROM emails e JOIN contacts_person p ON p.id = e.person_id)
    UPDATE reminders_delivery d SET state = 'planned', reason = '', message_id = e.id, state_at = %(now)s
    FROM held h JOIN emails e USING (first) WHERE d.id = h.id"""


def can_go_again(now=None):
    """The condition for deliveries that can be sent again: they failed or bounced, and have not expired."""
    now = now or timezone.now()
    is_there = Q(is_gone=False) | Q(cancellation_notice__isnull=False)
    return is_there & Q(state__in=[State.FAILED, State.BOUNCED], expires_at__gt=now)


def waits_for_server():
    """The condition for deliveries that wait for the next attempt, as the mail server has not taken them."""
    return Q(state=State.CLAIMED, message__state=Message.State.WAITING)


@verb(past="sent")
def send_again(deliveries, *, by) -> int:
    """Send those of ``deliveries`` (a queryset) again that can be, at once. Returns how many.

    Each is sent to the current address of its person, by their current choices: what they opted out of is skipped.
    """
    now = timezone.now()
    tried = list(deliveries.filter(waits_for_server()).values_list("pk", "message"))
    failed = list(deliveries.filter(can_go_again(now)).values_list("pk", flat=True))
    Message.objects.filter(pk__in={message for _, message in tried}, state=Message.State.WAITING).update(retry_at=now)
    count = len(tried) + (run(_AGAIN, ids=failed, now=now) if failed else 0)
    if count:
        call_once()
    return count


@verb(past="sent")
def send_one_again(delivery, *, by):
    """Send one delivery again. Raises NotWaitingError, which says why, where that is not possible."""
    topic = topic_of(delivery.kind)
    if getattr(preference_of(delivery.person), topic.name) == How.OFF:
        raise NotWaitingError(f"{delivery.person.name} has {topic.opted_out}, so it is not sent.")
    if not send_again(Delivery.objects.filter(pk=delivery.pk), by=by):
        raise NotWaitingError("It cannot be sent again: it has been sent, or it is too late for it.")
