"""Deliveries about engagements: who is reminded by which step, and why not.

Whatever is read beside a delivery is read by its key, one row at a time (LATERAL ... OFFSET 0): PostgreSQL, left to
choose, reads whole tables once it takes a batch for larger than it is.
"""

from collections import Counter
from string import Template

from reminders.planning.batching import CHOICE, refusal
from reminders.planning.by_rules import STAYS_PAST, UNLESS_MOVED, holder_of
from reminders.planning.database import run
from reminders.planning.due_dates import due_at
from reminders.planning.recipient_checks import OF_READER
from reminders.planning.statements import FOLLOW
from reminders.queries import NOTICES, Reason
from reminders.targets.audiences import FOUND, IS_AMONG
from reminders.targets.engagement_letters import Writer
from reminders.targets.engagement_rules import RULED, TO_COMPLETE
from reminders.targets.told_once import looked_at

__all__ = ["ALL", "REASONS", "RULED", "Writer", "hold", "look", "plan", "spread"]

_names = {reason.name: reason.value for reason in Reason}

_DUE_AT = due_at("e.starts_on", "e.time_zone")

# Why a step (s) of a rule (r) does not go to a person (x) who takes part (p) in an engagement (e); '' when it goes.
# This is the one place that decides it: for planning, for looking again, and for the moment of sending.
_OF_ENGAGEMENT = Template("""
    CASE WHEN e.status = 'cancelled' THEN '$CANCELLED'
         WHEN e.status = 'held' THEN '$HELD'
         WHEN s.id IS NULL OR r.id IS NULL THEN '$NO_STEP'
         WHEN NOT r.is_active THEN '$PAUSED'
         WHEN NOT e.kind = ANY (r.kinds) THEN '$OTHER_KIND'
         ELSE '' END""").substitute(_names)
_OF_PERSON = Template("""
    CASE WHEN p.id IS NULL THEN '$REMOVED'
         WHEN p.reply = 'declined' THEN '$DECLINED'
         WHEN p.attendance = 'apologies' THEN '$APOLOGIES'
         ELSE $of_reader END""").substitute(_names, of_reader=OF_READER)
# Of one whom a rule tells of it, whether they take part or not.
_OF_REPLY = Template("""
    CASE WHEN p.reply = 'declined' THEN '$DECLINED'
         WHEN p.attendance = 'apologies' THEN '$APOLOGIES'
         ELSE $of_reader END""").substitute(_names, of_reader=OF_READER)
_OF_AUDIENCE = Template("""
    CASE WHEN $is_among THEN $of_reply
         WHEN r.audience = '{participants}' THEN '$REMOVED'
         ELSE '$NOT_FOR_THEM' END""").substitute(_names, is_among=IS_AMONG, of_reply=_OF_REPLY)
_OF_TIME = Template("CASE WHEN $due_at >= e.starts_at THEN '$TOO_LATE' ELSE '' END").substitute(_names, due_at=_DUE_AT)
_REASON = f"COALESCE(NULLIF({_OF_ENGAGEMENT}, ''), NULLIF({_OF_AUDIENCE}, ''), {_OF_TIME})"

# The same of a delivery (d) that is there: a reminder may have been moved, missed or overtaken besides.
_REMINDER = Template("""
    CASE WHEN d.occurrence <> e.occurrence THEN '$MOVED'
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
             ORDER BY o.id DESC LIMIT 1), '') END""").substitute(
    _names,
    stays_past=STAYS_PAST.substitute(_names, due_at=_DUE_AT),
    reason=_REASON,
    a_day="interval '1 day'",
)

# Of what is told at once (the newest that waits for a person; older ones made way for it).
_INVITATION = Template("""
    CASE WHEN e.status = 'cancelled' THEN '$CANCELLED'
         WHEN e.status = 'held' THEN '$HELD'
         WHEN e.over_at <= %(now)s THEN '$OVER'
         ELSE $of_person END""").substitute(_names, of_person=_OF_PERSON)
# Whoever had declined the old date may be able to come on the new one.
_MOVED = Template("""
    CASE WHEN e.status = 'cancelled' THEN '$CANCELLED'
         WHEN e.status = 'held' THEN '$HELD'
         WHEN e.over_at <= %(now)s THEN '$OVER'
         WHEN p.reply = 'declined' THEN $of_reader
         ELSE $of_person END""").substitute(_names, of_person=_OF_PERSON, of_reader=OF_READER)
