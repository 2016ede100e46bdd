"""What a rule may remind of, and what can be said of each: whom it tells, and on which side of its day. Pure."""

from dataclasses import dataclass

from django.db import models


class About(models.TextChoices):
    """What a rule reminds of. Each is the kind of the deliveries that such a rule plans."""

    MEETING = "reminder", "A meeting to come"
    PAPERS = "papers", "Papers that are due"
    REPLY = "reply", "A reply that is missing"
    UNRECORDED = "unrecorded", "A record that is not complete"
    ACTION_DUE = "action_due", "An action that is due"
    DATE = "date", "A date of the agreement"
    RHYTHM = "rhythm", "A rhythm that is slipping"
    QUIET = "quiet", "Something of which nothing is held"


class Audience(models.TextChoices):
    """Whom a rule tells: a closed list, since each is found in code."""

    PARTICIPANTS = "participants", "Those who take part"
    HOSTS = "hosts", "Those who take part for a host"
    SEATS = "seats", "Committee seats and deputies"
    OWNERS = "owners", "Owners of its open actions"
    LEADS = "leads", "Leads of the parties"
    LOGGER = "logger", "Whoever logged it"


@dataclass(frozen=True)
class Terms:
    """What a rule of one ``About`` can say.

    ``day`` is what its steps count from, ``note`` says of what it reminds; ``goes_before`` and ``goes_after`` whether a
    step may be on that side of the day; ``can_repeat`` whether it may go on until it is settled.
    """

    audiences: tuple[str, ...]
    day: str
    note: str
    goes_before: bool = True
    goes_after: bool = False
    can_repeat: bool = False
    is_of_engagements: bool = False


_A = Audience

TERMS = {
    About.MEETING: Terms(
        tuple(Audience.values),
        "the first day",
        "Some days before a meeting, for those who take part or have to know of it.",
        is_of_engagements=True,
    ),
    About.PAPERS: Terms(
        (_A.HOSTS, _A.SEATS, _A.PARTICIPANTS, _A.LEADS),
        "the day on which papers are due",
        "Before the papers of a committee's meeting are due.",
        is_of_engagements=True,
    ),
    About.REPLY: Terms(
        (_A.PARTICIPANTS,),
        "the first day",
        "Before a meeting, for those who have not said whether they come.",
        is_of_engagements=True,
    ),
    About.UNRECORDED: Terms(
        (_A.LOGGER, _A.HOSTS, _A.LEADS),
        "the last day, or the day it was recorded as held if that is later",
        "After a meeting of which the record lacks who came or what came of it.",
        goes_before=False,
        goes_after=True,
        can_repeat=True,
        is_of_engagements=True,
    ),
    About.ACTION_DUE: Terms(
        (_A.OWNERS, _A.LEADS),
        "the day on which it is due",
        "Before an action is due, on the day, and after it until it is done.",
        goes_after=True,
        can_repeat=True,
    ),
    About.DATE: Terms(
        (_A.LEADS,), "the date", "Before the agreement is reviewed, the last day for notice, and before it ends."
    ),
    About.RHYTHM: Terms(
        (_A.LEADS,),
        "the day on which it begins to slip or to be late",
        "When a promised rhythm slips or is late.",
        goes_before=False,
        goes_after=True,
    ),
    About.QUIET: Terms(
        (_A.LEADS,),
        "the last engagement held",
        "When nothing has been held for a workstream or a commitment for long.",
        goes_before=False,
        goes_after=True,
    ),
}
"""What a rule can say, by what it reminds of."""

OF_ENGAGEMENTS = [about.value for about, terms in TERMS.items() if terms.is_of_engagements]
"""What is asked of which kinds of engagement it is."""


MEANT = {
    (About.ACTION_DUE, Audience.OWNERS): "The person who owns it",
    (About.PAPERS, Audience.SEATS): "Members of the committee",
    (About.PAPERS, Audience.HOSTS): "Organisers (or the hosts, if there are none)",
    (About.UNRECORDED, Audience.HOSTS): "Organisers of the other hosts, or else the leads",
}
"""The words for a group of people where they are others than usual."""


def audience_label(about, audience):
    """The words for a group of people as a rule of this ``about`` means it."""
    return MEANT.get((about, audience), Audience(audience).label)


def audiences_of(about):
    """(value, words) of each group of people that a rule of this ``about`` may tell."""
    return [(str(each), audience_label(about, each)) for each in TERMS[about].audiences]
