"""What the record of an engagement shows of its deliveries."""

from reminders.models import Delivery


def tally_of(request, pk):
    """The deliveries of an engagement by state, as ``DeliveryQuerySet.tallied``; None for those who may not edit.

    It is read once for a request.
    """
    if not request.access.can_edit:
        return None
    if not hasattr(request, "tally_of_deliveries"):
        deliveries = Delivery.objects.visible_to(request.user).of(request.access.agreement).filter(engagement=pk)
        request.tally_of_deliveries = list(deliveries.tallied())
    return request.tally_of_deliveries
