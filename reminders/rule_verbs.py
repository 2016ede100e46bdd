"""Verbs of leads: pausing a rule, and sending or skipping one delivery by hand."""

from datetime import timedelta

from django.utils import timezone

from records.verbs import verb
from reminders.choices import BY_KIND, How
from reminders.choosing import preference_of
from reminders.models import Delivery
from reminders.operations import save_rule
from reminders.queries import Reason
from reminders.worker import call_once

State = Delivery.State


class NotWaitingError(Exception):
    """The delivery is not to go any more; the message says so, for people to read."""


@verb(past="paused")
def pause_rule(rule, *, by):
    """It plans and sends nothing until it is resumed. Returns the rule."""
    return _set_active(rule, False)


@verb(past="resumed")
def resume_rule(rule, *, by):
    """It goes on from now. Returns the rule."""
    return _set_active(rule, True)


def _set_active(rule, is_active):
    rule.is_active = is_active
    return save_rule(rule, by=None)


@verb(past="skipped")
def skip_delivery(delivery, *, by):
    """It does not go, because a lead says so. NotWaitingError where it has gone, or was not to go."""
    _settle(delivery, state=State.SKIPPED, reason=str(Reason.BY_HAND))


@verb(past="sent")
def send_now(delivery, *, by):
    """It goes at once instead of at its time, whatever quiet hours, digest or pause its reader has chosen.

    NotWaitingError where it has gone, or was not to go, or its reader wants none of its kind: nothing that people have
    opted out of is ever sent.
    """
    topic = BY_KIND[delivery.kind]
    if getattr(preference_of(delivery.person), topic.name) == How.OFF:
        raise NotWaitingError(f"{delivery.person.name} has {topic.opted_out}, so it is not sent.")
    _settle(delivery, due_at=timezone.now() - timedelta(seconds=1), is_by_hand=True)
    call_once()


def _settle(delivery, **fields):
    """Change a delivery that waits for its time; those that a worker has in hand are its own."""
    waiting = Delivery.objects.filter(pk=delivery.pk, state=State.PLANNED)
    # The time at which it came into its state is that of the change of state alone.
    if not waiting.update(**fields, **({"state_at": timezone.now()} if "state" in fields else {})):
        raise NotWaitingError("It has gone already, or was not to go any more.")
