"""The room of contacts: who is who."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """Settings of the room; connects what it hears from the partnership."""

    name = "contacts"
    verbose_name = "Contacts"

    def ready(self):
        """Listen."""
        from contacts import receivers  # noqa: F401  (models are loaded only now)
