"""The page of the history of an engagement and all its parts."""

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
"""The number of changes on a page."""


@agreement_page(may=Role.EDITOR)
def history(request, pk):
    """The changes of an engagement, the newest first: by whom, when, and through which operation."""
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
    """Return the events of notes or documents that the editors and leads of ``party`` may read.

    Events from a time when the row was the other party's alone are left out, and so are all events of a row that is the
    other party's alone now, or was so when it was deleted.
    """
    events = _events(model, engagement)
    same = model.pgh_event_model.objects.filter(pgh_obj_id=OuterRef("pgh_obj_id")).order_by("-pgh_id")
    at_last = Subquery(same.values("party")[:1])
    readable = Q(party=None) | Q(party=party)
    return events.filter(readable).annotate(at_last=at_last).filter(Q(at_last=None) | Q(at_last=party.pk))
