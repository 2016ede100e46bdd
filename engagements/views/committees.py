"""Pages of committees: the list, one committee, and the form to add or change one."""

from django.contrib import messages
from django.db import transaction
from django.db.models import OuterRef, Prefetch, Subquery
from django.shortcuts import redirect, render
from django.utils import timezone

from contacts.operations import organisations_of
from engagements.forms.committees import CommitteeForm
from engagements.models import Committee, Engagement, Seat
from engagements.operations import committee as verbs
from engagements.presenters.committee import CommitteePage
from pages.access import agreement_page
from pages.finding import find
from pages.requests import sent
from records.roles import Role


@agreement_page
def committee_list(request):
    """All committees, each with its present seats and its next meeting."""
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
    """The purpose, seats and meetings of a committee."""
    committee = find(request, Committee.objects.select_related("agreement", "host"), pk=pk)
    page = CommitteePage(request.user, committee)
    return render(
        request, "engagements/committee.html", {"page": page, "committee": committee, "nav_here": "committees"}
    )


@agreement_page(may=Role.LEAD)
def new(request):
    return _committee_form(request, Committee(agreement=request.access.agreement))


@agreement_page(may=Role.LEAD)
def edit(request, pk):
    return _committee_form(request, find(request, Committee.objects.select_related("agreement", "host"), pk=pk))


def _committee_form(request, committee):
    form = CommitteeForm(sent(request), instance=committee, agreement=request.access.agreement)
    if form.is_valid():
        with transaction.atomic():
            form.instance.host = named(request, form.cleaned_data["host_named"])
            saved = form.save_with(verbs.save_committee, by=request.user)
            transaction.set_rollback(saved is None)
        if saved:
            messages.success(request, "The committee is saved.")
            return redirect(saved)
    return render(
        request, "engagements/committee_form.html", {"form": form, "committee": committee, "nav_here": "committees"}
    )


def named(request, entry):
    """Return the organisation that a field names, added to the contacts if it is new; None for an empty field."""
    if not (entry.organisation or entry.name):
        return None
    return organisations_of([entry], agreement=request.access.agreement, by=request.user)[0]
