"""The first page of an agreement, and the organisations behind one of its figures."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone

from dashboards import queries
from dashboards.board import Board
from dashboards.forms import ReachedForm
from dashboards.picker import Picker
from engagements.kept import kept
from pages.access import agreement_page

PAGE = 25


@agreement_page
@kept
def dashboard(request):
    """Where the agreement stands, what was done, what comes next, what is late."""
    picker = Picker(request)
    board = Board(request.user, request.access.agreement, timezone.now(), picker.shown)
    return render(request, "dashboards/dashboard.html", {"board": board, "picker": picker, "nav_here": "dashboard"})


@agreement_page
def reached(request):
    """The organisations reached between two days, without those that the reader may not know to have come."""
    agreement = request.access.agreement
    picker = Picker(request, ReachedForm, kept=["kind"])
    period, kind = picker.shown, picker.form.cleaned_data.get("kind")
    held = queries.held_in(period, queries.engagements_of(request.user, agreement))
    named = queries.organisations_named(held, request.user, agreement).order_by("name", "pk")
    page = Paginator(named.filter(kind=kind) if kind else named, PAGE).get_page(request.GET.get("page"))
    context = {"picker": picker, "period": period, "kind": kind, "page": page, "nav_here": "dashboard"}
    context |= {"total": page.paginator.count, "hides_some": held.hiding_people_from(request.user).exists()}
    return render(request, "dashboards/reached.html", context)
