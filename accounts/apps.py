"""The room of accounts: who signs in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Settings of the room."""

    name = "accounts"
    verbose_name = "Accounts"

    def ready(self):
        """Connect the receivers."""
        from accounts import receivers  # noqa: F401
