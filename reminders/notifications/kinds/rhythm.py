"""A commitment slips or is late: sent once for each of the two in a period, counted from the day on which it began."""

from string import Template

from django.conf import settings
from django.utils import timezone

from commitments.models import Commitment
from commitments.presenters.watch import watched
from commitments.rules.rhythm import State
from outbox.content import EmailContent
from reminders.notification_types import Audience, DefaultRule, NotificationType, RuleOptions, Sample, register
from reminders.notifications.progress import email_of, held_last
from reminders.notifications.rule_words import one_line, worded
from reminders.planning import audiences
from reminders.planning.by_rules import UNLESS_IT_BEGAN, ByRules
from reminders.planning.progress_sql import IN_FORCE, WATCHED

_LATE_FOR = 90
"""Days after its due date for which people are still notified of a late commitment."""

# Each period is a new occurrence, and so is each of the two states within it.
_ROWS = Template("""
    SELECT c.id, c.agreement_id, w.since AS day, %(zone)s AS zone, c.title,
           2 * ABS(w.period - date '2000-01-01') + CASE w.state WHEN '$late' THEN 1 ELSE 0 END AS occurrence,
           timezone(%(zone)s, (w.until + CASE WHEN c.measure = 'due' THEN $late_for ELSE 1 END)::timestamp) AS ends_at,
           NULL::text AS kind, $in_force WHEN w.since IS NULL THEN '$ON_COURSE' ELSE '' END AS why,
           w.state, w.reason, w.last_on, c.created_at AS made_at
    FROM commitments_commitment c JOIN partnership_agreement g ON g.id = c.agreement_id
    LEFT JOIN $watched ON w.id = c.id AND w.since IS NOT NULL
    WHERE c.id $one""")

_PLANNED = ByRules(
    kind="rhythm",
    target="commitment",
    rows=_ROWS.safe_substitute(watched=WATCHED, in_force=IN_FORCE, late=State.LATE, late_for=_LATE_FOR),
    audiences={Audience.LEADS: audiences.leads("t")},
    moved="'$CHANGED'",
    is_past=UNLESS_IT_BEGAN,
    facts="jsonb_build_object('state', t.state, 'why', t.reason, 'last_on', t.last_on)",
)

SENTENCES = {
    State.SLIPPING: "This commitment is slipping: {why}.",
    State.LATE: "This commitment is late: {why}.",
}


def write(commitment, step, claimed) -> EmailContent:
    """The email that a commitment slips or is late, with the reason in the words of the dashboard."""
    state, why = claimed.facts["state"], claimed.facts["why"]
    link = settings.SITE_URL + commitment.get_absolute_url()
    named = {
        "title": commitment.title,
        "state": state,
        "why": why,
        "agreement": str(commitment.agreement),
        "record": link,
    }
    words = worded(step, named, f"{state.capitalize()}: {one_line(commitment.title)}") | {
        "title": commitment.title,
        "said": SENTENCES[state].format(why=why),
        "facts": [("Promised", commitment.measure_in_words), *held_last(claimed.facts)],
        "advice": "Plan what is missing, or say in Concord what was held for it.",
        "open": "Open the commitment",
        "link": link,
        "agreement": commitment.agreement,
    }
    return email_of(words, f"{state.capitalize()}: {why}")


def _commitments(rule, user):
    rows = Commitment.objects.visible_to(user).of(rule.agreement)
    keys = [one.key for one in watched(list(rows.values_list("pk", flat=True)), timezone.now()) if one.since]
    return rows.filter(pk__in=keys).select_related("agreement")


def _standing(rule, commitment):
    [one] = watched([commitment.pk], timezone.now())
    return {"state": one.state, "why": one.reason, "last_on": one.last_on and one.last_on.isoformat()}


register(
    NotificationType(
        kind="rhythm",
        label="A rhythm is slipping",
        position=70,
        topic="progress",
        planned={"commitment": _PLANNED},
        write=write,
        rule=RuleOptions(
            label="A rhythm that is slipping",
            note="When a promised rhythm slips or is late.",
            day="the day on which it begins to slip or to be late",
            goes_before=False,
            goes_after=True,
            placeholders={
                "title": "the commitment's title",
                "state": "slipping or late",
                "why": "the reason, such as 2 of 4 held, 1 planned, 4 months left",
                "agreement": "the agreement's name",
                "record": "the address of the commitment",
            },
            defaults=(DefaultRule("Commitments that slip", (Audience.LEADS,), ((0, None),)),),
            sample=Sample(
                rows=_commitments,
                facts=_standing,
                none="No commitment slips or is late today, so there is nothing to show it with.",
            ),
        ),
    )
)
