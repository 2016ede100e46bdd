"""Calendar feeds: the files that calendar programs read, and the page to make, renew and revoke their addresses."""

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
"""The number of newest changes of feeds that are shown."""


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
    """The feeds that the user can have, and the addresses of those they have: permissions, so never cached."""
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
    return _press(request, _make)


@require_POST
@agreement_page
def renew(request):
    """Give a feed another address. The old one stops working."""
    return _press(request, _renew)


@require_POST
@agreement_page
def revoke(request):
    return _press(request, _revoke)


def _press(request, act):
    """Call ``act`` with the choice of feed that the form names, then redirect to the page of feeds."""
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
    if choice.feed is None:
        messages.info(request, f"“{choice.title}” has no address to revoke.")
        return
    revoke_feed(choice.feed, by=request.user)
    messages.success(request, f"The address of “{choice.title}” does not work any more.")
