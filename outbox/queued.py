"""Emails that were put into the queue by ``enqueue``, as a source of messages."""

from collections import Counter
from dataclasses import dataclass
from email.utils import format_datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from outbox import message_ids
from outbox.content import EmailContent, RenderedEmail
from outbox.headers import mailbox
from outbox.models import Message, QueuedEmail
from outbox.operations.queueing import QUEUED, withdraw
from outbox.reply_to import Contact
from outbox.sources import ClaimedMessage


@dataclass(frozen=True)
class ClaimedEmail(ClaimedMessage):
    """A claimed message with its reader and its content."""

    address: str
    name: str
    queued: QueuedEmail


class QueuedEmails:
    """See ``outbox.sources.EmailSource``. These are sent first: their readers wait in front of the screen."""

    priority = 0
    oldest_due = """
        SELECT min(m.retry_at) FROM outbox_message m JOIN outbox_queuedemail q ON q.message_id = m.id
        WHERE m.state = 'waiting' AND m.retry_at <= %(now)s"""

    def retry(self, now):
        """Does nothing: a message that waits is due at its ``retry_at``."""

    def claim(self, now, limit, allow):
        """Claim the messages that are due, and withdraw those that have expired."""
        due = Message.objects.filter(QUEUED, retry_at__lte=now).order_by("retry_at", "pk")
        due = due.select_related("queued", "person").select_for_update(of=("self",), skip_locked=True)[:limit]
        late = [message for message in due if message.queued.expires_at and message.queued.expires_at <= now]
        going = [message for message in due if message not in late]
        going = going[: allow(len(going))] if going else []
        for message in going:
            if message.person and not message.queued.to:
                message.address = message.person.email
            message.state, message.state_at, message.retry_at = Message.State.CLAIMED, now, None
            message.attempts += 1
        Message.objects.bulk_update(going, ["address", "state", "state_at", "retry_at", "attempts"])
        withdraw(Message.objects.filter(pk__in=[message.pk for message in late]), now)
        return [_claimed(message) for message in going], Counter(["expired"] * len(late))

    def renderer(self, claimed):
        return self

    def render(self, claimed, now):
        queued = claimed.queued
        written = import_string(queued.writer)(**queued.data)
        if not written:
            return None
        content = EmailContent(*written)
        contact = Contact(0, queued.reply_to_name, queued.reply_to_email, "") if queued.reply_to_email else None
        to, date = mailbox(claimed.name, claimed.address), format_datetime(timezone.localtime(now))
        known = message_ids.headers(claimed.created_at, claimed.message_id)
        headers = f"To: {to}\r\nDate: {date}\r\n{known}".encode("ascii")
        rendered = headers + content.as_bytes(contact)
        return RenderedEmail(claimed.address, content.subject, rendered, settings.DEFAULT_FROM_EMAIL)

    def withdraw(self, now):
        """Does nothing: ``claim`` withdraws the messages that have expired."""

    def figures(self, now):
        waiting = Message.objects.filter(QUEUED, retry_at__lte=now).count()
        yield "emails_due", "Emails about accounts that are due and not yet claimed.", waiting

    def messages_visible_to(self, user):
        """Only administrators see them."""
        return Q(queued__isnull=False) if user.is_superuser else Q(pk__in=[])


def _claimed(message):
    name = message.person.name if message.person else ""
    return ClaimedEmail(message.pk, message.attempts, message.created_at, message.address, name, message.queued)
