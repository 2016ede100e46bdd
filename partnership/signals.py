"""What this room tells the rooms above. Receivers write rows in the sender's transaction and nothing else."""

from django.dispatch import Signal

agreement_made = Signal()
"""Sent with a new ``agreement`` after it was saved, and with ``by``: who made it."""

party_saved = Signal()
"""Sent with ``party`` after a party was added or renamed."""

party_deleting = Signal()
"""Sent with ``party`` before it is deleted; what only carries its names lets go of it."""

membership_saved = Signal()
"""Sent with ``membership`` and ``name`` after a user was given a role, or another one."""
