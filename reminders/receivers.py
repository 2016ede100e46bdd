"""What reminders does when an engagement changes: rows in the same transaction, and a call to a worker after it."""

import logging

from celery import current_app
from django.db import transaction
from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver

from commitments.models import Commitment
from contacts.models import Person
from engagements.models import Action
from engagements.signals import engagement_deleting, engagement_saved, page_asked_for
from partnership.models import AgreementDate
from reminders import actions
from reminders.panel import tally_of
from reminders.silence import sentence_of_late
from workstreams.models import Workstream

logger = logging.getLogger(__name__)

SEND_DUE = "reminders.tasks.send_due"
PATIENCE = {"socket_connect_timeout": 0.4, "socket_timeout": 0.4, "max_retries": 0}
"""Seconds that a Redis which does not answer may cost whoever is saving: well under one in all."""


@receiver(engagement_saved)
def plan_deliveries(engagement, **kwargs):
    """Its deliveries follow it at once; a worker is called only where something is due now."""
    if actions.plan_for(engagement):
        transaction.on_commit(call_worker)


@receiver(engagement_deleting)
def keep_ledger(engagement, **kwargs):
    """What was sent of it stays known; what has not been does not go."""
    actions.settle_deleted(engagement)


@receiver(pre_delete, sender=Action)
@receiver(pre_delete, sender=Commitment)
@receiver(pre_delete, sender=Workstream)
@receiver(pre_delete, sender=AgreementDate)
def keep_ledger_of_other_subjects(instance, **kwargs):
    """The same for what has no verb that would say so; an engagement says it before it is looked at whether it may."""
    actions.settle_deleted(instance)


@receiver(post_save, sender=Person)
def plan_for_person(instance, created, **kwargs):
    """Another address, or a day on which they leave, concerns all that they take part in: left to the next sweep."""
    if not created:
        actions.touch("person", instance.pk)


@receiver(page_asked_for)
def tell_what_pages_show(request, pk=None, **kwargs):
    """What raises no version: whether reminders have fallen silent, for leads, and the deliveries on a record."""
    silence = sentence_of_late() if request.access.can_lead else ""
    tally = tally_of(request, pk) if request.resolver_match.view_name == "engagements:record" else None
    return repr((silence, tally))


def call_worker():
    """Have a worker send what is due. When Redis is down that is left to the next sweep."""
    try:
        with current_app.connection_for_write(transport_options=PATIENCE) as connection:
            current_app.send_task(SEND_DUE, connection=connection, retry=False, expires=60)
    except Exception:
        # Whatever is wrong with the queue must not become the trouble of who saved an engagement.
        logger.warning("No worker could be called; the next sweep sends what is due.", exc_info=True)
