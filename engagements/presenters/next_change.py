"""The moment at which the pages of an agreement change although nobody changes a record."""

import datetime as dt

from django.db.models import Min, Q
from django.utils import timezone

from engagements.models import Engagement


def next_change(agreement, now):
    """Return the next moment at which an engagement of ``agreement`` begins or ends, or midnight if that is sooner."""
    rows = Engagement.objects.of(agreement).filter(status__in=["planned", "confirmed"], ends_at__gt=now)
    begins = Min("starts_at", filter=Q(starts_at__gt=now))
    turns = rows.order_by().aggregate(ends=Min("ends_at"), begins=begins)
    tomorrow = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
    return min([tomorrow, *filter(None, turns.values())])
