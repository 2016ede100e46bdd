"""The list of engagements, and the same list as a file."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from engagements.lists.engagements import EngagementList
from engagements.presenters.calendar_files import calendar_of
from engagements.presenters.list_figures import figures_of, page_of
from engagements.presenters.next_change import next_change
from pages.access import agreement_page
from pages.conditional import conditional
from pages.exports import attachment, exported
from pages.filter_bar import active_filters, controls_of
from pages.listing import query_without, without_blanks

MOST_IN_CALENDAR = 1_000


@agreement_page
@conditional(next_change)
def engagement_list(request):
    """The engagements that match the filters in the address, a page at a time."""
    filters, today = _filters(request), timezone.localdate()
    number = request.GET.get("page")
    figures = figures_of(filters, today, number)
    page, no_such_page = page_of(filters, number, figures)
    context = {
        "nav_here": "engagements",
        "filters": filters,
        "controls": controls_of(filters, figures.year),
        "active_filters": active_filters(filters, figures.named),
        "problems": [*filters.filter_problems, no_such_page] if no_such_page else filters.filter_problems,
        "figures": figures,
        "period": filters.period_in_words(figures.year),
        "page": page,
        "export": query_without(request.GET),
        "most_in_calendar": MOST_IN_CALENDAR,
    }
    response = render(request, "engagements/list.html", context)
    if request.htmx and not request.htmx.history_restore_request:
        query = request.GET.urlencode()
        response["HX-Push-Url"] = f"{request.path}?{query}" if query else request.path
    return response


@agreement_page
def export(request, ending):
    """All pages of the list as a spreadsheet. It names nobody who was there."""
    return exported(_filters(request), ending)


@agreement_page
def export_ics(request):
    """The first ``MOST_IN_CALENDAR`` engagements of the list as a calendar file. It names nobody who was there."""
    filters = _filters(request)
    rows = filters.rows.select_related("agreement").prefetch_related("hosts")
    headers = attachment(filters.agreement, filters.file_name, "ics")
    return HttpResponse(calendar_of(rows[:MOST_IN_CALENDAR]), "text/calendar; charset=utf-8", headers=headers)


def _filters(request):
    """Return the list that the address asks for.

    Empty parameters are taken out of ``request.GET``, so that no address made from it has them.
    """
    request.GET = without_blanks(request.GET)
    return EngagementList(request.GET, user=request.user, agreement=request.access.agreement)
