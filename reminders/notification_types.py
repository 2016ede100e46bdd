"""The registry of notification types: one ``NotificationType`` for each kind, declared in ``notifications.kinds``.

Topics, types of rules, samples, labels, statements and pages read the registry. Nothing else lists all kinds.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time

from django.db import models

TARGET_FIELDS = ("engagement", "action", "commitment", "workstream", "date")
"""The targets of notifications: foreign keys of ``Delivery``. One of them is set, or none once it was deleted."""


class Audience(models.TextChoices):
    """The groups of people that rules notify. The list is closed, since code finds the people of each."""

    PARTICIPANTS = "participants", "Those who take part"
    HOSTS = "hosts", "Those who take part for a host"
    SEATS = "seats", "Committee seats and deputies"
    OWNERS = "owners", "Owners of its open actions"
    LEADS = "leads", "Leads of the parties"
    LOGGER = "logger", "Whoever logged it"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The examples with which the page of a rule shows its email.

    ``rows(rule, user)`` returns a queryset of the targets to choose from. ``facts(rule, row)`` returns the facts about
    one of them that its email needs. ``none`` is the sentence to show where there is no target.
    """

    rows: Callable
    none: str
    facts: Callable = lambda rule, row: {}


@dataclass(frozen=True)
class DefaultRule:
    """A rule that an agreement has from its beginning. Leads can change or pause it like any other.

    ``audience`` holds the groups of people that it notifies. ``steps`` are pairs: the days before (negative) or after,
    and the days between repetitions or None. ``engagement_kinds`` is for rules about engagements only.
    """

    name: str
    audience: tuple[str, ...]
    steps: tuple[tuple[int, int | None], ...]
    engagement_kinds: tuple[str, ...] = ()
    at: time = time(9)


@dataclass(frozen=True, kw_only=True)
class RuleOptions:
    """The options of rules that plan notifications of one kind.

    ``label`` and ``note`` say what such a rule reminds of, and ``day`` names the day from which its steps count.
    ``goes_before`` and ``goes_after``: may a step be on that side of the day? ``can_repeat``: may a step repeat until
    its target is settled? ``meant`` holds the labels of groups of people that differ from the usual ones.
    ``placeholders`` holds the names that may stand in braces in the rule's words, each with its description.
    ``defaults`` are the rules of a new agreement.
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

    - ``kind``, ``label``: its name in the database, and for people. ``position``: its place in lists of kinds.
    - ``topic``: the name of one of ``preferences.topics.TOPICS``, by which people choose whether they get it.
    - ``planned``: {target: its ``planning.by_rules.ByRules``}, for kinds that rules plan; ``rule`` then holds the
      options of such rules.
    - ``target``, ``reason``: for kinds that are sent once after somebody saves something. ``target`` is the thing that
      they are about. ``reason`` is SQL for why it is not sent to a person, '' where it is sent: ``d`` is the delivery
      and ``x`` the person; see the target's module for other aliases.
    - ``write(row, step, claimed)``: returns the ``EmailContent`` about ``row`` by a step of a rule (None for kinds that
      no rule plans), or None where there is nothing left to say. For a notice it is ``write(row, person, claimed)``.
    - ``is_notice``: it says whether, when and where an engagement takes place, so a newer one replaces it.
    - ``leads``: of several notifications in one email, the one with the lowest number gives the subject and the text,
      and the rest are listed below it. 0: it is always listed.
    - ``count_label``: the words after the number of people in the sentence about one engagement ("invited"; "ask for a
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
        """The targets that a notification of this kind can be about."""
        return tuple(self.planned) or (self.target,)

    @property
    def audiences(self):
        """The groups of people that a rule of this kind may notify."""
        return tuple(dict.fromkeys(group for how in self.planned.values() for group in how.audiences))


_types: dict[str, NotificationType] = {}


def register(one: NotificationType) -> NotificationType:
    """Add a kind; its module calls this when it is imported. Raises ValueError where the name is taken."""
    if one.kind in _types:
        raise ValueError(f"There are two kinds of notification named {one.kind}.")
    _types[one.kind] = one
    return one


def all_types() -> list[NotificationType]:
    """All types, in the order in which people see them."""
    return sorted(_types.values(), key=lambda one: one.position)


def type_of(kind) -> NotificationType:
    """The type of this kind. Raises KeyError where there is none."""
    return _types[kind]


def of_target(target) -> list[NotificationType]:
    """The types that can be about ``target``."""
    return [one for one in all_types() if target in one.targets]


def by_rules() -> list[NotificationType]:
    """The types that rules plan."""
    return [one for one in all_types() if one.rule]


def one_off_types() -> list[NotificationType]:
    """The types that no rule plans: each is sent once, after somebody has saved something."""
    return [one for one in all_types() if not one.rule]


def notices() -> list[str]:
    """The kinds that say whether, when and where an engagement takes place."""
    return [one.kind for one in all_types() if one.is_notice]


def after_saving() -> list[str]:
    """The kinds that follow from a save. Most wait for some minutes, and can be undone until they are sent."""
    return [one.kind for one in one_off_types()]


def kind_choices():
    """{member name: (value, label)} of all kinds, for ``TextChoices``."""
    return {one.kind.upper(): (one.kind, one.label) for one in all_types()}


def rule_choices():
    """{member name: (value, label)} of the kinds that rules plan, for ``TextChoices``."""
    return {one.kind.upper(): (one.kind, one.rule.label) for one in by_rules()}


def audience_label(kind, audience):
    """The label of a group of people in rules of this kind."""
    return type_of(kind).rule.meant.get(audience, Audience(audience).label)


def audience_choices(kind):
    """(value, label) of each group of people that a rule of this kind may notify."""
    return [(str(each), audience_label(kind, each)) for each in type_of(kind).audiences]
