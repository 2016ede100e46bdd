"""The commitments that slip, are late or have gone quiet, which Concord watches to notify the leads."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from commitments.models import Commitment
from commitments.presenters.counting import spans_of, with_counts, with_standing
from commitments.rules.rhythm import State
from partnership.models import Agreement, AgreementDate


@dataclass(frozen=True)
class Watched:
    """The standing of a commitment (``key``) of an agreement in force: ``state``, ``reason``, and ``since`` when.

    ``since`` is None where it is neither slipping nor late. ``period`` and ``until`` are the first and last day of the
    span in which it is counted; for a promise with a due date, both are that date. ``last_on`` is the day on which
    something was last held for it, or None. ``quiet_since`` is that day, or else the first day on which something could
    have been held.
    """

    key: int
    state: State
    reason: str
    since: date | None
    period: date
    until: date
    quiet_since: date
    last_on: date | None


def watched(keys, now) -> list[Watched]:
    """The commitments with these ``keys`` that are measured, not met, and of an agreement in force.

    One query for each agreement, and two more for the agreements and their dates.
    """
    agreements = Agreement.objects.filter(status=Agreement.Status.IN_FORCE, commitments__in=keys).distinct()
    today = timezone.localdate(now)
    return [
        Watched(
            commitment.pk,
            commitment.standing.state,
            commitment.standing.reason,
            commitment.standing.since,
            *_period(commitment),
            commitment.last_on or _could_begin(commitment, agreement),
            commitment.last_on,
        )
        for agreement in agreements.prefetch_related("dates").order_by("pk")
        for commitment in _measured(agreement, keys, now, today)
    ]


def _measured(agreement, keys, now, today):
    spans = spans_of(agreement, today)
    rows = Commitment.objects.of(agreement).filter(pk__in=keys).exclude(measure=Commitment.Measure.NARRATIVE)
    for commitment in with_counts(rows.order_by("pk"), None, spans, now):
        standing = with_standing(commitment, spans, today).standing
        if standing.is_measured and standing.state != State.MET:
            yield commitment


def _period(commitment):
    span = commitment.span
    return (span.first, span.last) if span else (commitment.due_on, commitment.due_on)


def _could_begin(commitment, agreement):
    """The first day on which something could have been held for a commitment.

    It is the effective date, or the day on which the commitment was entered if that is later.
    """
    effective = agreement.date_of(AgreementDate.Kind.EFFECTIVE)
    written = timezone.localdate(commitment.created_at)
    return max(written, effective.on) if effective else written
