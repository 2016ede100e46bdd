"""Deliveries about engagements: who is notified, and why somebody is not.

Rows that belong to a delivery are read by key, one at a time (LATERAL ... OFFSET 0): left to choose, PostgreSQL reads
whole tables once it takes a batch for larger than it is.
"""

from collections import Counter
from functools import cached_property
from string import Template

from django.utils import timezone

from contacts.models import Person
from engagements.models import Engagement
from reminders.deliveries.targets.base import Target, Writer, array_of, cases_of
from reminders.notification_types import of_target, type_of
from reminders.planning.by_rules import FOLLOW
from reminders.planning.database import recheck_rows, run
from reminders.planning.engagement_sql import TO_COMPLETE
from reminders.planning.meetings import DUE_AT, MEETINGS
from reminders.preferences.statements import CHOICE, refusal
from reminders.queries import REASONS

# Each delivery (d) as it is now: the reason why it is not sent (v), '' where it is, and the state that follows.
_FACTS = Template("""
    JOIN LATERAL (SELECT * FROM engagements_engagement WHERE id = d.engagement_id OFFSET 0) e ON TRUE
    JOIN LATERAL (SELECT * FROM contacts_person WHERE id = d.person_id OFFSET 0) x ON TRUE
    LEFT JOIN LATERAL (SELECT * FROM reminders_step WHERE id = d.step_id OFFSET 0) s ON TRUE
    LEFT JOIN LATERAL (SELECT * FROM reminders_rule WHERE id = s.rule_id OFFSET 0) r ON TRUE
    LEFT JOIN LATERAL (
        SELECT * FROM engagements_participation
        WHERE engagement_id = d.engagement_id AND person_id = d.person_id OFFSET 0) p ON TRUE
    $choice
    CROSS JOIN LATERAL (
        SELECT COALESCE(NULLIF(CASE d.kind $reasons ELSE '$UNKNOWN' END, ''), $refusal) AS reason OFFSET 0) v
    CROSS JOIN LATERAL (SELECT CASE v.reason
        WHEN '' THEN 'planned' WHEN '$MOVED' THEN 'superseded' WHEN '$STARTED' THEN 'expired'
        WHEN '$OVER' THEN 'expired' WHEN '$TOO_OLD' THEN 'expired' ELSE 'skipped'
        END AS state) outcome""")

# The open deliveries whose values have changed get the new ones (t).
_JUDGE = Template("""
    WITH stale AS MATERIALIZED (
        SELECT d.id, outcome.state, v.reason, t.title, t.due_at, t.expires_at
        FROM reminders_delivery d $facts
        CROSS JOIN LATERAL (SELECT
            CASE WHEN v.reason = '$MOVED' THEN d.title ELSE e.title END AS title,
            CASE WHEN v.reason = '$MOVED' OR s.id IS NULL OR d.is_by_hand THEN d.due_at ELSE $due_at END AS due_at,
            CASE WHEN v.reason = '$MOVED' OR s.id IS NULL THEN d.expires_at ELSE e.starts_at END AS expires_at) t
        WHERE d.engagement_id = ANY (%(ids)s) AND NOT d.kind = ANY ($planned)
          AND (d.state = 'planned'
               OR d.state = 'skipped' AND d.expires_at > %(now)s AND e.over_at > %(now)s
                  AND CASE WHEN d.kind = 'invitation' THEN d.reason = '$NO_EMAIL'
                           WHEN d.kind = ANY ($at_once) THEN FALSE
                           ELSE d.reason LIKE ANY (%(passing)s) AND d.occurrence = e.schedule_version END)
          AND (d.state, d.reason, d.title, d.due_at, d.expires_at)
              IS DISTINCT FROM (outcome.state, v.reason, t.title, t.due_at, t.expires_at)
        ORDER BY d.id
        FOR UPDATE OF d $skip
    $follow""")

_RECHECK = Template("""
    SELECT d.id, v.reason,
        jsonb_build_object('role', p.role, 'reply', p.reply, 'earlier', COALESCE(p.earlier_reply, ''))
        || CASE WHEN d.kind = 'reminder' AND p.reply = ''
           THEN jsonb_build_object('place', p.id, 'version', e.schedule_version) ELSE '{}'::jsonb END
        || CASE WHEN d.kind = ANY ($at_once)
           THEN jsonb_build_object(
                'person', d.person_id, 'place', p.id, 'batch_id', d.batch_id, 'was', d.previous::text, 'again', EXISTS (
            SELECT FROM reminders_delivery o
            WHERE o.engagement_id = d.engagement_id AND o.person_id = d.person_id
              AND o.kind = 'cancelled' AND o.state = 'sent')) ELSE '{}'::jsonb END
    FROM unnest(%(ids)s::bigint[]) taken (id)
    JOIN LATERAL (SELECT * FROM reminders_delivery WHERE id = taken.id OFFSET 0) d ON NOT d.kind = ANY ($planned)
    $facts""")

