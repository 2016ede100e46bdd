"""Receivers that queue emails about accounts, and empty emails that are settled."""

from uuid import uuid4

from django.dispatch import receiver
from django.utils import timezone

from accounts.signals import email_requested
from contacts.models import Person
from outbox.operations.queueing import Content, empty, enqueue, withdraw_waiting
from outbox.signals import messages_settled


@receiver(email_requested)
def enqueue_email(to, user, agreement, writer, data, key, kept_for, reply_to, **kwargs):
    """Queue an email about an account. It replaces one with the same ``key`` that still waits."""
    now = timezone.now()
    withdraw_waiting(f"{key}:", now)
    person = Person.objects.filter(agreement=agreement, user=user).first() if agreement and user else None
    enqueue(
        person,
        Content(writer, data, to=to),
        key=f"{key}:{uuid4()}",
        expires_at=now + kept_for if kept_for else None,
        reply_to=reply_to,
    )


@receiver(messages_settled)
def empty_what_is_settled(settled, **kwargs):
    """Delete the data of emails that are settled: it is not kept."""
    empty([pk for pk, _ in settled])
