"""The room of commitments: what was promised."""

from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    """Settings of the room."""

    name = "commitments"
    verbose_name = "Commitments"
