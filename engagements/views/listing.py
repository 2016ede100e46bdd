"""The list of engagements, and the same list as a file."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify

from engagements.bar import controls_of, marks_of, query_without, without_blanks
from engagements.calendar import calendar_of
from engagements.counting import figures_of, page_of
from engagements.exports import MOST_IN_CALENDAR, csv_lines
from engagements.forms.filters import EngagementFilter
from engagements.kept import kept
from pages.access import agreement_page


@agreement_page
@kept
def engagement_list(request):
    """The engagements that the filters in the address let through, a page at a time."""
    filters, today = _filters(request), timezone.localdate()
    number = request.GET.get("page")
    figures = figures_of(filters, today, number)
    page, no_such_page = page_of(filters, number, figures)
    context = {
        "nav_here": "engagements",
        "filters": filters,
        "controls": controls_of(filters, figures.year),
        "marks": marks_of(filters, figures.named),
        "problems": [*filters.problems, no_such_page] if no_such_page else filters.problems,
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
def export_csv(request):
    """What the list shows on all its pages, as a spreadsheet file. Nobody who was there is named in it."""
    lines = csv_lines(_filters(request).rows, request.access.agreement)
    return StreamingHttpResponse(lines, "text/csv; charset=utf-8", headers=_attachment(request, "csv"))


@agreement_page
def export_ics(request):
    """The first ``MOST_IN_CALENDAR`` of the list as a calendar file. Nobody who was there is named in it."""
    rows = _filters(request).rows.select_related("agreement").prefetch_related("hosts")
    return HttpResponse(
        calendar_of(rows[:MOST_IN_CALENDAR]), "text/calendar; charset=utf-8", headers=_attachment(request, "ics")
    )


def _filters(request):
    """The filters in the address. What was left empty stands in no address that we make of it."""
    request.GET = without_blanks(request.GET)
    return EngagementFilter(request.GET, user=request.user, agreement=request.access.agreement)


def _attachment(request, ending):
    """The headers of a file named after the agreement and the day."""
    name = f"{slugify(request.access.agreement.slug)}-engagements-{timezone.localdate():%Y-%m-%d}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}
