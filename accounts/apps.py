"""The room of accounts: who signs in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Settings of the room."""

    name = "accounts"
    verbose_name = "Accounts"
