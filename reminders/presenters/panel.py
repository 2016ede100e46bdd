"""What the record of an engagement shows of its deliveries."""

from reminders.deliveries.pending import ABOUT, Pending, as_emails, pending_in
from reminders.models import Delivery


def tally_of(request, pk):
    """The deliveries of an engagement by state, as ``DeliveryQuerySet.tallied``; None for those who may not edit.

    It is read once for a request.
    """
    if not request.access.can_edit:
        return None
    if not hasattr(request, "tally_of_deliveries"):
        request.tally_of_deliveries = _tally(request.user, request.access.agreement, pk)
    return request.tally_of_deliveries


def pending_about(request, about, pk):
    """The emails that wait about a thing (a name of ``pending.ABOUT``, and its key); none for those who may not edit.

    It is read once for a request.
    """
    if not request.access.can_edit:
        return Pending()
    if not hasattr(request, "pending_emails"):
        rows = Delivery.objects.visible_to(request.user).of(request.access.agreement).filter(ABOUT[about](pk))
        request.pending_emails = as_emails(pending_in(rows))
    return request.pending_emails


def _tally(user, agreement, engagement):
    return list(Delivery.objects.visible_to(user).of(agreement).filter(engagement=engagement).tallied())
