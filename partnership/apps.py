"""The partnership app: agreements with their dates, parties and roles."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from records.versions import watch


class PartnershipConfig(AppConfig):
    name = "partnership"
    verbose_name = "Partnership"

    def ready(self):
        """Put the version triggers on new tables after each migration."""
        post_migrate.connect(watch, sender=self, dispatch_uid="versions")
