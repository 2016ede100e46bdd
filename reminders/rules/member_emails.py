"""How many emails one member gets about one ordinary meeting, by the rules of an agreement. Pure."""

import datetime as dt
from dataclasses import dataclass

from engagements.models import Engagement
from reminders.models import Audience, RuleKind, lead_of

MOST = 4
"""The most emails for a member about a meeting that is neither moved nor cancelled, with the invitation."""

MEMBERS = {Audience.PARTICIPANTS, Audience.SEATS}
"""The audiences of a rule that include every member."""

NEAR = dt.timedelta(days=2)
"""A reminder replaces a request to reply that would be sent less than this before or after it."""


@dataclass(frozen=True)
class Sending:
    """The emails of an active rule: ``times`` are pairs of days (negative: before) and a time of day."""

    kind: str
    engagement_kinds: frozenset
    audience: frozenset
    times: frozenset

    @classmethod
    def of(cls, rule, steps=None):
        """Make one from a rule, with these ``steps`` where they are not saved yet."""
        steps = rule.steps.all() if steps is None else steps
        times = frozenset((step.days, step.at) for step in steps)
        return cls(rule.kind, frozenset(rule.engagement_kinds), frozenset(rule.audience), times)


@dataclass(frozen=True)
class MemberEmails:
    """The emails that each member gets about a meeting of one of these ``kinds``, apart from the invitation."""

    kinds: tuple
    reminders: tuple
    requests: tuple
    papers: tuple

    @property
    def number(self):
        """The number of emails, with the invitation."""
        return 1 + len(self.reminders) + len(self.requests) + len(self.papers)

    @property
    def is_too_many(self):
        return self.number > MOST

    @property
    def kinds_in_words(self):
        """ "Workshop, webinar"."""
        words = ", ".join(Engagement.Kind(kind).label.lower() for kind in self.kinds)
        return words[:1].upper() + words[1:]

    @property
    def number_in_words(self):
        """ "3 emails"; "up to 3 emails" where a reply makes some needless."""
        return f"{'up to ' if self.requests else ''}{self.number} email{'s' * (self.number != 1)}"

    @property
    def in_words(self):
        """ "The invitation; reminders 7 days before and 2 days before"."""
        words = ["The invitation"]
        for one, several, times in (
            ("a reminder {}", "reminders {}", self.reminders),
            ("if they have not replied, a request {}", "if they have not replied, requests {}", self.requests),
            ("a request for papers {}", "requests for papers {}", self.papers),
        ):
            leads = [lead_of(days) for days, _ in times]
            if leads:
                words.append((one if len(leads) == 1 else several).format(_and(leads)))
        return "; ".join(words)


def _and(words):
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def emails_about(kind, sendings) -> MemberEmails:
    """Return the emails that each member gets about a meeting of this kind."""
    mine = [each for each in sendings if kind in each.engagement_kinds and each.audience & MEMBERS]

    def times(of_kind):
        return sorted({time for each in mine if each.kind == of_kind for time in each.times})

    reminders = times(RuleKind.REMINDER)
    requests = [each for each in times(RuleKind.REPLY) if not any(_are_near(each, other) for other in reminders)]
    papers = times(RuleKind.PAPERS) if kind == Engagement.Kind.COMMITTEE else []
    return MemberEmails((kind,), tuple(reminders), tuple(requests), tuple(papers))


def _are_near(one, other):
    return abs(_offset(one) - _offset(other)) < NEAR


def _offset(time):
    days, at = time
    return dt.timedelta(days=days, hours=at.hour, minutes=at.minute)


def emails_by_kind(sendings):
    """The same for all kinds. Kinds with the same emails are grouped."""
    found = {}
    for kind in Engagement.Kind.values:
        one = emails_about(kind, sendings)
        found.setdefault((one.reminders, one.requests, one.papers), []).append(kind)
    return [MemberEmails(tuple(kinds), *parts) for parts, kinds in found.items()]


def why_too_many(sending, others, before=None) -> str:
    """Say why a rule cannot be saved: members would get too many emails, with the ``others``. "" where it can be.

    It can be saved where members would get no more emails than ``before``.
    """
    for kind in sorted(sending.engagement_kinds):
        number = emails_about(kind, [*others, sending]).number
        earlier = emails_about(kind, [*others, *filter(None, [before])]).number
        if number > max(MOST, earlier):
            what = Engagement.Kind(kind).label.lower()
            return (
                f"Each member would get {number} emails about one {what}. {MOST} is the most, with the invitation. "
                "Remove a time here or in another rule."
            )
    return ""
