"""The first page of an agreement, and the organisations behind one of its figures."""

from django.shortcuts import render
from django.utils import timezone

from dashboards.lists import ReachedList
from dashboards.pages.agreement import Board
from dashboards.pages.period_picker import PeriodPicker
from engagements.presenters.next_change import next_change
from pages.access import agreement_page
from pages.conditional import conditional
from pages.exports import exported


@agreement_page
@conditional(next_change)
def dashboard(request):
    picker = PeriodPicker(request)
    board = Board(request.user, request.access.agreement, timezone.now(), picker.calendar, picker.shown)
    return render(request, "dashboards/dashboard.html", {"board": board, "picker": picker, "nav_here": "dashboard"})


@agreement_page
def reached(request):
    """The organisations reached in a period, without those whose attendance is hidden from the reader."""
    picker, found = _reached(request)
    context = {"picker": picker, "period": picker.shown, "list": found, "nav_here": "dashboard"}
    context["hides_some"] = found.held.hiding_people_from(request.user).exists()
    return render(request, "dashboards/reached.html", context)


@agreement_page
def export_reached(request, ending):
    return exported(_reached(request)[1], ending)


def _reached(request):
    picker = PeriodPicker(request, kept=["kind"])
    whose = {"user": request.user, "agreement": request.access.agreement}
    return picker, ReachedList(request.GET, period=picker.shown, **whose)