# Most agreements have rules of few kinds. Kinds that never had a rule are skipped. The history knows the deleted rules,
# whose deliveries may still be planned.
_KINDS_OF_RULES = Template("""
    SELECT r.kind FROM (
        SELECT kind, agreement_id FROM reminders_rule UNION ALL SELECT kind, agreement_id FROM reminders_ruleevent) r
    WHERE r.kind = ANY ($planned)
      AND r.agreement_id IN (SELECT e.agreement_id FROM engagements_engagement e WHERE e.id = ANY (%(ids)s))
    GROUP BY r.kind""")

_TOLD_OF = f"(e.status IN ('planned', 'confirmed') AND e.over_at > %(now)s OR {TO_COMPLETE})"


class Engagements(Target):
    """Engagements. One statement updates the reminders of meetings and all one-off types; ``ByRules`` does the rest."""

    @cached_property
    def all_ids(self):
        """As ``Target.all_ids``: future engagements, and those with an incomplete record."""
        one = f"SELECT e.id FROM engagements_engagement e WHERE e.id > %(after)s AND {_TOLD_OF}"
        return f"{one} ORDER BY e.id LIMIT %(limit)s"

    @property
    def planned(self):
        """As ``Target.planned``, without the reminders of the meeting itself."""
        return [how for how in super().planned if how is not MEETINGS]

    @cached_property
    def _own(self):
        """The values that all templates of statements here share."""
        mine = [one for one in of_target(self.name) if not one.rule or one.planned[self.name] is MEETINGS]
        reasons = {one.kind: one.reason or MEETINGS.reason for one in mine}
        facts = _FACTS.substitute(
            REASONS,
            reasons=cases_of(reasons),
            choice=CHOICE.format(person="d.person_id"),
            refusal=refusal("d.kind", "d.due_at", "d.expires_at", "d.is_by_hand"),
        )
        return {
            "facts": facts,
            "at_once": array_of(one.kind for one in mine if not one.rule),
            "planned": array_of(how.kind for how in self.planned),
        }

    @cached_property
    def _judge(self):
        return {
            patient: _JUDGE.substitute(
                REASONS, **self._own, due_at=DUE_AT, follow=FOLLOW, skip="" if patient else "SKIP LOCKED"
            )
            for patient in (True, False)
        }

    @cached_property
    def _recheck_once(self):
        return _RECHECK.substitute(self._own)

    @cached_property
    def _kinds_of_rules(self):
        return _KINDS_OF_RULES.substitute(self._own)

    def plan(self, now, ids, since, *, patient=True) -> Counter:
        """Bring the deliveries of these engagements up to date. See ``Target.plan``."""
        counts = Counter(dict(run(self._judge[patient], now=now, ids=ids))) + MEETINGS.plan(now, ids, since)
        kinds = {row[0] for row in run(self._kinds_of_rules, ids=ids)}
        return sum((how.plan(now, ids, since, patient=patient) for how in self.planned if how.kind in kinds), counts)

    def recheck(self, now, ids):
        found = recheck_rows(self._recheck_once, now, ids)
        # The others are of kinds that ``ByRules`` plans: usually there are none.
        return (
            found
            if len(found) == len(ids)
            else [*found, *(row for how in self.planned for row in how.recheck(now, ids))]
        )

    def rows(self, keys):
        rows = Engagement.objects.filter(pk__in=keys).select_related("agreement", "committee")
        return rows.with_record_state(timezone.now()).prefetch_related("hosts").in_bulk()

    def writer(self, claimed):
        return EngagementWriter(self, claimed)


class EngagementWriter(Writer):
    """Also reads the people who get notices: the calendar file of a notice names its reader."""

    def __init__(self, target, claimed):
        super().__init__(target, claimed)
        self.people = Person.objects.in_bulk({one.facts["person"] for one in claimed if "person" in one.facts})

    def write(self, claimed):
        one, engagement = type_of(claimed.kind), self.rows.get(claimed.target_id)
        if one.is_notice and engagement:
            return one.write(engagement, self.people[claimed.facts["person"]], claimed)
        return super().write(claimed)


_BY_PERSON = f"""
    SELECT e.id FROM engagements_participation p JOIN engagements_engagement e ON e.id = p.engagement_id
    WHERE p.person_id = %(key)s AND {_TOLD_OF}
    UNION
    SELECT e.id FROM engagements_engagement e WHERE e.logged_by_id = %(key)s AND {_TOLD_OF}"""

ENGAGEMENTS = Engagements(
    name="engagement",
    model=Engagement,
    page="engagements:record",
    to_come="",
    concerned_by={
        "agreement": f"SELECT e.id FROM engagements_engagement e WHERE e.agreement_id = %(key)s AND {_TOLD_OF}",
        "person": _BY_PERSON,
    },
)
