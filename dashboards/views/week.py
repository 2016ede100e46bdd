"""The page My week of the user."""

from django.shortcuts import render
from django.utils import timezone

from dashboards.pages.week import ROWS, Week
from pages.access import agreement_page


@agreement_page
def my_week(request):
    """The meetings, replies, papers, actions and records of the user in this agreement."""
    week = Week(request.user, request.access.agreement, timezone.now(), timezone.localdate())
    actions, records = list(week.actions), list(week.records)
    context = {
        "week": week,
        "meetings": list(week.meetings),
        "unanswered": list(week.unanswered),
        "papers": week.papers,
        "actions": actions[:ROWS],
        "more_actions": len(actions) > ROWS,
        "records": records[:ROWS],
        "more_records": len(records) > ROWS,
        "nav_here": "week",
    }
    return render(request, "dashboards/my_week.html", context)
