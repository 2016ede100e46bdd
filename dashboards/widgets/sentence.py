"""The sentence at the top of the dashboard. Pure: facts in, words out."""

from dataclasses import dataclass, field
from datetime import date

from commitments.rules.rhythm import CommitmentTally
from dashboards.widgets.agreement_progress import in_days
from pages.words import counted, date_in_words, weekday_in_words


@dataclass(frozen=True)
class Meeting:
    """An engagement to come: its title, first and last day."""

    title: str
    first: date
    last: date


@dataclass(frozen=True)
class SentenceFacts:
    """The facts for the sentence.

    ``held`` counts from the day ``since``, unless ``when`` gives another time in words; ``against_plan`` compares it
    with the plan: "2 more than the plan by now". ``promised`` is about the past day ``promised_on``, or about today if
    that is None. ``status`` is the agreement's. ``begins_on`` is set only before that day, ``ended_on`` only after it
    has come.
    """

    today: date
    since: date
    held: int
    open: int
    overdue: int
    promised: CommitmentTally = field(default_factory=CommitmentTally)
    promised_on: date | None = None
    next: Meeting | None = None
    status: str = "in_force"
    begins_on: date | None = None
    ended_on: date | None = None
    against_plan: str = ""
    when: str = ""


@dataclass(frozen=True)
class Fragment:
    """A part of the sentence. ``count`` is the number of rows that ``url`` leads to, where the text has one."""

    text: str
    url: str = ""
    count: int | None = None
    is_strong: bool = False


def sentence(facts: SentenceFacts, links=None) -> list[Fragment]:
    """The sentence for ``facts``. ``links``: {name: address} for "held", "kept", "open", "next" and so on."""
    links = links or {}
    parts = [
        _standing(facts),
        _held(facts, links),
        _promised(facts.promised, links, facts.promised_on),
        _actions(facts, links),
        _next(facts, links),
    ]
    said = [part for part in parts if part]
    return [words for part in said for words in (*part, Fragment(" "))][:-1]


def _standing(facts):
    begins = f"take effect on {date_in_words(facts.begins_on)}" if facts.begins_on else ""
    if facts.status == "draft":
        return [Fragment(f"This agreement is a draft{', to ' + begins if begins else ''}.")]
    if facts.status == "ended":
        return [Fragment(f"This agreement ended{' on ' + date_in_words(facts.ended_on) if facts.ended_on else ''}.")]
    if begins:
        when = in_days((facts.begins_on - facts.today).days)
        return [Fragment(f"This agreement is to {begins}, {when}.")]
    return []


def _held(facts, links):
    if facts.begins_on and not facts.when:
        return []
    when = facts.when or ("in its last year" if facts.status == "ended" else f"since {date_in_words(facts.since)}")
    against = [Fragment(", "), Fragment(facts.against_plan, links.get("plan", ""))] if facts.against_plan else []
    if not facts.held:
        return [Fragment(f"No engagements held {when}"), *against, Fragment(".")]
    number = Fragment(counted(facts.held, "engagement"), links.get("held", ""), facts.held, is_strong=True)
    return [number, Fragment(f" held {when}"), *against, Fragment(".")]


def _promised(tally, links, on=None):
    """ "2 of 9 commitments are slipping, 1 is late."; with ``on``, a past day, "On 31 March 2026, 2 of 9 …"."""
    if not tally.measured:
        return []
    when = [Fragment(f"On {date_in_words(on)}, ")] if on else []
    of = f" of {counted(tally.measured, 'commitment')}"
    if tally.kept == tally.measured:
        text = (
            "1 commitment"
            if tally.kept == 1
            else f"{'all' if on else 'All'} {counted(tally.kept, 'measured commitment')}"
        )
        kept = Fragment(text, links.get("kept", ""), tally.kept, is_strong=True)
        return [*when, kept, Fragment(f" {_is(tally.kept, on)} on course.")]
    words = []
    for name, number in (("slipping", tally.slipping), ("late", tally.late)):
        if number:
            words += [Fragment(", ")] if words else []
            text = f"{number:,}{'' if words else of}"
            words += [
                Fragment(text, links.get(name, ""), number, is_strong=True),
                Fragment(f" {_is(number, on)} {name}"),
            ]
    return [*when, *words, Fragment(".")]


def _is(number, on=None):
    if on:
        return "was" if number == 1 else "were"
    return "is" if number == 1 else "are"


def _actions(facts, links):
    if not facts.open:
        return [Fragment("No actions are open.")]
    if not facts.overdue:
        number = Fragment(counted(facts.open, "open action"), links.get("open", ""), facts.open, is_strong=True)
        return (
            [Fragment("None of "), number, Fragment(" is overdue.")]
            if facts.open > 1
            else [number, Fragment(", not overdue.")]
        )
    if facts.overdue == facts.open:
        text = f"All {facts.open:,} open actions" if facts.open > 1 else "1 open action"
    else:
        text = f"{facts.overdue:,} of {facts.open:,} open actions"
    number = Fragment(text, links.get("overdue", ""), facts.overdue, is_strong=True)
    return [number, Fragment(f" {'is' if facts.overdue == 1 else 'are'} overdue.")]


def _next(facts, links):
    meeting = facts.next
    if not meeting:
        return [] if facts.status == "ended" else [Fragment("Nothing is planned.")]
    title = Fragment(meeting.title, links.get("next", ""))
    if meeting.first < facts.today:
        return [Fragment("Now: "), title, Fragment(f", until {_day(meeting.last, facts.today)}.")]
    return [Fragment("Next: "), title, Fragment(f", {_day(meeting.first, facts.today)}.")]


def _day(day, today):
    """ "today", "tomorrow", else the day of the week and the date, with the year where it is another."""
    days = (day - today).days
    if days in (0, 1):
        return ("today", "tomorrow")[days]
    return f"{day:%A %-d %B}" if day.year == today.year else weekday_in_words(day)
