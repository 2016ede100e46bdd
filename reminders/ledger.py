"""The ledger of deliveries: the statements that plan, judge, claim and settle them, each for a whole set.

How they stay out of each other's way, so that nobody waits for a worker and nothing deadlocks: a worker takes rows by
SKIP LOCKED only, and plans an engagement only when nobody holds it; a person who saves an engagement waits for one
short statement at most. Every statement of a worker is a transaction of its own; where rows are waited for at all, it
is in the order of their ids.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from string import Template

from django.conf import settings
from django.db import connection

from reminders.queries import PASSING, Reason

_names = {reason.name: reason.value for reason in Reason}

# Why a step (s) of a rule (r) does not go to a person (x) who takes part (p) in an engagement (e); '' when it goes.
# This is the one place that decides it: for planning, for looking again, and for the moment of sending.
_REASON = Template("""
    CASE WHEN e.status = 'cancelled' THEN '$CANCELLED'
         WHEN e.status = 'held' THEN '$HELD'
         WHEN s.id IS NULL OR r.id IS NULL THEN '$NO_STEP'
         WHEN NOT r.is_active THEN '$PAUSED'
         WHEN NOT e.kind = ANY (r.kinds) THEN '$OTHER_KIND'
         WHEN p.id IS NULL THEN '$REMOVED'
         WHEN p.reply = 'declined' THEN '$DECLINED'
         WHEN p.attendance = 'apologies' THEN '$APOLOGIES'
         WHEN x.left_on <= (%(now)s AT TIME ZONE %(zone)s)::date THEN '$LEFT'
         WHEN x.email = '' THEN '$NO_EMAIL'
         WHEN timezone(e.time_zone, e.starts_on - s.days_before + s.at) >= e.starts_at THEN '$TOO_LATE'
         ELSE '' END""").substitute(_names)

_DUE_AT = "timezone(e.time_zone, e.starts_on - s.days_before + s.at)"

# Each delivery (d) with what is so now: the reason why it does not go (v), '' when it does, and the state that follows
# (fate). OFFSET 0 keeps PostgreSQL from working the reason out anew wherever it is named.
_FACTS = Template("""
    FROM $deliveries d
    JOIN engagements_engagement e ON e.agreement_id = d.agreement_id AND e.id = d.engagement_id
    JOIN contacts_person x ON x.agreement_id = d.agreement_id AND x.id = d.person_id
    LEFT JOIN reminders_step s ON s.agreement_id = d.agreement_id AND s.id = d.step_id
    LEFT JOIN reminders_rule r ON r.agreement_id = d.agreement_id AND r.id = s.rule_id
    LEFT JOIN engagements_participation p ON p.engagement_id = d.engagement_id AND p.person_id = d.person_id
    CROSS JOIN LATERAL (SELECT CASE
        WHEN d.occurrence <> e.occurrence THEN '$MOVED'
        WHEN $reason <> '' THEN $reason
        WHEN e.starts_at <= %(now)s THEN '$STARTED'
        WHEN EXISTS (
            SELECT FROM reminders_delivery o
            WHERE o.engagement_id = d.engagement_id AND o.person_id = d.person_id
              AND o.rule_id = d.rule_id AND o.occurrence = d.occurrence AND o.id <> d.id
              AND d.due_at <= %(now)s AND o.due_at BETWEEN d.due_at AND %(now)s
              AND CASE WHEN o.state = 'planned' THEN o.step_id IS NOT NULL AND (o.due_at, o.id) > (d.due_at, d.id)
                       ELSE o.state IN ('claimed', 'sent', 'failed', 'bounced') END
        ) THEN '$OVERTAKEN'
        ELSE '' END AS reason OFFSET 0) v
    CROSS JOIN LATERAL (SELECT CASE v.reason
        WHEN '' THEN 'planned' WHEN '$MOVED' THEN 'superseded' WHEN '$STARTED' THEN 'expired' ELSE 'skipped'
        END AS state) fate""")

_PLAN = Template("""
    WITH added AS (
        INSERT INTO reminders_delivery (
            agreement_id, kind, rule_id, step_id, person_id, engagement_id, is_gone, title, occurrence,
            due_at, expires_at, state, reason, state_at)
        SELECT e.agreement_id, 'reminder', r.id, s.id, x.id, e.id, FALSE, e.title, e.occurrence, $due_at, e.starts_at,
               CASE WHEN why.reason = '' THEN 'planned' ELSE 'skipped' END, why.reason, %(now)s
        $wanted
        CROSS JOIN LATERAL (SELECT $reason AS reason) why
        WHERE $missing AND e.id IN (
            SELECT id FROM engagements_engagement WHERE id = ANY (%(ids)s) $free)
        ORDER BY e.id, s.id, x.id
        ON CONFLICT DO NOTHING
        RETURNING state)
    SELECT state, count(*) FROM added GROUP BY state""")

_WANTED = """
    FROM engagements_engagement e
    JOIN reminders_rule r ON r.agreement_id = e.agreement_id AND r.is_active AND e.kind = ANY (r.kinds)
    JOIN reminders_step s ON s.agreement_id = e.agreement_id AND s.rule_id = r.id
    JOIN engagements_participation p ON p.agreement_id = e.agreement_id AND p.engagement_id = e.id
    JOIN contacts_person x ON x.agreement_id = e.agreement_id AND x.id = p.person_id"""

_MISSING = """
    e.status IN ('planned', 'confirmed') AND e.starts_at > %(now)s AND NOT EXISTS (
        SELECT FROM reminders_delivery d
        WHERE d.step_id = s.id AND d.person_id = x.id AND d.engagement_id = e.id AND d.occurrence = e.occurrence)"""

_UNPLANNED = Template("SELECT DISTINCT e.id $wanted WHERE $missing").substitute(wanted=_WANTED, missing=_MISSING)

# The open deliveries that what is so now says otherwise of, with what they should say (t).
_STALE = Template("""
    $facts
    CROSS JOIN LATERAL (SELECT
        CASE WHEN v.reason = '$MOVED' THEN d.title ELSE e.title END AS title,
        CASE WHEN v.reason = '$MOVED' OR s.id IS NULL THEN d.due_at ELSE $due_at END AS due_at,
        CASE WHEN v.reason = '$MOVED' THEN d.expires_at ELSE e.starts_at END AS expires_at) t
    WHERE (d.state = 'planned'
           OR d.state = 'skipped' AND d.expires_at > %(now)s AND d.reason = ANY (%(passing)s)
              AND d.occurrence = e.occurrence AND e.starts_at > %(now)s)
      AND (d.state, d.reason, d.title, d.due_at, d.expires_at)
          IS DISTINCT FROM (fate.state, v.reason, t.title, t.due_at, t.expires_at)""")

_JUDGE = Template("""
    WITH changed AS (
        UPDATE reminders_delivery AS d
        SET state = n.state, reason = n.reason, title = n.title, due_at = n.due_at, expires_at = n.expires_at,
            state_at = CASE WHEN d.state = n.state AND d.reason = n.reason THEN d.state_at ELSE %(now)s END
        FROM (
            SELECT d.id, fate.state, v.reason, t.title, t.due_at, t.expires_at
            $stale AND d.engagement_id = ANY (%(ids)s)
            ORDER BY d.id
            FOR UPDATE OF d $skip
        ) n
        WHERE n.id = d.id
        RETURNING d.state)
    SELECT state, count(*) FROM changed GROUP BY state""")

_facts = Template(_FACTS.safe_substitute(_names, reason=_REASON))
_stale = _STALE.substitute(_names, due_at=_DUE_AT, facts=_facts.substitute(deliveries="reminders_delivery"))
_plan = {"due_at": _DUE_AT, "wanted": _WANTED, "missing": _MISSING, "reason": _REASON}

_MISJUDGED = Template("SELECT DISTINCT e.id $stale").substitute(stale=_stale)
_PLAN_MINE, _JUDGE_MINE = _PLAN.substitute(_plan, free=""), _JUDGE.substitute(stale=_stale, skip="")
_PLAN_FREE = _PLAN.substitute(_plan, free="FOR NO KEY UPDATE SKIP LOCKED")
_JUDGE_FREE = _JUDGE.substitute(stale=_stale, skip="SKIP LOCKED")

# Takes what is due, oldest first, and looks at all of it again: what goes gets a message and is claimed, the rest is
# settled with its reason. The due rows come first and by themselves: their index finds them however large the tables
# are, and PostgreSQL, which cannot guess that few of the planned are due, then reads by key what it needs of each.
_TAKE = Template("""
    WITH due AS MATERIALIZED (
        SELECT * FROM reminders_delivery
        WHERE state = 'planned' AND due_at <= %(now)s
        ORDER BY due_at, id
        LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED
    ), looked_at AS MATERIALIZED (
        SELECT d.id, d.agreement_id, d.person_id, d.engagement_id, d.step_id, v.reason, fate.state,
               x.email, x.name, x.user_id, p.role, p.reply,
               CASE WHEN v.reason = '' THEN
                   COALESCE(d.message_id, nextval(pg_get_serial_sequence('reminders_message', 'id')))
               END AS message_id
        $facts
    ), written AS (
        INSERT INTO reminders_message AS m (
            id, agreement_id, person_id, address, subject, state, attempts, error, created_at, state_at)
        SELECT message_id, agreement_id, person_id, email, '', 'claimed', 1, '', %(now)s, %(now)s
        FROM looked_at WHERE reason = ''
        ON CONFLICT (id) DO UPDATE SET
            state = 'claimed', address = EXCLUDED.address, attempts = m.attempts + 1, retry_at = NULL,
            state_at = EXCLUDED.state_at
        RETURNING m.id, m.attempts, m.created_at
    ), settled AS (
        UPDATE reminders_delivery AS d
        SET state = CASE WHEN n.reason = '' THEN 'claimed' ELSE n.state END, reason = n.reason,
            message_id = COALESCE(n.message_id, d.message_id), state_at = %(now)s
        FROM looked_at n WHERE n.id = d.id
    )
    SELECT n.state, w.id, w.attempts, w.created_at, n.email, n.name, n.engagement_id, n.step_id, n.role, n.reply,
           n.user_id IS NOT NULL
    FROM looked_at n LEFT JOIN written w ON w.id = n.message_id
    ORDER BY n.engagement_id, n.id""").substitute(facts=_facts.substitute(deliveries="due"))

_STILL_MINE = """
    UPDATE reminders_message m SET state_at = %(now)s
    FROM unnest(%(ids)s::bigint[], %(attempts)s::int[]) AS mine (id, attempts)
    WHERE m.id = mine.id AND m.attempts = mine.attempts AND m.state = 'claimed'
    RETURNING m.id"""

# What became of messages goes to their deliveries in the same statement. That one was sent is true whoever holds it
# now; anything else is only for the holder to say.
_RECORD = """
    WITH settled AS (
        UPDATE reminders_message m
        SET state = %(state)s, retry_at = %(retry_at)s, error = %(error)s, subject = %(subject)s, state_at = %(now)s
        FROM unnest(%(ids)s::bigint[], %(attempts)s::int[]) AS mine (id, attempts)
        WHERE m.id = mine.id AND m.state <> 'sent'
          AND (%(state)s = 'sent' OR m.state = 'claimed' AND m.attempts = mine.attempts)
        RETURNING m.id
    ), held AS (
        SELECT d.id FROM settled JOIN reminders_delivery d ON d.message_id = settled.id
        WHERE d.state = 'claimed' OR %(state)s = 'sent'
        ORDER BY d.id
        FOR UPDATE OF d)
    UPDATE reminders_delivery d SET state = %(delivery)s, reason = %(reason)s, state_at = %(now)s
    FROM held WHERE d.id = held.id"""

_REOPEN = """
    WITH abandoned AS (
        SELECT id, attempts >= %(limit)s AS is_last FROM reminders_message
        WHERE state = 'claimed' AND state_at < %(since)s
        FOR UPDATE SKIP LOCKED
    ), reopened AS (
        UPDATE reminders_message m
        SET state = CASE WHEN is_last THEN 'failed' ELSE 'waiting' END,
            retry_at = %(now)s, state_at = %(now)s, error = %(error)s
        FROM abandoned WHERE abandoned.id = m.id
        RETURNING m.id, is_last
    ), held AS (
        SELECT d.id FROM reopened JOIN reminders_delivery d ON d.message_id = reopened.id
        WHERE is_last AND d.state = 'claimed'
        ORDER BY d.id
        FOR UPDATE OF d)
    UPDATE reminders_delivery d SET state = 'failed', reason = %(error)s, state_at = %(now)s
    FROM held WHERE d.id = held.id"""

# A delivery whose message waits is still claimed, so that it is not among the due until its time has come again.
_RETRY = """
    UPDATE reminders_delivery d SET state = 'planned', state_at = %(now)s
    FROM (
        SELECT d.id FROM reminders_message m JOIN reminders_delivery d ON d.message_id = m.id
        WHERE m.state = 'waiting' AND m.retry_at <= %(now)s AND d.state = 'claimed'
        FOR UPDATE OF d SKIP LOCKED
    ) n WHERE n.id = d.id"""

_WITHDRAW = """
    UPDATE reminders_message m SET state = 'withdrawn', retry_at = NULL, state_at = %(now)s
    WHERE m.state = 'waiting' AND NOT EXISTS (
        SELECT FROM reminders_delivery d WHERE d.message_id = m.id AND d.state IN ('planned', 'claimed'))"""

_TURN = """
    INSERT INTO reminders_heartbeat AS h (name, at) VALUES (%(name)s, %(now)s)
    ON CONFLICT (name) DO UPDATE SET at = EXCLUDED.at WHERE h.at <= %(before)s OR h.at > %(now)s
    RETURNING name"""


@dataclass(frozen=True)
class Claimed:
    """A message that is ours to send now, with what its letter needs to know of its reader."""

    message_id: int
    attempts: int
    created_at: datetime
    address: str
    name: str
    engagement_id: int
    step_id: int
    role: str
    reply: str
    has_account: bool


def _run(sql, **params):
    """Run a statement; the rows it returns, or how many it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"zone": settings.TIME_ZONE, "passing": PASSING, **params})
        return cursor.fetchall() if cursor.description else cursor.rowcount


