"""What the mail of a rule can be shown with, for each thing that rules remind of."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.utils import timezone

from commitments.models import Commitment
from commitments.presenters.watch import watched
from engagements.models import Action, Engagement
from engagements.presenters.inactivity import watched_workstreams
from partnership.models import AgreementDate
from reminders.models import Rule
from reminders.targets import action_letters, date_letters, engagement_letters, lacking_letters, progress_letters
from workstreams.models import Workstream

NOBODYS_PLACE = 2**53
"""A place that there is not: the links of a test look as they do, and record nobody's reply."""


@dataclass(frozen=True)
class Sample:
    """What rules about one thing are shown with.

    ``target`` is its link of ``Delivery``; ``rows(rule, user)`` are those that may be chosen; ``text(row, step,
    claimed)`` writes the mail; ``facts(rule, row)`` is what the letter is told; ``none`` says that there is
    nothing to show it with.
    """

    target: str
    rows: Callable
    text: Callable
    facts: Callable
    none: str


def _engagements(rule, user):
    rows = Engagement.objects.visible_to(user).of(rule.agreement).coming(timezone.now())
    rows = rows.filter(kind__in=rule.kinds).select_related("agreement").prefetch_related("hosts")
    return rows.order_by("starts_at", "pk")


def _actions(rule, user):
    rows = Action.objects.visible_to(user).of(rule.agreement).open().filter(due_on__isnull=False)
    return rows.with_owner(user).select_related("agreement", "engagement__agreement").order_by("due_on", "pk")


def _dates(rule, user):
    rows = AgreementDate.objects.visible_to(user).of(rule.agreement).filter(kind__in=date_letters.TITLES)
    return rows.select_related("agreement").order_by("-on", "pk")


def _papers(rule, user):
    return _engagements(rule, user).filter(committee__papers_days__isnull=False).select_related("committee")


def _records(rule, user):
    rows = Engagement.objects.visible_to(user).of(rule.agreement).held().lacking(timezone.now())
    rows = rows.filter(kind__in=rule.kinds).select_related("agreement").prefetch_related("hosts")
    return rows.order_by("-starts_on", "-pk")


def _commitments(rule, user):
    rows = Commitment.objects.visible_to(user).of(rule.agreement)
    keys = [one.key for one in watched(list(rows.values_list("pk", flat=True)), timezone.now()) if one.since]
    return rows.filter(pk__in=keys).select_related("agreement")


def _workstreams(rule, user):
    mine = Workstream.objects.visible_to(user).of(rule.agreement)
    return watched_workstreams(mine.values("pk")).select_related("agreement").order_by("quiet_since", "pk")


def _place(engagement):
    return {"place": NOBODYS_PLACE, "occurrence": engagement.occurrence}


def _standing(rule, commitment):
    [one] = watched([commitment.pk], timezone.now())
    return {"state": one.state, "why": one.reason, "last_on": one.last_on and one.last_on.isoformat()}


def _since(rule, workstream):
    last_on = workstream.last_on and workstream.last_on.isoformat()
    return {"since": workstream.quiet_since.isoformat(), "last_on": last_on}


SAMPLES = {
    Rule.About.MEETING: Sample(
        "engagement",
        _engagements,
        engagement_letters.text_of,
        lambda rule, row: {"role": "participant", "reply": "", **_place(row)},
        "No engagement of these kinds is to come, so there is nothing to show it with.",
    ),
    Rule.About.ACTION_DUE: Sample(
        "action",
        _actions,
        action_letters.text_of,
        lambda rule, row: {"owner": NOBODYS_PLACE if rule.Audience.OWNERS in rule.audience else None},
        "No action with a date is open, so there is nothing to show it with.",
    ),
    Rule.About.DATE: Sample(
        "date",
        _dates,
        date_letters.text_of,
        lambda rule, row: {},
        "The agreement has no date for its review, for notice or for its end, so there is nothing to show it with.",
    ),
    Rule.About.REPLY: Sample(
        "engagement",
        _engagements,
        lacking_letters.reply_text,
        lambda rule, row: _place(row),
        "No engagement of these kinds is to come, so there is nothing to show it with.",
    ),
    Rule.About.PAPERS: Sample(
        "engagement",
        _papers,
        lacking_letters.papers_text,
        lambda rule, row: {"may_edit": True},
        "No meeting is to come of a committee that says when papers are due, so there is nothing to show it with.",
    ),
    Rule.About.UNRECORDED: Sample(
        "engagement",
        _records,
        lacking_letters.unrecorded_text,
        lambda rule, row: {"may_edit": True},
        "Each record of what was held is complete, so there is nothing to show it with.",
    ),
    Rule.About.RHYTHM: Sample(
        "commitment",
        _commitments,
        progress_letters.rhythm_text,
        _standing,
        "No commitment slips or is late today, so there is nothing to show it with.",
    ),
    Rule.About.QUIET: Sample(
        "workstream",
        _workstreams,
        partial(progress_letters.quiet_text, opens="Open the workstream"),
        _since,
        "There is no workstream in use, or the agreement is not in force, so there is nothing to show it with.",
    ),
}
"""By what a rule reminds of. It can be made on the pages once it stands here."""
