"""What the forms of a new engagement and of a series begin with."""

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
"""What a copy takes from its original: not the day, nor what came of it, nor its joining link and public page."""


def prefilled(address, *, user, agreement):
    """What the query of an address says of a new engagement: kind, workstream, committee, date (else today)."""
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
    """What another engagement like ``original`` begins with."""
    people = Participation.objects.visible_to(user).filter(engagement=original).order_by("id")
    return {name: getattr(original, name) for name in COPIED} | {
        "starts_on": None,
        "host_list": list(original.hosts.order_by("host_links__id")),
        "workstreams": list(original.workstreams.filter(archived_on=None)),
        "who": [participation.person_id for participation in people],
    }


def series_like(engagement):
    """A series that ``engagement`` may be the first of, not yet saved: each month on the same weekday."""
    day = engagement.starts_on
    fields = fields_of(engagement)
    return Series(agreement=engagement.agreement, rule=rule_for("month", "weekday", day), first_day=day, **fields)


def rule_from(series, since):
    """A series as it goes on from the day ``since`` of its rule, or the first one after it; nothing is saved."""
    rest = copy(series)
    earlier = sum(1 for _ in until(series.occurrences(), since - timedelta(1)))
    rest.first_day = next((one.day for one in series.occurrences() if one.day >= since), since)
    rest.count = max(series.count - earlier, 1) if series.count else None
    rest.ends_on = series.ends_on if series.ends_on and series.ends_on >= rest.first_day else None
    return rest
