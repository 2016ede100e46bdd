"""What people have chosen, as the ledger obeys it: what does not go, what waits, and what goes in one mail.

Nothing here is asked once for each person: a batch is looked at in one statement, by keys.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from string import Template

from reminders.choices import AHEAD, DIGEST_AT, TOPICS, Choice, goes_at
from reminders.database import run
from reminders.queries import Reason

CHOICE = "LEFT JOIN LATERAL (SELECT * FROM reminders_preference WHERE person_id = {person} OFFSET 0) c ON TRUE"
"""What a person has chosen (c), joined by their key."""

_how = " ".join(f"WHEN '{kind}' THEN {{c}}.{topic.name}" for topic in TOPICS for kind in topic.kinds)
_HOW = f"CASE {{kind}} {_how} ELSE 'on' END"
_out = " ".join(f"WHEN '{kind}' THEN '{topic.opted_out}'" for topic in TOPICS for kind in topic.kinds)
_RESUMES = f"timezone(%(zone)s, {{c}}.paused_until + time '{DIGEST_AT}')"


def refusal(kind, due_at, expires_at, c="c"):
    """In SQL: why a delivery of this kind and these times does not go to who has chosen ``c``; '' when it goes."""
    return f"""
    CASE WHEN {c}.id IS NULL THEN ''
         WHEN {_HOW.format(kind=kind, c=c)} = 'off' THEN CASE {kind} {_out} ELSE '' END
         WHEN {_RESUMES.format(c=c)}
              > GREATEST(%(now)s, {due_at}, {expires_at} - interval '{AHEAD.seconds} seconds')
         THEN '{Reason.PAUSED_UNTIL}' || to_char({c}.paused_until, 'FMDD FMMonth YYYY')
         ELSE '' END"""


_CHOSEN = Template("""
    SELECT d.id, d.person_id, d.message_id, d.due_at, d.expires_at, $refusal,
           CASE WHEN c.id IS NULL THEN 'on' ELSE $how END, c.quiet_from, c.quiet_to, c.paused_until
    FROM unnest(%(ids)s::bigint[]) taken (id)
    JOIN LATERAL (SELECT * FROM reminders_delivery WHERE id = taken.id OFFSET 0) d ON TRUE
    $choice""").substitute(
    refusal=refusal("d.kind", "d.due_at", "d.expires_at"),
    how=_HOW.format(kind="d.kind", c="c"),
    choice=CHOICE.format(person="d.person_id"),
)

# Of the people whose digest it is, those that nobody else is writing it for at this moment.
_OURS = """
    SELECT person FROM unnest(%(people)s::bigint[]) found (person)
    WHERE pg_try_advisory_xact_lock(hashtextextended('digest', person))"""

# What else waits for the same digest; its index holds only what waits.
_PEERS = """
    SELECT id FROM reminders_delivery
    WHERE person_id = ANY (%(people)s) AND state = 'planned' AND held_until <= %(now)s AND NOT id = ANY (%(ids)s)
    ORDER BY id
    FOR UPDATE SKIP LOCKED"""

_HOLD = """
    UPDATE reminders_delivery d SET held_until = n.until
    FROM unnest(%(ids)s::bigint[], %(moments)s::timestamptz[]) n (id, until) WHERE d.id = n.id"""

_JOIN = """
    UPDATE reminders_delivery d SET state = 'claimed', reason = '', message_id = n.message, state_at = %(now)s
    FROM unnest(%(ids)s::bigint[], %(messages)s::bigint[]) n (id, message) WHERE d.id = n.id"""

# What does not go with the rest of its message leaves it, so that it is not taken for sent when that is.
_LEAVE = """
    UPDATE reminders_delivery d SET message_id = NULL
    WHERE d.id = ANY (%(ids)s) AND EXISTS (
        SELECT FROM reminders_delivery o
        WHERE o.message_id = d.message_id AND o.id <> d.id AND o.state IN ('planned', 'claimed'))"""


@dataclass
class Wanted:
    """What people want to become of due deliveries (ids): not to go, with the reason; to wait until a moment; to go.

    ``groups`` are those that go, each in one message, what comes first in front; ``more`` are those that were not asked
    for and go along; ``messages`` are the messages that some were in before; ``ends`` is when each would be too late.
    """

    refused: dict = field(default_factory=dict)
    held: dict = field(default_factory=dict)
    groups: dict = field(default_factory=lambda: defaultdict(list))
    more: list = field(default_factory=list)
    messages: dict = field(default_factory=dict)
    ends: dict = field(default_factory=dict)

    def weigh(self, now, ids):
        """Look at what those whose these deliveries are have chosen for them."""
        for key, person, message, due_at, expires_at, reason, *chosen in run(_CHOSEN, now=now, ids=list(ids)):
            choice = Choice(*chosen)
            moment = now if choice == EVERYTHING else goes_at(choice, due_at, expires_at, now)
            self.ends[key] = expires_at
            if message:
                self.messages[key] = message
            if reason:
                self.refused[key] = reason
            elif moment > now:
                self.held[key] = moment
            elif message:
                self.groups["message", message].append(key)
            elif choice.is_digest:
                self.groups["digest", person].append(key)
            else:
                self.groups["alone", key].append(key)


EVERYTHING = Choice()


def ask(now, ids) -> Wanted:
    """What is wanted of these due deliveries, which are locked, and of what goes along with them in a digest.

    A digest that somebody else is writing at this moment is left to them: nothing is said of what is in it.
    """
    wanted = Wanted()
    wanted.weigh(now, ids)
    people = [key for what, key in wanted.groups if what == "digest"]
    ours = {row[0] for row in run(_OURS, people=people)} if people else set()
    for person in set(people) - ours:
        del wanted.groups["digest", person]
    if ours:
        wanted.more = [row[0] for row in run(_PEERS, now=now, people=list(ours), ids=list(ids))]
        wanted.weigh(now, wanted.more)
    for group in wanted.groups.values():
        group.sort(key=lambda one: (wanted.ends[one], one))
    return wanted


def hold(held):
    """Have these deliveries wait, {id: until when}."""
    run(_HOLD, ids=list(held), moments=list(held.values()))


def join(now, messages):
    """Claim these deliveries, {id: the message that another one of the digest has got}."""
    run(_JOIN, now=now, ids=list(messages), messages=list(messages.values()))


def leave(ids):
    """Take these deliveries out of messages that others are still to go in."""
    run(_LEAVE, ids=list(ids))
