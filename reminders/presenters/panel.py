"""The deliveries that the record of an engagement shows."""

from reminders.deliveries.pending import ABOUT, Pending, as_emails, pending_in
from reminders.models import Delivery


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
    if not hasattr(request, "pending_emails"):
        rows = Delivery.objects.visible_to(request.user).of(request.access.agreement).filter(ABOUT[about](pk))
        request.pending_emails = as_emails(pending_in(rows))
    return request.pending_emails


def _tally(user, agreement, engagement):
    return list(Delivery.objects.visible_to(user).of(agreement).filter(engagement=engagement).tallied())
