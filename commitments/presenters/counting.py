"""Counts, in the database, the engagements that count towards commitments, by the rule of docs/rhythm.md."""

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from commitments.models import Commitment, CommitmentWorkstream, Evidence
from commitments.presenters.statuses import as_on
from commitments.rules.rhythm import NARRATIVE, Span, standing_of_date, standing_of_rhythm
from engagements.models import Engagement
from partnership.agreement_years import agreement_quarter, agreement_year
from partnership.models import AgreementDate
from records.compiled_queries import compiled
from records.limits import FIRST_DAY, LAST_DAY

KINDS = ArrayField(CharField(max_length=12))
SHOWN = 60
"""The most engagements listed: the latest. Nobody reads more of one span; the list of engagements has all."""


@dataclass(frozen=True)
class Spans:
    """The agreement year and quarter in which rhythms are counted; None without an effective date."""

    year: Span | None
    quarter: Span | None

    def of(self, commitment):
        """The span in which the rhythm ``commitment`` is counted."""
        return self.quarter if commitment.rhythm_period == Commitment.Period.QUARTER else self.year

    @property
    def days(self):
        """The first and last days of both spans, as arguments of a compiled query: see ``_between``."""
        return {
            f"{name}_{end}": getattr(span, end, None)
            for name, span in (("year", self.year), ("quarter", self.quarter))
            for end in ("first", "last")
        }


def _between(days):
    """The ``Spans`` with these ``days``, which may be placeholders of a compiled query."""
    if days["year_first"] is None:
        return Spans(None, None)
    return Spans(*(Span(days[f"{name}_first"], days[f"{name}_last"]) for name in ("year", "quarter")))


def spans_on(effective: date | None, day: date, ended_on: date | None = None) -> Spans:
    """The agreement year and quarter of ``day``, for an agreement in force since ``effective``.

    For an agreement that ended on ``ended_on``, later days fall in its last year and quarter, and both end on that day.
    """
    if effective is None:
        return Spans(None, None)
    day = min(day, ended_on) if ended_on else day
    year = agreement_year(effective, day)
    spans = [
        (year.starts_on, year.ends_on, "agreement year"),
        (*agreement_quarter(effective, day), "agreement quarter"),
    ]
    if ended_on:
        spans = [(first, min(last, max(ended_on, first)), "agreement") for first, last, _ in spans]
    return Spans(*(Span(*span) for span in spans))


def spans_of(agreement, today) -> Spans:
    """The spans that ``agreement`` counts in on ``today``. Its dates are read once, and cached on it."""
    prefetch_related_objects([agreement], "dates")
    effective, end = map(agreement.date_of, (AgreementDate.Kind.EFFECTIVE, AgreementDate.Kind.END))
    return spans_on(effective and effective.on, today, end.on if end and agreement.has_ended else None)


def standings(user, agreement, now, workstream=None, party=None, to_show=False, on=None) -> list[Commitment]:
    """Return the commitments that ``user`` may see, in order, each with its ``standing`` at ``now``.

    With ``on``, a past day, the standing is the one recorded for that day. ``workstream`` restricts the list to
    commitments about it, ``party`` to those that name it. ``to_show`` reads them for a page; without it they are for
    figures alone.
    """
    today = timezone.localdate(now)
    spans = spans_of(agreement, today)
    counted = _counted(user, agreement, now, workstream, party, to_show, **spans.days)
    commitments = [with_standing(commitment, spans, today) for commitment in counted]
    return as_on(commitments, user, agreement, on) if on and on < today else commitments


@compiled
def _counted(user, agreement, now, workstream, party, to_show, **days):
    rows = Commitment.objects.visible_to(user).of(agreement)
    if to_show:
        rows = rows.to_show()
    if workstream is not None:
        rows = rows.about(workstream)
    if party is not None:
        rows = rows.of_party(party)
    return with_counts(rows, user, _between(days), now)


def with_counts(commitments, user, spans, now):
    """Add ``held_count`` and ``coming_count``, for the span of each, and ``last_on``: the last day of one held, ever.

    Counts the engagements that ``user`` may see, or all of them without a user, for Concord itself.
    """
    engagements = counting_towards_each(user)
    in_span = engagements.filter(starts_on__gte=OuterRef("first"), starts_on__lte=OuterRef("last"))
    ever = engagements.held().filter(starts_on__gte=OuterRef("since"), starts_on__lte=OuterRef("until"))
    last = ever.order_by("-starts_on").values("starts_on")[:1]
    return _with_span(commitments, spans).annotate(
        held_count=number(in_span.held()), coming_count=number(in_span.coming(now)), last_on=Subquery(last)
    )


@compiled
def counted(user, agreement, pk, now, **days):
    """A list of the commitment ``pk``, if ``user`` may see it, with its counts in the spans of ``days``."""
    rows = Commitment.objects.visible_to(user).of(agreement).to_show().filter(pk=pk)
    return with_counts(rows, user, _between(days), now)


def _with_span(commitments, spans):
    """Add ``first`` and ``last``, the days to count: the span of a rhythm, else the days of what counts by hand.

    ``since`` and ``until`` are the bounds for ``last_on``: for a rhythm they include all days. Without bounds,
    PostgreSQL would read all engagements for a commitment that has no rule.
    """
    by_hand = Evidence.objects.filter(commitment=OuterRef("pk"), counts=True).order_by()

    def day(name, otherwise, figure):
        quarter, year = (getattr(span, name) if span else otherwise for span in (spans.quarter, spans.year))
        other = Subquery(by_hand.values("commitment").annotate(day=figure).values("day"))
        in_quarter = When(measure="rhythm", rhythm_period="quarter", then=quarter)
        return (
            Case(in_quarter, When(measure="rhythm", then=year), default=other, output_field=DateField()),
            Case(When(measure="rhythm", then=otherwise), default=other, output_field=DateField()),
        )

    first, since = day("first", FIRST_DAY, Min("engagement__starts_on"))
    last, until = day("last", LAST_DAY, Max("engagement__starts_on"))
    return commitments.alias(first=first, last=last, since=since, until=until)


