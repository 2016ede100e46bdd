"""The room of contacts: who is who."""

from django.apps import AppConfig

from pages.navigation import Place


class ContactsConfig(AppConfig):
    """Settings of the room; connects what it hears from the partnership."""

    name = "contacts"
    verbose_name = "Contacts"
    navigation = [
        Place("contacts", "Contacts", "contacts:people", "contacts", bar=70, more=40),
    ]

    def ready(self):
        """Listen."""
        from contacts import receivers  # noqa: F401  (models are loaded only now)
