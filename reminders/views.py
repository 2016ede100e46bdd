"""The page on which leads see what went, what is to go, and what does not and why."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST

from pages.access import agreement_page
from pages.finding import find
from pages.requests import way_back
from records.roles import Role
from reminders.bounces import trust_address
from reminders.forms import DeliveryFilter
from reminders.models import BadAddress, Delivery
from reminders.queries import MANY
from reminders.resending import send_again, send_one_again
from reminders.rule_verbs import NotWaitingError
from reminders.words import batches_of

ROWS = 50
"""How many deliveries stand on one page."""


class CountedPages(Paginator):
    """Pages of rows that were counted already, up to ``MANY``."""

    def __init__(self, rows, counted):
        super().__init__(rows, ROWS)
        self.counted = counted

    @cached_property
    def count(self):
        """How many rows there are to leaf through."""
        return self.counted


@agreement_page(may=Role.LEAD)
def deliveries(request):
    """The deliveries that the filters in the address let through, a page at a time."""
    filters = DeliveryFilter(request.GET, user=request.user, agreement=request.access.agreement)
    rows = filters.rows()
    figures = rows.figures(request.access.agreement)
    shown = rows.in_group(filters.shown).select_related("person", "rule", "step", "message", "workstream")
    page = CountedPages(shown, figures[filters.shown]).get_page(request.GET.get("page"))
    context = {
        "nav_here": "reminders",
        "filters": filters,
        "figures": figures,
        "now": timezone.now(),
        "bad_addresses": filters.bad_addresses(),
        "to_send_again": filters.to_send_again(),
        "tabs": [(key, word, figures[key], figures[key] == MANY) for key, word in DeliveryFilter.TABS],
        "page_obj": page,
        "batches": batches_of(page),
    }
    return render(request, "reminders/deliveries.html", context)


@require_POST
@agreement_page(may=Role.LEAD)
def send_again_by_hand(request, pk):
    """One email that failed, or waits for the next attempt, is sent at once."""
    delivery = find(request, Delivery.objects.select_related("person"), pk=pk)
    try:
        send_one_again(delivery, by=request.user)
    except NotWaitingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"The email to {delivery.person.name} is being sent again.")
    return redirect(way_back(request, _deliveries(request)))


@require_POST
@agreement_page(may=Role.LEAD)
def send_all_again(request):
    """All emails are sent at once that failed, or wait for the next attempt, of those that the filters let through."""
    filters = DeliveryFilter(request.POST, user=request.user, agreement=request.access.agreement)
    count = send_again(filters.rows().filter(filters.which_again), by=request.user)
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
    """An address that does not work is said to be right after all."""
    bad = find(request, BadAddress.objects.select_related("person"), pk=pk)
    trust_address(bad, by=request.user)
    messages.success(request, f"{bad.address} is not shown any more, until another mail to {bad.person.name} fails.")
    return redirect(way_back(request, _deliveries(request)))
