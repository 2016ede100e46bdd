"""What can be told: one ``NotificationType`` for each kind, which its module in ``engagement_kinds`` declares.

Topics, types of rules, samples, labels, statements and pages read the registry. Nothing else lists the kinds.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time

from django.db import models

TARGET_FIELDS = ("engagement", "action", "commitment", "workstream", "date")
"""What notifications can be about: the links of a delivery of which exactly one is set."""


class Audience(models.TextChoices):
    """Whom a rule tells: a closed list, since each is found in code."""

    PARTICIPANTS = "participants", "Those who take part"
    HOSTS = "hosts", "Those who take part for a host"
    SEATS = "seats", "Committee seats and deputies"
    OWNERS = "owners", "Owners of its open actions"
    LEADS = "leads", "Leads of the parties"
    LOGGER = "logger", "Whoever logged it"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What the email of a rule is shown with on its page.

    ``rows(rule, user)`` are the targets that may be chosen, a queryset; ``facts(rule, row)`` is what the email is told
    of one of them; ``none`` says that there is nothing to show it with.
    """

    rows: Callable
    none: str
    facts: Callable = lambda rule, row: {}


@dataclass(frozen=True)
class DefaultRule:
    """A rule that an agreement has from its beginning. Leads change or pause it as any other.

    ``audience`` are the groups of people that it tells. Its ``steps`` are pairs: days before (negative) or after, and
    how often it then goes again, or None. ``engagement_kinds`` are those of engagements, for what is about them.
    """

    name: str
    audience: tuple[str, ...]
    steps: tuple[tuple[int, int | None], ...]
    engagement_kinds: tuple[str, ...] = ()
    at: time = time(9)


@dataclass(frozen=True, kw_only=True)
class RuleOptions:
    """What a rule that plans notifications of one kind can say.

    ``label`` and ``note`` say what it reminds of, and ``day`` what its steps count from. ``goes_before`` and
    ``goes_after`` are whether a step may be on that side of the day, ``can_repeat`` whether it may go on until it is
    settled. ``meant`` are the words for groups of people that are others than usual. ``placeholders`` are the names
    that may stand in braces in its words, each with what it becomes. ``defaults`` are the rules of a new agreement.
    """

    label: str
    note: str
    day: str
    placeholders: dict[str, str]
    sample: Sample
    goes_before: bool = True
    goes_after: bool = False
    can_repeat: bool = False
    is_of_engagements: bool = False
    defaults: tuple[DefaultRule, ...] = ()
    meant: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class NotificationType:
    """A kind of notification.

    - ``kind``, ``label``: how the database and how people name it; ``position``: where it stands in lists of them.
    - ``topic``: the name of one of ``preferences.topics.TOPICS``, by which people choose whether they get it.
    - ``planned``: {target: its ``planning.by_rules.ByRules``}, for what rules tell of; ``rule`` is then what such a
      rule can say.
    - ``target``, ``reason``: for what is told once after somebody has saved something: what it is about, and in SQL why
      it does not go to a person ('' where it goes). ``d`` is the delivery and ``x`` the person; see the target's module
      for the rest.
    - ``write(row, step, claimed)``: the ``EmailContent`` of what it is about, by a step of a rule (None for what no
      rule plans); None where there is nothing to say any more. Of a notice it is ``write(row, person, claimed)``.
    - ``is_notice``: it says whether an engagement is on, when and where, so a newer one takes its place.
    - ``leads``: of several things in one email the one with the lowest number gives the subject and the text, and the
      rest is listed below it; 0: it is always listed.
    - ``count_label``: what follows the number of people in the sentence about one engagement ("invited"; "ask for a
      reply").
    """

    kind: str
    label: str
    position: int
    topic: str
    write: Callable
    planned: dict[str, object] = field(default_factory=dict)
    rule: RuleOptions | None = None
    target: str = ""
    reason: str = ""
    is_notice: bool = False
    leads: int = 0
    count_label: str = ""

    @property
    def targets(self):
        """What a notification of this kind can be about."""
        return tuple(self.planned) or (self.target,)

    @property
    def audiences(self):
        """The groups of people whom a rule of this kind may tell."""
        return tuple(dict.fromkeys(group for how in self.planned.values() for group in how.audiences))


_types: dict[str, NotificationType] = {}


def register(one: NotificationType) -> NotificationType:
    """Add a kind; its module does so when it is imported. ValueError where there is one of that name already."""
    if one.kind in _types:
        raise ValueError(f"There are two kinds of notification named {one.kind}.")
    _types[one.kind] = one
    return one


def all_types() -> list[NotificationType]:
    """All of them, in the order in which people see them."""
    return sorted(_types.values(), key=lambda one: one.position)


def type_of(kind) -> NotificationType:
    """The one of this kind. KeyError where there is none."""
    return _types[kind]


def of_target(target) -> list[NotificationType]:
    """Those that can be about ``target``."""
    return [one for one in all_types() if target in one.targets]


def by_rules() -> list[NotificationType]:
    """Those that rules plan."""
    return [one for one in all_types() if one.rule]


def one_off_types() -> list[NotificationType]:
    """Those that no rule plans: each is told once, after somebody has saved something."""
    return [one for one in all_types() if not one.rule]


def notices() -> list[str]:
    """The kinds that say whether an engagement is on, when and where."""
    return [one.kind for one in all_types() if one.is_notice]


def after_saving() -> list[str]:
    """The kinds that follow from what somebody saves. They wait for some minutes, and can be undone."""
    return [one.kind for one in one_off_types()]


def kind_choices():
    """(value, label) of each kind."""
    return {one.kind.upper(): (one.kind, one.label) for one in all_types()}


def rule_choices():
    """(value, label) of what rules can remind of."""
    return {one.kind.upper(): (one.kind, one.rule.label) for one in by_rules()}


def audience_label(kind, audience):
    """The words for a group of people as a rule of this kind means it."""
    return type_of(kind).rule.meant.get(audience, Audience(audience).label)


def audience_choices(kind):
    """(value, words) of each group of people that a rule of this kind may tell."""
    return [(str(each), audience_label(kind, each)) for each in type_of(kind).audiences]
