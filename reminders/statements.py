"""The statements of the ledger, each for a whole set; ``ledger`` says what each is for, and runs it."""

from string import Template

from reminders.models import TARGET_FIELDS

_TARGET = " ".join(f"WHEN d.{link}_id IS NOT NULL THEN '{link}'" for link in TARGET_FIELDS)
_TARGET_ID = ", ".join(f"d.{link}_id" for link in TARGET_FIELDS)

FOLLOW = """), changed AS (
        UPDATE reminders_delivery AS d
        SET state = n.state, reason = n.reason, title = n.title, due_at = n.due_at, expires_at = n.expires_at,
            state_at = CASE WHEN d.state = n.state AND d.reason = n.reason THEN d.state_at ELSE %(now)s END
        FROM stale n WHERE n.id = d.id
        RETURNING d.state)
    SELECT state, count(*) FROM changed GROUP BY state"""
"""How a statement ends that has found ``stale`` deliveries, with what each should say: they do, and are counted."""

# What is due, oldest first. Its index finds it however large the tables are; who it is for is then read by key.
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

# Those that go get a message and are claimed, the rest is settled with its reason.
CLAIM = """
    WITH going AS MATERIALIZED (
        SELECT d.id, d.agreement_id, d.person_id, x.email,
               COALESCE(d.message_id, nextval(pg_get_serial_sequence('reminders_message', 'id'))) AS message_id
        FROM unnest(%(ids)s::bigint[]) taken (id)
        JOIN LATERAL (SELECT * FROM reminders_delivery WHERE id = taken.id OFFSET 0) d ON TRUE
        JOIN LATERAL (SELECT * FROM contacts_person WHERE id = d.person_id OFFSET 0) x ON TRUE
    ), written AS (
        INSERT INTO reminders_message AS m (
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

# How many may go in this minute of the ``wanted``: by the clock, whoever sends them.
ALLOW = """
    INSERT INTO reminders_quota AS q (name, minute, taken)
    VALUES ('mail', date_trunc('minute', %(now)s::timestamptz), 0)
    ON CONFLICT (name) DO UPDATE SET
        minute = GREATEST(q.minute, EXCLUDED.minute),
        taken = CASE WHEN q.minute < EXCLUDED.minute THEN 0 ELSE q.taken END
    RETURNING taken"""

ALLOWED = "UPDATE reminders_quota SET taken = taken + %(allowed)s WHERE name = 'mail'"

STILL_MINE = """
    UPDATE reminders_message m SET state_at = %(now)s
    FROM unnest(%(ids)s::bigint[], %(attempts)s::int[]) AS mine (id, attempts)
    WHERE m.id = mine.id AND m.attempts = mine.attempts AND m.state = 'claimed'
    RETURNING m.id"""

# Written after each mail, before the next. The commit is not waited for until it is on the disk: a worker that is
# killed loses nothing by it, and the end of the batch, which does wait, takes all before it along.
RECEIVE = """
    SET LOCAL synchronous_commit = off;
    INSERT INTO reminders_receipt (message_id, subject, at) VALUES (%(id)s, %(subject)s, %(now)s)
    ON CONFLICT DO NOTHING"""

# That a message was sent is true whoever holds it now, and whatever has become of its deliveries. Only that it has come
# back, which may be known sooner, is newer.
FOLD = """
    WITH taken AS (
        DELETE FROM reminders_receipt WHERE message_id IN (
            SELECT message_id FROM reminders_receipt ORDER BY message_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
        RETURNING message_id, subject, at
    ), settled AS (
        UPDATE reminders_message m
        SET state = 'sent', retry_at = NULL, error = '', subject = taken.subject, state_at = taken.at
        FROM taken WHERE m.id = taken.message_id AND m.state NOT IN ('sent', 'bounced')
        RETURNING m.id, m.state_at
    ), held AS (
        SELECT d.id, settled.state_at FROM settled JOIN reminders_delivery d ON d.message_id = settled.id
        ORDER BY d.id
        FOR UPDATE OF d
    ), sent AS (
        UPDATE reminders_delivery d SET state = 'sent', reason = '', state_at = held.state_at
        FROM held WHERE d.id = held.id
        RETURNING d.id
    ), counted AS (
        INSERT INTO reminders_tally AS t (name, count) SELECT 'sent', count(*) FROM sent HAVING count(*) > 0
        ON CONFLICT (name) DO UPDATE SET count = t.count + EXCLUDED.count)
    SELECT (SELECT count(*) FROM sent), (SELECT count(*) FROM taken)"""

# What else became of messages goes to their deliveries in the same statement. It is only for the holder to say.
RECORD = """
    WITH settled AS (
        UPDATE reminders_message m
        SET state = %(state)s, retry_at = %(retry_at)s, error = %(error)s, subject = %(subject)s, state_at = %(now)s,
            is_refused = %(is_refused)s
        FROM unnest(%(ids)s::bigint[], %(attempts)s::int[]) AS mine (id, attempts)
        WHERE m.id = mine.id AND m.state = 'claimed' AND m.attempts = mine.attempts
        RETURNING m.id
    ), held AS (
        SELECT d.id FROM settled JOIN reminders_delivery d ON d.message_id = settled.id
        WHERE d.state = 'claimed'
        ORDER BY d.id
        FOR UPDATE OF d)
    UPDATE reminders_delivery d SET state = %(delivery)s, reason = %(reason)s, state_at = %(now)s
    FROM held WHERE d.id = held.id"""

FLAG = """
    INSERT INTO reminders_badaddress AS b (agreement_id, person_id, address, error, noted_at, came_back)
    SELECT agreement_id, person_id, address, %(error)s, %(now)s, %(came_back)s FROM reminders_message WHERE id = %(id)s
    ON CONFLICT (person_id) DO UPDATE SET
        address = EXCLUDED.address, error = EXCLUDED.error, noted_at = EXCLUDED.noted_at,
        came_back = EXCLUDED.came_back"""

# A flag goes once a mail was taken for the same address after all; not where mails are taken, and come back later.
UNFLAG = """
    DELETE FROM reminders_badaddress b USING reminders_message m
    WHERE m.id = ANY (%(ids)s) AND m.state = 'sent' AND b.person_id = m.person_id AND b.address = m.address
      AND NOT b.came_back"""

TALLY = """
    INSERT INTO reminders_tally AS t (name, count) VALUES (%(name)s, %(count)s)
    ON CONFLICT (name) DO UPDATE SET count = t.count + EXCLUDED.count"""

REOPEN = """
    WITH abandoned AS (
        SELECT id, attempts >= %(limit)s AS is_last FROM reminders_message
        WHERE state = 'claimed' AND state_at < %(since)s
          AND NOT EXISTS (SELECT FROM reminders_receipt r WHERE r.message_id = reminders_message.id)
        FOR UPDATE OF reminders_message SKIP LOCKED
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
RETRY = """
    UPDATE reminders_delivery d SET state = 'planned', state_at = %(now)s
    FROM (
        SELECT d.id FROM reminders_message m JOIN reminders_delivery d ON d.message_id = m.id
        WHERE m.state = 'waiting' AND d.state = 'claimed' AND %(now)s >= LEAST(m.retry_at, d.expires_at)
        FOR UPDATE OF d SKIP LOCKED
    ) n WHERE n.id = d.id"""

WITHDRAW = """
    UPDATE reminders_message m SET state = 'withdrawn', retry_at = NULL, state_at = %(now)s
    WHERE m.state = 'waiting' AND NOT EXISTS (
        SELECT FROM reminders_delivery d WHERE d.message_id = m.id AND d.state IN ('planned', 'claimed'))"""

TURN = """
    INSERT INTO reminders_heartbeat AS h (name, at) VALUES (%(name)s, %(now)s)
    ON CONFLICT (name) DO UPDATE SET at = EXCLUDED.at WHERE h.at <= %(before)s OR h.at > %(now)s
    RETURNING name"""


SPREAD = "INSERT INTO reminders_touched (what, key, at) SELECT %(to)s, found.id, %(at)s FROM ({ids}) found (id)"

REPEATING = """
    SELECT DISTINCT r.about, r.agreement_id FROM reminders_rule r JOIN reminders_step s ON s.rule_id = r.id
    WHERE r.is_active AND (s.repeats_every IS NOT NULL OR r.about = ANY (%(watched)s))"""

UNTOUCH = """
    DELETE FROM reminders_touched WHERE id IN (
        SELECT id FROM reminders_touched ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
    RETURNING what, key, at"""

# What was kept to be mailed of deleted engagements goes once it is sent, or is not to go any more; what failed may be
# sent again for as long as there is time.
FORGET = """
    DELETE FROM reminders_farewell f USING reminders_delivery d
    WHERE d.id = f.delivery_id AND d.state NOT IN ('planned', 'claimed')
      AND NOT (d.state IN ('failed', 'bounced') AND d.expires_at > %(now)s)"""
