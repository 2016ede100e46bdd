"""The room of engagements: what is held."""

from django.apps import AppConfig


class EngagementsConfig(AppConfig):
    """Settings of the room."""

    name = "engagements"
    verbose_name = "Engagements"
