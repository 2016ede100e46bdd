"""The contacts app: the address book of an agreement."""

from django.apps import AppConfig

from pages.navigation import Place


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = "Contacts"
    navigation = [
        Place("contacts", "Contacts", "contacts:people", "contacts", bar=70, more=40),
    ]

    def ready(self):
        from contacts import receivers  # noqa: F401  (models are loaded only now)
