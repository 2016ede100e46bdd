"""The history of an engagement and of all that hangs on it."""

from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, Subquery
from django.shortcuts import render

from engagements.models import (
    Action,
    Decision,
    Document,
    Engagement,
    EngagementHost,
    EngagementWorkstream,
    Note,
    Participation,
)
from engagements.views.finding import find_engagement
from pages.access import agreement_page
from records.history import HistorySource, changes_of
from records.roles import Role

ENTRIES = 25
"""How many changes stand on one page."""


@agreement_page(may=Role.EDITOR)
def history(request, pk):
    """Who changed what, when, through which verb; the newest first."""
    engagement = find_engagement(request, pk)
    entries = changes_of(
        HistorySource(Engagement.pgh_event_model.objects.filter(pgh_obj_id=engagement.pk), "engagement"),
        HistorySource(_events(EngagementHost, engagement), "host", named_by="organisation"),
        HistorySource(_events(EngagementWorkstream, engagement), "workstream", named_by="workstream"),
        HistorySource(_events(Participation, engagement), "participant", named_by="person"),
        HistorySource(_events(Decision, engagement), "decision", named_by="text"),
        HistorySource(_events(Action, engagement), "action", named_by="title"),
        HistorySource(_readable_events(Note, engagement, request.access.party), "note", named_by="text"),
        HistorySource(_readable_events(Document, engagement, request.access.party), "paper", named_by="name"),
        people=engagement.agreement.people,
    )
    page = Paginator(entries, ENTRIES).get_page(request.GET.get("page"))
    context = {"engagement": engagement, "page_obj": page, "nav_here": "engagements"}
    return render(request, "engagements/history.html", context)


def _events(model, engagement):
    return model.pgh_event_model.objects.filter(engagement=engagement.pk)


def _readable_events(model, engagement, party):
    """The events of notes or documents that the officers of ``party`` may read.

    Not those of the time when it was the other party's alone, and none at all where it is, or was at its end, theirs.
    """
    events = _events(model, engagement)
    same = model.pgh_event_model.objects.filter(pgh_obj_id=OuterRef("pgh_obj_id")).order_by("-pgh_id")
    at_last = Subquery(same.values("party")[:1])
    readable = Q(party=None) | Q(party=party)
    return events.filter(readable).annotate(at_last=at_last).filter(Q(at_last=None) | Q(at_last=party.pk))
