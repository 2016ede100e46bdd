"""Records bounces of, and complaints about, emails that a mail server had accepted.

Emails are found by Message-ID. Repeating one of these operations changes nothing.
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
"""The most Message-IDs of an email that are looked up, so that nobody can cause thousands of queries."""
REASON = 200
"""Characters of a reason that are kept."""


def find_message(text) -> Message | None:
    """Return the message of the first Message-ID of ours in ``text`` that has a row; None where there is none."""
    for created_at, key in islice(dict.fromkeys(ids_in(text)), MOST_IDS):
        if message := Message.objects.filter(pk=key, created_at=created_at).select_related("person").first():
            return message
    return None


@verb
def note_bounce(message, reason, *, at=None, is_bad_address=True, by) -> bool:
    """Record that an email came back for good, why, and when: ``at``, or now where that is impossible.

    With ``is_bad_address`` the address is flagged for leads. Returns whether the bounce is new.
    """
    moment, reason = plausible_time(at, message), in_one_line(reason) or "it came back"
    # Until its batch is done, the subject line is only in a receipt.
    apply_receipts()
    if not run(sql.BOUNCE, id=message.pk, at=moment, reason=reason):
        return False
    announce(Message.State.BOUNCED, [(message.pk, moment)], reason)
    if is_bad_address:
        flag(moment, message.pk, reason, came_back=True)
    return True


@verb
def note_complaint(message, *, by) -> bool:
    """Opt a reader who complains out of this kind of email, as one click does. Returns whether that is new."""
    return any(is_news for _, is_news in message_unwanted.send(sender=Message, message=message, by=by))


def plausible_time(at, message):
    """Return ``at``, or now where it is missing or another clock makes it earlier than the email or later than now."""
    now = timezone.now()
    return at if at and message.created_at <= at <= now else now


def in_one_line(text):
    """Return a reason as one short line that the database can store, whatever a mail server or provider wrote."""
    words = "".join(letter if letter.isprintable() else " " for letter in str(text or "")[: 10 * REASON])
    return " ".join(words.split())[:REASON]
