"""Samples for the emails of several kinds of rules about engagements."""

from django.utils import timezone

from engagements.models import Engagement

NOBODYS_PLACE = 2**53
"""A key that no place or person has: the links of a test look real, and record nobody's reply."""

NONE_TO_COME = "No engagement of these kinds is to come, so there is nothing to show it with."


def engagements_to_come(rule, user):
    """Future engagements of the kinds of a rule that ``user`` may see."""
    rows = Engagement.objects.visible_to(user).of(rule.agreement).coming(timezone.now())
    rows = rows.filter(kind__in=rule.engagement_kinds).select_related("agreement").prefetch_related("hosts")
    return rows.order_by("starts_at", "pk")


def place_in(engagement):
    """The facts that an email with links to reply needs."""
    return {"place": NOBODYS_PLACE, "version": engagement.schedule_version}
