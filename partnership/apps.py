"""The room of the partnership: who agreed, on what terms."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from records.versions import watch


class PartnershipConfig(AppConfig):
    """Settings of the room."""

    name = "partnership"
    verbose_name = "Partnership"

    def ready(self):
        """Watch the tables of each agreement once they are there."""
        post_migrate.connect(watch, sender=self, dispatch_uid="versions")
