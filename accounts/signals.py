"""What accounts tells the apps above it."""

from django.dispatch import Signal

email_changed = Signal()
"""Somebody signs in with another address. Sent with ``user`` and ``before``, the old address, in the transaction."""
