"""Deletes old emails that nobody needs any more."""

from datetime import timedelta

from django.utils import timezone

from outbox.models import Message

KEPT_FOR = timedelta(days=30)
"""How long emails to people in no address book are kept, in case somebody asks where one is."""


def delete_old_emails(now=None) -> int:
    """Delete emails to people in no address book, once settled for ``KEPT_FOR``. Returns how many."""
    settled = Message.objects.exclude(state__in=[Message.State.WAITING, Message.State.CLAIMED])
    old = settled.filter(person=None, state_at__lt=(now or timezone.now()) - KEPT_FOR)
    return old.delete()[1].get("outbox.Message", 0)
