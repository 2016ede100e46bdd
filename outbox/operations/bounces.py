"""What comes back of emails that a mail server had taken: that they bounced, or that their reader complains.

An email is known by its Message-ID. Each of these verbs does once what it is told twice.
"""

from itertools import islice

from django.utils import timezone

from outbox import statements as sql
from outbox.message_ids import ids_in
from outbox.models import Message
from outbox.operations.bad_addresses import flag
from outbox.operations.messages import announce, apply_receipts
from outbox.signals import message_unwanted
from records.sql import run
from records.verbs import verb

MOST_IDS = 20
"""So many Message-IDs of an email are looked up: nobody can have thousands of them looked for."""
REASON = 200
"""Letters of a reason that are kept."""


def find_message(text) -> Message | None:
    """The message of the first Message-ID of ours in ``text``; None where there is none, or no such row."""
    for created_at, key in islice(dict.fromkeys(ids_in(text)), MOST_IDS):
        if message := Message.objects.filter(pk=key, created_at=created_at).select_related("person").first():
            return message
    return None


@verb
def note_bounce(message, reason, *, at=None, is_bad_address=True, by) -> bool:
    """Write down that an email came back for good at ``at`` (now, where that cannot be), and why.

    With ``is_bad_address`` leads are told of the address. Returns whether that was news.
    """
    moment, reason = likely(at, message), in_one_line(reason) or "it came back"
    # Its subject line stands in a receipt until the batch that it is in is done.
    apply_receipts()
    if not run(sql.BOUNCE, id=message.pk, at=moment, reason=reason):
        return False
    announce(Message.State.BOUNCED, [(message.pk, moment)], reason)
    if is_bad_address:
        flag(moment, message.pk, reason, came_back=True)
    return True


@verb
def note_complaint(message, *, by) -> bool:
    """Whoever says that an email is not wanted gets no more of its kind, as by one click. Returns if that is new."""
    return any(is_news for _, is_news in message_unwanted.send(sender=Message, message=message, by=by))


def likely(at, message):
    """``at``, unless a clock elsewhere makes it earlier than the email or later than now."""
    now = timezone.now()
    return at if at and message.created_at <= at <= now else now


def in_one_line(text):
    """A reason as one line that the database can hold, whatever a mail server or a provider wrote."""
    words = "".join(letter if letter.isprintable() else " " for letter in str(text or "")[: 10 * REASON])
    return " ".join(words.split())[:REASON]
