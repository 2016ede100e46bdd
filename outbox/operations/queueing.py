"""Puts emails into the queue: the only way to send one that is not a delivery of the app ``reminders``."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from outbox.dispatch import call_once
from outbox.models import Message, QueuedEmail

QUEUED = Q(queued__isnull=False, state=Message.State.WAITING)
"""Messages put into the queue by ``enqueue`` that wait."""


@dataclass(frozen=True)
class Content:
    """The content of an email: ``writer``, a function of a module, is called with ``data`` when the email is sent.

    ``data`` holds plain values that JSON can store. The writer returns the subject, the plain text and the HTML, or
    None if the email is no longer needed. ``to`` is the address; "" for the one that the person has at that time.
    """

    writer: Callable
    data: dict = field(default_factory=dict)
    to: str = ""


@transaction.atomic
def enqueue(person, content, *, key, not_before=None, expires_at=None, reply_to=None) -> Message:
    """Send an email to ``person`` once, from ``not_before`` (default: now) until ``expires_at`` (default: no limit).

    It is queued in the caller's transaction and sent after the commit. ``person`` is in an address book. It is None for
    somebody who is in none: their address is ``content.to``. Replies are sent to ``reply_to``, a person or a user.

    Returns the message. With a ``key`` (at most 400 characters) that was used before, nothing more is sent, and the
    existing message is returned. Raises ValueError where there is no address.
    """
    address = content.to or (person.email if person else "")
    if not address:
        raise ValueError("An email needs an address.")
    queued = QueuedEmail(
        key=key,
        writer=f"{content.writer.__module__}.{content.writer.__qualname__}",
        data=content.data,
        to=content.to,
        reply_to_name=" ".join(reply_to.name.split()) if reply_to else "",
        reply_to_email=reply_to.email if reply_to else "",
        expires_at=expires_at,
    )
    try:
        with transaction.atomic():
            queued.message = Message.objects.create(
                agreement_id=person and person.agreement_id,
                person=person,
                address=address,
                state=Message.State.WAITING,
                retry_at=not_before or timezone.now(),
            )
            queued.save(force_insert=True)
    except IntegrityError:
        found = Message.objects.filter(queued__key=key).first()
        if found is None:
            raise
        return found
    call_once()
    return queued.message


def withdraw_waiting(keys, now):
    """Withdraw the messages that wait and whose key begins with ``keys``."""
    withdraw(Message.objects.filter(QUEUED, queued__key__startswith=keys), now)


def withdraw(rows, now):
    """Withdraw those of ``rows`` (a queryset of messages) that wait."""
    keys = list(rows.values_list("pk", flat=True))
    waiting = Message.objects.filter(QUEUED, pk__in=keys)
    waiting.update(state=Message.State.WITHDRAWN, retry_at=None, state_at=now)
    empty(keys)


def empty(keys):
    """Delete the data of these messages (ids), which are settled."""
    QueuedEmail.objects.filter(pk__in=keys).exclude(data={}).update(data={})
