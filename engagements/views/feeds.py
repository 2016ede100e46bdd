"""Calendar feeds: what a calendar program reads, and the page where people make, renew and revoke their addresses."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from engagements.models import Feed
from engagements.operations.feeds import make_feed, renew_feed, revoke_feed
from engagements.presenters.feeds import choices_for, engagements_of, etag_of, file_of, find_feed, note_reading
from pages.access import agreement_page
from records.history import HistorySource, changes_of

ENTRIES = 20
"""So many of the newest changes of feeds are shown."""


@require_safe
def feed(request, token):
    """The calendar file of one feed; 304 where nothing has changed; 404 for an address that does not open."""
    feed, today = find_feed(token), timezone.localdate()
    if feed is None:
        raise Http404("There is no such feed.")
    note_reading(feed, today)
    etag = etag_of(feed, today)
    response = get_conditional_response(request, etag=etag) or _file(feed, today)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _file(feed, today):
    engagements = engagements_of(feed, today)
    changed = max([feed.created_at, *(engagement.updated_at for engagement in engagements)])
    headers = {"Content-Disposition": 'inline; filename="concord.ics"', "Last-Modified": http_date(changed.timestamp())}
    return HttpResponse(file_of(feed, engagements), "text/calendar; charset=utf-8", headers=headers)


@agreement_page
@never_cache
def feeds(request):
    """The feeds that one can have, with the addresses of those that one has: permissions, so nothing stores them."""
    choices = choices_for(request.user, request.access.agreement)
    readable = Feed.objects.history_visible_to(request.user).of(request.access.agreement).values("pk")
    events = Feed.pgh_event_model.objects.filter(pgh_obj__in=readable)
    context = {
        "choices": choices,
        "today": timezone.localdate(),
        "entries": changes_of(HistorySource(events, "feed", named_by="user", valued_by="what"), limit=ENTRIES),
        "nav_here": "calendar",
    }
    return render(request, "engagements/feeds.html", context)


@require_POST
@agreement_page
def make(request):
    """Makes the address of a feed."""
    return _press(request, _make)


@require_POST
@agreement_page
def renew(request):
    """Gives a feed another address."""
    return _press(request, _renew)


@require_POST
@agreement_page
def revoke(request):
    """Ends a feed."""
    return _press(request, _revoke)


def _press(request, act):
    """Do ``act`` with the feed that the form names by its choice, and say so; then back to the page."""
    agreement = request.access.agreement
    choices = {choice.key: choice for choice in choices_for(request.user, agreement)}
    choice = choices.get(request.POST.get("feed", ""))
    if choice is None:
        messages.error(request, "There is no such calendar feed. It may have been removed meanwhile.")
    else:
        act(request, agreement, choice)
    return redirect("engagements:feeds", agreement.slug)


def _make(request, agreement, choice):
    make_feed(agreement, what=choice.what, committee=choice.committee, by=request.user)
    messages.success(request, f"The address of “{choice.title}” is made. Copy it into your calendar.")


def _renew(request, agreement, choice):
    if choice.feed is None:
        return _make(request, agreement, choice)
    renew_feed(choice.feed, by=request.user)
    return messages.success(request, f"“{choice.title}” has a new address. The old one does not work any more.")


def _revoke(request, agreement, choice):
    if choice.feed:
        revoke_feed(choice.feed, by=request.user)
    messages.success(request, f"The address of “{choice.title}” does not work any more.")
