"""The sentence on top of the dashboard: what is the case, in words. Pure: facts in, words out."""

from dataclasses import dataclass, field
from datetime import date

from commitments.rules.rhythm import Tally
from dashboards.widgets.agreement_progress import in_days
from pages.words import counted, date_in_words, weekday_in_words


@dataclass(frozen=True)
class Meeting:
    """An engagement to come: its title, first and last day."""

    title: str
    first: date
    last: date


@dataclass(frozen=True)
class Facts:
    """What the sentence is made of. ``since`` is the first day that ``held`` counts, unless ``when`` says another time;
    ``promised_on`` is the past day that ``promised`` is of;
    ``against_plan`` how that compares with the plan: "2 more than the plan by now".

    ``status`` is the agreement's. ``begins_on`` is set only while that day lies ahead, ``ended_on`` only
    once it has passed.
    """

    today: date
    since: date
    held: int
    open: int
    overdue: int
    promised: Tally = field(default_factory=Tally)
    promised_on: date | None = None
    next: Meeting | None = None
    status: str = "in_force"
    begins_on: date | None = None
    ended_on: date | None = None
    against_plan: str = ""
    when: str = ""


@dataclass(frozen=True)
class Words:
    """Some of the sentence. ``count`` is the number of rows that ``url`` leads to, where the words give one."""

    text: str
    url: str = ""
    count: int | None = None
    is_strong: bool = False


def sentence(facts: Facts, links=None) -> list[Words]:
    """The words for ``facts``; ``links`` gives the address behind "held", "kept", "open", "next" and so on."""
    links = links or {}
    parts = [
        _standing(facts),
        _held(facts, links),
        _promised(facts.promised, links, facts.promised_on),
        _actions(facts, links),
        _next(facts, links),
    ]
    said = [part for part in parts if part]
    return [words for part in said for words in (*part, Words(" "))][:-1]


def _standing(facts):
    begins = f"take effect on {date_in_words(facts.begins_on)}" if facts.begins_on else ""
    if facts.status == "draft":
        return [Words(f"This agreement is a draft{', to ' + begins if begins else ''}.")]
    if facts.status == "ended":
        return [Words(f"This agreement ended{' on ' + date_in_words(facts.ended_on) if facts.ended_on else ''}.")]
    if begins:
        when = in_days((facts.begins_on - facts.today).days)
        return [Words(f"This agreement is to {begins}, {when}.")]
    return []


def _held(facts, links):
    if facts.begins_on and not facts.when:
        return []
    when = facts.when or ("in its last year" if facts.status == "ended" else f"since {date_in_words(facts.since)}")
    against = [Words(", "), Words(facts.against_plan, links.get("plan", ""))] if facts.against_plan else []
    if not facts.held:
        return [Words(f"No engagements held {when}"), *against, Words(".")]
    number = Words(counted(facts.held, "engagement"), links.get("held", ""), facts.held, is_strong=True)
    return [number, Words(f" held {when}"), *against, Words(".")]


def _promised(tally, links, on=None):
    """ "2 of 9 commitments are slipping, 1 is late."; with ``on``, a past day, "On 31 March 2026, 2 of 9 …"."""
    if not tally.measured:
        return []
    when = [Words(f"On {date_in_words(on)}, ")] if on else []
    of = f" of {counted(tally.measured, 'commitment')}"
    if tally.kept == tally.measured:
        text = (
            "1 commitment"
            if tally.kept == 1
            else f"{'all' if on else 'All'} {counted(tally.kept, 'measured commitment')}"
        )
        kept = Words(text, links.get("kept", ""), tally.kept, is_strong=True)
        return [*when, kept, Words(f" {_is(tally.kept, on)} on course.")]
    words = []
    for name, number in (("slipping", tally.slipping), ("late", tally.late)):
        if number:
            words += [Words(", ")] if words else []
            text = f"{number:,}{'' if words else of}"
            words += [Words(text, links.get(name, ""), number, is_strong=True), Words(f" {_is(number, on)} {name}")]
    return [*when, *words, Words(".")]


def _is(number, on=None):
    if on:
        return "was" if number == 1 else "were"
    return "is" if number == 1 else "are"


def _actions(facts, links):
    if not facts.open:
        return [Words("No actions are open.")]
    if not facts.overdue:
        number = Words(counted(facts.open, "open action"), links.get("open", ""), facts.open, is_strong=True)
        return (
            [Words("None of "), number, Words(" is overdue.")] if facts.open > 1 else [number, Words(", not overdue.")]
        )
    if facts.overdue == facts.open:
        text = f"All {facts.open:,} open actions" if facts.open > 1 else "1 open action"
    else:
        text = f"{facts.overdue:,} of {facts.open:,} open actions"
    number = Words(text, links.get("overdue", ""), facts.overdue, is_strong=True)
    return [number, Words(f" {'is' if facts.overdue == 1 else 'are'} overdue.")]


def _next(facts, links):
    meeting = facts.next
    if not meeting:
        return [] if facts.status == "ended" else [Words("Nothing is planned.")]
    title = Words(meeting.title, links.get("next", ""))
    if meeting.first < facts.today:
        return [Words("Now: "), title, Words(f", until {_day(meeting.last, facts.today)}.")]
    return [Words("Next: "), title, Words(f", {_day(meeting.first, facts.today)}.")]


def _day(day, today):
    """ "today", "tomorrow", else the day of the week and the date, with the year where it is another."""
    days = (day - today).days
    if days in (0, 1):
        return ("today", "tomorrow")[days]
    return f"{day:%A %-d %B}" if day.year == today.year else weekday_in_words(day)
