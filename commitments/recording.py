"""Records the status of each commitment on the days on which it changes, and works it out for past days."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from commitments.models import Commitment, CommitmentStatus, StatusCheck
from commitments.presenters.counting import counting_by, rule_of, spans_of, with_counts, with_standing
from commitments.rules.rhythm import NARRATIVE, standing_of_date, standing_of_rhythm
from partnership.models import Agreement, AgreementDate

Measure = Commitment.Measure


def record_changed(now=None):
    """Record the statuses of each agreement that has changed since they were last recorded, or was not recorded today.

    Returns how many statuses changed.
    """
    now = now or timezone.now()
    is_recorded = Q(status_check__day=timezone.localdate(now), status_check__version=F("version__number"))
    return sum(record_statuses(agreement, now) for agreement in Agreement.objects.exclude(is_recorded).order_by("pk"))


@transaction.atomic
def record_statuses(agreement, now):
    """Record each status of ``agreement`` that differs from the one recorded last. Returns how many.

    Where a status changes twice on one day, that day has the later one. Two processes that record at once do so one
    after the other.
    """
    Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
    version = Agreement.objects.filter(pk=agreement.pk).values_list("version__number", flat=True).get()
    today = timezone.localdate(now)
    rows = CommitmentStatus.objects.of(agreement).order_by("commitment_id", "-day").distinct("commitment_id")
    before = {row.commitment_id: row for row in rows.filter(day__lt=today)}
    of_today = {row.commitment_id: row for row in rows.filter(day=today)}
    changed = sum(
        _record(commitment, today, of_today.get(commitment.pk), before.get(commitment.pk))
        for commitment in _with_standings(agreement, now, today)
    )
    StatusCheck.objects.update_or_create(agreement=agreement, defaults={"day": today, "version": version or 0})
    return changed


def _with_standings(agreement, now, today):
    spans = spans_of(agreement, today)
    rows = with_counts(Commitment.objects.of(agreement).order_by("pk"), None, spans, now)
    return [with_standing(commitment, spans, today) for commitment in rows]


def _record(commitment, today, of_today, before):
    """Save the status of ``commitment`` in the row of today, unless the row before has the same status.

    In that case delete the row of today. Returns the number of rows changed: 1 or 0.
    """
    status, reason = commitment.standing.state, commitment.standing.reason
    if before and before.status == status:
        return of_today.delete()[0] if of_today else 0
    if of_today and of_today.status == status:
        return 0
    row = of_today or CommitmentStatus(agreement_id=commitment.agreement_id, commitment=commitment, day=today)
    row.status, row.reason, row.is_reconstructed = status, reason, False
    row.save()
    return 1


@transaction.atomic
def reconstruct_statuses(agreement, today):
    """Work out the statuses of the days before the first recorded one, from what the record says now about those days.

    The record says when each engagement was, when it was logged, whether it was held, when a promise was met, and which
    measure applied. It does not say what was planned and cancelled since. An engagement that was held counts from its
    day, even if it was logged later. Days before the first measure of a commitment, and before the agreement took
    effect, stay empty. Returns how many rows it wrote; called again, it replaces them.
    """
    rows = CommitmentStatus.objects.of(agreement)
    rows.filter(is_reconstructed=True).delete()
    first_recorded = dict(rows.order_by("commitment_id", "-day").values_list("commitment", "day"))
    written = []
    for commitment in Commitment.objects.of(agreement).prefetch_related("past_measures").order_by("pk"):
        last = first_recorded.get(commitment.pk, today + timedelta(days=1)) - timedelta(days=1)
        written += _reconstructed(agreement, commitment, last)
    CommitmentStatus.objects.bulk_create(written)
    return len(written)


def _reconstructed(agreement, commitment, last):
    """Unsaved rows of ``commitment`` for the days up to ``last`` on which its status changed."""
    effective = agreement.date_of(AgreementDate.Kind.EFFECTIVE)
    past = commitment.past_measures.all()
    day = min([commitment.measured_from, *(one.applies_from for one in past)])
    day = max(day, effective.on) if effective else day
    engagements, rows, status = {}, [], None
    while day <= last:
        measure = commitment.measure_on(day)
        if measure and measure not in engagements:
            engagements[measure] = _engagements(agreement, commitment, measure)
        standing = _standing_on(day, agreement, commitment, measure, engagements[measure]) if measure else None
        if standing and standing.state != status:
            status = standing.state
            rows.append(
                CommitmentStatus(
                    agreement=agreement,
                    commitment=commitment,
                    day=day,
                    status=status,
                    reason=standing.reason,
                    is_reconstructed=True,
                )
            )
        day += timedelta(days=1)
    return rows


def _engagements(agreement, commitment, measure):
    """The engagements that count towards ``commitment`` by ``measure``.

    Each is a tuple (first day, last day, day of logging, whether it was held).
    """
    rows = counting_by(agreement, commitment, rule_of(measure)).values_list(
        "starts_on", "ends_on", "created_at", "status"
    )
    return [
        (first, last or first, timezone.localdate(logged), status == "held") for first, last, logged, status in rows
    ]


def _standing_on(day: date, agreement, commitment, measure, engagements):
    if measure.measure == Measure.NARRATIVE:
        return NARRATIVE
    if measure.measure == Measure.DUE:
        met_on = commitment.met_on if commitment.met_on and commitment.met_on <= day else None
        held = sum(is_held and last <= day for _, last, _, is_held in engagements)
        return standing_of_date(measure.due_on, met_on, held, day)
    spans = spans_of(agreement, day)
    span = spans.of(measure)
    of_span = [one for one in engagements if span and span.first <= one[0] <= span.last]
    held = sum(is_held and first <= day for first, _, _, is_held in of_span)
    planned = sum(first > day and logged <= day for first, _, logged, _ in of_span)
    return standing_of_rhythm(measure.rhythm_count, span, held, planned, day)