def number(engagements):
    """A subquery that counts ``engagements``, which are of one agreement."""
    counted = engagements.order_by().values("agreement").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


def counting_towards_each(user):
    """The engagements, on any day, that count towards the commitment of the outer query; see ``with_counts``."""
    rows = Engagement.objects.visible_to(user) if user else Engagement.objects.all()
    rows = rows.filter(agreement=OuterRef("agreement"))
    kinds = ExpressionWrapper(OuterRef("rhythm_kinds"), KINDS)
    measure = ExpressionWrapper(OuterRef("measure"), CharField())
    return _counting(rows, OuterRef(OuterRef("pk")), kinds, measure)


def _counting(engagements, commitment, kinds, measure):
    """Filter ``engagements`` by the rule of docs/rhythm.md.

    ``commitment`` is its key as seen from a query within that of ``engagements``.
    """
    by_hand = Evidence.objects.filter(commitment=commitment, engagement=OuterRef("pk"))
    streams = CommitmentWorkstream.objects.filter(commitment=commitment)
    shared = streams.filter(workstream__engagement_links__engagement=OuterRef("pk"))
    of_kind = Q(asked__len=0) | Q(asked__contains=[F("kind")])
    by_rule = Q(measured_by="rhythm") & of_kind & (~Exists(streams) | Exists(shared))
    rows = engagements.under_agreement().exclude(status="cancelled").alias(asked=kinds, measured_by=measure)
    return rows.filter(Q(Exists(by_hand.filter(counts=True))) | (by_rule & ~Exists(by_hand)))


def counting_towards(commitment, user):
    """The engagements, on any day, that count towards ``commitment`` and that ``user`` may see."""
    return _counting_one(user, commitment.agreement, commitment, rule_of(commitment))


@compiled
def counted_last(user, agreement, commitment, rule, first, last):
    """The latest ``SHOWN`` engagements from ``first`` to ``last`` that count towards ``commitment``, the latest first.

    ``rule`` is the result of ``rule_of``; ``last`` may be None.
    """
    rows = _counting_one(user, agreement, commitment, rule).between(first, last)
    return rows.order_by("-starts_on", "-pk")[:SHOWN]


def counting_by(agreement, commitment, rule):
    """The engagements, on any day, that count towards ``commitment`` by ``rule`` (``rule_of``), for Concord itself."""
    return _counting_one(None, agreement, commitment, rule)


def rule_of(commitment):
    """The parts of a commitment that decide which engagements count: is it a rhythm, and for which kinds."""
    return (commitment.measure == Commitment.Measure.RHYTHM, *commitment.rhythm_kinds)


def _counting_one(user, agreement, commitment, rule):
    rows = (Engagement.objects.visible_to(user) if user else Engagement.objects).of(agreement)
    is_rhythm, *kinds = rule
    if not is_rhythm:
        by_hand = Evidence.objects.filter(commitment=commitment, counts=True)
        rows = rows.filter(pk__in=by_hand.values("engagement"))
    measure = Value("rhythm" if is_rhythm else "", CharField())
    return _counting(rows, commitment.pk, Value(kinds, KINDS), measure)


def counted_by(engagement, user, now) -> list[Commitment]:
    """Return the commitments that ``engagement`` counts towards, with their standings in its span.

    ``engagement`` has ``effective_on``. Each commitment has its ``place``: the number of the engagement among those
    held or, if it is still to come, among those held or to come. One query.
    """
    spans = spans_on(engagement.effective_on, engagement.starts_on)
    is_held, day = engagement.status == "held", engagement.starts_on
    rows = _counted_with(user, engagement.agreement, engagement, day, is_held, now, **spans.days)
    return [with_standing(commitment, spans, timezone.localdate(now)) for commitment in rows]


@compiled
def _counted_with(user, agreement, engagement, day, is_held, now, **days):
    in_span = counting_towards_each(user).filter(starts_on__gte=OuterRef("first"), starts_on__lte=OuterRef("last"))
    held_or_coming = Q(status="held") | Q(status__in=["planned", "confirmed"], ends_at__gt=now)
    alike = in_span.held() if is_held else in_span.filter(held_or_coming)
    before = Q(starts_on__lt=day) | Q(starts_on=day, pk__lte=engagement.pk)
    return (
        _with_span(Commitment.objects.visible_to(user).of(agreement), _between(days))
        .filter(Exists(in_span.filter(pk=engagement.pk)))
        .annotate(
            held_count=number(in_span.held()),
            coming_count=number(in_span.coming(now)),
            place=number(alike.filter(before)),
        )
    )


def with_standing(commitment, spans, today):
    """Adds ``span`` and ``standing`` to a commitment that has its counts. Returns the commitment."""
    commitment.span = spans.of(commitment) if commitment.measure == Commitment.Measure.RHYTHM else None
    commitment.standing = _standing(commitment, today)
    return commitment


def _standing(commitment, today):
    if commitment.measure == Commitment.Measure.RHYTHM:
        counts = commitment.held_count, commitment.coming_count
        return standing_of_rhythm(commitment.rhythm_count, commitment.span, *counts, today)
    if commitment.measure == Commitment.Measure.DUE:
        return standing_of_date(commitment.due_on, commitment.met_on, commitment.held_count, today)
    return NARRATIVE
