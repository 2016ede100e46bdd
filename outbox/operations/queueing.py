"""Putting an email into the queue: the one entry point for all that is not a delivery of the reminders."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from outbox.dispatch import call_once
from outbox.models import Message, QueuedEmail

QUEUED = Q(queued__isnull=False, state=Message.State.WAITING)
"""Messages that wait, of those that were put into the queue."""


@dataclass(frozen=True)
class Content:
    """What an email says: ``writer``, a function of a module, is called with ``data`` when the email is sent.

    ``data`` are plain values that JSON can hold. The writer returns the subject, the plain text and the HTML; None if
    the email is not to go any more. ``to`` is the address, where it is not the one that the person has then.
    """

    writer: Callable
    data: dict = field(default_factory=dict)
    to: str = ""


@transaction.atomic
def enqueue(person, content, *, key, not_before=None, expires_at=None, reply_to=None) -> Message:
    """Have an email sent to ``person``, once, from ``not_before`` on (now) and before ``expires_at`` (never too late).

    It is part of the caller's transaction, and goes when that is committed. ``person`` is of an address book; None for
    somebody who is in none, whose address is then ``content.to``. Replies go to ``reply_to``: a person or a user.

    Asked for again with the same ``key`` (at most 400 characters), nothing more is sent, and the message that there is
    is returned. ValueError where there is no address.
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
    """Have none of those go that wait and whose key begins with ``keys``."""
    withdraw(Message.objects.filter(QUEUED, queued__key__startswith=keys), now)


def withdraw(rows, now):
    """Have none of these messages go, a queryset of some that wait."""
    keys = list(rows.values_list("pk", flat=True))
    waiting = Message.objects.filter(QUEUED, pk__in=keys)
    waiting.update(state=Message.State.WITHDRAWN, retry_at=None, state_at=now)
    empty(keys)


def empty(keys):
    """Forget what these messages (ids) say, since they are settled."""
    QueuedEmail.objects.filter(pk__in=keys).exclude(data={}).update(data={})
