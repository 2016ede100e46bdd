"""The record of an engagement, and the buttons that change its status or delete it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from engagements.forms.record import CancelForm
from engagements.models import Engagement
from engagements.operations.deletion import why_kept
from engagements.operations.engagement import (
    NotPossibleError,
    cancel_engagement,
    confirm_engagement,
    delete_engagement,
    record_as_held,
    reinstate_engagement,
)
from engagements.operations.series import cancel_this_and_later
from engagements.presenters.calendar_files import calendar_of
from engagements.presenters.email_notices import watched
from engagements.presenters.next_change import next_change
from engagements.presenters.record import Record
from engagements.views.emailing import fragment, looks, notice_of, should_notify, success
from engagements.views.finding import find_engagement
from pages.access import agreement_page
from pages.conditional import conditional
from pages.deletion import not_deleted
from pages.finding import find
from pages.requests import sent, way_back
from records.deletion import InUseError
from records.roles import Role


@agreement_page
@conditional(next_change)
def record(request, pk):
    """The page of one engagement, with the checklist of what is still missing."""
    record = Record(request.user, request.access, pk)
    context = {"record": record, "engagement": record.engagement, "nav_here": "engagements"}
    return render(request, "engagements/record.html", context)


@agreement_page
def export_ics(request, pk):
    """The engagement as a calendar file. It names nobody who takes part."""
    rows = Engagement.objects.select_related("agreement").prefetch_related("hosts")
    engagement = find(request, rows, pk=pk)
    name = slugify(engagement.title)[:60] or "engagement"
    headers = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return HttpResponse(calendar_of([engagement]), "text/calendar; charset=utf-8", headers=headers)


@require_POST
@agreement_page(may=Role.EDITOR)
def took_place(request, pk):
    """Record the engagement as held."""
    return _press(request, pk, record_as_held, "It is recorded as held.")


@require_POST
@agreement_page(may=Role.EDITOR)
def confirm(request, pk):
    return _press(request, pk, confirm_engagement, "It is confirmed.")


@agreement_page(may=Role.EDITOR)
def reinstate(request, pk):
    """Show who is emailed, and undo a cancellation."""
    engagement = find_engagement(request, pk)
    if request.method == "POST":
        return _press_and_email(request, engagement, reinstate_engagement, "The engagement is reinstated.")
    notice = notice_of(request, lambda: reinstate_engagement(engagement, by=request.user), verb="Reinstating")
    context = {"engagement": engagement, "notice": notice, "nav_here": "engagements"}
    return render(request, "engagements/reinstate.html", context)


@agreement_page(may=Role.EDITOR)
def cancel(request, pk):
    """Ask for the reason, and cancel the engagement; with the scope "later", also the later ones of its series."""
    engagement = find_engagement(request, pk)
    form = CancelForm(sent(request), in_series=bool(engagement.series_id))
    verb, words = cancel_engagement, "The engagement is cancelled."
    if form.is_valid() and form.cleaned_data.get("scope") == "later":
        verb, words = cancel_this_and_later, "This one and the later ones are cancelled, and the series is stopped."
    if form.is_valid() and not looks(request):
        return _press_and_email(request, engagement, verb, words, reason=form.cleaned_data["reason"])
    notice = notice_of(request, lambda: verb(engagement, by=request.user), verb="Cancelling")
    if looks(request) and request.htmx:
        return fragment(request, notice)
    context = {"engagement": engagement, "form": form, "notice": notice, "nav_here": "engagements"}
    return render(request, "engagements/cancel.html", context)


@agreement_page(may=Role.EDITOR)
def delete(request, pk):
    """Show what is deleted and what stays, and delete the record; or say why this party may not delete it."""
    engagement = find_engagement(request, pk)
    if why := why_kept(engagement, request.user):
        return _not_deleted(request, engagement, why)
    if request.method == "POST":
        try:
            with watched() as watch:
                delete_engagement(engagement, notify=should_notify(request), by=request.user)
        except InUseError as error:
            return _not_deleted(request, engagement, str(error))
        success(request, f"“{engagement.title}” is deleted.", watch)
        return redirect("engagements:list", request.access.agreement.slug)
    notice = notice_of(request, lambda: delete_engagement(engagement, by=request.user), verb="Deleting")
    record = Record(request.user, request.access, pk)
    context = {"record": record, "engagement": record.engagement, "notice": notice, "nav_here": "engagements"}
    return render(request, "engagements/delete.html", context)


def _not_deleted(request, engagement, why):
    slug = request.access.agreement.slug
    edit, cancel = (reverse(f"engagements:{name}", args=[slug, engagement.pk]) for name in ("edit", "cancel"))
    instead = [("Correct the record", edit)]
    if not engagement.is_off:
        instead.append(("Cancel the engagement: the record is kept and says that it did not take place", cancel))
    where = {"back": engagement.get_absolute_url(), "nav_here": "engagements"}
    return not_deleted(request, "record", engagement.title, why, instead=instead, **where)


def _press_and_email(request, engagement, verb, words, **how):
    """Run the operation ``verb``; add ``words`` and the number of emails as a message, or why it is not possible."""
    try:
        with watched() as watch:
            verb(engagement, notify=should_notify(request), by=request.user, **how)
    except NotPossibleError as error:
        messages.error(request, str(error))
    else:
        success(request, words, watch)
    return redirect(engagement)


def _press(request, pk, verb, words):
    """Run the operation ``verb``; add ``words`` as a message, or why it is not possible; then go back."""
    engagement = find_engagement(request, pk)
    try:
        verb(engagement, by=request.user)
    except NotPossibleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    return redirect(way_back(request, engagement.get_absolute_url()))
