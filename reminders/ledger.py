"""The ledger of deliveries: the statements that plan, claim and settle them, each for a whole set.

What a delivery is about is the affair of ``subjects``; here it is only whose turn it is, and what became of it.

How they stay out of each other's way, so that nobody waits for a worker and nothing deadlocks: a worker takes rows by
SKIP LOCKED only, and plans a subject only when nobody holds it; a person who saves one waits for one short batch at
most. Where rows are waited for at all, it is in the order of their ids.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from string import Template

from django.db import transaction

from reminders import wanted
from reminders.database import run
from reminders.models import SUBJECTS as LINKS
from reminders.models import Touched
from reminders.queries import Reason
from reminders.subjects import SUBJECTS

_SUBJECT = " ".join(f"WHEN d.{link}_id IS NOT NULL THEN '{link}'" for link in LINKS)
_SUBJECT_ID = ", ".join(f"d.{link}_id" for link in LINKS)

# What is due, oldest first. Its index finds it however large the tables are; who it is for is then read by key.
_IN_TURN = """
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

_DUE, _MORE = (_TAKE.substitute(name=_SUBJECT, key=_SUBJECT_ID, those=those) for those in (_IN_TURN, _BY_ID))

# Those that go get a message and are claimed, the rest is settled with its reason.
_CLAIM = """
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

_SETTLE = """
    UPDATE reminders_delivery d SET state = n.state, reason = n.reason, state_at = %(now)s
    FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(reasons)s::text[]) n (id, state, reason)
    WHERE d.id = n.id"""

# How many may go in this minute of the ``wanted``: by the clock, whoever sends them.
_ALLOW = """
    INSERT INTO reminders_quota AS q (name, minute, taken)
    VALUES ('mail', date_trunc('minute', %(now)s::timestamptz), 0)
    ON CONFLICT (name) DO UPDATE SET
        minute = GREATEST(q.minute, EXCLUDED.minute),
        taken = CASE WHEN q.minute < EXCLUDED.minute THEN 0 ELSE q.taken END
    RETURNING taken"""

_ALLOWED = "UPDATE reminders_quota SET taken = taken + %(allowed)s WHERE name = 'mail'"

_STILL_MINE = """
    UPDATE reminders_message m SET state_at = %(now)s
    FROM unnest(%(ids)s::bigint[], %(attempts)s::int[]) AS mine (id, attempts)
    WHERE m.id = mine.id AND m.attempts = mine.attempts AND m.state = 'claimed'
    RETURNING m.id"""

# Written after each mail, before the next. The commit is not waited for until it is on the disk: a worker that is
# killed loses nothing by it, and the end of the batch, which does wait, takes all before it along.
_RECEIVE = """
    SET LOCAL synchronous_commit = off;
    INSERT INTO reminders_receipt (message_id, subject, at) VALUES (%(id)s, %(subject)s, %(now)s)
    ON CONFLICT DO NOTHING"""

# That a message was sent is true whoever holds it now, and whatever has become of its deliveries. Only that it has come
# back, which may be known sooner, is newer.
_FOLD = """
    WITH taken AS (
        DELETE FROM reminders_receipt WHERE message_id IN (
            SELECT message_id FROM reminders_receipt ORDER BY message_id LIMIT 1000 FOR UPDATE SKIP LOCKED)
        RETURNING message_id, subject, at
    ), settled AS (
        UPDATE reminders_message m
        SET state = 'sent', retry_at = NULL, error = '', subject = taken.subject, state_at = taken.at
        FROM taken WHERE m.id = taken.message_id AND m.state NOT IN ('sent', 'bounced')
        RETURNING m.id, m.state_at
    ), held AS (
        SELECT d.id, settled.state_at FROM settled JOIN reminders_delivery d ON d.message_id = settled.id
        ORDER BY d.id
        FOR UPDATE OF d)
    UPDATE reminders_delivery d SET state = 'sent', reason = '', state_at = held.state_at
    FROM held WHERE d.id = held.id"""

# What else became of messages goes to their deliveries in the same statement. It is only for the holder to say.
_RECORD = """
    WITH settled AS (
        UPDATE reminders_message m
        SET state = %(state)s, retry_at = %(retry_at)s, error = %(error)s, subject = %(subject)s, state_at = %(now)s
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

_FLAG = """
    INSERT INTO reminders_badaddress AS b (agreement_id, person_id, address, error, noted_at, came_back)
    SELECT agreement_id, person_id, address, %(error)s, %(now)s, %(came_back)s FROM reminders_message WHERE id = %(id)s
    ON CONFLICT (person_id) DO UPDATE SET
        address = EXCLUDED.address, error = EXCLUDED.error, noted_at = EXCLUDED.noted_at,
        came_back = EXCLUDED.came_back"""

# A flag goes once a mail was taken for the same address after all; not where mails are taken, and come back later.
_UNFLAG = """
    DELETE FROM reminders_badaddress b USING reminders_message m
    WHERE m.id = ANY (%(ids)s) AND m.state = 'sent' AND b.person_id = m.person_id AND b.address = m.address
      AND NOT b.came_back"""

_TALLY = """
    INSERT INTO reminders_tally AS t (name, count) VALUES (%(name)s, %(count)s)
    ON CONFLICT (name) DO UPDATE SET count = t.count + EXCLUDED.count"""

_REOPEN = """
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
_RETRY = """
    UPDATE reminders_delivery d SET state = 'planned', state_at = %(now)s
    FROM (
        SELECT d.id FROM reminders_message m JOIN reminders_delivery d ON d.message_id = m.id
        WHERE m.state = 'waiting' AND d.state = 'claimed' AND %(now)s >= LEAST(m.retry_at, d.expires_at)
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


_SPREAD = "INSERT INTO reminders_touched (what, key, at) SELECT %(to)s, found.id, %(now)s FROM ({ids}) found (id)"

_REPEATING = """
    SELECT DISTINCT r.about, r.agreement_id FROM reminders_rule r JOIN reminders_step s ON s.rule_id = r.id
    WHERE r.is_active AND (s.repeats_every IS NOT NULL OR r.about = ANY (%(watched)s))"""

_UNTOUCH = """
    DELETE FROM reminders_touched WHERE id IN (
        SELECT id FROM reminders_touched ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
    RETURNING what, key"""

# What was kept to be mailed of deleted engagements goes once it is sent, or is not to go any more.
_FORGET = """
    DELETE FROM reminders_farewell f USING reminders_delivery d
    WHERE d.id = f.delivery_id AND d.state NOT IN ('planned', 'claimed')"""


@dataclass(frozen=True)
class Claimed:
    """A message that is ours to send now, with what its letter needs to know of its reader.

    Of a digest it is the first thing that it tells, and ``others`` are the rest.
    """

    delivery_id: int
    kind: str
    subject: str
    subject_id: int
    step_id: int | None
    person_id: int
    address: str
    name: str
    has_account: bool
    facts: dict = field(default_factory=dict)
    message_id: int = 0
    attempts: int = 0
    created_at: datetime | None = None
    others: tuple["Claimed", ...] = ()


STATES = {
    **dict.fromkeys([Reason.MOVED, Reason.CHANGED, Reason.HELD_SINCE], "superseded"),
    Reason.STARTED: "expired",
    Reason.TOO_OLD: "expired",
}
"""The states of deliveries that do not go for these reasons; with any other they are skipped."""


def touch(now, what, keys):
    """Queue what changed, for a worker to plan all that it concerns; in the transaction that changed it."""
    Touched.objects.bulk_create(Touched(what=what, key=key, at=now) for key in keys)


def plan(now, ids, subject="engagement") -> Counter:
    """Bring the deliveries of these subjects up to date, in the transaction of who changed them.

    Missing ones are added, planned or skipped with the reason; open ones follow what is so now. Returns how many came
    into which state.
    """
    return SUBJECTS[subject].plan(now, ids)


@transaction.atomic
def plan_touched(now, limit) -> Counter | None:
    """Plan what the first ``limit`` in the queue concern. None when there is nothing that could be done.

    What somebody is saving at this moment goes back to the end of the queue: they may not see what touched it.
    """
    touched = defaultdict(set)
    for what, key in run(_UNTOUCH, limit=limit):
        touched[what].add(key)
    counts, is_done = Counter(), False
    for what, keys in touched.items():
        if what in SUBJECTS:
            planned, busy = _plan_free(now, what, sorted(keys))
            counts, is_done = counts + planned, is_done or len(busy) < len(keys)
        else:
            is_done = True
            _spread(now, what, sorted(keys))
    return counts if is_done else None


def _plan_free(now, name, keys):
    """Plan those that nobody is saving, and queue the others. Returns the counts, and the others."""
    subject = SUBJECTS[name]
    # All is read by key. A table that has just grown is thought to be small, and would be read as a whole.
    run("SET LOCAL enable_seqscan = off")
    held, busy = subject.hold(keys)
    if busy:
        touch(now, name, busy)
    return subject.plan(now, held, patient=False) if held else Counter(), busy


def _spread(now, what, keys):
    """Queue the subjects that ``what`` concerns."""
    for to, subject in SUBJECTS.items():
        for key in keys if what in subject.spread else ():
            run(_SPREAD.format(ids=subject.spread[what]), now=now, to=to, key=key)


def plan_all(now, limit=200) -> Counter:
    """Plan everything that is to come, by ``limit`` at a time, each in a transaction of its own."""
    counts = Counter()
    for name, subject in SUBJECTS.items():
        after = 0
        while ids := [row[0] for row in run(subject.ALL, now=now, after=after, limit=limit)]:
            with transaction.atomic():
                counts += _plan_free(now, name, ids)[0]
            after = ids[-1]
    return counts


def touch_rounds(now, *, watched=()):
    """Queue what a rule tells of that repeats a step, so that its next round is planned when one has passed.

    Besides what is ``watched``: the kinds that come to be told by themselves, as days go by.
    """
    for about, agreement in run(_REPEATING, watched=list(watched)):
        for name, subject in SUBJECTS.items():
            if about in [ruled.about for ruled in getattr(subject, "RULED", ())]:
                run(_SPREAD.format(ids=subject.spread["agreement"]), now=now, to=name, key=agreement)


def forget():
    """Let go of the mails about deleted engagements of which nothing is to go any more."""
    run(_FORGET)


@transaction.atomic
def take(now, limit, per_minute=0) -> tuple[list[Claimed], Counter]:
    """Take at most ``limit`` due deliveries, which nobody else then gets, and look at each again.

    With ``per_minute`` no more are claimed than may go in this minute. Returns the messages that are ours to send, and
    how many of the rest came into which state ("held": they wait for when their reader wants to be told); both empty
    when nothing is due, or nothing may go.
    """
    due = {row[0]: row for row in run(_DUE, now=now, limit=limit)}
    asked = wanted.ask(now, list(due)) if due else wanted.Wanted()
    if asked.more:
        due |= {row[0]: row for row in run(_MORE, ids=asked.more)}
    looked_at = _look(now, due.values())
    settled = {
        key: reason or asked.refused[key] for key, (reason, _) in looked_at.items() if reason or key in asked.refused
    }
    held = {key: moment for key, moment in asked.held.items() if key not in settled}
    groups = [left for keys in asked.groups.values() if (left := [key for key in keys if key not in settled])]
    if per_minute and groups:
        groups = groups[: _allow(now, len(groups), per_minute)]
    going = {asked.messages.get(key) for group in groups for key in group}
    leaving = [key for key, message in asked.messages.items() if key in settled or (key in held and message in going)]
    _put_off(now, settled, held, leaving)
    states = Counter(STATES.get(reason, "skipped") for reason in settled.values())
    counts = states + Counter(held=len(held))
    return _claim(now, groups, due, {key: facts for key, (_, facts) in looked_at.items()}), counts


def _put_off(now, settled, held, leaving):
    """Write down what does not go, {id: why}, what waits, {id: until when}, and which are out of their message."""
    if settled:
        states = [STATES.get(reason, "skipped") for reason in settled.values()]
        run(_SETTLE, now=now, ids=list(settled), states=states, reasons=list(settled.values()))
    if held:
        wanted.hold(held)
    if leaving:
        wanted.leave(leaving)


def _claim(now, groups, due, facts):
    """Claim groups of due deliveries, each for one message, which the first of it gets. Returns the messages."""
    firsts = [group[0] for group in groups]
    claimed = {key: mine for key, *mine in run(_CLAIM, now=now, ids=firsts)} if firsts else {}
    if rest := {key: claimed[first][0] for first, *others in groups for key in others}:
        wanted.join(now, rest)
    return [
        Claimed(*due[first], facts[first], *claimed[first], tuple(Claimed(*due[key], facts[key]) for key in others))
        for first, *others in groups
    ]


def _look(now, due):
    """{id: (reason, facts)} of due deliveries, those about one subject after another."""
    by_subject = defaultdict(list)
    for delivery in due:
        by_subject[delivery[2], delivery[3]].append(delivery[0])
    ids = defaultdict(list)
    for (subject, _), keys in sorted(by_subject.items()):
        ids[subject] += keys
    found = {}
    for subject, keys in ids.items():
        if subject in SUBJECTS:
            found |= {key: rest for key, *rest in SUBJECTS[subject].look(now, keys)}
        else:
            found |= dict.fromkeys(keys, (str(Reason.UNKNOWN), {}))
    return found


def _allow(now, wanted, per_minute):
    """How many of ``wanted`` may go in this minute; they are then counted as gone."""
    [(taken,)] = run(_ALLOW, now=now)
    allowed = max(0, min(wanted, per_minute - taken))
    run(_ALLOWED, allowed=allowed)
    return allowed


def still_mine(now, claimed) -> set[int]:
    """Renew the claim on these messages; returns the ids of those that nobody took over meanwhile."""
    return {row[0] for row in run(_STILL_MINE, now=now, **_keys(claimed))}


def _keys(claimed):
    return {"ids": [one.message_id for one in claimed], "attempts": [one.attempts for one in claimed]}


def receive(now, message, subject):
    """Write down that the mail server has taken a message: before the next is begun."""
    run(_RECEIVE, now=now, id=message.message_id, subject=subject[:300])


def fold() -> int:
    """Have all that was received be sent, messages and deliveries. Returns how many deliveries."""
    count = 0
    while folded := run(_FOLD):
        count += folded
    if count:
        tally("sent", count)
    return count


def tally(name, count):
    """Count deliveries that came to an end in this way, for monitors."""
    run(_TALLY, name=name, count=count)


def record(now, claimed, *, state, delivery, subject="", error="", reason="", retry_at=None):
    """Write what became of messages that were not sent: ``state``; ``delivery`` and ``reason`` of their deliveries."""
    texts = {"subject": subject[:300], "error": error, "reason": reason[:200]}
    count = run(_RECORD, now=now, state=state, delivery=delivery, retry_at=retry_at, **texts, **_keys(claimed))
    if delivery == "failed" and count:
        tally("failed", count)


def flag(now, message_id, error, *, came_back=False):
    """Note that a mail server has refused the address of this message for good: at once, or after it was taken."""
    run(_FLAG, now=now, id=message_id, error=error[:200], came_back=came_back)


def unflag(claimed):
    """Take the flag off the addresses of those of these messages that were sent."""
    run(_UNFLAG, ids=[one.message_id for one in claimed])


def reopen(now, *, since, limit, error):
    """Let what was claimed before ``since`` and never recorded be tried again; after ``limit`` attempts it failed."""
    run(_REOPEN, now=now, since=since, limit=limit, error=error)


def retry(now):
    """Have those that waited for another attempt be due again, once their time has come."""
    run(_RETRY, now=now)


def withdraw(now):
    """Close waiting messages of which nothing is to go any more."""
    run(_WITHDRAW, now=now)


def take_turn(name, now, every: timedelta) -> bool:
    """Whether it is our turn to do ``name``, which one worker at a time does, once in ``every`` (a timedelta)."""
    return bool(run(_TURN, name=name, now=now, before=now - every))
