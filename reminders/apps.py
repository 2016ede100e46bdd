"""The room of reminders: who is told what, when, once."""

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    """Settings of the room; connects what it hears from the engagements."""

    name = "reminders"
    verbose_name = "Reminders"

    def ready(self):
        """Listen."""
        from reminders import receivers  # noqa: F401  (models are loaded only now)
