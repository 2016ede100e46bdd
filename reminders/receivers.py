"""Receivers of changes: they write rows in the transaction of the change, and call a worker after its commit."""

from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver
from django.utils import timezone

from commitments.models import Commitment
from contacts.models import Person
from engagements.models import Action, Committee, Document, Seat
from engagements.signals import (
    actions_changed,
    actions_given,
    emails_asked_for,
    engagement_deleting,
    engagement_saved,
)
from outbox.delivery_health import sentence_of_late
from outbox.dispatch import call_once
from outbox.signals import message_unwanted, messages_settled
from pages.conditional import pages_depend_on
from partnership.models import Agreement, AgreementDate, Membership
from partnership.signals import agreement_made
from reminders.deliveries import ledger
from reminders.deliveries.recipients import emails_in
from reminders.models import Rule
from reminders.operations import notifications, planning
from reminders.operations.preferences import note_complaint
from reminders.operations.rules import standard_rules
from reminders.presenters.panel import state_of_panel
from workstreams.models import Workstream


@receiver(engagement_saved)
def plan_deliveries(engagement, change=None, **kwargs):
    """Plan the deliveries of the engagement at once. Calls a worker only where one is due now."""
    if change:
        notifications.notify_people(engagement, change)
    if planning.plan_for(engagement):
        call_once()


@receiver(engagement_deleting)
def keep_ledger(engagement, change=None, **kwargs):
    """Keep the deliveries of an engagement that is about to be deleted, and notify those who knew of it.

    Deliveries that have been sent stay as they are; waiting ones are skipped.
    """
    people = notifications.people_to_notify_of_deletion(engagement, change) if change else []
    planning.settle_deleted(engagement)
    if people:
        notifications.notify_of_deletion(engagement, people, change)
        call_once()


@receiver(actions_given)
def notify_owners(actions, change, **kwargs):
    notifications.notify_owners(actions, change)
    call_once()


@receiver(post_save, sender=Action)
def plan_for_action(instance, **kwargs):
    """The day, owner or title of the action may have changed: replan it with the next sweep."""
    planning.queue_replan("action", instance.pk)


@receiver(actions_changed)
def plan_for_actions(keys, **kwargs):
    """The same for actions that an operation changed without saving each."""
    planning.queue_replan("action", *keys)


@receiver(post_save, sender=AgreementDate)
def plan_for_date(instance, **kwargs):
    """The day may have changed: replan it with the next sweep."""
    planning.queue_replan("date", instance.pk)


@receiver(agreement_made)
def give_standard_rules(agreement, by, **kwargs):
    standard_rules(agreement, by=by)


@receiver(post_save, sender=Agreement)
def plan_for_agreement(instance, created, **kwargs):
    """The agreement may have come into force or ended: replan everything about it."""
    if not created:
        planning.queue_replan("agreement", instance.pk)


@receiver(pre_delete, sender=Action)
@receiver(pre_delete, sender=Commitment)
@receiver(pre_delete, sender=Workstream)
@receiver(pre_delete, sender=AgreementDate)
def keep_ledger_of_other_subjects(instance, **kwargs):
    """Keep the deliveries of a target whose app sends no signal of its own before it deletes.

    ``pre_delete`` is too late for an engagement: Django has checked by then whether its deliveries restrict it.
    """
    planning.settle_deleted(instance)


@receiver(post_save, sender=Seat)
@receiver(post_delete, sender=Seat)
@receiver(post_save, sender=Membership)
@receiver(post_delete, sender=Membership)
def plan_for_audience(instance, **kwargs):
    """A seat or a role has changed: replan the agreement where a rule notifies such people."""
    rules = Rule.objects.filter(agreement=instance.agreement_id, audience__overlap=["seats", "leads"])
    if rules.exists():
        planning.queue_replan("agreement", instance.agreement_id)


@receiver(post_save, sender=Committee)
def plan_for_committee(instance, created, **kwargs):
    """The day for papers may have changed, which affects all its meetings: replan the agreement."""
    if not created:
        planning.queue_replan("agreement", instance.agreement_id)


@receiver(post_save, sender=Document)
@receiver(post_delete, sender=Document)
def plan_for_papers(instance, **kwargs):
    """Papers were added or removed: replan the engagement."""
    planning.queue_replan("engagement", instance.engagement_id)


@receiver(post_save, sender=Person)
def plan_for_person(instance, created, **kwargs):
    """The address or the last day of the person may have changed: replan everything that they take part in."""
    if not created:
        planning.queue_replan("person", instance.pk)


@receiver(emails_asked_for)
def emails_for(keys, **kwargs):
    """Return an ``Email`` for each delivery of this save that passes the checks made before sending."""
    return emails_in(keys, timezone.now())


@receiver(messages_settled)
def settle_deliveries(state, settled, reason, **kwargs):
    """Give the deliveries in these messages the outcome of the messages. Returns how many they are."""
    return ledger.settle(state, settled, reason)


@receiver(message_unwanted)
def opt_out_of_topics(message, by, **kwargs):
    """Turn off the topics of the email for the person who complained. Returns whether that is new."""
    return note_complaint(message, by=by)


@pages_depend_on
def what_pages_show(request, pk=None, **kwargs):
    """Values on pages that can change without a new version of the agreement.

    They are, for leads, the warning that emails have stopped, and on a record the state of its deliveries.
    """
    silence = sentence_of_late() if request.access.can_lead else ""
    is_record = request.resolver_match.view_name == "engagements:record"
    return silence, state_of_panel(request, pk) if is_record and request.access.can_edit else None
