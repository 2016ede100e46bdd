"""The lists of a series, and the making of its occurrences."""

from dataclasses import replace
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from engagements.models import (
    Engagement,
    EngagementHost,
    EngagementWorkstream,
    Participation,
    Seat,
    SeriesHost,
    SeriesPerson,
    SeriesWorkstream,
)
from engagements.rules.occurrences import times_on
from engagements.signals import engagement_saved

FIELDS = [
    *("title", "kind", "committee", "start_time", "end_time", "time_zone", "mode", "venue", "joining_link"),
    *("summary", "chatham_house", "is_public_event"),
]
"""The fields that an occurrence has from its series, unless they were changed on it alone."""

UNITS = [("start_time", "end_time", "time_zone", "length_days"), ("kind", "committee_id")]
UNITS += [(name,) for name in FIELDS if name not in {"start_time", "end_time", "time_zone", "kind", "committee"}]
"""Fields that follow the series only together: half of a new time and half of an old one would be neither."""

PARTS = {
    "hosts": (SeriesHost, EngagementHost, "organisation"),
    "workstreams": (SeriesWorkstream, EngagementWorkstream, "workstream"),
    "people": (SeriesPerson, Participation, "person"),
}
"""{list: (its model for a series, its model for an engagement, the field that names the row)}."""


def fields_of(engagement):
    """{field: value} that a series takes from an occurrence."""
    return {name: getattr(engagement, name) for name in FIELDS} | {"length_days": engagement.length_days}


def last_day_for(first_day, length_days):
    """``ends_on`` of an occurrence of ``length_days`` days; None for one day."""
    return first_day + timedelta(length_days - 1) if length_days > 1 else None


def parts_in_place(engagement):
    """{list: rows} of an engagement: hosts, workstreams, and people who do not take part for a seat."""
    rows = {
        name: [
            getattr(link, field) for link in of_engagement.objects.filter(engagement=engagement).select_related(field)
        ]
        for name, (_, of_engagement, field) in PARTS.items()
    }
    seated = {seat.holder_id for seat in seats_of(engagement) if seat.is_held_on(engagement.starts_on)}
    rows["people"] = [person for person in rows["people"] if person.pk not in seated]
    return rows


def set_series_parts(series, **parts):
    """Set the lists of a series; None leaves a list unchanged. Returns {list: (rows added, rows removed)}."""
    changes = {}
    for name, wanted in parts.items():
        if wanted is None:
            continue
        model, _, field = PARTS[name]
        there = {
            getattr(link, f"{field}_id"): link for link in model.objects.filter(series=series).select_related(field)
        }
        new = {row.pk: row for row in wanted if row.pk not in there}
        gone = [link for key, link in there.items() if key not in {row.pk for row in wanted}]
        model.objects.filter(pk__in=[link.pk for link in gone]).delete()
        model.objects.bulk_create(
            model(agreement_id=series.agreement_id, series=series, **{field: row}) for row in new.values()
        )
        changes[name] = (list(new.values()), [getattr(link, field) for link in gone])
    return changes


def changed_parts(engagement, changes):
    """{list: rows} of an engagement after ``changes``, as ``set_series_parts`` returns them."""
    wanted = {}
    for name, (added, gone) in changes.items():
        if not (added or gone):
            continue
        _, model, field = PARTS[name]
        there = [getattr(link, field) for link in model.objects.filter(engagement=engagement).select_related(field)]
        wanted[name] = list(dict.fromkeys([*(row for row in there if row not in gone), *added]))
    return wanted


def make(series, wanted, *, by, change=None):
    """Make the ``wanted`` occurrences that do not exist yet, whatever their status. Returns the new engagements.

    People invited are notified as ``change`` (an ``EngagementChange``) says; without one, nobody is. The caller has
    locked the series; a unique constraint stops a second run at the same time.
    """
    days = [one.day for one in wanted]
    there = set(Engagement.objects.filter(series=series, series_date__in=days).values_list("series_date", flat=True))
    new = [new_occurrence(series, one) for one in wanted if one.day not in there]
    Engagement.objects.bulk_create(new)
    _add_links(series, new)
    invited = _add_people(series, new)
    for engagement in Engagement.objects.filter(pk__in=[each.pk for each in new]).order_by("starts_on"):
        of_this = replace(change, added=frozenset(invited[engagement.pk])) if change is not None else None
        engagement_saved.send(sender=Engagement, engagement=engagement, change=of_this)
    return new


def new_occurrence(series, occurrence):
    """An unsaved engagement for one occurrence. On a past day it is recorded as held.

    The daily task cannot ask anybody for another time: where the clocks skip the start, it starts that much later.
    """
    is_past = occurrence.held_on < timezone.localdate()
    fields = {name: getattr(series, name) for name in FIELDS}
    fields["start_time"], fields["end_time"] = times_on(occurrence.held_on, series)
    return Engagement(
        agreement_id=series.agreement_id,
        series=series,
        series_date=occurrence.day,
        status=Engagement.Status.HELD if is_past else Engagement.Status.PLANNED,
        starts_on=occurrence.held_on,
        ends_on=last_day_for(occurrence.held_on, series.length_days),
        logged_by_id=series.started_by_id,
        updated_by_id=series.started_by_id,
        **fields,
    )


def _add_links(series, engagements):
    for name in ("hosts", "workstreams"):
        of_series, model, field = PARTS[name]
        keys = list(of_series.objects.filter(series=series).values_list(f"{field}_id", flat=True))
        model.objects.bulk_create(
            model(agreement_id=series.agreement_id, engagement=engagement, **{f"{field}_id": key})
            for engagement in engagements
            for key in keys
        )


def _add_people(series, engagements):
    """Add the people of the series and the holders of seats on that day, without those who have left by then.

    Returns {key of an engagement: the keys of its people}.
    """
    seats = list(seats_of(series))
    links = SeriesPerson.objects.filter(series=series).select_related("person")
    listed = [link.person for link in links]
    for_all, invited = [], {}
    for engagement in engagements:
        day = engagement.starts_on
        seated = [seat.holder for seat in seats if seat.is_held_on(day)]
        people = {each.pk: each for each in [*seated, *listed] if each.left_on is None or each.left_on > day}
        invited[engagement.pk] = list(people)
        for_all += [
            Participation(
                agreement_id=series.agreement_id,
                engagement=engagement,
                person=person,
                organisation_id=person.organisation_id,
            )
            for person in people.values()
        ]
    Participation.objects.bulk_create(for_all)
    return invited


def seats_of(row):
    """The seats with a holder on the committee of a series or an engagement."""
    if not row.committee_id:
        return []
    return Seat.objects.filter(committee=row.committee_id, holder__isnull=False).select_related("holder")


def is_untouched(engagements):
    """The keys of those of ``engagements`` (keys) on which nobody has worked: deleting them loses nothing."""

    def hangs(name, **conditions):
        related = Engagement._meta.get_field(name).related_model
        return Exists(related.objects.filter(engagement=OuterRef("pk"), **conditions))

    rows = Engagement.objects.filter(pk__in=engagements, status=Engagement.Status.PLANNED, revision=1, outcomes="")
    worked_on = hangs("notes") | hangs("documents") | hangs("actions") | hangs("decisions")
    replied = Exists(Participation.objects.filter(engagement=OuterRef("pk")).exclude(reply="", earlier_reply=""))
    return set(rows.exclude(worked_on | replied).values_list("pk", flat=True))
