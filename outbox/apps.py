"""The room of outgoing email: how it is sent, and what comes back."""

from django.apps import AppConfig

from outbox import sources


class OutboxConfig(AppConfig):
    """Settings of the room."""

    name = "outbox"
    verbose_name = "Outbox"

    def ready(self):
        """Listen, and have what is queued sent."""
        from outbox import receivers  # noqa: F401  (models are loaded only now)
        from outbox.queued import QueuedEmails  # (models are loaded only now)

        sources.register(QueuedEmails())