_CANCELLED = Template("""
    CASE WHEN e.status <> 'cancelled' THEN '$ON_AGAIN'
         WHEN e.over_at <= %(now)s THEN '$OVER'
         ELSE $of_person END""").substitute(_names, of_person=_OF_PERSON)
_REMOVED = Template("""
    CASE WHEN p.id IS NOT NULL THEN '$BACK'
         WHEN e.over_at <= %(now)s THEN '$OVER'
         ELSE $of_reader END""").substitute(_names, of_reader=OF_READER)
_RECORD = Template("""
    CASE WHEN e.status <> 'held' THEN '$NOT_HELD'
         WHEN d.expires_at <= %(now)s THEN '$TOO_OLD'
         WHEN p.id IS NULL THEN '$REMOVED'
         ELSE $of_reader END""").substitute(_names, of_reader=OF_READER)

_OWN = {
    "reminder": _REMINDER,
    "invitation": _INVITATION,
    "moved": _MOVED,
    "cancelled": _CANCELLED,
    "removed": _REMOVED,
    "record": _RECORD,
}
REASONS = _OWN | {ruled.about: ruled.reason for ruled in RULED}
"""For each kind of delivery about an engagement: the reason why it does not go, in SQL, '' when it goes.

``d`` is the delivery, ``e`` its engagement, ``x`` the person, ``p`` how they take part, ``s`` and ``r`` step and rule
(each of the last three may be missing).
"""

_reasons = " ".join(f"WHEN '{kind}' THEN {reason}" for kind, reason in _OWN.items())

# Each delivery (d) with what is so now: the reason why it does not go (v), '' when it does, and the state that follows.
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
        END AS state) fate""").substitute(
    _names,
    reasons=_reasons,
    choice=CHOICE.format(person="d.person_id"),
    refusal=refusal("d.kind", "d.due_at", "d.expires_at", "d.is_by_hand"),
)

# All that are to be: the steps of each engagement, and its people, each looked at once and then multiplied.
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
                                 AND r.about = 'reminder' AND e.kind = ANY (r.kinds)
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
               e.occurrence, steps.due_at, e.starts_at,
               CASE WHEN why.reason = '' THEN 'planned' ELSE 'skipped' END, why.reason, %(now)s
        FROM e JOIN people USING (id) JOIN steps ON steps.id = e.id AND people.audience = ANY (steps.audience)
        CROSS JOIN LATERAL (
            SELECT CASE WHEN $is_past THEN '$PASSED'
                   ELSE COALESCE(NULLIF(people.reason, ''), NULLIF(steps.reason, ''), $refusal) END AS reason) why
        ORDER BY e.id, people.person_id, steps.step_id
        ON CONFLICT DO NOTHING
        RETURNING state)
    SELECT state, count(*) FROM added GROUP BY state""").substitute(
    _names,
    is_past=UNLESS_MOVED.substitute(link="engagement", row="e"),
    due_at=_DUE_AT,
    of_time=_OF_TIME,
    of_reply=_OF_REPLY,
    found=FOUND,
    choice=CHOICE.format(person="found.person_id"),
    refusal=refusal("'reminder'", "steps.due_at", "e.starts_at", c="(people.c)"),
)

# The open deliveries that what is so now says otherwise of are given what they should say (t).
_JUDGE = Template("""
    WITH stale AS MATERIALIZED (
        SELECT d.id, fate.state, v.reason, t.title, t.due_at, t.expires_at
        FROM reminders_delivery d $facts
        CROSS JOIN LATERAL (SELECT
            CASE WHEN v.reason = '$MOVED' THEN d.title ELSE e.title END AS title,
            CASE WHEN v.reason = '$MOVED' OR s.id IS NULL OR d.is_by_hand THEN d.due_at ELSE $due_at END AS due_at,
            CASE WHEN v.reason = '$MOVED' OR s.id IS NULL THEN d.expires_at ELSE e.starts_at END AS expires_at) t
        WHERE d.engagement_id = ANY (%(ids)s) AND NOT d.kind = ANY ($ruled)
          AND (d.state = 'planned'
               OR d.state = 'skipped' AND d.expires_at > %(now)s AND e.over_at > %(now)s
                  AND CASE WHEN d.kind = 'invitation' THEN d.reason = '$NO_EMAIL'
                           WHEN d.kind = ANY ($notices) THEN FALSE
                           ELSE d.reason LIKE ANY (%(passing)s) AND d.occurrence = e.occurrence END)
          AND (d.state, d.reason, d.title, d.due_at, d.expires_at)
              IS DISTINCT FROM (fate.state, v.reason, t.title, t.due_at, t.expires_at)
        ORDER BY d.id
        FOR UPDATE OF d $skip
    $follow""")

