"""The page on which leads see deliveries: those sent, those that wait, and those not sent, with the reason."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from outbox.models import BadAddress
from outbox.operations.bad_addresses import trust_address
from pages.access import agreement_page
from pages.exports import exported
from pages.finding import find
from pages.requests import way_back
from records.roles import Role
from reminders.lists import DeliveryList
from reminders.models import Delivery
from reminders.operations.deliveries import (
    NotWaitingError,
    send_again,
    send_now,
    send_one_again,
    skip_delivery,
)
from reminders.presenters.labels import batches_of
from reminders.queries import MANY


@agreement_page(may=Role.LEAD)
def deliveries(request):
    """The deliveries that match the filters in the address, a page at a time."""
    found = _list(request, request.GET)
    context = {
        "nav_here": "reminders",
        "list": found,
        "figures": found.figures,
        "now": timezone.now(),
        "bad_addresses": found.bad_addresses(),
        "to_send_again": found.to_send_again(),
        "tabs": [(key, word, found.figures[key], found.figures[key] == MANY) for key, word in DeliveryList.TABS],
        "batches": batches_of(found.page),
    }
    return render(request, "reminders/deliveries.html", context)


@agreement_page(may=Role.LEAD)
def export(request, ending):
    return exported(_list(request, request.GET), ending)


def _list(request, data):
    return DeliveryList(data, user=request.user, agreement=request.access.agreement)


@require_POST
@agreement_page(may=Role.LEAD)
def skip(request, pk):
    return _by_hand(request, pk, skip_delivery, "{} is not told.")


@require_POST
@agreement_page(may=Role.LEAD)
def send(request, pk):
    """Send one delivery at once."""
    return _by_hand(request, pk, send_now, "{} is told now.")


@require_POST
@agreement_page(may=Role.LEAD)
def send_again_by_hand(request, pk):
    """Send one email at once that failed or waits for the next attempt."""
    return _by_hand(request, pk, send_one_again, "The email to {} is being sent again.")


def _by_hand(request, pk, verb, words):
    delivery = find(request, Delivery.objects.select_related("person"), pk=pk)
    try:
        verb(delivery, by=request.user)
    except NotWaitingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words.format(delivery.person.name))
    return redirect(way_back(request, _deliveries(request)))


@require_POST
@agreement_page(may=Role.LEAD)
def send_all_again(request):
    """Send at once all emails that match the filters and failed or wait for the next attempt."""
    filters = _list(request, request.POST)
    count = send_again(filters.narrowed.filter(filters.which_again), by=request.user)
    if count:
        messages.success(
            request, "1 email is being sent again." if count == 1 else f"{count} emails are being sent again."
        )
    else:
        messages.error(request, "There is no email to send again.")
    return redirect(way_back(request, _deliveries(request)))


def _deliveries(request):
    return redirect("reminders:deliveries", request.access.agreement.slug).url


@require_POST
@agreement_page(may=Role.LEAD)
def trust(request, pk):
    """Record that a flagged address is right after all."""
    bad = find(request, BadAddress.objects.select_related("person"), pk=pk)
    trust_address(bad, by=request.user)
    messages.success(request, f"{bad.address} is not shown any more, until another mail to {bad.person.name} fails.")
    return redirect(way_back(request, _deliveries(request)))
