"""The page to reply for many dates of a series at once, by the signed link in an email."""

from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from contacts.models import Person
from engagements.forms.series_reply import SeriesReplyForm, open_places
from engagements.models import Participation, Series
from engagements.operations.reply import give_replies
from engagements.presenters.replies import linked_series
from engagements.views.replies import as_permission
from pages.requests import sent
from records.atomic_views import in_one_step

OVER = "None of its dates is still to come for you, so there is nothing to reply to."


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt
def reply_series(request, signed_series):
    """Show the future dates, the answer of the link offered first. Nothing is recorded before a button is pressed."""
    link = linked_series(signed_series)
    return as_permission(in_one_step(_found)(request, link) if link else _closed(request, 404))


def _found(request, link):
    series = Series.objects.filter(pk=link.series).select_related("agreement").first()
    person = Person.objects.select_related("user").filter(pk=link.person).first()
    if not (series and person) or person.has_left(timezone.localdate()):
        return _closed(request, 410)
    mine = Participation.objects.filter(Q(engagement__series=series), person=person)
    places = list(open_places(mine))
    if not places:
        return _closed(request, 410, series)
    form = SeriesReplyForm(sent(request), places=places, offered=link.answer)
    if form.is_valid():
        return _record(request, form, person)
    waiting = sum(1 for place in places if not place.reply)
    recorded = request.GET.get("recorded", "")
    context = {
        "form": form,
        "series": series,
        "person": person,
        "waiting": waiting,
        "recorded": int(recorded) if recorded.isdecimal() and len(recorded) < 5 and request.method != "POST" else None,
        "number": len(places),
    }
    return render(request, "engagements/reply_series.html", context)


def _record(request, form, person):
    """Save the answer for the ticked dates, then redirect to the page, which says for how many it was saved."""
    by = request.user if request.user.pk and request.user.pk == person.user_id else None
    saved = give_replies(form.chosen(), form.cleaned_data["reply"], by=by, **form.details)
    return redirect(f"{request.path}?recorded={len(saved)}")


def _closed(request, status, series=None):
    context = {"series": series, "why": OVER, "is_whole": status != 404}
    return render(request, "engagements/reply_closed.html", context, status=status)
