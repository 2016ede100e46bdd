"""Deliveries about actions: their owners are told when they get one, and by rules that it is due."""

from string import Template

from reminders.planning.by_rules import LEADS, UNLESS_MOVED, ByRules, holder_of
from reminders.planning.recipient_checks import OF_READER
from reminders.queries import Reason
from reminders.targets.action_letters import Writer
from reminders.targets.told_once import looked_at

__all__ = ["ALL", "REASONS", "RULED", "Writer", "hold", "look", "plan", "spread"]

_names = {reason.name: reason.value for reason in Reason}

_GIVEN = Template("""
    CASE WHEN a.done_on IS NOT NULL THEN '$DONE'
         WHEN a.owner_person_id IS DISTINCT FROM d.person_id THEN '$OTHER_OWNER'
         WHEN d.expires_at <= %(now)s THEN '$TOO_OLD'
         ELSE $of_reader END""").substitute(_names, of_reader=OF_READER)

DUE = ByRules(
    about="action_due",
    link="action",
    rows="""
        SELECT a.id, a.agreement_id, a.due_on AS day, %(zone)s AS zone, a.title, a.owner_person_id,
               GREATEST(a.due_on - date '2000-01-01', 0) AS occurrence, NULL::timestamptz AS ends_at,
               NULL::text AS kind, CASE WHEN a.done_on IS NOT NULL THEN '$DONE' ELSE '' END AS why
        FROM engagements_action a WHERE a.id $one""",
    audiences={
        "owners": "SELECT t.owner_person_id WHERE t.owner_person_id IS NOT NULL",
        "leads": LEADS,
    },
    is_past=UNLESS_MOVED,
    not_among="CASE WHEN r.audience = '{owners}' THEN '$OTHER_OWNER' ELSE '$NOT_FOR_THEM' END",
    # Whoever was given it when the time had passed already knows when it is due.
    newer="""COALESCE((
        SELECT CASE WHEN o.state = 'skipped' THEN o.reason ELSE '$NEWER' END
        FROM reminders_delivery o
        WHERE o.action_id = d.action_id AND o.person_id = d.person_id AND o.kind = 'action' AND o.due_at >= n.due_at
          AND (o.state IN ('planned', 'claimed', 'sent')
               OR o.state = 'skipped' AND o.reason IN ('$SILENT', '$SELF', '$UNDONE'))
        ORDER BY o.id DESC LIMIT 1), '')""",
    letter="jsonb_build_object('owner', CASE WHEN d.person_id = t.owner_person_id THEN d.person_id END)",
)
"""An action that has a day: before it, on it, and after it until it is done."""

RULED = [DUE]

REASONS = {"action": _GIVEN, "action_due": DUE.reason}
"""For each kind of delivery about an action (a): the reason why it (d) does not go to the person (x), in SQL."""

_LOOK = Template("""
    SELECT d.id, CASE d.kind WHEN 'action' THEN $given ELSE '$UNKNOWN' END,
           jsonb_build_object('owner', d.person_id)
    FROM unnest(%(ids)s::bigint[]) taken (id)
    JOIN LATERAL (SELECT * FROM reminders_delivery WHERE id = taken.id OFFSET 0) d ON d.kind <> 'action_due'
    JOIN LATERAL (SELECT * FROM engagements_action WHERE id = d.action_id OFFSET 0) a ON TRUE
    JOIN LATERAL (SELECT * FROM contacts_person WHERE id = d.person_id OFFSET 0) x ON TRUE
    """).substitute(_names, given=_GIVEN)

_OPEN = "a.done_on IS NULL AND a.due_on IS NOT NULL"

ALL = Template("""
    SELECT a.id FROM engagements_action a WHERE a.id > %(after)s AND $open ORDER BY a.id LIMIT %(limit)s
    """).substitute(open=_OPEN)

_BY_AGREEMENT = Template("SELECT a.id FROM engagements_action a WHERE a.agreement_id = %(key)s AND $open")

_BY_PERSON = Template("""
    SELECT a.id FROM engagements_action a WHERE a.owner_person_id = %(key)s AND $open
    UNION
    SELECT d.action_id FROM reminders_delivery d
    WHERE d.person_id = %(key)s AND d.kind = 'action_due' AND d.state IN ('planned', 'skipped')
      AND d.action_id IS NOT NULL""")

spread = {"agreement": _BY_AGREEMENT.substitute(open=_OPEN), "person": _BY_PERSON.substitute(open=_OPEN)}

hold = holder_of("engagements_action")

plan = DUE.plan


def look(now, ids):
    """(id, reason, facts) of each of these deliveries, as it is now."""
    return looked_at(_LOOK, now, ids) + DUE.look(now, ids)
