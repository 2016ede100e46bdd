"""The first page of an agreement, and the organisations behind one of its figures."""

from collections import Counter

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify

from dashboards import exports, queries
from dashboards.board import Board
from dashboards.forms import ReachedForm
from dashboards.picker import Picker
from dashboards.words import unnamed_in_words
from engagements.kept import kept
from partnership.access import agreement_page

PAGE = 25


@agreement_page
@kept
def dashboard(request):
    """Where the agreement stands, what was done, what comes next, what is late."""
    picker = Picker(request)
    board = _board(request, picker)
    return render(request, "dashboards/dashboard.html", {"board": board, "picker": picker, "nav_here": "dashboard"})


@agreement_page
def months_csv(request):
    """The engagements by month and kind of the dashboard at the same query, as a spreadsheet file."""
    board = _board(request, Picker(request))
    first, last = board.period.first, board.period.last
    name = f"{slugify(request.access.agreement.slug)}-months-{first:%Y-%m-%d}-to-{last:%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(exports.months_csv(board.table, board.chart), "text/csv; charset=utf-8", headers=headers)


def _board(request, picker):
    return Board(request.user, request.access.agreement, timezone.now(), picker.shown)


@agreement_page
def reached(request):
    """The organisations reached between two days; those known only under the Chatham House Rule as a number."""
    agreement = request.access.agreement
    picker = Picker(request, ReachedForm, kept=["kind"])
    period, kind = picker.shown, picker.form.cleaned_data.get("kind")
    held = queries.held_in(period, queries.engagements_of(request.user, agreement))
    numbers = Counter(kind for kind, _ in queries.first_reached(held, agreement))
    named = queries.organisations_named(held, request.user, agreement).order_by("name", "pk")
    page = Paginator(named.filter(kind=kind) if kind else named, PAGE).get_page(request.GET.get("page"))
    total = numbers.get(kind, 0) if kind else sum(numbers.values())
    context = {"picker": picker, "period": period, "kind": kind, "page": page, "total": total}
    context |= {"unnamed": unnamed_in_words(total - page.paginator.count), "nav_here": "dashboard"}
    return render(request, "dashboards/reached.html", context)
