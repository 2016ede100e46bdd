"""The room of outgoing email: how it is sent, and what comes back."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Settings of the room."""

    name = "outbox"
    verbose_name = "Outbox"
