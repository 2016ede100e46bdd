"""Initial values of the forms for a new engagement and for a series."""

from copy import copy
from datetime import timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date

from engagements.models import Committee, Engagement, Participation, Series
from engagements.operations.occurrences import fields_of
from engagements.rules.occurrences import until
from engagements.rules.recurrence import rule_for
from records.keys import whole_number
from workstreams.models import Workstream

COPIED = [
    "title",
    "kind",
    "start_time",
    "end_time",
    "time_zone",
    "mode",
    "venue",
    "committee",
    "chatham_house",
    "summary",
    "is_public_event",
]
"""The fields that a copy takes from its original: not the day, outcomes, joining link or public page."""


def prefilled(address, *, user, agreement):
    """Initial values from the query of an address: kind, workstreams, committee and date (without one, today)."""
    kind, committee = address.get("kind", ""), whole_number(address.get("committee", ""))
    workstreams = Workstream.objects.visible_to(user).of(agreement).current()
    committees = Committee.objects.visible_to(user).of(agreement)
    slugs = [slug for slug in address.getlist("workstream") if "\0" not in slug]
    return {
        "starts_on": _day(address.get("date", "")) or timezone.localdate(),
        "kind": kind if kind in Engagement.Kind.values else "",
        "workstreams": list(workstreams.filter(slug__in=slugs)) if slugs else [],
        "committee": committees.filter(pk=committee).first() if committee else None,
    }


def _day(text):
    """The day in a text such as 2026-05-12, or None."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def copy_of(original, user):
    """Initial values for another engagement like ``original``, without a date."""
    people = Participation.objects.visible_to(user).filter(engagement=original).order_by("id")
    return {name: getattr(original, name) for name in COPIED} | {
        "starts_on": None,
        "host_list": list(original.hosts.order_by("host_links__id")),
        "workstreams": list(original.workstreams.filter(archived_on=None)),
        "who": [participation.person_id for participation in people],
    }


def series_like(engagement):
    """An unsaved series that begins with ``engagement``: every month on the same weekday."""
    day = engagement.starts_on
    fields = fields_of(engagement)
    return Series(agreement=engagement.agreement, rule=rule_for("month", "weekday", day), first_day=day, **fields)


def rule_from(series, since):
    """An unsaved copy of ``series`` for the rest of it: its first day is the first one of the rule from ``since`` on.

    Its ``count`` is the number of dates that are left.
    """
    rest = copy(series)
    earlier = sum(1 for _ in until(series.occurrences(), since - timedelta(1)))
    rest.first_day = next((one.day for one in series.occurrences() if one.day >= since), since)
    rest.count = max(series.count - earlier, 1) if series.count else None
    rest.ends_on = series.ends_on if series.ends_on and series.ends_on >= rest.first_day else None
    return rest
