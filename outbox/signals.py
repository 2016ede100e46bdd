"""What the outbox tells the apps whose emails it sends."""

from django.dispatch import Signal

messages_settled = Signal()
"""Messages have come to an end, or are to be tried no more: sent in the transaction that writes it down.

Sent with ``state``, a state of ``Message`` ("sent", "failed", "withdrawn" or "bounced"), ``settled``, pairs of the id
of a message and the moment, and ``reason``, why it was not delivered. A receiver returns how many things those messages
told, which are then counted; None if they are none of its messages.
"""

message_unwanted = Signal()
"""Somebody who got ``message`` says that they do not want it. Sent with ``by``.

A receiver returns whether that is news.
"""
