"""What people have chosen, applied to due deliveries: which are not sent, which wait, and which share one email.

Nothing is asked once for each person: one statement reads a whole batch, by keys.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from string import Template

from reminders.deliveries.pending import wait
from reminders.planning.database import run
from reminders.preferences.rules import Choice, goes_at
from reminders.preferences.statements import CHOICE, how, refusal

_CHOSEN = Template("""
    SELECT d.id, d.person_id, d.message_id, d.batch_id,
           COALESCE(d.engagement_id, (SELECT engagement_id FROM engagements_action WHERE id = d.action_id)),
           d.is_by_hand, LEAST(d.due_at, %(now)s), d.expires_at, $refusal,
           CASE WHEN c.id IS NULL THEN 'on' ELSE $how END, c.quiet_from, c.quiet_to, c.paused_until
    FROM unnest(%(ids)s::bigint[]) taken (id)
    JOIN LATERAL (SELECT * FROM reminders_delivery WHERE id = taken.id OFFSET 0) d ON TRUE
    $choice""").substitute(
    refusal=refusal("d.kind", "d.due_at", "d.expires_at", "d.is_by_hand"),
    how=how("d.kind"),
    choice=CHOICE.format(person="d.person_id"),
)

# Of these people, those whose digest no other worker is writing at this moment.
_OURS = """
    SELECT person FROM unnest(%(people)s::bigint[]) found (person)
    WHERE pg_try_advisory_xact_lock(hashtextextended('digest', person))"""

# Other deliveries that wait for the same digest. The index that finds them holds only those that wait.
_PEERS = """
    SELECT id FROM reminders_delivery
    WHERE person_id = ANY (%(people)s) AND state = 'planned' AND deferred_until <= %(now)s AND NOT id = ANY (%(ids)s)
    ORDER BY id
    FOR UPDATE SKIP LOCKED"""

# Planned deliveries of the messages that these were in before, and those due ``soon`` to the same people that share a
# batch or an engagement with these: none may be sent without the rest.
_COMPANIONS = """
    SELECT o.id, array_agg(taken.id)
    FROM unnest(%(ids)s::bigint[]) taken (id)
    JOIN LATERAL (SELECT * FROM reminders_delivery WHERE id = taken.id OFFSET 0) d ON TRUE
    CROSS JOIN LATERAL (
        SELECT COALESCE(d.engagement_id, (SELECT engagement_id FROM engagements_action WHERE id = d.action_id)) AS id
        OFFSET 0) about
    JOIN LATERAL (
        SELECT id FROM reminders_delivery
        WHERE message_id = d.message_id AND state = 'planned' AND id <> d.id
        UNION
        SELECT id FROM reminders_delivery
        WHERE batch_id = d.batch_id AND person_id = d.person_id AND state = 'planned' AND goes_at <= %(soon)s
          AND id <> d.id
        UNION
        SELECT id FROM reminders_delivery
        WHERE d.message_id IS NULL AND engagement_id = about.id AND person_id = d.person_id
          AND state = 'planned' AND message_id IS NULL AND goes_at <= %(soon)s AND id <> d.id
        UNION
        SELECT given.id FROM (SELECT id FROM engagements_action WHERE engagement_id = about.id OFFSET 0) a
        JOIN LATERAL (
            SELECT id FROM reminders_delivery
            WHERE d.message_id IS NULL AND action_id = a.id AND person_id = d.person_id
              AND state = 'planned' AND message_id IS NULL AND goes_at <= %(soon)s AND id <> d.id
            OFFSET 0) given ON TRUE) o ON TRUE
    GROUP BY o.id"""

_LOCK = """
    SELECT id FROM reminders_delivery WHERE id = ANY (%(ids)s) AND state = 'planned'
    ORDER BY id
    FOR UPDATE SKIP LOCKED"""

_DEFER = """
    UPDATE reminders_delivery d SET deferred_until = n.until
    FROM unnest(%(ids)s::bigint[], %(moments)s::timestamptz[]) n (id, until) WHERE d.id = n.id"""

_JOIN = """
    UPDATE reminders_delivery d SET state = 'claimed', reason = '', message_id = n.message, state_at = %(now)s
    FROM unnest(%(ids)s::bigint[], %(messages)s::bigint[]) n (id, message) WHERE d.id = n.id"""

# A delivery that is not sent with the rest of its message leaves it, so that it does not count as sent with it.
_LEAVE = """
    UPDATE reminders_delivery d SET message_id = NULL
    WHERE d.id = ANY (%(ids)s) AND EXISTS (
        SELECT FROM reminders_delivery o
        WHERE o.message_id = d.message_id AND o.id <> d.id AND o.state IN ('planned', 'claimed'))"""


@dataclass(frozen=True)
class Due:
    """A due delivery, and what its reader has chosen for it.

    ``key`` is its id. ``reason`` says why it is not sent; '' where it is. ``engagement`` is the one that it is about,
    or that its action is from.
    """

    key: int
    person: int
    message: int | None
    batch_id: str | None
    engagement: int | None
    is_by_hand: bool
    due_at: dt.datetime
    expires_at: dt.datetime
    reason: str
    choice: Choice

    @property
    def ties(self):
        """Keys that it shares with all deliveries in the same email, whatever its reader has chosen."""
        if self.message:
            return [("message", self.message)]
        ties = [("batch_id", self.batch_id, self.person)] if self.batch_id else []
        return [*ties, ("engagement", self.engagement, self.person)] if self.engagement else ties


def tied(rows):
    """{id of a due delivery: one id for each email}: deliveries that share a tie, directly or not, have the same."""
    first = {row.key: row.key for row in rows}

    def root(key):
        while first[key] != key:
            key = first[key]
        return key

    by_tie = {}
    for row in rows:
        for tie in row.ties:
            first[root(row.key)] = root(by_tie.setdefault(tie, row.key))
    return {key: root(key) for key in first}


@dataclass
class Batches:
    """Due deliveries (ids), sorted by what their readers have chosen.

    ``refused`` are {id: why it is not sent}, ``deferred`` {id: until when}. ``groups`` are those to send, each group in
    one message, with what expires first in front. ``more`` are ids that were not asked for but are in the same emails.
    ``messages`` are {id: the message that it was in before}; ``ends`` are {id: when it is too late}.
    """

    refused: dict = field(default_factory=dict)
    deferred: dict = field(default_factory=dict)
    groups: dict = field(default_factory=lambda: defaultdict(list))
    more: list = field(default_factory=list)
    messages: dict = field(default_factory=dict)
    ends: dict = field(default_factory=dict)

    def apply(self, now, rows):
        """Sort ``rows`` (``Due``) by what their readers have chosen."""
        firsts, together = {}, tied(rows)
        for row in rows:
            if not row.reason:
                group = together[row.key]
                firsts[group] = min(row.expires_at, firsts.get(group, row.expires_at))
        for row in rows:
            # Deliveries in one email wait no longer than the one that expires first.
            moment = when_to_go(row, firsts.get(together[row.key]), now)
            self.ends[row.key] = row.expires_at
            if row.message:
                self.messages[row.key] = row.message
            if row.reason:
                self.refused[row.key] = row.reason
            elif moment > now:
                self.deferred[row.key] = moment
            elif row.choice.is_digest and not (row.message or row.is_by_hand):
                self.groups["digest", row.person].append(row.key)
            else:
                self.groups["together", together[row.key]].append(row.key)


EVERYTHING = Choice()


def when_to_go(row, expires_at, now):
    """When a due delivery is sent: as its reader has chosen; at once by default, or where a lead sends it by hand."""
    if row.reason or row.is_by_hand or row.choice == EVERYTHING:
        return now
    return goes_at(row.choice, row.due_at, expires_at, now)


def read(now, ids):
    """The ``Due`` rows of these deliveries."""
    rows = run(_CHOSEN, now=now, ids=list(ids)) if ids else []
    return [Due(*row[:9], Choice(*row[9:])) for row in rows]


def with_companions(now, rows):
    """Add all deliveries that have to be in the same emails, and lock them. Returns the rows, and the ids added.

    Where somebody else holds one of them at this moment, the whole email is left for the next time: neither then sends
    a part.
    """
    rows, locked, waited_for = list(rows), [], set()
    asked = [row.key for row in rows if row.ties]
    while asked:
        found = dict(run(_COMPANIONS, now=now, soon=now + wait(), ids=asked))
        new = set(found) - {row.key for row in rows}
        free = [row[0] for row in run(_LOCK, ids=list(new))] if new else []
        waited_for |= {key for other in new - set(free) for key in found[other]}
        rows += read(now, free)
        # The deliveries found may have companions of their own.
        locked, asked = locked + free, free
    together = tied(rows)
    blocked = {together[key] for key in waited_for}
    return [row for row in rows if together[row.key] not in blocked], locked


def batches_of(now, ids) -> Batches:
    """The ``Batches`` of these due deliveries, which are locked, and of those that go in the same emails.

    A digest that another worker is writing at this moment is left to it: the result leaves out its deliveries.
    """
    batches = Batches()
    rows, batches.more = with_companions(now, read(now, ids))
    batches.apply(now, rows)
    people = [key for what, key, *_ in batches.groups if what == "digest"]
    ours = {row[0] for row in run(_OURS, people=people)} if people else set()
    for person in set(people) - ours:
        del batches.groups["digest", person]
    if ours:
        known = [*ids, *batches.more]
        peers = [row[0] for row in run(_PEERS, now=now, people=list(ours), ids=known)]
        batches.more += peers
        batches.apply(now, read(now, peers))
    for group in batches.groups.values():
        group.sort(key=lambda one: (batches.ends[one], one))
    return batches


def defer(deferred):
    """Make these deliveries wait: {id: until when}."""
    run(_DEFER, ids=list(deferred), moments=list(deferred.values()))


def join(now, messages):
    """Claim these deliveries: {id: the message that another one in the same email has got}."""
    run(_JOIN, now=now, ids=list(messages), messages=list(messages.values()))


def leave(ids):
    """Take these deliveries out of messages that still have others to send."""
    run(_LEAVE, ids=list(ids))
