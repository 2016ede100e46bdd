"""Deliveries as a source of emails: what the outbox asks of them."""

from django.db.models import Q

from reminders.deliveries import ledger, statements
from reminders.deliveries.rendering import NotificationRenderer
from reminders.models import Delivery, ReplanRequest
from reminders.queries import MANY


class Deliveries:
    """See ``outbox.sources.Source``."""

    priority = 100
    oldest_due = statements.OLDEST

    def retry(self, now):
        """Have those whose message waited for another attempt be due again."""
        ledger.retry(now)

    def claim(self, now, limit, allow):
        """Claim due deliveries, each looked at again."""
        return ledger.take(now, limit, allow)

    def renderer(self, claimed):
        """Writes their emails."""
        return NotificationRenderer(claimed)

    def withdraw(self, now):
        """Close messages of which nothing is to go any more."""
        ledger.withdraw(now)

    def figures(self, now):
        """How many are due, and how many changes wait to be planned."""
        due = Delivery.objects.due(now).values("pk")[:MANY].count()
        yield "deliveries_due", f"Deliveries due and not yet claimed, counted up to {MANY}.", due
        queued = ReplanRequest.objects.values("pk")[:MANY].count()
        yield "queued", f"Changes that wait to be planned, counted up to {MANY}.", queued

    def messages_visible_to(self, user):
        """Those with a delivery that ``user`` may see."""
        return Q(pk__in=Delivery.objects.visible_to(user).filter(message__isnull=False).values("message"))
