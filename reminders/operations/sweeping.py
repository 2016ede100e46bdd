"""The sweep that workers make every 20 seconds, and the check of everything every six hours."""

import logging
from collections import Counter
from datetime import timedelta

from django.utils import timezone

from outbox.models import Heartbeat
from outbox.operations import sending
from outbox.operations.heartbeats import take_turn
from reminders.deliveries import ledger
from reminders.operations.planning import plan_queued

logger = logging.getLogger(__name__)

ROUNDS_EVERY = timedelta(hours=1)
"""How often the next rounds of steps that repeat are queued."""

WATCHED = ("rhythm", "quiet")
"""Kinds whose conditions begin as days go by, without any change: the check of everything finds them."""

CHECK_EVERY = timedelta(hours=6)
"""How often everything is planned, to find changes that no signal has announced."""


def sweep(now=None, *, plan_everything=False) -> Counter:
    """Plan what is queued, and send everything that is due.

    A ``now`` that is given stays the same for the whole sweep. Returns how many deliveries came into which state.
    """
    moment = now or timezone.now()
    since = _last_check()
    if take_turn("rounds", moment, ROUNDS_EVERY):
        ledger.queue_next_rounds(moment)
    counts = plan_queued(moment)
    if plan_everything:
        counts += ledger.plan_all(moment, since=since)
    return counts + sending.sweep(now)


def check_all(now=None, *, every=CHECK_EVERY) -> Counter | None:
    """Plan everything, once in ``every``. The signals missed what this changes: it is logged, and noted as a heartbeat.

    Returns how many deliveries came into which state, or None where it is not our turn.
    """
    moment, since = now or timezone.now(), _last_check()
    if not take_turn("check", moment, every):
        return None
    ledger.queue_next_rounds(moment, watched=WATCHED)
    sweep(now)
    ledger.purge(moment)
    mended = ledger.plan_all(moment, since=since)
    words = ", ".join(f"{count} {state}" for state, count in sorted(mended.items()))
    if mended:
        logger.warning("The full check of reminders mended what nobody had told of: %s.", words)
    Heartbeat.objects.filter(name="check").update(note=f"mended: {words}" if mended else "nothing was missing")
    return mended


def _last_check():
    """When everything was last planned: what is missing now is newer than that."""
    return Heartbeat.objects.filter(name="check").values_list("at", flat=True).first() or ledger.EVER
