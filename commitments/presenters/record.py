"""The data for the page of one commitment, as one user may see it."""

from functools import cached_property

from django.http import Http404
from django.utils import timezone

from commitments.models import CommitmentStatus, Evidence, PastMeasure
from commitments.presenters.counting import SHOWN, counted, counted_last, rule_of, spans_of, with_standing
from commitments.rules.rhythm import place_in_words
from records.limits import FIRST_DAY

CHANGES = 12
"""The most changes of its status that a page lists."""


class CommitmentRecord:
    """A commitment with its standing and what counts towards it, as ``user`` may see it. Raises Http404 for none."""

    def __init__(self, user, agreement, pk):
        self.user, self.now = user, timezone.now()
        today = timezone.localdate(self.now)
        spans = spans_of(agreement, today)
        found = counted(user, agreement, pk, self.now, **spans.days)
        if not found:
            raise Http404("There is no such commitment.")
        self.commitment, self.agreement = found[0], agreement
        self.commitment.agreement = agreement
        with_standing(self.commitment, spans, today)
        self.span = self.commitment.span

    @cached_property
    def evidence(self):
        """The evidence set by hand, in order of time."""
        return _evidence(self.user, self.agreement, self.commitment)

    @cached_property
    def statuses(self):
        """The changes of its status, the latest first."""
        rows = CommitmentStatus.objects.visible_to(self.user).of(self.agreement)
        return list(rows.filter(commitment=self.commitment).order_by("-day")[:CHANGES])

    @cached_property
    def past_measures(self):
        """The former measures, the latest first."""
        rows = PastMeasure.objects.visible_to(self.user).of(self.agreement)
        return list(rows.filter(commitment=self.commitment).order_by("-applies_from"))

    @property
    def struck_out(self):
        """The evidence by which leads struck out engagements in the span."""
        return [row for row in self.evidence if not row.counts and self._is_in_span(row.engagement)]

    def _is_in_span(self, engagement):
        return self.span is None or self.span.first <= engagement.starts_on <= self.span.last

    @cached_property
    def counted(self):
        """The engagements that count, in order of time; each with ``by_hand`` and ``place`` ("3rd of 4")."""
        first, last = (self.span.first, self.span.last) if self.span else (FIRST_DAY, None)
        rule = rule_of(self.commitment)
        shown = counted_last(self.user, self.agreement, self.commitment, rule, first, last)[::-1]
        by_hand = {row.engagement_id: row for row in self.evidence}
        held = self.commitment.held_count - sum(engagement.status == "held" for engagement in shown)
        for engagement in shown:
            is_held = engagement.status == "held"
            held += is_held
            engagement.by_hand = by_hand.get(engagement.pk)
            engagement.place = self._place(held) if is_held else ""
        return shown

    def _place(self, number):
        return place_in_words(number, self.commitment.rhythm_count) if self.span else ""

    @property
    def is_cut(self):
        """Whether earlier engagements may be missing from the list."""
        return len(self.counted) == SHOWN


def _evidence(user, agreement, commitment):
    rows = Evidence.objects.visible_to(user).of(agreement).filter(commitment=commitment)
    return list(rows.select_related("engagement", "added_by").order_by("engagement__starts_on", "engagement"))
