"""The app that sends emails and handles their bounces and complaints."""

from django.apps import AppConfig

from outbox import sources


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = "Outbox"

    def ready(self):
        """Connect the receivers, and register the source of queued emails."""
        from outbox import receivers  # noqa: F401  (models are loaded only now)
        from outbox.queued import QueuedEmails  # (models are loaded only now)

        sources.register(QueuedEmails())
