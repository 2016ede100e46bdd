"""The planned number of engagements in an agreement year, and by when. A pure rule: no row is read here.

docs/rhythm.md explains it to readers of the figures.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from partnership.agreement_years import AgreementYear

MOST = 999
"""The largest number that a plan can hold for one kind."""


@dataclass(frozen=True)
class YearlyTarget:
    """A rhythm's target for an agreement year: a number of engagements of one of ``kinds`` (none: of any kind)."""

    number: int
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """The engagements held minus those in the plan, in whole engagements.

    ``is_over``: the whole plan is due, so the words leave out "by now".
    """

    difference: int
    is_over: bool = False

    @property
    def words(self):
        """ "2 more than the plan by now", "as many as the plan has by now", "1 fewer than the plan"."""
        number = abs(self.difference)
        if not number:
            return "as many as the plan" if self.is_over else "as many as the plan has by now"
        return (
            f"{number:,} {'more' if self.difference > 0 else 'fewer'} than the plan{'' if self.is_over else ' by now'}"
        )

    @property
    def short(self):
        """The same beside a number of the plan: "2 more by now", "as many", "1 fewer"."""
        number = abs(self.difference)
        words = f"{number:,} {'more' if self.difference > 0 else 'fewer'}" if number else "as many"
        return words if self.is_over else f"{words} by now"

    @property
    def chip(self):
        """The state of a chip: good or warn."""
        return "warn" if self.difference < 0 else "good"


@dataclass(frozen=True)
class Plan:
    """The plan of one agreement year: a number for each kind, and one for rhythms over several kinds.

    ``is_set``: leads have set it; else it is the sum of the rhythms. A kind without a number is not in the plan.
    Engagements of that kind still count towards the total, because the plan is for the year as a whole.
    """

    year: AgreementYear
    by_kind: dict[str, int] = field(default_factory=dict)
    of_several: int = 0
    is_set: bool = False

    @property
    def total(self):
        """How many engagements the year is meant to have."""
        return sum(self.by_kind.values()) + self.of_several

    def by(self, day: date, number=None) -> Fraction:
        """How many engagements of the plan (or of ``number``) should be held before ``day``, spread evenly by day."""
        gone = min(max((day - self.year.starts_on).days, 0), self.year.length)
        return Fraction((self.total if number is None else number) * gone, self.year.length)

    def between(self, first: date, last: date) -> Fraction:
        """How many engagements of the plan fall on the days from ``first`` to ``last``, both included."""
        return self.by(last + timedelta(days=1)) - self.by(first)

    def compare(self, held, today, *, ended_on=None, number=None) -> Comparison | None:
        """Compare ``held`` engagements with the plan, or with ``number`` of it, by ``today``.

        None before the year begins. Only whole engagements make a difference, as with a rhythm: nobody can hold half of
        one. An agreement that ended on ``ended_on`` is compared with the plan up to that day.
        """
        if today < self.year.starts_on:
            return None
        day = min(today, ended_on + timedelta(days=1)) if ended_on else today
        return Comparison(int(held - self.by(day, number)), is_over=bool(ended_on) or today > self.year.ends_on)


def plan_of(year: AgreementYear, numbers: dict[str, int], rhythms) -> Plan | None:
    """The plan of ``year``: the ``numbers`` by kind that leads set for it, else the sum of ``rhythms``.

    None where there is neither. A rhythm over several kinds cannot be divided among them, so it is in the total only.
    """
    if numbers:
        return Plan(year, dict(numbers), is_set=True)
    by_kind, of_several = Counter(), 0
    for asked in rhythms:
        if len(asked.kinds) == 1:
            by_kind[asked.kinds[0]] += asked.number
        else:
            of_several += asked.number
    return Plan(year, dict(by_kind), of_several) if by_kind or of_several else None
