"""Deleting what nobody needs any more."""

from datetime import timedelta

from django.utils import timezone

from outbox.models import Message

KEPT_FOR = timedelta(days=30)
"""How long it is known that somebody who is in no address book was sent an email: for whoever asks where it is."""


def delete_old_emails(now=None) -> int:
    """Delete emails to people who are in no address book that were settled long ago. Returns how many."""
    settled = Message.objects.exclude(state__in=[Message.State.WAITING, Message.State.CLAIMED])
    old = settled.filter(person=None, state_at__lt=(now or timezone.now()) - KEPT_FOR)
    return old.delete()[1].get("outbox.Message", 0)
