"""Pages of the seats on a committee: before one is saved or deleted, they show which planned meetings change."""

from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse

from engagements.forms.committees import SeatForm
from engagements.models import Committee, Seat
from engagements.operations.committee import delete_seat, save_seat
from engagements.operations.deletion import why_kept
from engagements.operations.seat_changes import MeetingsPreview
from engagements.presenters.email_notices import watched
from engagements.views.committees import named
from engagements.views.emailing import should_notify, success
from pages.access import agreement_page
from pages.deletion import not_deleted
from pages.finding import find
from pages.requests import sent
from records.roles import Role

PREVIEW = "preview"
"""The field that a button or htmx adds to a form that is sent only to show which meetings change."""


@agreement_page(may=Role.LEAD)
def new(request, pk):
    committee = find(request, Committee.objects.select_related("agreement"), pk=pk)
    return _form(request, Seat(committee=committee))


@agreement_page(may=Role.LEAD)
def edit(request, pk, seat):
    return _form(request, _find(request, pk, seat))


@agreement_page(may=Role.LEAD)
def delete(request, pk, seat):
    """Ask for confirmation and delete a seat entered by mistake; or say why this party may not delete it."""
    seat = _find(request, pk, seat)
    if why := why_kept(seat, request.user):
        page = reverse("engagements:edit_seat", args=[request.access.agreement.slug, pk, seat.pk])
        where = {"back": seat.committee.get_absolute_url(), "nav_here": "committees"}
        instead = [("Give the seat a last day: it stays on record", page)]
        return not_deleted(request, "seat", str(seat), why, instead=instead, **where)
    if request.method == "POST":
        with watched() as watch:
            changes = delete_seat(seat, **_choices(request), by=request.user)
        success(request, with_meetings_updated("The seat is deleted.", changes), watch)
        return redirect(seat.committee)
    preview = MeetingsPreview.of(seat.committee, deleted=[seat])
    return render(request, "engagements/delete_seat.html", _context(request, None, seat, preview))


def _find(request, pk, key):
    rows = Seat.objects.select_related("committee__agreement", "organisation", "holder__organisation", "deputy")
    return find(request, rows, committee=pk, pk=key)


def _form(request, seat):
    form = SeatForm(sent(request), instance=seat, agreement=request.access.agreement)
    if form.is_valid() and PREVIEW not in request.POST:
        with watched() as watch, transaction.atomic():
            form.instance.organisation = named(request, form.cleaned_data["whose"])
            saved = form.save_with(save_seat, **_choices(request), by=request.user)
            transaction.set_rollback(saved is None)
        if saved:
            success(request, with_meetings_updated("The seat is saved.", saved.meeting_changes), watch)
            return redirect(saved.committee)
    preview = MeetingsPreview.of(seat.committee, saved=[form.instance]) if form.is_bound and not form.errors else None
    return render(request, "engagements/seat_form.html", _context(request, form, seat, preview))


def _choices(request):
    """Return the user's choices for the operations: whether planned meetings follow, and whether people are emailed."""
    return {"update_meetings": updates(request), "notify": should_notify(request)}


def updates(request):
    """Whether the planned meetings follow: as the box is ticked; True where there was no box."""
    return (request.POST.getlist("update_meetings") or ["yes"])[-1] == "yes"


def with_meetings_updated(words, changes):
    """Return ``words``, followed by how many planned meetings were updated, if any."""
    number = len(changes)
    were = "1 planned meeting was" if number == 1 else f"{number} planned meetings were"
    return f"{words} {were} updated." if number else words


def _context(request, form, seat, preview):
    context = {"form": form, "seat": seat, "committee": seat.committee, "nav_here": "committees"}
    return context | {"preview": preview, "updates": updates(request), "emails": should_notify(request)}
