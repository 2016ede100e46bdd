"""Reminders of future engagements, in SQL: which are planned, and why one is not sent."""

from collections import Counter
from functools import cached_property
from string import Template

from reminders.notification_types import Audience
from reminders.planning import audiences
from reminders.planning.by_rules import STAYS_PAST, UNLESS_MOVED
from reminders.planning.database import run
from reminders.planning.due_dates import due_at
from reminders.planning.engagement_sql import DECLINED, OFF
from reminders.planning.recipient_checks import OF_READER
from reminders.preferences.statements import CHOICE, refusal
from reminders.queries import REASONS

PEOPLE = {
    Audience.PARTICIPANTS: audiences.participants("e"),
    Audience.HOSTS: audiences.hosts("e"),
    Audience.SEATS: audiences.seats("e"),
    Audience.OWNERS: audiences.owners("e"),
    Audience.LEADS: audiences.leads("e"),
    Audience.LOGGER: audiences.logger("e"),
}
"""{group of people: a SELECT of its people for an engagement (e)}. People are read by key, and a group only for the
engagements of which a rule notifies it."""

_ONE = Template("""
        SELECT e.id, '$group' AS audience, found.person_id
        FROM e CROSS JOIN LATERAL ($people OFFSET 0) found (person_id)
        WHERE EXISTS (SELECT FROM steps WHERE steps.id = e.id AND '$group' = ANY (steps.audience))""")

_FOUND = " UNION ALL ".join(_ONE.substitute(group=group, people=people) for group, people in PEOPLE.items())
"""A SELECT of (engagement id, group, person id) for all of ``e`` and the groups that their ``steps`` notify."""

_IS_ONE = Template("'$group' = ANY (r.audience) AND d.person_id IN ($people)")

_IS_AMONG = "({})".format(
    " OR ".join(
        # The participation was read already (p).
        "'participants' = ANY (r.audience) AND p.id IS NOT NULL"
        if group == Audience.PARTICIPANTS
        else _IS_ONE.substitute(group=group, people=people)
        for group, people in PEOPLE.items()
    )
)
"""Condition: the rule (r) of a delivery (d) still notifies its person."""

DUE_AT = due_at("e.starts_on", "e.time_zone")
"""When a step (s) of a rule (r) about an engagement (e) is due."""

# Why a step (s) of a rule (r) is not sent to a person (x) who takes part (p) in an engagement (e); '' where it is sent.
# This is the one place that decides it: for planning, for replanning, and for the moment of sending.
_OF_ENGAGEMENT = Template("""
    COALESCE(NULLIF($off, ''), CASE
         WHEN s.id IS NULL OR r.id IS NULL THEN '$NO_STEP'
         WHEN NOT r.is_active THEN '$PAUSED'
         WHEN NOT e.kind = ANY (r.engagement_kinds) THEN '$OTHER_KIND'
         ELSE '' END)""").safe_substitute(off=OFF)
# The same for a person whom a rule notifies, with a participation (p) or without.
_OF_REPLY = f"COALESCE(NULLIF({DECLINED}, ''), {OF_READER})"
_OF_AUDIENCE = Template("""
    CASE WHEN $is_among THEN $of_reply
         WHEN r.audience = '{participants}' THEN '$REMOVED'
         ELSE '$NOT_FOR_THEM' END""").safe_substitute(is_among=_IS_AMONG, of_reply=_OF_REPLY)
_OF_TIME = Template("CASE WHEN $due_at >= e.starts_at THEN '$TOO_LATE' ELSE '' END").safe_substitute(due_at=DUE_AT)
_REASON = f"COALESCE(NULLIF({_OF_ENGAGEMENT}, ''), NULLIF({_OF_AUDIENCE}, ''), {_OF_TIME})"

