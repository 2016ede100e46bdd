"""Signals from the outbox to the apps whose emails it sends."""

from django.dispatch import Signal

messages_settled = Signal()
"""Messages are settled: they will not be tried again. Sent in the transaction that records it.

Sent with ``state``, a state of ``Message`` ("sent", "failed", "withdrawn" or "bounced"); ``settled``, pairs of the id
of a message and a time; and ``reason``, why they were not delivered. A receiver returns how many deliveries these
messages carried, which are then counted, or None if none of the messages is its own.
"""

message_unwanted = Signal()
"""The reader of ``message`` says that they do not want it. Sent with ``message`` and ``by``.

A receiver returns whether this is new.
"""
