"""``manage.py record_statuses``: the status of each commitment, today and on past days."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from commitments.recording import reconstruct_statuses, record_changed
from partnership.models import Agreement


class Command(BaseCommand):
    """Records the statuses that changed, as the worker does every minute. ``--past`` also works out earlier days."""

    help = "Record the status of each commitment. --past works out the days before the first recorded one."

    def add_arguments(self, parser):
        parser.add_argument("--past", action="store_true", help="Also work out past days, as far as the record allows.")
        parser.add_argument("--agreement", metavar="SLUG", help="Work out the past days of this agreement alone.")

    def handle(self, *, past, agreement, **options):
        if agreement and not past:
            raise CommandError("--agreement chooses whose past days are worked out: use it with --past.")
        agreements = Agreement.objects.filter(**({"slug": agreement} if agreement else {}))
        if agreement and not agreements:
            raise CommandError(f"There is no agreement “{agreement}”.")
        self.stdout.write(f"Recorded: {record_changed():,} statuses have changed.")
        if past:
            number = sum(reconstruct_statuses(one, timezone.localdate()) for one in agreements)
            self.stdout.write(f"Worked out for past days: {number:,} changes of status.")
