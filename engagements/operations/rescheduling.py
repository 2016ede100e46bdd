"""How existing occurrences follow a change of their series: the day of each, and those that are taken out."""

from engagements.models import Engagement
from engagements.operations.engagement import cancel_engagement, change_engagement, remove_engagement
from engagements.operations.occurrences import UNITS, changed_parts, is_untouched, last_day_for
from engagements.rules.occurrences import until
from engagements.rules.recurrence import is_same_beat
from records.locks import locked

OPEN = (Engagement.Status.PLANNED, Engagement.Status.CONFIRMED)
ANOTHER_RULE = "Its series is held on other days now."


def follow(before, after, *, since, start, changes, but=None, **who):
    """Make the occurrences of ``before``, from the day ``since`` of its rule on, follow ``after`` from ``start`` on.

    An occurrence that was held or cancelled only gets its new ``series_date``. Values that were changed on one alone
    stay. ``changes`` are those of the lists, as ``set_series_parts`` returns them. ``but`` is the key of an occurrence
    that is saved already. ``who`` holds ``by``, ``notify`` and ``batch_id`` for the operations.
    """
    rows = list(locked(Engagement.objects.filter(series=after, series_date__gte=since)).order_by("series_date"))
    places = _places(before, after, since, start, rows)
    after.skipped = _left_out(before.skipped, places, since)
    if places is not None:
        rows = _leave(rows, places, but, who)
        _move_series_dates(rows, places)
    for row in rows:
        if row.pk == but or row.status not in OPEN:
            continue
        place = places[row.old_day] if places else None
        if _put_on_row(row, before, after, place) or changes_anything(changes):
            change_engagement(row, **changed_parts(row, changes), **who)


def changes_anything(changes):
    """Whether a row is added to a list or removed from one."""
    return any(added or gone for added, gone in changes.values())


def _places(before, after, since, start, rows):
    """{day of the old rule: (its occurrence, the one that replaces it)}; None where the rule did not change."""
    names = ("rule", "first_day", "ends_on", "count", "on_free_days")
    if all(getattr(before, name) == getattr(after, name) for name in names):
        return None
    last = max([since, *(row.series_date for row in rows), *before.skipped])
    after.skipped = [day for day in before.skipped if day < since]
    old = list(until((one for one in before.occurrences() if one.day >= since), last))
    new = (one for one in after.occurrences() if one.day >= start)
    if is_same_beat(before.rule, after.rule):
        return {one.day: (one, other) for one, other in zip(old, new, strict=False)}
    first = next(new, None)
    found = {one.day: one for one in until(new, last)}
    places = {one.day: (one, found[one.day]) for one in old if one.day in found}
    return places | ({old[0].day: (old[0], first)} if old and first else {})


def _left_out(skipped, places, since):
    """The days left out by hand, each at its new place."""
    if places is None:
        return skipped
    moved = [places[day][1].day for day in skipped if day >= since and day in places]
    return sorted({day for day in skipped if day < since} | set(moved))


def _leave(rows, places, but, who):
    """Take occurrences that have no place any more out of the series. Returns the others.

    Deletes occurrences on which nobody has worked, and cancels other open ones.
    """
    staying, leaving = [], []
    for row in rows:
        row.old_day = row.series_date
        has_place = row.series_date in places
        is_off = has_place and places[row.series_date][1].is_left_out and row.status in OPEN and row.pk != but
        (staying if has_place and not is_off else leaving).append(row)
    idle = is_untouched([row.pk for row in leaving])
    Engagement.objects.filter(pk__in=[row.pk for row in leaving]).update(series=None, series_date=None)
    for row in leaving:
        row.series = row.series_date = None
        if row.pk in idle and row.pk != but:
            remove_engagement(row, **who)
        elif row.status in OPEN and row.pk != but:
            cancel_engagement(row, reason=ANOTHER_RULE, **who)
    return staying


def _move_series_dates(rows, places):
    """Set each ``series_date`` to the new day. Days keep their order, so no two have the same one at any moment."""
    pairs = [(row, places[row.old_day][1].day) for row in rows]
    earlier = [pair for pair in pairs if pair[1] < pair[0].old_day]
    later = [pair for pair in pairs if pair[1] > pair[0].old_day]
    for row, day in [*earlier, *reversed(later)]:
        row.series_date = day
        Engagement.objects.filter(pk=row.pk).update(series_date=day)


def _put_on_row(row, before, after, place):
    """Apply the differences between two versions of a series to an occurrence. Returns whether there were any."""
    is_touched, length = False, row.length_days
    if place and place[0].held_on == row.starts_on != place[1].held_on:
        row.starts_on, is_touched = place[1].held_on, True
    for unit in UNITS:
        here = [length if name == "length_days" else getattr(row, name) for name in unit]
        was, will = ([getattr(series, name) for name in unit] for series in (before, after))
        if was != will and here == was:
            is_touched = True
            for name, value in zip(unit, will, strict=True):
                if name == "length_days":
                    length = value
                else:
                    setattr(row, name, value)
    row.ends_on = last_day_for(row.starts_on, length)
    return is_touched
