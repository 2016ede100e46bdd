"""Emails about a change that has just been saved. They wait, so that they can be joined, sent at once or undone."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from reminders.models import Delivery

SOON = timedelta(hours=1)
"""An email about an engagement that starts within this time does not wait: it is sent at once."""


def wait() -> timedelta:
    """How long an email about a change waits after it is saved."""
    return timedelta(minutes=settings.NOTIFY_AFTER_MINUTES)


def send_at(now, *starts):
    """When an email about a change is sent. ``starts``: when the meeting begins, before the change and after it."""
    is_soon = any(start <= now + SOON for start in starts if start)
    return now if is_soon else now + wait()


@dataclass(frozen=True)
class Pending:
    """Emails that wait: how many, when the first and the last of them are sent, and the names of those who get them."""

    count: int = 0
    first: object = None
    last: object = None
    readers: tuple[str, ...] = ()

    def __bool__(self):
        return bool(self.count)

    @property
    def sentence(self):
        """ "11 emails go at 14:10", "2 emails go between 14:10 and 14:13"."""
        emails = "1 email goes" if self.count == 1 else f"{self.count} emails go"
        return f"{emails} {when(self.first, self.last)}"


def when(first, last):
    """ "at 14:10", "between 14:10 and 14:13"."""
    first, last = (f"{timezone.localtime(moment):%H:%M}" for moment in (first, last))
    return f"at {first}" if first == last else f"between {first} and {last}"


def email_of(delivery):
    """A key that is the same for all deliveries in one email: its reader, and what it is about."""
    about = delivery.engagement_id or (delivery.action and delivery.action.engagement_id)
    thing = delivery.batch_id or (about and ("engagement", about)) or ("delivery", delivery.pk)
    return delivery.person_id, thing


def as_emails(deliveries) -> Pending:
    """These waiting deliveries as ``Pending``: those that share an email count once."""
    if not deliveries:
        return Pending()
    moments = [delivery.due_at for delivery in deliveries]
    readers = sorted({delivery.person.name for delivery in deliveries})
    return Pending(len(set(map(email_of, deliveries))), min(moments), max(moments), tuple(readers))


def pending_in(rows, now=None):
    """The deliveries among ``rows`` (a queryset) that wait, with the rows that pages show of them."""
    waiting = rows.pending(now or timezone.now()).select_related("person", "action__engagement", "engagement__series")
    return list(waiting.order_by("due_at", "pk"))


def about_engagement(pk):
    """The condition for deliveries about an engagement, or about an action from it."""
    return Q(engagement=pk) | Q(action__engagement=pk)


ABOUT = {
    "engagement": about_engagement,
    "series": lambda pk: Q(engagement__series=pk),
    "action": lambda pk: Q(action=pk),
    "gone": lambda pk: Q(is_gone=True, title__in=Delivery.objects.filter(pk=pk).values("title")),
}
"""{what emails may be about: function from its key to the condition for its deliveries}. The key of a deleted
engagement is that of one of its deliveries."""


def target_of(delivery):
    """(name in ``ABOUT``, title, key) of what a waiting delivery is about; the key is None where that was deleted."""
    engagement = delivery.engagement or (delivery.action and delivery.action.engagement)
    if delivery.engagement and delivery.batch_id and engagement.series_id:
        return "series", engagement.series.title, engagement.series_id
    if engagement:
        return "engagement", engagement.title, engagement.pk
    return ("gone", delivery.title, None) if delivery.is_gone else ("action", delivery.title, delivery.action_id)