_notices = "ARRAY['" + "', '".join([*NOTICES, "record"]) + "']"
_ruled = "ARRAY['" + "', '".join(ruled.about for ruled in RULED) + "']"
_judge = {**_names, "notices": _notices, "ruled": _ruled, "due_at": _DUE_AT, "facts": _FACTS, "follow": FOLLOW}
_JUDGE_PATIENTLY, _JUDGE_FREE = _JUDGE.substitute(_judge, skip=""), _JUDGE.substitute(_judge, skip="SKIP LOCKED")

_LOOK = Template("""
    SELECT d.id, v.reason,
        jsonb_build_object('role', p.role, 'reply', p.reply, 'earlier', COALESCE(p.earlier_reply, ''))
        || CASE WHEN d.kind = 'reminder' AND p.reply = ''
           THEN jsonb_build_object('place', p.id, 'occurrence', e.occurrence) ELSE '{}'::jsonb END
        || CASE WHEN d.kind = ANY ($notices)
           THEN jsonb_build_object(
                'person', d.person_id, 'place', p.id, 'telling', d.telling, 'was', d.was::text, 'again', EXISTS (
            SELECT FROM reminders_delivery o
            WHERE o.engagement_id = d.engagement_id AND o.person_id = d.person_id
              AND o.kind = 'cancelled' AND o.state = 'sent')) ELSE '{}'::jsonb END
    FROM unnest(%(ids)s::bigint[]) taken (id)
    JOIN LATERAL (SELECT * FROM reminders_delivery WHERE id = taken.id OFFSET 0) d ON NOT d.kind = ANY ($ruled)
    $facts""").substitute(facts=_FACTS, notices=_notices, ruled=_ruled)

_TO_COME = "e.status IN ('planned', 'confirmed') AND e.over_at > %(now)s"

_own = {"told_of": f"({_TO_COME} OR {TO_COMPLETE})", "ruled": _ruled}

_BY_AGREEMENT = Template("""
    SELECT e.id FROM engagements_engagement e WHERE e.agreement_id = %(key)s AND $told_of""")

_BY_PERSON = Template("""
    SELECT e.id FROM engagements_participation p JOIN engagements_engagement e ON e.id = p.engagement_id
    WHERE p.person_id = %(key)s AND $told_of
    UNION
    SELECT e.id FROM engagements_engagement e WHERE e.logged_by_id = %(key)s AND $told_of""")

_ALL = Template("""
    SELECT e.id FROM engagements_engagement e WHERE e.id > %(after)s AND $told_of ORDER BY e.id LIMIT %(limit)s""")

spread = {"agreement": _BY_AGREEMENT.substitute(_own), "person": _BY_PERSON.substitute(_own)}

ALL = _ALL.substitute(_own)

# Most engagements are told of by few kinds of rules: of what there never was a rule about nothing is asked. The history
# knows the rules that were deleted, of which something may still be planned.
_ABOUTS = Template("""
    SELECT r.about FROM (
        SELECT about, agreement_id FROM reminders_rule UNION ALL SELECT about, agreement_id FROM reminders_ruleevent) r
    WHERE r.about = ANY ($ruled)
      AND r.agreement_id IN (SELECT e.agreement_id FROM engagements_engagement e WHERE e.id = ANY (%(ids)s))
    GROUP BY r.about""").substitute(_own)


def plan(now, ids, since, *, patient=True) -> Counter:
    """Bring the deliveries of these engagements up to date."""
    judge = _JUDGE_PATIENTLY if patient else _JUDGE_FREE
    counts = Counter(dict(run(judge, now=now, ids=ids)))
    counts += Counter(dict(run(_PLAN, now=now, ids=ids, since=since)))
    abouts = {row[0] for row in run(_ABOUTS, ids=ids)}
    return sum((ruled.plan(now, ids, since, patient=patient) for ruled in RULED if ruled.about in abouts), counts)


hold = holder_of("engagements_engagement")


def look(now, ids):
    """(id, reason, facts) of each of these deliveries, as it is now."""
    found = looked_at(_LOOK, now, ids)
    # The others are of kinds that rules plan: mostly there are none.
    return found if len(found) == len(ids) else [*found, *(row for ruled in RULED for row in ruled.look(now, ids))]
