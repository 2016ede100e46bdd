"""The page from which an editor sends the record of an engagement to those who took part."""

from django.contrib import messages
from django.shortcuts import redirect, render

from engagements.models import Engagement, Participation
from engagements.operations.engagement import NotPossibleError, me
from pages.access import agreement_page
from pages.finding import find
from records.roles import Role
from reminders.notifications.kinds.record import record_text
from reminders.operations.notifications import readers_of_record, send_record


@agreement_page(may=Role.EDITOR)
def send_record_page(request, pk):
    """Show the readers of the record and the email, and send it."""
    rows = Engagement.objects.select_related("agreement").prefetch_related("hosts")
    engagement = find(request, rows, pk=pk)
    if request.method == "POST":
        return _send(request, engagement)
    places = readers_of_record(engagement) & Participation.objects.visible_to(request.user)
    readers = list(places.select_related("person", "organisation").order_by("person__name"))
    mine = me(request.user, engagement.agreement)
    context = {
        "engagement": engagement,
        "readers": [place for place in readers if place.person.email and place.person_id != getattr(mine, "pk", None)],
        "without_email": [place for place in readers if not place.person.email],
        "is_mine": any(place.person_id == getattr(mine, "pk", None) for place in readers),
        "mail": record_text(engagement, has_account=False),
        "nav_here": "engagements",
    }
    return render(request, "reminders/send_record.html", context)


def _send(request, engagement):
    try:
        count = send_record(engagement, by=request.user)
    except NotPossibleError as error:
        messages.error(request, str(error))
    else:
        people = "1 person" if count == 1 else f"{count} people"
        words = f"The record goes to {people} now." if count else "It has gone to all of them already."
        messages.success(request, words)
    return redirect(engagement)
