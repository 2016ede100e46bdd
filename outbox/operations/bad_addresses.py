"""Addresses that a mail server refuses for good: noted, and forgotten once an email has reached them."""

from outbox import statements as sql
from outbox.models import BadAddress
from records.sql import run
from records.verbs import verb


def flag(now, message_id, error, *, came_back=False):
    """Note that a mail server has refused the address of this message for good: at once, or after it was taken."""
    run(sql.FLAG, now=now, id=message_id, error=error[:200], came_back=came_back)


def unflag(claimed):
    """Take the flag off the addresses of those of these messages that were sent."""
    run(sql.UNFLAG, ids=[one.message_id for one in claimed])


@verb
def note_arrival(message, *, by):
    """An email reached its reader that was made after another one had come back: the address works."""
    flags = BadAddress.objects.filter(person=message.person_id, address=message.address, came_back=True)
    flags.filter(noted_at__lt=message.created_at).delete()


@verb
def trust_address(bad, *, by):
    """A lead says that an address is right after all, so it is not shown any more until another email is refused."""
    bad.delete()
