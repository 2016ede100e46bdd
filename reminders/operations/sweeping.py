"""What the workers do every half minute, and the check of everything every six hours."""

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
"""How often the next rounds of steps that repeat are looked for."""

WATCHED = ("rhythm", "quiet")
"""What comes to be told by itself, as days go by: the check of everything looks for it."""

CHECK_EVERY = timedelta(hours=6)
"""How often everything is planned, which finds what nobody has told of."""


def sweep(now=None, *, plan_everything=False) -> Counter:
    """Plan what was touched, and send all that is due.

    ``now`` stands still for the whole sweep where it is given. Returns how many deliveries came into which state.
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
    """Plan everything, once in ``every``: what that changes, nobody had told of. It is noted, and said in the log.

    Returns how many deliveries came into which state, or None where it was not our turn.
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
    """When everything was planned before; what is missing now came to be since."""
    return Heartbeat.objects.filter(name="check").values_list("at", flat=True).first() or ledger.EVER
