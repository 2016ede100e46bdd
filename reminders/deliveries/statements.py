"""The statements of the ledger, each for a whole set. ``ledger`` runs them, and says what each is for."""

from string import Template

from reminders.notification_types import TARGET_FIELDS

_TARGET = " ".join(f"WHEN d.{link}_id IS NOT NULL THEN '{link}'" for link in TARGET_FIELDS)
_TARGET_ID = ", ".join(f"d.{link}_id" for link in TARGET_FIELDS)

OLDEST = """
    SELECT goes_at FROM reminders_delivery
    WHERE state = 'planned' AND goes_at <= %(now)s
    ORDER BY goes_at, id
    LIMIT 1"""

# Due deliveries, oldest first. An index finds them however large the table is; their people are then read by key.
IN_TURN = """
    SELECT * FROM reminders_delivery
    WHERE state = 'planned' AND goes_at <= %(now)s
    ORDER BY goes_at, id
    LIMIT %(limit)s"""

_BY_ID = "SELECT * FROM reminders_delivery WHERE id = ANY (%(ids)s) ORDER BY id"

_TAKE = Template("""
    WITH due AS MATERIALIZED (
        $those
        FOR UPDATE SKIP LOCKED)
    SELECT d.id, d.kind, CASE $name ELSE 'gone' END, COALESCE($key, d.id), d.step_id, d.person_id, x.email, x.name,
           x.user_id IS NOT NULL
    FROM due d JOIN LATERAL (SELECT * FROM contacts_person WHERE id = d.person_id OFFSET 0) x ON TRUE""")

DUE, MORE = (_TAKE.substitute(name=_TARGET, key=_TARGET_ID, those=those) for those in (IN_TURN, _BY_ID))

# Claim deliveries, each with a message: the one it had before, or a new one.
CLAIM = """
    WITH going AS MATERIALIZED (
        SELECT d.id, d.agreement_id, d.person_id, x.email,
               COALESCE(d.message_id, nextval(pg_get_serial_sequence('outbox_message', 'id'))) AS message_id
        FROM unnest(%(ids)s::bigint[]) taken (id)
        JOIN LATERAL (SELECT * FROM reminders_delivery WHERE id = taken.id OFFSET 0) d ON TRUE
        JOIN LATERAL (SELECT * FROM contacts_person WHERE id = d.person_id OFFSET 0) x ON TRUE
    ), written AS (
        INSERT INTO outbox_message AS m (
            id, agreement_id, person_id, address, subject, state, attempts, error, created_at, state_at)
        SELECT message_id, agreement_id, person_id, email, '', 'claimed', 1, '', %(now)s, %(now)s FROM going
        ON CONFLICT (id) DO UPDATE SET
            state = 'claimed', address = EXCLUDED.address, attempts = m.attempts + 1, retry_at = NULL,
            state_at = EXCLUDED.state_at
        RETURNING m.id, m.attempts, m.created_at
    ), settled AS (
        UPDATE reminders_delivery d
        SET state = 'claimed', reason = '', message_id = going.message_id, state_at = %(now)s
        FROM going WHERE d.id = going.id)
    SELECT going.id, w.id, w.attempts, w.created_at FROM going JOIN written w ON w.id = going.message_id"""

SETTLE = """
    UPDATE reminders_delivery d SET state = n.state, reason = n.reason, state_at = %(now)s
    FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(reasons)s::text[]) n (id, state, reason)
    WHERE d.id = n.id"""

# A delivery whose message waits stays claimed, so that it is not due before the next attempt.
RETRY = """
    UPDATE reminders_delivery d SET state = 'planned', state_at = %(now)s
    FROM (
        SELECT d.id FROM outbox_message m JOIN reminders_delivery d ON d.message_id = m.id
        WHERE m.state = 'waiting' AND d.state = 'claimed' AND %(now)s >= LEAST(m.retry_at, d.expires_at)
        FOR UPDATE OF d SKIP LOCKED
    ) n WHERE n.id = d.id"""

# The deliveries in one of the states ``before`` get the outcome of their message (``ledger.BECAME``).
SETTLE_MESSAGES = """
    UPDATE reminders_delivery d SET state = %(state)s, reason = %(reason)s, state_at = held.at
    FROM (
        SELECT d.id, settled.at
        FROM unnest(%(ids)s::bigint[], %(moments)s::timestamptz[]) settled (id, at)
        JOIN reminders_delivery d ON d.message_id = settled.id
        WHERE d.state = ANY (%(before)s)
        ORDER BY d.id
        FOR UPDATE OF d) held
    WHERE d.id = held.id"""

WITHDRAW = """
    UPDATE outbox_message m SET state = 'withdrawn', retry_at = NULL, state_at = %(now)s
    WHERE m.state = 'waiting' AND NOT EXISTS (
        SELECT FROM reminders_delivery d WHERE d.message_id = m.id AND d.state IN ('planned', 'claimed'))
      AND NOT EXISTS (SELECT FROM outbox_queuedemail q WHERE q.message_id = m.id)"""

QUEUE_CONCERNED = (
    "INSERT INTO reminders_replanrequest (what, key, at) SELECT %(to)s, found.id, %(at)s FROM ({ids}) found (id)"
)

REPEATING = """
    SELECT DISTINCT r.kind, r.agreement_id FROM reminders_rule r JOIN reminders_step s ON s.rule_id = r.id
    WHERE r.is_active AND (s.repeats_every IS NOT NULL OR r.kind = ANY (%(watched)s))"""

TAKE_QUEUED = """
    DELETE FROM reminders_replanrequest WHERE id IN (
        SELECT id FROM reminders_replanrequest ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
    RETURNING what, key, at"""

# The stored email about a deleted engagement is deleted once it is sent, or will not be sent. One that failed stays
# until it expires, as it can be sent again.
PURGE = """
    DELETE FROM reminders_cancellationnotice f USING reminders_delivery d
    WHERE d.id = f.delivery_id AND d.state NOT IN ('planned', 'claimed')
      AND NOT (d.state IN ('failed', 'bounced') AND d.expires_at > %(now)s)"""
