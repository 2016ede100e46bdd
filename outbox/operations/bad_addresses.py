"""Flags addresses that a mail server refuses for good, and removes the flag once an email reaches them."""

from outbox import statements as sql
from outbox.models import BadAddress
from records.sql import run
from records.verbs import verb


def flag(now, message_id, error, *, came_back=False):
    """Flag a message's address, which a mail server refused for good: at once, or after accepting the email."""
    run(sql.FLAG, now=now, id=message_id, error=error[:200], came_back=came_back)


def unflag(claimed):
    """Remove the flags of addresses to which one of these messages was sent, unless an earlier email came back."""
    run(sql.UNFLAG, ids=[one.message_id for one in claimed])


@verb
def note_arrival(message, *, by):
    """Remove the flag of an address that works: ``message`` arrived, and was created after another one came back."""
    flags = BadAddress.objects.filter(person=message.person_id, address=message.address, came_back=True)
    flags.filter(noted_at__lt=message.created_at).delete()


@verb
def trust_address(bad, *, by):
    """Remove the flag, because a lead says that the address is right. The next refused email flags it again."""
    bad.delete()
