"""Deliveries as a source of emails for the outbox."""

from django.db.models import Q

from reminders.deliveries import ledger, statements
from reminders.deliveries.rendering import NotificationRenderer
from reminders.models import Delivery, ReplanRequest
from reminders.queries import MANY


class Deliveries:
    """See ``outbox.sources.EmailSource``."""

    priority = 100
    oldest_due = statements.OLDEST

    def retry(self, now):
        ledger.retry(now)

    def claim(self, now, limit, allow):
        return ledger.take(now, limit, allow)

    def renderer(self, claimed):
        return NotificationRenderer(claimed)

    def withdraw(self, now):
        ledger.withdraw(now)

    def figures(self, now):
        """How many deliveries are due, and how many changes wait to be planned."""
        due = Delivery.objects.due(now).values("pk")[:MANY].count()
        yield "deliveries_due", f"Deliveries due and not yet claimed, counted up to {MANY}.", due
        queued = ReplanRequest.objects.values("pk")[:MANY].count()
        yield "queued", f"Changes that wait to be planned, counted up to {MANY}.", queued

    def messages_visible_to(self, user):
        """Messages with a delivery that ``user`` may see."""
        return Q(pk__in=Delivery.objects.visible_to(user).filter(message__isnull=False).values("message"))
