"""Papers are due for a meeting of a committee that sets a day for them, until there are some that all may read."""

from string import Template

from django.utils import timezone

from engagements.models import Engagement
from outbox.content import EmailContent
from pages.words import weekday_in_words
from reminders.notification_types import Audience, DefaultRule, NotificationType, RuleOptions, Sample, register
from reminders.notifications.engagement_facts import PLACEHOLDERS, start_of
from reminders.notifications.rule_words import one_line, page_of, rendered, worded_of_engagement
from reminders.notifications.samples import engagements_to_come
from reminders.planning import audiences
from reminders.planning.by_rules import ByRules
from reminders.planning.engagement_sql import MAY_EDIT, OF_PARTICIPANT, OFF

# The working days are those of ``holidays.working_day_before``.
_PAPERS_DUE = """(
    SELECT e.starts_on - back.days FROM generate_series(1, c.papers_days * 2 + 14) back (days)
    WHERE extract(isodow FROM e.starts_on - back.days) < 6 AND NOT e.starts_on - back.days = ANY (%(days_off)s::date[])
    ORDER BY back.days OFFSET c.papers_days - 1 LIMIT 1)"""

_PLANNED = ByRules(
    kind="papers",
    target="engagement",
    rows=Template("""
        SELECT e.id, e.agreement_id, due.day, e.time_zone AS zone, e.title,
               ABS(due.day - date '2000-01-01') AS occurrence, e.starts_at AS ends_at, e.kind,
               e.committee_id, e.starts_on, e.logged_by_id,
               CASE WHEN $off <> '' THEN $off
                    WHEN c.papers_days IS NULL THEN '$NO_PAPERS'
                    WHEN EXISTS (SELECT FROM engagements_document o WHERE o.engagement_id = e.id AND o.party_id IS NULL)
                    THEN '$PAPERS_ADDED' ELSE '' END AS why
        FROM engagements_engagement e LEFT JOIN engagements_committee c ON c.id = e.committee_id
        LEFT JOIN LATERAL $due due (day) ON c.papers_days IS NOT NULL
        WHERE e.id $one""").safe_substitute(off=OFF, due=_PAPERS_DUE),
    audiences={
        Audience.HOSTS: audiences.first_of(audiences.organisers("t"), audiences.from_hosts("t"), audiences.logger("t")),
        Audience.SEATS: audiences.holders("t"),
        Audience.PARTICIPANTS: audiences.participants("t"),
        Audience.LEADS: audiences.leads("t"),
    },
    personal=OF_PARTICIPANT,
    facts=f"jsonb_build_object('may_edit', {MAY_EDIT})",
)


def write(engagement, step, claimed) -> EmailContent | None:
    """The email that papers are due; None where the committee no longer sets a day."""
    due_on = engagement.papers_due_on
    if due_on is None:
        return None
    title, due = one_line(engagement.title), due_in_words(due_on, timezone.localdate())
    words = worded_of_engagement(engagement, step, claimed, f"Papers {due}: {title}, {start_of(engagement)}")
    words |= {"due_on": due_on, "due": due, "may_edit": claimed.facts.get("may_edit", False)}
    words["add_link"] = page_of("engagements:new_document", engagement)
    open_it = [("Add papers", words["add_link"])] if words["may_edit"] else [("Open the record", words["link"])]
    return rendered("papers", words, line=title, detail=f"Papers {due}", links=open_it if words["has_account"] else ())


def due_in_words(due_on, today):
    """ "are due on Monday 23 November 2026", "are due today", "were due on Monday 23 November 2026"."""
    if due_on == today:
        return "are due today"
    return f"{'were' if due_on < today else 'are'} due on {weekday_in_words(due_on)}"


def _meetings(rule, user):
    return engagements_to_come(rule, user).filter(committee__papers_days__isnull=False).select_related("committee")


register(
    NotificationType(
        kind="papers",
        label="Papers are due",
        position=50,
        topic="papers",
        leads=8,
        planned={"engagement": _PLANNED},
        write=write,
        count_label="say that papers are due",
        rule=RuleOptions(
            label="Papers that are due",
            note="Before the papers of a committee's meeting are due.",
            day="the day on which papers are due",
            is_of_engagements=True,
            meant={
                Audience.SEATS: "Members of the committee",
                Audience.HOSTS: "Organisers (or the hosts, if there are none)",
            },
            placeholders=PLACEHOLDERS,
            defaults=(DefaultRule("Papers", (Audience.HOSTS,), ((-3, None), (0, None)), (Engagement.Kind.COMMITTEE,)),),
            sample=Sample(
                rows=_meetings,
                facts=lambda rule, row: {"may_edit": True},
                none="No meeting is to come of a committee that says when papers are due, "
                "so there is nothing to show it with.",
            ),
        ),
    )
)
