"""A preview of the dates that a rule gives, before it is saved. Pure but for today's date and ``NATION``."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import islice

from django.utils import timezone

from engagements.rules.occurrences import Occurrence, clock_gap
from engagements.rules.recurrence import MOST, gaps_in_words

SHOWN = 6


@dataclass(frozen=True)
class PreviewLine:
    """One date with a note on it."""

    day: date
    note: str = ""
    is_left_out: bool = False


class Preview:
    """The next six dates of ``series``, which need not be saved, and facts about its rule.

    ``keeps_first``: the first date has an engagement already, and stays on its day whatever happens to the others.
    """

    def __init__(self, series, *, keeps_first=False):
        self.series, self.keeps_first = series, keeps_first

    @property
    def sentence(self):
        """ "Every second Thursday of the month, 10:00 to 11:30"."""
        return self.series.in_words

    @property
    def gaps(self):
        """A warning about months or years that the rule leaves out, or ""."""
        return gaps_in_words(self.series.rule)

    @cached_property
    def lines(self):
        """The next dates from today on; none where the rule has ended."""
        today = timezone.localdate()
        coming = (one for one in self.series.occurrences() if one.day >= today)
        return [line_of(self._as_held(one), self.series) for one in islice(coming, SHOWN)]

    def _as_held(self, one):
        is_settled = self.keeps_first and one.day == self.series.first_day
        return replace(one, held_on=one.day) if is_settled else one

    @cached_property
    def total(self):
        """The number of dates up to the last day, without those left out; None where the series has no last day."""
        if not self.series.ends_on:
            return None
        return sum(1 for one in islice(self.series.occurrences(), MOST) if not one.is_left_out)


def line_of(occurrence: Occurrence, series) -> PreviewLine:
    """Return an occurrence as a line: its day, and why it is left out, moved or at another time."""
    free, day = occurrence.free, occurrence.day
    if occurrence.is_left_out:
        return PreviewLine(day, f"Left out: {free}" if free else "Left out", is_left_out=True)
    gap = clock_gap(occurrence.held_on, series.start_time, series.time_zone)
    if occurrence.is_moved:
        return PreviewLine(occurrence.held_on, " ".join(filter(None, [f"Moved from {day:%-d %B}: {free}.", gap])))
    return PreviewLine(day, " ".join(filter(None, [f"{free[:1].upper()}{free[1:]}." if free else "", gap])))
