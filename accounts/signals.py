"""What accounts tells the apps above it."""

from django.dispatch import Signal

email_changed = Signal()
"""Somebody signs in with another address. Sent with ``user`` and ``before``, the old address, in the transaction."""

email_requested = Signal()
"""An email about an account is to go, once the transaction is committed.

Sent with ``to``, its address; ``user`` and ``agreement`` (each may be None), whose address book then has who gets it;
``writer``, a function of a module, and ``data``, plain values: called with them when the email is sent, it gives the
subject, the plain text and the HTML, or None if the email is not to go any more; ``key``, what makes two of them the
same; ``kept_for``, a timedelta after which it is too late, or None; and ``reply_to``, a user or None.
"""
