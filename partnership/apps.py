"""The room of the partnership: who agreed, on what terms."""

from django.apps import AppConfig


class PartnershipConfig(AppConfig):
    """Settings of the room."""

    name = "partnership"
    verbose_name = "Partnership"
