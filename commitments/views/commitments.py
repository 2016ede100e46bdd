"""The list of commitments, the page of one, and its form."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commitments.forms import CommitmentForm
from commitments.lists import CommitmentList
from commitments.models import Commitment, CommitmentWorkstream, Evidence
from commitments.operations import add_commitment, delete_commitment, save_commitment, why_kept
from commitments.presenters.record import CommitmentRecord
from engagements.presenters.next_change import next_change
from pages.access import agreement_page
from pages.conditional import conditional
from pages.deletion import not_deleted
from pages.exports import exported
from pages.finding import find
from records.history import HistorySource, changes_of


@agreement_page
@conditional(next_change)
def commitment_list(request):
    """The filtered commitments with their standings, grouped by theme in the order of the agreement."""
    commitments, themes = _list(request), {}
    for commitment in commitments.page:
        themes.setdefault(commitment.theme, []).append(commitment)
    context = {
        "list": commitments,
        "has_any": bool(commitments.standings) or commitments.is_narrowed,
        "themes": list(themes.items()),
        "total": commitments.page.paginator.count,
        "of": len(commitments.standings),
    }
    return page(request, "list", context)


@agreement_page
def export(request, ending):
    return exported(_list(request), ending)


def _list(request):
    return CommitmentList(request.GET, user=request.user, agreement=request.access.agreement)


@agreement_page
@conditional(next_change)
def commitment(request, pk):
    """The page of one commitment: its text, its standing, what counts towards it, and its source."""
    record = CommitmentRecord(request.user, request.access.agreement, pk)
    return page(request, "commitment", {"record": record, "commitment": record.commitment})


@agreement_page
def rules(request):
    """The page that explains how a standing is found: docs/rhythm.md in short."""
    return page(request, "rules", {})


@agreement_page(may="lead")
def new(request):
    form = CommitmentForm(request.POST or None, agreement=request.access.agreement)
    if form.is_valid():
        added = add_commitment(form.instance, workstreams=form.cleaned_data["workstreams"], by=request.user)
        messages.success(request, "The commitment is saved.")
        return redirect("commitments:commitment", request.access.agreement.slug, added.pk)
    return page(request, "form", {"form": form})


@agreement_page(may="lead")
def edit(request, pk):
    """Change a commitment.

    Where somebody else changed the same in the meantime, show both versions and save nothing.
    """
    commitment = find_commitment(request, pk=pk)
    form = CommitmentForm(request.POST or None, instance=commitment, agreement=request.access.agreement)
    context = {"form": form, "commitment": commitment}
    if form.is_valid() and form.save_with(
        save_commitment, workstreams=form.cleaned_data["workstreams"], by=request.user
    ):
        messages.success(request, "The commitment is saved.")
        return redirect("commitments:commitment", request.access.agreement.slug, pk)
    return page(request, "form", context)


@agreement_page(may="lead")
@require_http_methods(["GET", "POST"])
def delete(request, pk):
    """Ask whether to delete a commitment; on POST, delete it."""
    commitment = find_commitment(request, pk=pk)
    if why := why_kept(commitment, request.user):
        where = {"back": commitment.get_absolute_url(), "nav_here": "commitments"}
        instead = [("Change the commitment", reverse("commitments:edit", args=[request.access.agreement.slug, pk]))]
        return not_deleted(request, "commitment", commitment.title, why, instead=instead, **where)
    if request.method == "POST":
        delete_commitment(commitment, by=request.user)
        messages.success(request, f"“{commitment.title}” is deleted.")
        return redirect("commitments:list", request.access.agreement.slug)
    return page(request, "delete", {"commitment": commitment})


@agreement_page(may="editor")
def history(request, pk):
    commitment = find_commitment(request, pk=pk)
    return page(request, "history", {"commitment": commitment, "entries": changes(commitment)})


def page(request, name, context, **kwargs):
    """Render a template of this app."""
    return render(request, f"commitments/{name}.html", {"nav_here": "commitments"} | context, **kwargs)


def find_commitment(request, **key):
    """The commitment that the user may see, read for a page. On POST it is locked. See ``find`` for its errors."""
    return find(request, Commitment.objects.to_show(), **key)


def changes(commitment, **limit):
    """The history of a commitment with its workstreams and evidence, the newest change first."""
    return changes_of(
        HistorySource(Commitment.pgh_event_model.objects.filter(pgh_obj_id=commitment.pk), "commitment"),
        HistorySource(
            CommitmentWorkstream.pgh_event_model.objects.filter(commitment=commitment.pk), "workstream", "workstream"
        ),
        HistorySource(Evidence.pgh_event_model.objects.filter(commitment=commitment.pk), "by hand", "engagement"),
        **limit,
    )
