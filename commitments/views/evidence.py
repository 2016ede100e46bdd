"""Pages where leads decide by hand: an engagement counts or not, and a promise was kept."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from commitments.forms import EvidenceForm, MetForm
from commitments.models import Commitment, Evidence
from commitments.operations import CannotCountError, add_evidence, mark_met, strike_out, withdraw_evidence
from commitments.presenters.counting import counting_towards
from commitments.views.commitments import find_commitment, page
from engagements.models import Engagement
from engagements.presenters.search import search
from pages.access import agreement_page
from records.deletion import InUseError

FOUND = 20
"""The most engagements offered at once; a better search word finds the rest."""


@agreement_page(may="lead")
def find_evidence(request, pk):
    """Search for an engagement that should count although the rule does not count it."""
    commitment = find_commitment(request, pk=pk)
    text = request.GET.get("q", "").replace("\0", "")[:200].strip()
    rows = Engagement.objects.visible_to(request.user).of(request.access.agreement).under_agreement()
    rows = rows.exclude(status="cancelled").exclude(pk__in=_counted(request, commitment).values("pk"))
    if text:
        keys = search(rows, text, agreement=request.access.agreement, user=request.user).keys[:FOUND]
        found = sorted(rows.filter(pk__in=keys), key=lambda row: keys.index(row.pk))
    else:
        found = rows.filter(starts_on__lte=timezone.localdate()).order_by("-starts_on", "-pk")[:FOUND]
    context = {"commitment": commitment, "text": text, "found": found}
    return page(request, "find_evidence", context)


@agreement_page(may="lead")
@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request, pk, engagement):
    """Ask for a reason, then strike out an engagement that counts, or add one that does not."""
    commitment = find_commitment(request, pk=pk)
    rows = Engagement.objects.visible_to(request.user).of(request.access.agreement)
    engagement = get_object_or_404(rows, pk=engagement)
    does_count = _counted(request, commitment).filter(pk=engagement.pk).exists()
    form = EvidenceForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _save(request, form, commitment, engagement, does_count):
        return redirect("commitments:commitment", request.access.agreement.slug, pk)
    context = {"commitment": commitment, "engagement": engagement, "form": form, "does_count": does_count}
    return page(request, "evidence", context)


def _counted(request, commitment):
    commitment.agreement = request.access.agreement
    return counting_towards(commitment, request.user)


def _save(request, form, commitment, engagement, does_count):
    """Save the evidence. Returns whether that was possible; if not, the reason is shown beside the field."""
    operation = strike_out if does_count else add_evidence
    try:
        operation(commitment, engagement, reason=form.cleaned_data["reason"], by=request.user)
    except CannotCountError as error:
        form.add_error("reason", str(error))
        return False
    messages.success(request, "It is struck out." if does_count else "It counts now.")
    return True


@require_POST
@agreement_page(may="lead")
def withdraw(request, pk, engagement):
    """Withdraw the evidence about an engagement. Pressed twice, it is withdrawn once."""
    commitment = find_commitment(request, pk=pk)
    rows = Evidence.objects.visible_to(request.user).of(request.access.agreement)
    for row in rows.filter(commitment=commitment, engagement=engagement):
        try:
            withdraw_evidence(row, by=request.user)
        except InUseError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "It is taken back: the rule alone decides again.")
    return redirect("commitments:commitment", request.access.agreement.slug, pk)


@agreement_page(may="lead")
@require_http_methods(["GET", "HEAD", "POST"])
def met(request, pk):
    """Record the day on which a promise with a due date was kept."""
    commitment = find_commitment(request, pk=pk, measure=Commitment.Measure.DUE)
    form = MetForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        mark_met(commitment, on=form.cleaned_data["met_on"], by=request.user)
        messages.success(request, "It is met.")
        return redirect("commitments:commitment", request.access.agreement.slug, pk)
    return page(request, "met", {"commitment": commitment, "form": form})


@require_POST
@agreement_page(may="lead")
def not_met(request, pk):
    """Record that a promise with a due date has not been kept after all."""
    commitment = find_commitment(request, pk=pk, measure=Commitment.Measure.DUE)
    mark_met(commitment, on=None, by=request.user)
    messages.success(request, "It is no longer said to be met.")
    return redirect("commitments:commitment", request.access.agreement.slug, pk)
