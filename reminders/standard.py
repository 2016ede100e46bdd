"""The rules that an agreement has from its beginning. Leads change or pause them as any other."""

from dataclasses import dataclass
from datetime import time

from engagements.models import Engagement
from records.verbs import verb
from reminders.models import Rule, Step
from reminders.operations import touch
from reminders.targets import TOLD

AT = time(9)

About, Audience = Rule.About, Rule.Audience
COMMITTEE, ALL_KINDS = Engagement.Kind.COMMITTEE, tuple(Engagement.Kind.values)


@dataclass(frozen=True)
class Standard:
    """One rule. Its ``steps`` are pairs: days before (negative) or after, and how often it then goes again, or None."""

    about: str
    name: str
    audience: tuple[str, ...]
    steps: tuple[tuple[int, int | None], ...]
    kinds: tuple[str, ...] = ()


STANDARD = (
    Standard(
        About.MEETING,
        "Committee meetings",
        (Audience.PARTICIPANTS,),
        ((-7, None), (-2, None)),
        (COMMITTEE,),
    ),
    Standard(
        About.MEETING, "Roundtables", (Audience.PARTICIPANTS,), ((-7, None), (-2, None)), (Engagement.Kind.ROUNDTABLE,)
    ),
    Standard(About.ACTION_DUE, "Actions due", (Audience.OWNERS,), ((-3, None), (0, None), (3, None), (7, 7))),
    Standard(About.ACTION_DUE, "Actions long overdue", (Audience.LEADS,), ((14, 7),)),
    Standard(About.DATE, "Dates of the agreement", (Audience.LEADS,), ((-90, None), (-30, None), (-7, None))),
    Standard(About.REPLY, "Replies", (Audience.PARTICIPANTS,), ((-7, None), (-2, None)), ALL_KINDS),
    Standard(About.PAPERS, "Papers", (Audience.HOSTS,), ((-3, None), (0, None)), (COMMITTEE,)),
    Standard(About.UNRECORDED, "Records to complete", (Audience.LOGGER,), ((2, None), (7, None)), ALL_KINDS),
    Standard(About.UNRECORDED, "Records left open", (Audience.HOSTS,), ((14, None),), ALL_KINDS),
    Standard(About.RHYTHM, "Commitments that slip", (Audience.LEADS,), ((0, None),)),
    Standard(About.QUIET, "Nothing held for long", (Audience.LEADS,), ((180, None),)),
)
"""All of them; what Concord does not know how to tell is left out."""


@verb
def standard_rules(agreement, *, by):
    """Give ``agreement`` the standard rules about all of which it has no rule yet. Returns the new ones."""
    there = list(Rule.objects.filter(agreement=agreement).values_list("about", "name"))
    abouts, names = {about for about, _ in there}, {name for _, name in there}
    made = [_make(agreement, one, names) for one in STANDARD if one.about in TOLD and one.about not in abouts]
    if made:
        touch("agreement", agreement.pk)
    return made


def _make(agreement, standard, names):
    name = f"{standard.name} (standard)" if standard.name in names else standard.name
    rule = Rule.objects.create(
        agreement=agreement,
        about=standard.about,
        name=name,
        kinds=list(standard.kinds),
        audience=list(standard.audience),
    )
    Step.objects.bulk_create(
        Step(agreement=agreement, rule=rule, days=days, at=AT, repeats_every=every) for days, every in standard.steps
    )
    return rule
