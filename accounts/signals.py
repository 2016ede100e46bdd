"""The signals that accounts sends to the apps above."""

from django.dispatch import Signal

email_changed = Signal()
"""Sent when the address of ``user`` changes, in the same transaction; ``before`` is the old address."""

email_requested = Signal()
"""Sent to request an email about an account. The email is sent once the transaction is committed.

- ``to``: the address of the email.
- ``user`` and ``agreement``: each may be None. The agreement's address book has the recipient.
- ``writer`` and ``data``: a function of a module, and plain values. The function is called with the values when the
  email is sent. It returns the subject, the plain text and the HTML, or None if the email should not be sent any more.
- ``key``: a newer request replaces one with the same key that still waits.
- ``kept_for``: a timedelta after which it is too late to send the email, or None.
- ``reply_to``: a user, or None.
"""
