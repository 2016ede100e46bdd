"""The deliveries that the record of an engagement shows."""

from django.utils import timezone

from records.sql import run
from reminders.deliveries.pending import ABOUT, Pending, as_emails, pending_in
from reminders.models import Delivery
from reminders.notification_types import after_saving


def tally_of(request, pk):
    """Return ``DeliveryQuerySet.tallied`` for an engagement; None for users who may not edit.

    It is read once per request.
    """
    if not request.access.can_edit:
        return None
    if not hasattr(request, "tally_of_deliveries"):
        request.tally_of_deliveries = _tally(request.user, request.access.agreement, pk)
    return request.tally_of_deliveries


def pending_about(request, about, pk):
    """Return the waiting emails about something: a name in ``pending.ABOUT``, and its key.

    There are none for users who may not edit. They are read once per request.
    """
    if not request.access.can_edit:
        return Pending()
    if about == "engagement" and not state_of_panel(request, pk)[-1]:
        return Pending()
    if not hasattr(request, "pending_emails"):
        rows = Delivery.objects.visible_to(request.user).of(request.access.agreement).filter(ABOUT[about](pk))
        request.pending_emails = as_emails(pending_in(rows))
    return request.pending_emails


_STATE = """
    SELECT count(*),
        sum(hashtextextended(concat_ws(' ', d.id, d.state, d.reason, d.occurrence, d.due_at, d.batch_id), 0)),
        count(*) FILTER (WHERE d.state = 'planned' AND d.kind = ANY (%(kinds)s) AND d.due_at > %(now)s)
    FROM (
        SELECT * FROM reminders_delivery WHERE engagement_id = %(id)s
        UNION ALL
        SELECT d.* FROM engagements_action a JOIN reminders_delivery d ON d.action_id = a.id
        WHERE a.engagement_id = %(id)s) d"""


def state_of_panel(request, pk):
    """Return values that differ whenever the record of the engagement ``pk`` shows other deliveries.

    The last one is how many emails about it wait. Reading ``tally_of`` and ``pending_about`` instead would cost more
    than all else that a 304 takes. It is read once per request.
    """
    if not hasattr(request, "state_of_panel"):
        [request.state_of_panel] = run(_STATE, id=pk, now=timezone.now(), kinds=after_saving())
    return request.state_of_panel


def _tally(user, agreement, engagement):
    return list(Delivery.objects.visible_to(user).of(agreement).filter(engagement=engagement).tallied())
