"""Pages to reply to an invitation: by the signed link in an email, without an account, or on the site, signed in."""

from functools import wraps
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from engagements.forms.reply import CHOOSE, ReplyForm
from engagements.models import Participation
from engagements.operations.engagement import NotPossibleError
from engagements.operations.reply import MovedError, give_reply, why_closed
from engagements.presenters.calendar_files import calendar_of
from engagements.presenters.replies import linked, reply_path
from engagements.views.finding import find_engagement
from pages.access import agreement_page
from pages.requests import sent, way_back
from pages.words import weekday_in_words
from records.atomic_views import in_one_step

MOVED = "The date has changed since you were asked. Check the new date, then reply again."


def by_link(view):
    """Make ``view(request, link, participation)`` a page that needs nothing but its signed address.

    A link that is not valid is answered 404; one of a person who is no longer on the list, or has left, 410. The
    address is a permission, so no search engine keeps the page and no other site sees the address. That is also why
    browsers send no origin with the form, which is exempt from the CSRF check: the address itself protects it.
    """

    @require_http_methods(["GET", "HEAD", "POST"])
    @csrf_exempt
    @wraps(view)
    def page(request, signed):
        link = linked(signed)
        return as_permission(in_one_step(_found)(request, link, view) if link else _closed(request, 404))

    return page


def as_permission(response):
    """Return ``response`` with headers that keep its address, a permission, from search engines and other sites."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response


def _found(request, link, view):
    rows = Participation.objects.select_related("engagement__agreement", "person__user").filter(pk=link.participation)
    participation = rows.prefetch_related("engagement__hosts").first()
    if participation is None or participation.person.has_left(timezone.localdate()):
        return _closed(request, 410)
    return view(request, link, participation)


@by_link
def reply(request, link, participation):
    """Show the engagement, the answer of the link offered first. Nothing is recorded before a button is pressed."""
    engagement = participation.engagement
    if closed := why_closed(engagement, timezone.now()):
        return _closed(request, 410, participation, closed)
    is_moved = link.version != engagement.schedule_version
    form = ReplyForm(sent(request), offered="" if is_moved else link.answer, place=participation)
    if form.is_valid() and request.POST.get("version") != str(engagement.schedule_version):
        form, is_moved = ReplyForm(initial=form.details, place=participation), True
    elif form.is_valid():
        return _record(request, link, participation, form)
    is_recorded = "recorded" in request.GET and request.method != "POST"
    if is_recorded:
        form.offered = ""
    context = {
        "form": form,
        "participation": participation,
        "engagement": engagement,
        "moved": MOVED if is_moved else "",
        "is_recorded": is_recorded,
        "earlier_when": earlier_in_words(participation),
        "file": reply_path(participation.pk, engagement.schedule_version, link.answer) + "invite.ics",
    }
    return render(request, "engagements/reply.html", context)


def _record(request, link, participation, form):
    """Save the answer, then redirect to the page of a link with this answer and this version, which confirms it."""
    version, answer = participation.engagement.schedule_version, form.cleaned_data["reply"]
    by = request.user if request.user.pk and request.user.pk == participation.person.user_id else None
    try:
        give_reply(participation, answer, version=version, by=by, **form.details)
    except MovedError:
        return redirect(reply_path(participation.pk, link.version, answer))
    except NotPossibleError as error:
        return _closed(request, 410, participation, str(error))
    return redirect(reply_path(participation.pk, version, answer) + "?recorded")


@by_link
def reply_ics(request, link, participation):
    """The engagement as a calendar file, with the person's reply."""
    headers = {"Content-Disposition": 'attachment; filename="invite.ics"'}
    replies = {participation.engagement_id: reply_in_words(participation)}
    content = calendar_of([participation.engagement], replies=replies)
    return HttpResponse(content, "text/calendar; charset=utf-8", headers=headers)


def earlier_in_words(participation):
    """The earlier date that a person replied to, before a move: "Tuesday 8 December 2026, 14:00"; "" without one."""
    if not participation.earlier_reply:
        return ""
    start = participation.earlier_starts_at.astimezone(ZoneInfo(participation.engagement.time_zone))
    time = f", {start:%H:%M}" if participation.engagement.start_time else ""
    return f"{weekday_in_words(start)}{time}"


def reply_in_words(participation):
    """The reply in words; "" before there is one."""
    return participation.get_reply_display() if participation.reply else ""


def _closed(request, status, participation=None, why=""):
    """The page of a link that is not valid, or no longer open to replies, with the reason."""
    engagement = participation.engagement if participation else None
    context = {"participation": participation, "engagement": engagement, "why": why, "is_whole": status != 404}
    return render(request, "engagements/reply_closed.html", context, status=status)


@agreement_page
def my_reply(request, pk):
    """The reply of a signed-in user who takes part: by a button on another page, or here with a note and more.

    403 for a user who does not take part.
    """
    engagement = find_engagement(request, pk)
    rows = Participation.objects.visible_to(request.user).of(engagement.agreement)
    participation = rows.filter(engagement=engagement, person__user=request.user).first()
    if participation is None:
        raise PermissionDenied("Only who takes part can reply.")
    form = ReplyForm(sent(request), place=participation)
    if form.is_valid():
        _press(request, participation, engagement, form)
    elif request.method == "POST" and "note" not in request.POST:
        messages.error(request, CHOOSE)
    else:
        context = {"form": form, "engagement": engagement, "participation": participation, "nav_here": "engagements"}
        context |= {"earlier_when": earlier_in_words(participation)}
        return render(request, "engagements/my_reply.html", context)
    return redirect(way_back(request, engagement.get_absolute_url()))


def _press(request, participation, engagement, form):
    version = engagement.schedule_version if request.POST.get("version") == str(engagement.schedule_version) else None
    try:
        saved = give_reply(
            participation,
            form.cleaned_data["reply"],
            version=version,
            by=request.user,
            **form.details,
        )
    except MovedError:
        messages.error(request, MOVED)
    except NotPossibleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Your reply to “{engagement.title}” is recorded: {saved.get_reply_display()}.")