def plan(now, ids) -> Counter:
    """Bring the deliveries of these engagements up to date, in the transaction of who changed them.

    Missing ones are added, planned or skipped with the reason; open ones follow what is so now. Returns how many came
    into which state.
    """
    return Counter(dict(_run(_PLAN_MINE, now=now, ids=ids))) + Counter(dict(_run(_JUDGE_MINE, now=now, ids=ids)))


def plan_all(now) -> Counter:
    """The same for every engagement to come, but for those that somebody is just saving."""
    counts = Counter()
    for look, act in ((_UNPLANNED, _PLAN_FREE), (_MISJUDGED, _JUDGE_FREE)):
        if ids := [row[0] for row in _run(look, now=now)]:
            counts += Counter(dict(_run(act, now=now, ids=ids)))
    return counts


def take(now, limit) -> tuple[list[Claimed], Counter]:
    """Take at most ``limit`` due deliveries, which nobody else then gets, and look at each again.

    Returns the messages that are ours to send, and how many of the rest came into which state; both empty when
    nothing is due.
    """
    rows = _run(_TAKE, now=now, limit=limit)
    claimed = [Claimed(*row) for state, *row in rows if state == "planned"]
    return claimed, Counter(state for state, *_ in rows if state != "planned")


def still_mine(now, claimed) -> set[int]:
    """Renew the claim on these messages; returns the ids of those that nobody took over meanwhile."""
    return {row[0] for row in _run(_STILL_MINE, now=now, **_keys(claimed))}


def _keys(claimed):
    return {"ids": [one.message_id for one in claimed], "attempts": [one.attempts for one in claimed]}


def record(now, claimed, *, state, delivery, subject="", error="", reason="", retry_at=None):
    """Write what became of messages: ``state`` for them, ``delivery`` and ``reason`` for their deliveries."""
    texts = {"subject": subject[:300], "error": error, "reason": reason[:200]}
    _run(_RECORD, now=now, state=state, delivery=delivery, retry_at=retry_at, **texts, **_keys(claimed))


def reopen(now, *, since, limit, error):
    """Let what was claimed before ``since`` and never recorded be tried again; after ``limit`` attempts it failed."""
    _run(_REOPEN, now=now, since=since, limit=limit, error=error)


def retry(now):
    """Have those that waited for another attempt be due again, once their time has come."""
    _run(_RETRY, now=now)


def withdraw(now):
    """Close waiting messages of which nothing is to go any more."""
    _run(_WITHDRAW, now=now)


def take_turn(name, now, every) -> bool:
    """Whether it is our turn to do ``name``, which one worker at a time does, once in ``every`` (a timedelta)."""
    return bool(_run(_TURN, name=name, now=now, before=now - every))
