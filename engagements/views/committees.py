"""Pages of committees and the seats on them."""

from django.contrib import messages
from django.db import transaction
from django.db.models import OuterRef, Prefetch, Subquery
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from contacts.actions import organisations_of
from engagements.actions import committee as verbs
from engagements.committee import CommitteePage
from engagements.forms.committees import CommitteeForm, SeatForm
from engagements.models import Committee, Engagement, Seat
from engagements.views.finding import find, sent
from partnership.access import agreement_page
from partnership.models import Role

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@agreement_page
def committee_list(request):
    """All committees, each with its seats of today and its next meeting."""
    seats = Seat.objects.visible_to(request.user).held_on(timezone.localdate())
    meetings = Engagement.objects.visible_to(request.user).coming(timezone.now()).filter(committee=OuterRef("pk"))
    committees = (
        Committee.objects.visible_to(request.user)
        .of(request.access.agreement)
        .select_related("host")
        .prefetch_related(Prefetch("seats", seats.select_related("organisation", "holder"), to_attr="seats_now"))
        .annotate(next_on=Subquery(meetings.values("starts_on")[:1]), next_pk=Subquery(meetings.values("pk")[:1]))
    )
    return render(request, "engagements/committees.html", {"committees": committees, "nav_here": "committees"})


@agreement_page
def committee(request, pk):
    """What a committee is for, who sits on it, when it meets."""
    committee = find(request, Committee.objects.select_related("agreement", "host"), pk=pk)
    page = CommitteePage(request.user, committee)
    return render(
        request, "engagements/committee.html", {"page": page, "committee": committee, "nav_here": "committees"}
    )


@PAGE
@agreement_page(may=Role.LEAD)
def new(request):
    """Adds a committee."""
    return _committee_form(request, Committee(agreement=request.access.agreement))


@PAGE
@agreement_page(may=Role.LEAD)
def edit(request, pk):
    """Changes a committee."""
    return _committee_form(request, find(request, Committee.objects.select_related("agreement", "host"), pk=pk))


@PAGE
@agreement_page(may=Role.LEAD)
def new_seat(request, pk):
    """Adds a seat."""
    committee = find(request, Committee.objects.select_related("agreement"), pk=pk)
    return _seat_form(request, Seat(committee=committee))


@PAGE
@agreement_page(may=Role.LEAD)
def edit_seat(request, pk, seat):
    """Changes a seat."""
    return _seat_form(request, _find_seat(request, pk, seat))


@PAGE
@agreement_page(may=Role.LEAD)
def delete_seat(request, pk, seat):
    """Asks whether it is meant, and deletes a seat entered by mistake."""
    seat = _find_seat(request, pk, seat)
    if request.method == "POST":
        verbs.delete_seat(seat, by=request.user)
        messages.success(request, "The seat is deleted.")
        return redirect(seat.committee)
    return render(request, "engagements/delete_seat.html", _context(None, seat.committee, seat=seat))


def _find_seat(request, pk, key):
    rows = Seat.objects.select_related("committee__agreement", "organisation", "holder__organisation", "deputy")
    return find(request, rows, committee=pk, pk=key)


def _committee_form(request, committee):
    form = CommitteeForm(sent(request), instance=committee, agreement=request.access.agreement)
    if form.is_valid():
        with transaction.atomic():
            form.instance.host = _named(request, form.cleaned_data["host_named"])
            saved = verbs.save_committee(form.instance, by=request.user)
        messages.success(request, "The committee is saved.")
        return redirect(saved)
    return render(request, "engagements/committee_form.html", _context(form, committee))


def _seat_form(request, seat):
    form = SeatForm(sent(request), instance=seat, agreement=request.access.agreement)
    if form.is_valid():
        with transaction.atomic():
            form.instance.organisation = _named(request, form.cleaned_data["whose"])
            saved = verbs.save_seat(form.instance, by=request.user)
        messages.success(request, "The seat is saved.")
        return redirect(saved.committee)
    return render(request, "engagements/seat_form.html", _context(form, seat.committee, seat=seat))


def _named(request, entry):
    """The organisation that a field names, added if it is not in the contacts yet; None for an empty field."""
    if not (entry.organisation or entry.name):
        return None
    return organisations_of([entry], agreement=request.access.agreement, by=request.user)[0]


def _context(form, committee, **more):
    return {"form": form, "committee": committee, "nav_here": "committees"} | more
