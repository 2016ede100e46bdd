"""The room of reminders: who is told what, when, once."""

from django.apps import AppConfig

from outbox import sources
from pages.navigation import Place
from records.roles import Role


class RemindersConfig(AppConfig):
    """Settings of the room; connects what it hears from the engagements."""

    name = "reminders"
    verbose_name = "Reminders"
    navigation = [
        Place("choices", "Email settings", "reminders:mine", menu=20),
        Place("reminders", "Reminders", "reminders:deliveries", "bell", more=60, menu=60, role=Role.LEAD),
    ]

    def ready(self):
        """Listen, and have what is due sent."""
        from reminders import receivers  # noqa: F401  (models are loaded only now)
        from reminders.deliveries.source import Deliveries  # (models are loaded only now)

        sources.register(Deliveries())
