"""SQL statements of sending, each for a set of messages. ``operations`` runs them and says what each is for."""

# How many messages all workers were allowed in this minute by the clock.
TAKEN = """
    INSERT INTO outbox_quota AS q (name, minute, taken)
    VALUES ('mail', date_trunc('minute', %(now)s::timestamptz), 0)
    ON CONFLICT (name) DO UPDATE SET
        minute = GREATEST(q.minute, EXCLUDED.minute),
        taken = CASE WHEN q.minute < EXCLUDED.minute THEN 0 ELSE q.taken END
    RETURNING taken"""

ALLOWED = "UPDATE outbox_quota SET taken = taken + %(allowed)s WHERE name = 'mail'"

STILL_MINE = """
    UPDATE outbox_message m SET state_at = %(now)s
    FROM unnest(%(ids)s::bigint[], %(attempts)s::int[]) AS mine (id, attempts)
    WHERE m.id = mine.id AND m.attempts = mine.attempts AND m.state = 'claimed'
    RETURNING m.id"""

# Written after each email, before the next. The commit does not wait until it is on disk. A killed worker loses nothing
# by that, and the commit at the end of the batch, which does wait, includes all before it.
RECEIVE = """
    SET LOCAL synchronous_commit = off;
    INSERT INTO outbox_receipt (message_id, subject, at) VALUES (%(id)s, %(subject)s, %(now)s)
    ON CONFLICT DO NOTHING"""

# A message was sent, whichever worker holds it now. Only a bounce, which may be known sooner, is newer.
APPLY_RECEIPTS = """
    WITH taken AS (
        DELETE FROM outbox_receipt WHERE message_id IN (
            SELECT message_id FROM outbox_receipt ORDER BY message_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
        RETURNING message_id, subject, at
    ), settled AS (
        UPDATE outbox_message m
        SET state = 'sent', retry_at = NULL, error = '', subject = taken.subject, state_at = taken.at
        FROM taken WHERE m.id = taken.message_id AND m.state NOT IN ('sent', 'bounced')
        RETURNING m.id, m.state_at)
    SELECT taken.message_id, settled.state_at FROM taken LEFT JOIN settled ON settled.id = taken.message_id"""

# Only the worker that holds a message may record another outcome.
RECORD = """
    UPDATE outbox_message m
    SET state = %(state)s, retry_at = %(retry_at)s, error = %(error)s, subject = %(subject)s, state_at = %(now)s,
        is_refused = %(is_refused)s
    FROM unnest(%(ids)s::bigint[], %(attempts)s::int[]) AS mine (id, attempts)
    WHERE m.id = mine.id AND m.state = 'claimed' AND m.attempts = mine.attempts
    RETURNING m.id"""

# A message that waits can bounce too: the server had accepted it all the same.
BOUNCE = """
    UPDATE outbox_message SET state = 'bounced', retry_at = NULL, error = %(reason)s, state_at = %(at)s
    WHERE id = %(id)s AND state IN ('claimed', 'waiting', 'sent')
    RETURNING id"""

FLAG = """
    INSERT INTO outbox_badaddress AS b (agreement_id, person_id, address, error, noted_at, came_back)
    SELECT agreement_id, person_id, address, %(error)s, %(now)s, %(came_back)s FROM outbox_message
    WHERE id = %(id)s AND person_id IS NOT NULL
    ON CONFLICT (person_id) DO UPDATE SET
        address = EXCLUDED.address, error = EXCLUDED.error, noted_at = EXCLUDED.noted_at,
        came_back = EXCLUDED.came_back"""

# Removes flags once an email to the same address is accepted; not where emails are accepted and come back later.
UNFLAG = """
    DELETE FROM outbox_badaddress b USING outbox_message m
    WHERE m.id = ANY (%(ids)s) AND m.state = 'sent' AND b.person_id = m.person_id AND b.address = m.address
      AND NOT b.came_back"""

TALLY = """
    INSERT INTO outbox_tally AS t (name, count) VALUES (%(name)s, %(count)s)
    ON CONFLICT (name) DO UPDATE SET count = t.count + EXCLUDED.count"""

REOPEN = """
    WITH abandoned AS (
        SELECT id, attempts >= %(limit)s AS is_last FROM outbox_message
        WHERE state = 'claimed' AND state_at < %(since)s
          AND NOT EXISTS (SELECT FROM outbox_receipt r WHERE r.message_id = outbox_message.id)
        FOR UPDATE OF outbox_message SKIP LOCKED)
    UPDATE outbox_message m
    SET state = CASE WHEN is_last THEN 'failed' ELSE 'waiting' END,
        retry_at = %(now)s, state_at = %(now)s, error = %(error)s
    FROM abandoned WHERE abandoned.id = m.id
    RETURNING m.id, is_last"""

TURN = """
    INSERT INTO outbox_heartbeat AS h (name, at) VALUES (%(name)s, %(now)s)
    ON CONFLICT (name) DO UPDATE SET at = EXCLUDED.at WHERE h.at <= %(before)s OR h.at > %(now)s
    RETURNING name"""
