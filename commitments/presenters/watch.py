"""What Concord itself watches of commitments, to tell the leads: which slip or are late, and which have gone quiet."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from commitments.models import Commitment
from commitments.presenters.counting import spans_of, with_counts, with_standing
from commitments.rules.rhythm import State
from partnership.models import Agreement, AgreementDate


@dataclass(frozen=True)
class Watched:
    """How a commitment (by its key) of an agreement in force stands: ``state``, why, ``since`` which day.

    ``period`` is what it is counted in: its first day, of a promise with a date that date; ``until`` its last day.
    ``since`` is None where it is neither slipping nor late. ``quiet_since`` is the day on which something was held
    for it last, ``last_on``, else the one from which something could have been.
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
    """Those of the commitments with these keys that are measured, of an agreement in force, and not met.

    One query for an agreement, besides the two that say which there are and when they took effect.
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
    """The day from which something could have been held: the effective date, or when it was written down."""
    effective = agreement.date_of(AgreementDate.Kind.EFFECTIVE)
    written = timezone.localdate(commitment.created_at)
    return max(written, effective.on) if effective else written