# The same for an existing delivery (d): it may also have been moved, missed or overtaken.
_REMINDER = Template("""
    CASE WHEN d.occurrence <> e.schedule_version THEN '$MOVED'
         WHEN $stays_past THEN '$PASSED'
         WHEN $reason <> '' THEN $reason
         WHEN e.starts_at <= %(now)s THEN '$STARTED'
         WHEN EXISTS (
             SELECT FROM reminders_delivery o
             WHERE o.engagement_id = d.engagement_id AND o.person_id = d.person_id
               AND o.kind = d.kind AND o.occurrence = d.occurrence AND o.id <> d.id
               AND d.due_at <= %(now)s AND o.due_at BETWEEN d.due_at AND %(now)s
               AND CASE WHEN o.state = 'planned' THEN o.step_id IS NOT NULL AND (o.due_at, o.id) > (d.due_at, d.id)
                        ELSE o.state IN ('claimed', 'sent', 'failed', 'bounced')
                             OR o.state = 'skipped' AND o.reason = ANY (%(said)s) END
         ) THEN '$OVERTAKEN'
         ELSE COALESCE((
             -- Its time had passed when they were told of the same at once, or were not by somebody's choice; or they
             -- were emailed less than a day before this would go.
             SELECT CASE WHEN o.state = 'skipped' THEN o.reason ELSE '$NEWER' END
             FROM reminders_delivery o
             WHERE o.engagement_id = d.engagement_id AND o.person_id = d.person_id
               AND o.kind IN ('invitation', 'moved')
               AND CASE WHEN o.state = 'skipped'
                        THEN o.reason IN ('$SILENT', '$SELF', '$UNDONE') AND o.due_at >= d.due_at
                        ELSE o.state IN ('planned', 'claimed', 'sent')
                             AND (o.due_at >= d.due_at OR d.due_at <= %(now)s AND o.state_at > %(now)s - $a_day) END
             ORDER BY o.id DESC LIMIT 1), '') END""").safe_substitute(
    stays_past=STAYS_PAST.safe_substitute(due_at=DUE_AT),
    reason=_REASON,
    a_day="interval '1 day'",
)


_PLAN = Template("""
    WITH e AS MATERIALIZED (
        SELECT e.*, asked.since
        FROM engagements_engagement e
        JOIN unnest(%(ids)s::bigint[], %(since)s::timestamptz[]) asked (key, since) ON key = e.id
        WHERE e.status IN ('planned', 'confirmed') AND e.starts_at > %(now)s
    ), steps AS MATERIALIZED (
        SELECT e.id, s.rule_id, s.id AS step_id, s.counts_from, r.audience, $due_at AS due_at, $of_time AS reason
        FROM e
        JOIN reminders_rule r ON r.agreement_id = e.agreement_id AND r.is_active
                                 AND r.kind = 'reminder' AND e.kind = ANY (r.engagement_kinds)
        JOIN reminders_step s ON s.rule_id = r.id
    ), people AS MATERIALIZED (
        SELECT found.id, found.audience, found.person_id, $of_reply AS reason, c
        FROM ($found) found
        LEFT JOIN LATERAL (
            SELECT * FROM engagements_participation
            WHERE engagement_id = found.id AND person_id = found.person_id OFFSET 0) p ON TRUE
        CROSS JOIN LATERAL (SELECT * FROM contacts_person WHERE id = found.person_id OFFSET 0) x
        $choice
    ), added AS (
        INSERT INTO reminders_delivery (
            agreement_id, kind, rule_id, step_id, person_id, engagement_id, is_gone, title, occurrence,
            due_at, expires_at, state, reason, state_at)
        SELECT e.agreement_id, 'reminder', steps.rule_id, steps.step_id, people.person_id, e.id, FALSE, e.title,
               e.schedule_version, steps.due_at, e.starts_at,
               CASE WHEN why.reason = '' THEN 'planned' ELSE 'skipped' END, why.reason, %(now)s
        FROM e JOIN people USING (id) JOIN steps ON steps.id = e.id AND people.audience = ANY (steps.audience)
        CROSS JOIN LATERAL (
            SELECT CASE WHEN $is_past THEN '$PASSED'
                   ELSE COALESCE(NULLIF(people.reason, ''), NULLIF(steps.reason, ''), $refusal) END AS reason) why
        ORDER BY e.id, people.person_id, steps.step_id
        ON CONFLICT DO NOTHING
        RETURNING state)
    SELECT state, count(*) FROM added GROUP BY state""")


class MeetingReminders:
    """How rules plan reminders of engagements. ``by_rules.ByRules`` documents the attributes."""

    kind, target = "reminder", "engagement"
    audiences = PEOPLE
    reason = Template(_REMINDER).substitute(REASONS)

    @cached_property
    def _plan(self):
        return _PLAN.substitute(
            REASONS,
            is_past=UNLESS_MOVED.substitute(link="engagement", row="e", occurrence="e.schedule_version"),
            due_at=DUE_AT,
            of_time=Template(_OF_TIME).substitute(REASONS),
            of_reply=Template(_OF_REPLY).substitute(REASONS),
            found=_FOUND,
            choice=CHOICE.format(person="found.person_id"),
            refusal=refusal("'reminder'", "steps.due_at", "e.starts_at", c="(people.c)"),
        )

    def plan(self, now, ids, since) -> Counter:
        """Add missing reminders. ``Engagements.plan`` updates the existing ones."""
        return Counter(dict(run(self._plan, now=now, ids=ids, since=since)))


MEETINGS = MeetingReminders()
