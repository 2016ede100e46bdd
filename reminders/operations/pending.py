"""Emails about a change that wait: operations to send them at once, or to undo them."""

from django.utils import timezone

from outbox.dispatch import call_once
from records.verbs import verb
from reminders.models import Delivery
from reminders.queries import Reason


@verb(past="sent")
def send_pending(rows, *, by) -> int:
    """Send the deliveries that wait among ``rows`` (a queryset) at once. Returns how many there are.

    Their readers' choices still apply: a daily summary stays one.
    """
    now = timezone.now()
    count = _waiting(rows, now).update(due_at=now)
    call_once()
    return count


@verb(past="undid")
def undo_pending(rows, *, by) -> int:
    """Skip the deliveries that wait among ``rows``; what was saved stays. Returns how many there are."""
    now = timezone.now()
    return _waiting(rows, now).update(state=Delivery.State.SKIPPED, reason=Reason.UNDONE, state_at=now)


def _waiting(rows, now):
    """The deliveries among ``rows`` that wait, by key. One that a worker claims meanwhile is left out."""
    keys = list(rows.pending(now).values_list("pk", flat=True))
    return Delivery.objects.filter(pk__in=keys, state=Delivery.State.PLANNED)
