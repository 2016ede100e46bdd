"""The reminders app: who is notified of what and when, each thing once."""

from django.apps import AppConfig

from outbox import sources
from pages.navigation import Place
from records.roles import Role


class RemindersConfig(AppConfig):
    name = "reminders"
    verbose_name = "Reminders"
    navigation = [
        Place("choices", "Email settings", "reminders:mine", menu=20),
        Place("reminders", "Reminders", "reminders:deliveries", "bell", more=60, menu=60, role=Role.LEAD),
    ]

    def ready(self):
        """Connect the receivers, and register deliveries as a source of emails."""
        from reminders import receivers  # noqa: F401  (models are loaded only now)
        from reminders.deliveries.source import Deliveries  # (models are loaded only now)

        sources.register(Deliveries())
