"""The pages of workstreams."""

from django.shortcuts import render
from django.utils import timezone

from dashboards.pages.period_picker import PeriodPicker
from dashboards.pages.workstream import StreamBoard, StreamList
from engagements.presenters.next_change import next_change
from pages.access import agreement_page
from pages.conditional import conditional


@agreement_page
@conditional(next_change)
def workstreams(request):
    """All workstreams with their leads and figures, the archived ones apart."""
    picker = PeriodPicker(request)
    streams = StreamList(request.user, request.access.agreement, timezone.now(), picker)
    context = {"streams": streams, "picker": picker, "nav_here": "workstreams"}
    return render(request, "dashboards/workstreams.html", context)


@agreement_page
@conditional(next_change)
def workstream(request, slug):
    """One workstream: its description, leads, figures, engagements, open actions and commitments."""
    picker = PeriodPicker(request)
    board = StreamBoard(request.user, request.access.agreement, slug, timezone.now(), picker.shown)
    context = {"board": board, "picker": picker, "nav_here": "workstreams"}
    return render(request, "dashboards/workstream.html", context)
