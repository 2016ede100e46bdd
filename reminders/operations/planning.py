"""Planning: bringing deliveries up to date, at once or through the queue of changes."""

import logging
from collections import Counter

from django.db import DatabaseError
from django.utils import timezone

from reminders.deliveries import ledger
from reminders.models import Delivery
from reminders.queries import Reason

logger = logging.getLogger(__name__)

PLANNED_AT_ONCE = 100
"""Targets in the queue that are planned in one transaction: somebody who saves one waits for no more than these."""


def plan_for(engagement, *, now=None) -> bool:
    """Bring the deliveries of one engagement up to date, in the transaction that changed it.

    Returns whether any is due now.
    """
    now = now or timezone.now()
    ledger.plan(now, [engagement.pk])
    return Delivery.objects.filter(engagement=engagement).due(now).exists()


def settle_deleted(target):
    """Keep the deliveries about ``target``, which is about to be deleted, without it. Waiting ones are skipped."""
    rows = target.deliveries.all()
    now = timezone.now()
    rows.waiting().update(state=Delivery.State.SKIPPED, reason=Reason.DELETED, state_at=now)
    rows.update(**{target.deliveries.field.name: None}, is_gone=True, title=str(target)[:300])


def queue_replan(what, *keys):
    """Queue what changed, for the next sweep to replan everything that it affects.

    Not at once: planning many engagements in one transaction would hold up people who save one of them.
    """
    ledger.queue_replan(timezone.now(), what, keys)


def plan_queued(now) -> Counter:
    """Plan everything that is queued. Targets that somebody is saving at this moment stay queued for the next time."""
    counts = Counter()
    try:
        while (planned := ledger.plan_queued(now, PLANNED_AT_ONCE)) is not None:
            counts += planned
    except DatabaseError:
        # The queue stays as it is. Deliveries that are due must be sent, whatever is wrong with the queue.
        logger.exception("What was changed could not be planned.")
    return counts
