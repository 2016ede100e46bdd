"""What comes back of mails that a mail server had taken: that they bounced, or that their reader complains.

A mail is known by its Message-ID. Each of these verbs does once what it is told twice.
"""

from itertools import islice

from django.utils import timezone

from outbox.message_ids import ids_in
from records.verbs import verb
from reminders import ledger
from reminders.choices import BY_KIND, How
from reminders.database import run
from reminders.models import BadAddress, Delivery, Message
from reminders.operations.preferences import opt_out, preference_of

MOST_IDS = 20
"""So many Message-IDs of a mail are looked up: nobody can have thousands of them looked for."""
REASON = 200
"""Letters of a reason that are kept."""

# The message first and then its deliveries, as whoever records what became of it holds them. Where it was about to be
# tried again, the server had taken it all the same.
_BOUNCE = """
    WITH settled AS (
        UPDATE reminders_message SET state = 'bounced', retry_at = NULL, error = %(reason)s, state_at = %(at)s
        WHERE id = %(id)s AND state IN ('claimed', 'waiting', 'sent')
        RETURNING id
    ), held AS (
        SELECT d.id FROM settled JOIN reminders_delivery d ON d.message_id = settled.id
        WHERE d.state IN ('planned', 'claimed', 'sent')
        ORDER BY d.id
        FOR UPDATE OF d
    ), bounced AS (
        UPDATE reminders_delivery d SET state = 'bounced', reason = %(reason)s, state_at = %(at)s
        FROM held WHERE d.id = held.id
        RETURNING d.id)
    SELECT (SELECT count(*) FROM settled), (SELECT count(*) FROM bounced)"""


def find_message(text) -> Message | None:
    """The message of the first Message-ID of ours in ``text``; None where there is none, or no such row."""
    for created_at, key in islice(dict.fromkeys(ids_in(text)), MOST_IDS):
        if message := Message.objects.filter(pk=key, created_at=created_at).select_related("person").first():
            return message
    return None


@verb
def note_bounce(message, reason, *, at=None, is_bad_address=True, by) -> bool:
    """Write down that a mail came back for good at ``at`` (now, where that cannot be), and why.

    With ``is_bad_address`` leads are told of the address. Returns whether that was news.
    """
    moment, reason = likely(at, message), in_one_line(reason) or "it came back"
    # Its subject line stands in a receipt until the batch that it is in is done.
    ledger.fold()
    [(is_news, deliveries)] = run(_BOUNCE, id=message.pk, at=moment, reason=reason)
    if not is_news:
        return False
    ledger.tally("bounced", deliveries)
    if is_bad_address:
        ledger.flag(moment, message.pk, reason, came_back=True)
    return True


@verb
def note_complaint(message, *, by) -> bool:
    """Whoever says that a mail is not wanted is told no more of its topics, as by one click. Returns if that is new."""
    kinds = Delivery.objects.filter(message=message).order_by("kind").values_list("kind", flat=True).distinct()
    topics = list(dict.fromkeys(BY_KIND[kind] for kind in kinds))
    chosen = preference_of(message.person)
    if all(getattr(chosen, topic.name) == How.OFF for topic in topics):
        return False
    opt_out(message.person, topics, by=by)
    return True


@verb
def note_arrival(message, *, by):
    """A mail reached its reader that was made after another one had come back: the address works."""
    flags = BadAddress.objects.filter(person=message.person_id, address=message.address, came_back=True)
    flags.filter(noted_at__lt=message.created_at).delete()


@verb
def trust_address(bad, *, by):
    """A lead says that an address is right after all, so it is not shown any more until another mail is refused."""
    bad.delete()


def likely(at, message):
    """``at``, unless a clock elsewhere makes it earlier than the mail or later than now."""
    now = timezone.now()
    return at if at and message.created_at <= at <= now else now


def in_one_line(text):
    """A reason as one line that the ledger can hold, whatever a mail server or a provider wrote."""
    words = "".join(letter if letter.isprintable() else " " for letter in str(text or "")[: 10 * REASON])
    return " ".join(words.split())[:REASON]
