"""The ledger of deliveries: the verbs that plan, claim and settle them, each for a whole set (``statements``).

What a delivery is about is the affair of ``targets``; here it is only whose turn it is, and what became of it.

How they stay out of each other's way, so that nobody waits for a worker and nothing deadlocks: a worker takes rows by
SKIP LOCKED only, and plans a target only when nobody holds it; a person who saves one waits for one short batch at
most. Where rows are waited for at all, it is in the order of their ids.
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
    """A message that is ours to send now, with what its email needs to know of its reader.

    Of a digest it is the first thing that it tells, and ``others`` are the rest. ``contact`` is whom the email names.
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
"""The states of deliveries that do not go for these reasons; with any other they are skipped."""


def queue_replan(now, what, keys):
    """Queue what changed, for a worker to plan all that it concerns; in the transaction that changed it."""
    ReplanRequest.objects.bulk_create(ReplanRequest(what=what, key=key, at=now) for key in keys)


def plan(now, ids, target="engagement") -> Counter:
    """Bring the deliveries of these targets up to date, in the transaction of who changed them.

    Missing ones are added, planned or skipped with the reason; open ones follow what is so now. Returns how many came
    into which state.
    """
    return TARGETS[target].plan(now, ids, [now] * len(ids))


@transaction.atomic
def plan_queued(now, limit) -> Counter | None:
    """Plan what the first ``limit`` in the queue concern. None when there is nothing that could be done.

    What somebody is saving at this moment goes back to the end of the queue: they may not see what changed it.
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
    """Plan those that nobody is saving, {id: when it changed}, and queue the others. Returns the counts, and these.

    They changed when they were queued, however long they waited there: what fell due meanwhile is late, and goes.
    """
    target, keys = TARGETS[name], sorted(since)
    # All is read by key. A table that has just grown is thought to be small, and would be read as a whole.
    run("SET LOCAL enable_seqscan = off")
    held, busy = target.lock(keys)
    for key in busy:
        queue_replan(since[key], name, [key])
    return target.plan(now, held, [since[key] for key in held], patient=False) if held else Counter(), busy


def _queue_concerned(now, what, since):
    """Queue the targets that ``what`` concerns, {its id: when it changed}."""
    for name, target in TARGETS.items():
        for key, at in since.items() if what in target.concerned_by else ():
            _queue_concerned_by(what, key, name, now=now, at=at)


def _queue_concerned_by(what, key, name, *, now, at):
    """Queue the rows of the target ``name`` that one thing concerns, which changed ``at`` this moment."""
    run(sql.QUEUE_CONCERNED.format(ids=TARGETS[name].concerned_by[what]), now=now, at=at, to=name, key=key)


EVER = datetime(1970, 1, 1, tzinfo=UTC)


def plan_all(now, limit=200, *, since=EVER) -> Counter:
    """Plan everything that is to come, by ``limit`` at a time, each in a transaction of its own.

    Whatever is missing came to be after ``since``, when everything was planned before.
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
    """Queue what a rule tells of that repeats a step, so that its next round is planned when one has passed.

    Besides what is ``watched``: the kinds that come to be told by themselves, as days go by.
    """
    for kind, agreement in run(sql.REPEATING, watched=list(watched)):
        for name in type_of(kind).targets:
            _queue_concerned_by("agreement", agreement, name, now=now, at=now)


def purge(now):
    """Let go of the mails about deleted engagements of which nothing is to go any more."""
    run(sql.PURGE, now=now)


@transaction.atomic
def take(now, limit, allow=None) -> tuple[list[Claimed], Counter]:
    """Take at most ``limit`` due deliveries, which nobody else then gets, and look at each again.

    ``allow(number)`` says how many of so many messages may go now; None: all. Returns the messages that are ours to
    send, and how many of the rest came into which state ("deferred": they wait for when their reader wants to be told);
    both empty when nothing is due, or nothing may go.
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
    """Write down what does not go, {id: why}, what waits, {id: until when}, and which are out of their message."""
    if settled:
        states = [STATES.get(reason, "skipped") for reason in settled.values()]
        run(sql.SETTLE, now=now, ids=list(settled), states=states, reasons=list(settled.values()))
    if deferred:
        batching.defer(deferred)
    if leaving:
        batching.leave(leaving)


def _claim(now, groups, due, facts):
    """Claim groups of due deliveries, each for one message, which the first of it gets. Returns the messages."""
    firsts = [group[0] for group in groups]
    claimed = {key: mine for key, *mine in run(sql.CLAIM, now=now, ids=firsts)} if firsts else {}
    if rest := {key: claimed[first][0] for first, *others in groups for key in others}:
        batching.join(now, rest)
    return [
        Claimed(*due[first], facts[first], *claimed[first], tuple(Claimed(*due[key], facts[key]) for key in others))
        for first, *others in groups
    ]


def _recheck(now, due):
    """{id: (reason, facts)} of due deliveries, those about one target after another."""
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
    """Have those that waited for another attempt be due again, once their time has come."""
    run(sql.RETRY, now=now)


BECAME = {
    "sent": ("sent", ["planned", "claimed", "sent", "failed", "skipped", "expired", "superseded", "bounced"]),
    "failed": ("failed", ["claimed"]),
    "withdrawn": ("skipped", ["claimed"]),
    "bounced": ("bounced", ["planned", "claimed", "sent"]),
}
"""{state of a message: the state that its deliveries then have, those in one of these states}."""


def settle(state, settled, reason="") -> int:
    """Have the deliveries of messages, pairs of an id and a moment, end as those did. Returns how many they are."""
    became, before = BECAME[state]
    reason = {"sent": "", "withdrawn": str(Reason.NO_STEP)}.get(state, reason)[:200]
    ids, moments = zip(*settled, strict=True)
    settled = {"ids": list(ids), "moments": list(moments)}
    return run(sql.SETTLE_MESSAGES, state=became, before=before, reason=reason, **settled)


def withdraw(now):
    """Close waiting messages of which nothing is to go any more."""
    run(sql.WITHDRAW, now=now)
