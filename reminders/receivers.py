"""What reminders does when an engagement changes: rows in the same transaction, and a call to a worker after it."""

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
from reminders.presenters.panel import pending_about, tally_of
from workstreams.models import Workstream


@receiver(engagement_saved)
def plan_deliveries(engagement, change=None, **kwargs):
    """Its deliveries follow it at once; a worker is called only where something is due now."""
    if change:
        notifications.notify_people(engagement, change)
    if planning.plan_for(engagement):
        call_once()


@receiver(engagement_deleting)
def keep_ledger(engagement, change=None, **kwargs):
    """What was sent of it stays known; what has not been does not go. Those who were told of it are told."""
    people = notifications.people_to_notify_of_deletion(engagement, change) if change else []
    planning.settle_deleted(engagement)
    if people:
        notifications.notify_of_deletion(engagement, people, change)
        call_once()


@receiver(actions_given)
def notify_owners(actions, change, **kwargs):
    """Whoever has a new action is told."""
    notifications.notify_owners(actions, change)
    call_once()


@receiver(post_save, sender=Action)
def plan_for_action(instance, **kwargs):
    """Another day, owner or title: left to the next sweep."""
    planning.queue_replan("action", instance.pk)


@receiver(actions_changed)
def plan_for_actions(keys, **kwargs):
    """The same of those that a verb changed without saving each."""
    planning.queue_replan("action", *keys)


@receiver(post_save, sender=AgreementDate)
def plan_for_date(instance, **kwargs):
    """Another day: left to the next sweep."""
    planning.queue_replan("date", instance.pk)


@receiver(agreement_made)
def give_standard_rules(agreement, by, **kwargs):
    """A new agreement reminds from its first day."""
    standard_rules(agreement, by=by)


@receiver(post_save, sender=Agreement)
def plan_for_agreement(instance, created, **kwargs):
    """In force, or no more: that concerns all that is told of it."""
    if not created:
        planning.queue_replan("agreement", instance.pk)


@receiver(pre_delete, sender=Action)
@receiver(pre_delete, sender=Commitment)
@receiver(pre_delete, sender=Workstream)
@receiver(pre_delete, sender=AgreementDate)
def keep_ledger_of_other_subjects(instance, **kwargs):
    """The same for what has no verb that would say so; an engagement says it before it is looked at whether it may."""
    planning.settle_deleted(instance)


@receiver(post_save, sender=Seat)
@receiver(post_delete, sender=Seat)
@receiver(post_save, sender=Membership)
@receiver(post_delete, sender=Membership)
def plan_for_audience(instance, **kwargs):
    """Another seat or role concerns the rules that tell such people: left to the next sweep."""
    rules = Rule.objects.filter(agreement=instance.agreement_id, audience__overlap=["seats", "leads"])
    if rules.exists():
        planning.queue_replan("agreement", instance.agreement_id)


@receiver(post_save, sender=Committee)
def plan_for_committee(instance, created, **kwargs):
    """Another day for papers concerns all its meetings: left to the next sweep."""
    if not created:
        planning.queue_replan("agreement", instance.agreement_id)


@receiver(post_save, sender=Document)
@receiver(post_delete, sender=Document)
def plan_for_papers(instance, **kwargs):
    """Papers that are there, or are not any more: left to the next sweep."""
    planning.queue_replan("engagement", instance.engagement_id)


@receiver(post_save, sender=Person)
def plan_for_person(instance, created, **kwargs):
    """Another address, or a day on which they leave, concerns all that they take part in: left to the next sweep."""
    if not created:
        planning.queue_replan("person", instance.pk)


@receiver(emails_asked_for)
def add_who_is_emailed(keys, **kwargs):
    """What was written down of this saving, by all that is asked at the moment of sending."""
    return emails_in(keys, timezone.now())


@receiver(messages_settled)
def settle_deliveries(state, settled, reason, **kwargs):
    """What became of an email became of all that it told."""
    return ledger.settle(state, settled, reason)


@receiver(message_unwanted)
def opt_out_of_topics(message, by, **kwargs):
    """Whoever complains of an email is told no more of its topics."""
    return note_complaint(message, by=by)


@pages_depend_on
def what_pages_show(request, pk=None, **kwargs):
    """What raises no version: whether reminders have fallen silent, for leads, and the deliveries on a record."""
    silence = sentence_of_late() if request.access.can_lead else ""
    is_record = request.resolver_match.view_name == "engagements:record"
    return (
        silence,
        tally_of(request, pk) if is_record else None,
        pending_about(request, "engagement", pk) if is_record else None,
    )
