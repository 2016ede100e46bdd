"""``manage.py load_demo``: the demonstration's agreements, people and records."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from demo.load import SLUGS, clear, is_loaded, load
from partnership.models import Agreement


class Command(BaseCommand):
    """Load the demonstration unless it is loaded already; ``--fresh`` deletes it and loads it again."""

    requires_system_checks = []
    help = "Load the demonstration: invented records of the agreement between the LGA and techUK. Needs DEMO=1."

    def add_arguments(self, parser):
        parser.add_argument("--fresh", action="store_true", help="Take the demonstration away first, and make it anew.")

    @transaction.atomic
    def handle(self, *, fresh, **options):
        """Load all of it or nothing. CommandError without DEMO, or where another agreement has one of its addresses."""
        if not settings.DEMO:
            raise CommandError("The demonstration is only loaded where DEMO is on. Set DEMO=1 in the environment.")
        if is_loaded() and not fresh:
            self.stdout.write("The demonstration is there already. Nothing was changed; --fresh makes it anew.")
            return
        if fresh:
            clear()
        if taken := Agreement.objects.filter(slug__in=SLUGS).first():
            raise CommandError(
                f"There is an agreement of yours at {taken.slug}. Give it another address in admin first."
            )
        agreement = load()
        self.stdout.write(
            f"The demonstration is loaded: {agreement.engagements.count()} engagements, "
            f"{agreement.people.count()} people, {agreement.commitments.count()} commitments."
        )
