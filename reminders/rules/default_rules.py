"""The rules that an agreement has from its beginning. Leads change or pause them as any other."""

from dataclasses import dataclass
from datetime import time

from engagements.models import Engagement
from reminders.models import Rule

AT = time(9)

About, Audience = Rule.About, Rule.Audience

COMMITTEE, ALL_KINDS = Engagement.Kind.COMMITTEE, tuple(Engagement.Kind.values)


@dataclass(frozen=True)
class DefaultRule:
    """One rule. Its ``steps`` are pairs: days before (negative) or after, and how often it then goes again, or None."""

    about: str
    name: str
    audience: tuple[str, ...]
    steps: tuple[tuple[int, int | None], ...]
    kinds: tuple[str, ...] = ()


DEFAULT_RULES = (
    DefaultRule(
        About.REMINDER,
        "Committee meetings",
        (Audience.PARTICIPANTS,),
        ((-7, None), (-2, None)),
        (COMMITTEE,),
    ),
    DefaultRule(
        About.REMINDER, "Roundtables", (Audience.PARTICIPANTS,), ((-7, None), (-2, None)), (Engagement.Kind.ROUNDTABLE,)
    ),
    DefaultRule(About.ACTION_DUE, "Actions due", (Audience.OWNERS,), ((-3, None), (0, None), (3, None), (7, 7))),
    DefaultRule(About.ACTION_DUE, "Actions long overdue", (Audience.LEADS,), ((14, 7),)),
    DefaultRule(About.DATE, "Dates of the agreement", (Audience.LEADS,), ((-90, None), (-30, None), (-7, None))),
    DefaultRule(About.REPLY, "Replies", (Audience.PARTICIPANTS,), ((-7, None), (-2, None)), ALL_KINDS),
    DefaultRule(About.PAPERS, "Papers", (Audience.HOSTS,), ((-3, None), (0, None)), (COMMITTEE,)),
    DefaultRule(About.UNRECORDED, "Records to complete", (Audience.LOGGER,), ((2, None), (7, None)), ALL_KINDS),
    DefaultRule(About.UNRECORDED, "Records left open", (Audience.HOSTS,), ((14, None),), ALL_KINDS),
    DefaultRule(About.RHYTHM, "Commitments that slip", (Audience.LEADS,), ((0, None),)),
    DefaultRule(About.QUIET, "Nothing held for long", (Audience.LEADS,), ((180, None),)),
)
"""All of them."""
