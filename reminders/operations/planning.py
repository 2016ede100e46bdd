"""Planning: bringing deliveries up to date, at once or by the queue of what was changed."""

import logging
from collections import Counter

from django.db import DatabaseError
from django.utils import timezone

from reminders.deliveries import ledger
from reminders.models import Delivery
from reminders.queries import Reason

logger = logging.getLogger(__name__)

PLANNED_AT_ONCE = 100
"""Targets of the queue that are planned in one transaction: whoever saves one of them waits for no more than these."""


def plan_for(engagement, *, now=None) -> bool:
    """Bring the deliveries of one engagement up to date, in the transaction that changed it; whether any is due now."""
    now = now or timezone.now()
    ledger.plan(now, [engagement.pk])
    return Delivery.objects.filter(engagement=engagement).due(now).exists()


def settle_deleted(target):
    """Keep the deliveries about ``target``, which is about to be deleted, without it; what waits does not go."""
    rows = target.deliveries.all()
    now = timezone.now()
    rows.waiting().update(state=Delivery.State.SKIPPED, reason=Reason.DELETED, state_at=now)
    rows.update(**{target.deliveries.field.name: None}, is_gone=True, title=str(target)[:300])


def queue_replan(what, *keys):
    """Queue what was changed, for the next sweep to plan all that it concerns.

    Not at once: planning many engagements in one transaction would hold up whoever is saving one of them.
    """
    ledger.queue_replan(timezone.now(), what, keys)


def plan_queued(now) -> Counter:
    """Plan all that is queued. What somebody is saving at this moment stays in the queue for the next time."""
    counts = Counter()
    try:
        while (planned := ledger.plan_queued(now, PLANNED_AT_ONCE)) is not None:
            counts += planned
    except DatabaseError:
        # It stays queued. What is due has to go whatever is wrong with what is queued.
        logger.exception("What was changed could not be planned.")
    return counts
