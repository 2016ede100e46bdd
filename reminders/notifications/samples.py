"""What the emails of several kinds of rules about engagements are shown with."""

from django.utils import timezone

from engagements.models import Engagement

NOBODYS_PLACE = 2**53
"""A place that there is not: the links of a test look as they do, and record nobody's reply."""

NONE_TO_COME = "No engagement of these kinds is to come, so there is nothing to show it with."


def engagements_to_come(rule, user):
    """Engagements of the kinds of a rule that are to come, as ``user`` may see them."""
    rows = Engagement.objects.visible_to(user).of(rule.agreement).coming(timezone.now())
    rows = rows.filter(kind__in=rule.engagement_kinds).select_related("agreement").prefetch_related("hosts")
    return rows.order_by("starts_at", "pk")


def place_in(engagement):
    """What an email is told that has links by which its reader replies."""
    return {"place": NOBODYS_PLACE, "version": engagement.schedule_version}
