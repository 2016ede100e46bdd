"""Is a commitment kept? One pure rule: the measure, the counts and the day in, a state and its reason out.

docs/rhythm.md tells it to those who read the states.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pages.words import counted, date_in_words, ordinal

NOTICE = 14
"""Days that it takes to call people together: an engagement that nobody has planned by then will not be held."""

SOON = 30
"""Days before a due date from which something should be on record."""


class State(StrEnum):
    """How a commitment stands."""

    MET = "met"
    ON_COURSE = "on course"
    SLIPPING = "slipping"
    LATE = "late"
    NOT_MEASURED = "not measured"


CHIPS = {State.MET: "good", State.ON_COURSE: "good", State.SLIPPING: "warn", State.LATE: "bad"}


@dataclass(frozen=True)
class Span:
    """The days that a rhythm is counted in, both included, and what people call them."""

    first: date
    last: date
    name: str = "agreement year"

    def expected(self, target, today):
        """Of ``target`` engagements, spread evenly by day, how many whole ones should be held before ``today``."""
        length = (self.last - self.first).days + 1
        gone = min(max((today - self.first).days, 0), length)
        return target * gone // length

    def day_expected(self, target, number):
        """The first day before which ``number`` of ``target`` engagements should be held."""
        length = (self.last - self.first).days + 1
        return self.first + timedelta(days=-(-number * length // target))


MEANINGS = {
    State.MET: "What was promised is done.",
    State.ON_COURSE: "Nothing more is asked for by now.",
    State.SLIPPING: "Less was done than should be by now.",
    State.LATE: "Its time is over, or what is left of it is too short.",
}
"""What a state says, whatever the measure; the rules are told in full on a page of their own."""


@dataclass(frozen=True)
class Standing:
    """How a commitment stands: the state, why, and for a rhythm how full its bar is and where it should be (0 to 100).

    ``percent`` and ``mark`` are None where there is nothing to measure. ``since`` is the day from which it has been
    slipping or late, with what is held and planned today.
    """

    state: State
    reason: str
    percent: int | None = None
    mark: int | None = None
    since: date | None = None

    @property
    def chip(self):
        """The state of a chip or a bar: good, warn, bad or quiet."""
        return CHIPS.get(self.state, "quiet")

    @property
    def word(self):
        """The state as a chip says it."""
        return self.state.capitalize()

    @property
    def meaning(self):
        """What the state says, in a sentence for those who do not know the word."""
        return MEANINGS.get(self.state, "")

    @property
    def is_measured(self):
        """Whether it is one of those that "7 of 9" counts."""
        return self.state != State.NOT_MEASURED

    @property
    def is_kept(self):
        """Whether it is met or on course."""
        return self.state in (State.MET, State.ON_COURSE)


def standing_of_rhythm(target, span: Span | None, held, planned, today) -> Standing:
    """How a rhythm of ``target`` in ``span`` stands; ``planned`` are still to come before its last day is over.

    The first that is true counts. *Met*: as many are held. *Late*: the span is over, or some are neither held nor
    planned and fewer than ``NOTICE`` days are left. *Slipping*: fewer are held than should be by now. Else *on course*.
    """
    if not target or target < 1:
        return Standing(State.NOT_MEASURED, "It does not say how many.")
    if span is None:
        return Standing(State.NOT_MEASURED, "The agreement has no effective date, so its years cannot be counted.")
    if today < span.first:
        return Standing(State.NOT_MEASURED, f"Counting begins on {date_in_words(span.first)}.")
    expected = span.expected(target, today)
    state = _state_of_rhythm(target, span, held, planned, today)
    reason = _reason(state, target, span, held, planned, today)
    since = _since(state, target, span, held)
    return Standing(state, reason, min(100 * held // target, 100), 100 * expected // target, since)


def standing_of_date(due_on, met_on, evidence, today) -> Standing:
    """How a promise with a date stands; ``evidence`` is how many engagements were held for it.

    *Met*: a lead has said so. *Late*: its day is past. *Slipping*: ``SOON``, and nothing was held for it. Else *on
    course*.
    """
    if met_on:
        days = (met_on - due_on).days
        late = f", {counted(days, 'day')} late" if days > 0 else ""
        return Standing(State.MET, f"met on {date_in_words(met_on)}{late}")
    days = (due_on - today).days
    if days < 0:
        return Standing(
            State.LATE, f"due {date_in_words(due_on)}, {counted(-days, 'day')} late", since=due_on + timedelta(days=1)
        )
    when = f"due {date_in_words(due_on)}, {left(days)}"
    if days <= SOON and not evidence:
        since = due_on - timedelta(days=SOON)
        return Standing(State.SLIPPING, f"{when}, nothing held for it yet", since=since)
    return Standing(State.ON_COURSE, f"{when}{f', {evidence} held for it' if evidence else ''}")


@dataclass(frozen=True)
class CommitmentTally:
    """How many commitments are measured, and how many of these are met or on course, slipping, and late."""

    measured: int = 0
    kept: int = 0
    slipping: int = 0
    late: int = 0

    @classmethod
    def of(cls, standings):
        """Counts ``standings``."""
        states = [standing.state for standing in standings if standing.is_measured]
        slipping, late = states.count(State.SLIPPING), states.count(State.LATE)
        return cls(len(states), len(states) - slipping - late, slipping, late)


NARRATIVE = Standing(State.NOT_MEASURED, "It is told in words.")


def _state_of_rhythm(target, span, held, planned, today):
    if held >= target:
        return State.MET
    is_missing = held + planned < target
    if today > span.last or (is_missing and (span.last - today).days < NOTICE):
        return State.LATE
    return State.SLIPPING if held < span.expected(target, today) else State.ON_COURSE


def _since(state, target, span, held):
    """The day on which a rhythm came to be slipping or late, if nothing was held or planned since; else None."""
    if state == State.LATE:
        return max(span.first, span.last - timedelta(days=NOTICE - 1))
    return span.day_expected(target, held + 1) if state == State.SLIPPING else None


def _reason(state, target, span, held, planned, today):
    parts = [f"{held:,} of {target:,} held"]
    if today > span.last:
        return f"{parts[0]} by the end of the {span.name}, {date_in_words(span.last)}"
    if planned:
        parts.append(f"{planned:,} planned")
    elif state != State.MET:
        parts.append("none planned")
    if state != State.MET:
        parts.append(left((span.last - today).days))
    return ", ".join(parts)


def left(days):
    """ "4 months left", "6 weeks left", "9 days left", "1 day left", "last day today"."""
    if days <= 0:
        return "last day today"
    if days < 21:
        return f"{counted(days, 'day')} left"
    if days < 61:
        return f"{days // 7} weeks left"
    return f"{round(days / 30.44)} months left"


def place_in_words(number, target):
    """ "3rd of 4"; "5th, 4 promised" beyond that."""
    return f"{ordinal(number)} of {target:,}" if number <= target else f"{ordinal(number)}, {target:,} promised"


def part_in_words(number, target, *, is_held, is_asked):
    """What one engagement is of a rhythm of ``target``: "this is the 3rd of 4". ``is_asked``: did it take place?"""
    if is_asked:
        return "once somebody says that it took place"
    place = place_in_words(number, target)
    return f"this is the {place}" if is_held else f"once held, this is the {place}"
