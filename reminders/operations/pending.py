"""Emails about a change that wait: sending them at once, or taking them back."""

from django.utils import timezone

from outbox.dispatch import call_once
from records.verbs import verb
from reminders.models import Delivery
from reminders.queries import Reason


@verb(past="sent")
def send_pending(rows, *, by) -> int:
    """Have what waits among ``rows`` (a queryset of deliveries) go at once. Returns how many deliveries.

    What their readers have chosen still holds: a daily summary stays one.
    """
    now = timezone.now()
    count = _waiting(rows, now).update(due_at=now)
    call_once()
    return count


@verb(past="undid")
def undo_pending(rows, *, by) -> int:
    """Take back the emails that wait among ``rows``; what was saved stays. Returns how many deliveries."""
    now = timezone.now()
    return _waiting(rows, now).update(state=Delivery.State.SKIPPED, reason=Reason.UNDONE, state_at=now)


def _waiting(rows, now):
    """Those of ``rows`` that wait, by key: what a worker has taken meanwhile is left to it."""
    keys = list(rows.pending(now).values_list("pk", flat=True))
    return Delivery.objects.filter(pk__in=keys, state=Delivery.State.PLANNED)
