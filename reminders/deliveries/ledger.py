"""The ledger of deliveries: functions that plan, claim and settle them, each for a whole set (``statements``).

``targets`` knows what a delivery is about; this module knows only which are due, and what became of them.

Locks, so that nobody waits for a worker and nothing deadlocks: a worker takes rows only with SKIP LOCKED, and plans a
target only while nobody holds it. A person who saves a target waits for one short batch at most. Statements that do
wait for rows lock them in the order of their ids.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import transaction

from outbox.reply_to import Contact
from reminders.deliveries import batching
from reminders.deliveries import statements as sql
from reminders.deliveries.targets import TARGETS
from reminders.models import ReplanRequest
from reminders.notification_types import type_of
from reminders.planning.database import run
from reminders.queries import Reason


@dataclass(frozen=True)
class Claimed:
    """A message that this worker has claimed, with the facts about its reader that its email needs.

    For an email of several deliveries it is the first of them, and ``others`` are the rest. ``contact`` is the person
    whom the email names.
    """

    delivery_id: int
    kind: str
    target: str
    target_id: int
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
    contact: Contact | None = None


STATES = {
    **dict.fromkeys([Reason.MOVED, Reason.CHANGED, Reason.HELD_SINCE], "superseded"),
    **dict.fromkeys([Reason.STARTED, Reason.OVER], "expired"),
    Reason.TOO_OLD: "expired",
}
"""{reason: state} of deliveries that are not sent. With any other reason they are skipped."""


def queue_replan(now, what, keys):
    """Queue what changed, in the transaction that changed it. A worker then replans everything that it affects."""
    ReplanRequest.objects.bulk_create(ReplanRequest(what=what, key=key, at=now) for key in keys)


def plan(now, ids, target="engagement", *, since=None) -> Counter:
    """Bring the deliveries of these targets up to date, in the transaction that changed them.

    Adds missing deliveries, planned or skipped with the reason, and updates open ones. ``since`` is when the targets
    changed, ``now`` unless given: a step that was due before then is skipped. Returns how many came into which state.
    """
    return TARGETS[target].plan(now, ids, [since or now] * len(ids))


@transaction.atomic
def plan_queued(now, limit) -> Counter | None:
    """Plan what the first ``limit`` requests in the queue affect. Returns None where nothing could be done.

    Targets that somebody is saving at this moment go back to the end of the queue: that transaction may not see the
    change that was queued.
    """
    queued = defaultdict(dict)
    for what, key, at in run(sql.TAKE_QUEUED, limit=limit):
        queued[what][key] = min(at, queued[what].get(key, at))
    counts, is_done = Counter(), False
    for what, since in queued.items():
        if what in TARGETS:
            planned, busy = _plan_free(now, what, since)
            counts, is_done = counts + planned, is_done or len(busy) < len(since)
        else:
            is_done = True
            _queue_concerned(now, what, since)
    return counts if is_done else None


def _plan_free(now, name, since):
    """Plan the targets that nobody is saving, and queue the others. Returns the counts, and the ids of the others.

    ``since`` is {id: when it changed}. That is when it was queued, however long it waited: a step that fell due
    meanwhile is late, but is sent.
    """
    target, keys = TARGETS[name], sorted(since)
    # All rows are read by key. PostgreSQL takes a table that has just grown for small, and would scan all of it.
    run("SET LOCAL enable_seqscan = off")
    held, busy = target.lock(keys)
    for key in busy:
        queue_replan(since[key], name, [key])
    return target.plan(now, held, [since[key] for key in held], patient=False) if held else Counter(), busy


def _queue_concerned(now, what, since):
    """Queue the targets affected by changes to ``what``; ``since`` is {id: when it changed}."""
    for name, target in TARGETS.items():
        for key, at in since.items() if what in target.concerned_by else ():
            _queue_concerned_by(what, key, name, now=now, at=at)


def _queue_concerned_by(what, key, name, *, now, at):
    """Queue the rows of the target ``name`` that one thing affects; ``at`` is when that changed."""
    run(sql.QUEUE_CONCERNED.format(ids=TARGETS[name].concerned_by[what]), now=now, at=at, to=name, key=key)


EVER = datetime(1970, 1, 1, tzinfo=UTC)


def plan_all(now, limit=200, *, since=EVER) -> Counter:
    """Plan all targets about which anything may be sent, ``limit`` at a time, each time in its own transaction.

    ``since`` is when everything was last planned: whatever is missing is newer than that.
    """
    counts = Counter()
    for name, target in TARGETS.items():
        after = 0
        while ids := [row[0] for row in run(target.all_ids, now=now, after=after, limit=limit)]:
            with transaction.atomic():
                counts += _plan_free(now, name, dict.fromkeys(ids, since))[0]
            after = ids[-1]
    return counts


def queue_next_rounds(now, *, watched=()):
    """Queue the targets of rules with a step that repeats, so that the next round is planned once one has passed.

    ``watched`` are further kinds whose rules are queued: their conditions begin as days go by, without any change.
    """
    for kind, agreement in run(sql.REPEATING, watched=list(watched)):
        for name in type_of(kind).targets:
            _queue_concerned_by("agreement", agreement, name, now=now, at=now)


def purge(now):
    """Delete the stored emails about deleted engagements that will not be sent any more."""
    run(sql.PURGE, now=now)


@transaction.atomic
def take(now, limit, allow=None) -> tuple[list[Claimed], Counter]:
    """Claim at most ``limit`` due deliveries, which no other worker then gets, and check each again.

    ``allow(number)`` returns how many of that number of messages may be sent now; None allows all. Returns the messages
    to send, and the number of other deliveries by their new state ("deferred": they wait for the time that their reader
    has chosen). Both are empty when nothing is due, or nothing may be sent.
    """
    due = {row[0]: row for row in run(sql.DUE, now=now, limit=limit)}
    batches = batching.batches_of(now, list(due)) if due else batching.Batches()
    if batches.more:
        due |= {row[0]: row for row in run(sql.MORE, ids=batches.more)}
    rechecked = _recheck(now, due.values())
    refused = batches.refused
    settled = {key: reason or refused[key] for key, (reason, _) in rechecked.items() if reason or key in refused}
    deferred = {key: moment for key, moment in batches.deferred.items() if key not in settled}
    groups = [left for keys in batches.groups.values() if (left := [key for key in keys if key not in settled])]
    if allow and groups:
        groups = groups[: allow(len(groups))]
    going = {batches.messages.get(key) for group in groups for key in group}
    in_messages = batches.messages.items()
    leaving = [key for key, message in in_messages if key in settled or (key in deferred and message in going)]
    _put_off(now, settled, deferred, leaving)
    states = Counter(STATES.get(reason, "skipped") for reason in settled.values())
    counts = states + Counter(deferred=len(deferred))
    return _claim(now, groups, due, {key: facts for key, (_, facts) in rechecked.items()}), counts


def _put_off(now, settled, deferred, leaving):
    """Write which are ``settled`` ({id: why}), ``deferred`` ({id: until when}) and ``leaving`` their message (ids)."""
    if settled:
        states = [STATES.get(reason, "skipped") for reason in settled.values()]
        run(sql.SETTLE, now=now, ids=list(settled), states=states, reasons=list(settled.values()))
    if deferred:
        batching.defer(deferred)
    if leaving:
        batching.leave(leaving)


def _claim(now, groups, due, facts):
    """Claim groups of due deliveries. The first of each gets a message, which the rest join. Returns the messages."""
    firsts = [group[0] for group in groups]
    claimed = {key: mine for key, *mine in run(sql.CLAIM, now=now, ids=firsts)} if firsts else {}
    if rest := {key: claimed[first][0] for first, *others in groups for key in others}:
        batching.join(now, rest)
    return [
        Claimed(*due[first], facts[first], *claimed[first], tuple(Claimed(*due[key], facts[key]) for key in others))
        for first, *others in groups
    ]


def _recheck(now, due):
    """{id: (reason, facts)} of due deliveries, with those about the same target next to each other."""
    by_target = defaultdict(list)
    for delivery in due:
        by_target[delivery[2], delivery[3]].append(delivery[0])
    ids = defaultdict(list)
    for (target, _), keys in sorted(by_target.items()):
        ids[target] += keys
    found = {}
    for target, keys in ids.items():
        if target in TARGETS:
            found |= {key: rest for key, *rest in TARGETS[target].recheck(now, keys)}
        else:
            found |= dict.fromkeys(keys, (str(Reason.UNKNOWN), {}))
    return found


def retry(now):
    """Make deliveries due again whose message waited for its next attempt, once the time for that has come."""
    run(sql.RETRY, now=now)


BECAME = {
    "sent": ("sent", ["planned", "claimed", "sent", "failed", "skipped", "expired", "superseded", "bounced"]),
    "failed": ("failed", ["claimed"]),
    "withdrawn": ("skipped", ["claimed"]),
    "bounced": ("bounced", ["planned", "claimed", "sent"]),
}
"""{state of a message: (state that its deliveries get, states in which they get it)}."""


def settle(state, settled, reason="") -> int:
    """Give deliveries the outcome of their messages. ``settled`` are pairs of the id of a message and a moment.

    Returns how many deliveries changed.
    """
    became, before = BECAME[state]
    reason = {"sent": "", "withdrawn": str(Reason.NO_STEP)}.get(state, reason)[:200]
    ids, moments = zip(*settled, strict=True)
    settled = {"ids": list(ids), "moments": list(moments)}
    return run(sql.SETTLE_MESSAGES, state=became, before=before, reason=reason, **settled)


def withdraw(now):
    """Close waiting messages that have no delivery left to send."""
    run(sql.WITHDRAW, now=now)
