"""Signals for the apps above. Receivers only write rows, in the sender's transaction."""

from django.dispatch import Signal

agreement_made = Signal()
"""Sent with a new ``agreement`` after it was saved, and with ``by``, the user who made it or None."""

party_saved = Signal()
"""Sent with ``party`` after a party was added or renamed."""

party_deleting = Signal()
"""Sent with ``party`` before it is deleted, so that rows that can exist without it drop their link to it."""

membership_saved = Signal()
"""Sent with ``membership`` and ``name`` after a user was given a role, or another one."""
