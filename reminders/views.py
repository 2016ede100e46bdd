"""The page on which leads see what went, what is to go, and what does not and why."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST

from engagements.views.finding import find, way_back
from partnership.access import agreement_page
from partnership.models import Role
from reminders.bounces import trust_address
from reminders.forms import DeliveryFilter
from reminders.models import BadAddress
from reminders.queries import MANY
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
        "tabs": [(key, word, figures[key], figures[key] == MANY) for key, word in DeliveryFilter.TABS],
        "page_obj": page,
        "batches": batches_of(page),
    }
    return render(request, "reminders/deliveries.html", context)


@require_POST
@agreement_page(may=Role.LEAD)
def trust(request, pk):
    """An address that does not work is said to be right after all."""
    bad = find(request, BadAddress.objects.select_related("person"), pk=pk)
    trust_address(bad, by=request.user)
    messages.success(request, f"{bad.address} is not shown any more, until another mail to {bad.person.name} fails.")
    return redirect(way_back(request, redirect("reminders:deliveries", request.access.agreement.slug).url))
