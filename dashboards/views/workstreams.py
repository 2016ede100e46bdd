"""The pages of workstreams."""

from django.shortcuts import render
from django.utils import timezone

from dashboards.streams import StreamBoard, StreamList
from engagements.kept import kept
from partnership.access import agreement_page


@agreement_page
@kept
def workstreams(request):
    """All workstreams with their leads and figures, the archived ones apart."""
    streams = StreamList(request.user, request.access.agreement, timezone.now())
    return render(request, "dashboards/workstreams.html", {"streams": streams, "nav_here": "workstreams"})


@agreement_page
@kept
def workstream(request, slug):
    """One workstream: what it is about, who leads it, what was held, what comes next, what is to be done."""
    board = StreamBoard(request.user, request.access.agreement, slug, timezone.now())
    return render(request, "dashboards/workstream.html", {"board": board, "nav_here": "workstreams"})
