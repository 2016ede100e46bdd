"""Is a commitment kept? One pure rule: the measure, the counts and the day in, a state and its reason out.

docs/rhythm.md explains it to readers of the states.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pages.words import counted, date_in_words, ordinal

NOTICE = 14
"""Days needed to call people together: an engagement that nobody has planned by then will not be held."""

SOON = 30
"""Days before a due date from which something should be on record."""


class State(StrEnum):
    MET = "met"
    ON_COURSE = "on course"
    SLIPPING = "slipping"
    LATE = "late"
    NOT_MEASURED = "not measured"


CHIPS = {State.MET: "good", State.ON_COURSE: "good", State.SLIPPING: "warn", State.LATE: "bad"}


@dataclass(frozen=True)
class Span:
    """The first and last day of the span in which a rhythm is counted, and its name for people."""

    first: date
    last: date
    name: str = "agreement year"

    def expected(self, target, today):
        """How many whole engagements of ``target``, spread evenly by day, should be held before ``today``."""
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
"""The meaning of a state, whatever the measure. The full rules have a page of their own."""


@dataclass(frozen=True)
class Standing:
    """The standing of a commitment: its ``state`` and the ``reason``.

    For a rhythm, ``percent`` says how full its bar is and ``mark`` where it should be (0 to 100). Both are None where
    there is nothing to measure. ``since`` is the day from which it has been slipping or late, given the engagements
    held and planned today.
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
        return self.state.capitalize()

    @property
    def meaning(self):
        """A sentence that explains the state to people who do not know the word."""
        return MEANINGS.get(self.state, "")

    @property
    def is_measured(self):
        """Whether it is counted in figures such as "7 of 9"."""
        return self.state != State.NOT_MEASURED

    @property
    def is_kept(self):
        """Whether it is met or on course."""
        return self.state in (State.MET, State.ON_COURSE)


def standing_of_rhythm(target, span: Span | None, held, planned, today) -> Standing:
    """The standing of a rhythm of ``target`` engagements in ``span``; ``planned`` ones are still to come in it.

    The first condition that is true gives the state. *Met*: ``target`` are held. *Late*: the span is over, or some are
    neither held nor planned and fewer than ``NOTICE`` days are left. *Slipping*: fewer are held than should be by now.
    Otherwise it is *on course*.
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
    """The standing of a promise with a due date; ``evidence`` is how many engagements were held for it.

    *Met*: a lead has said so. *Late*: the date is past. *Slipping*: ``SOON`` days or fewer are left, and nothing was
    held for it. Otherwise it is *on course*.
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
    """The day since when a rhythm has been slipping or late, given what is held and planned today; else None."""
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
    """The place of an engagement in a rhythm of ``target``, in words: "this is the 3rd of 4".

    ``is_asked``: somebody still has to say whether it took place.
    """
    if is_asked:
        return "once somebody says that it took place"
    place = place_in_words(number, target)
    return f"this is the {place}" if is_held else f"once held, this is the {place}"
