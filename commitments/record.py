"""What the page of one commitment shows, found for one user."""

from functools import cached_property

from django.shortcuts import get_object_or_404
from django.utils import timezone

from commitments.counting import counting_towards, spans_of, with_counts, with_standing
from commitments.models import Commitment, Evidence
from commitments.rhythm import place_in_words
from partnership.terms import FIRST_DAY

SHOWN = 60
"""So many engagements are listed: the latest. More in one span is beyond reading; the list of engagements has all."""


class CommitmentRecord:
    """A commitment with its standing and what counts towards it, as ``user`` may see it; 404 for none."""

    def __init__(self, user, agreement, pk):
        self.user, self.now = user, timezone.now()
        today = timezone.localdate(self.now)
        spans = spans_of(agreement, today)
        rows = Commitment.objects.visible_to(user).of(agreement).to_show()
        self.commitment = get_object_or_404(with_counts(rows, user, spans, self.now), pk=pk)
        self.commitment.agreement = agreement
        with_standing(self.commitment, spans, today)
        self.span = self.commitment.span

    @cached_property
    def evidence(self):
        """What is said by hand, in order of time."""
        rows = Evidence.objects.visible_to(self.user).of(self.commitment.agreement).filter(commitment=self.commitment)
        return list(rows.select_related("engagement", "added_by").order_by("engagement__starts_on", "engagement"))

    @property
    def struck_out(self):
        """What a lead has struck out, of the days that are counted."""
        return [said for said in self.evidence if not said.counts and self._is_in_span(said.engagement)]

    def _is_in_span(self, engagement):
        return self.span is None or self.span.first <= engagement.starts_on <= self.span.last

    @cached_property
    def counted(self):
        """The engagements that count, in order of time; each with ``said`` (by hand) and ``place`` ("3rd of 4")."""
        first, last = (self.span.first, self.span.last) if self.span else (FIRST_DAY, None)
        rows = counting_towards(self.commitment, self.user).between(first, last)
        shown = list(rows.order_by("-starts_on", "-pk")[:SHOWN])[::-1]
        by_hand = {said.engagement_id: said for said in self.evidence}
        held = self.commitment.held_count - sum(engagement.status == "held" for engagement in shown)
        for engagement in shown:
            is_held = engagement.status == "held"
            held += is_held
            engagement.said = by_hand.get(engagement.pk)
            engagement.place = self._place(held) if is_held else ""
        return shown

    def _place(self, number):
        return place_in_words(number, self.commitment.rhythm_count) if self.span else ""

    @property
    def is_cut(self):
        """Whether earlier ones are not listed."""
        return len(self.counted) == SHOWN
