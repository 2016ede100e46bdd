"""Verbs of series: start one, make further dates, change it from a date on, cancel this one and later, stop.

Every verb locks the series before its occurrences, so that none waits for the other in a ring. Those concerned are told
of all its dates together, unless ``notify`` is false.
"""

import logging
from datetime import timedelta
from uuid import uuid4

from django.db.models import Max
from django.utils import timezone

from engagements.changes import EngagementChange
from engagements.models import Engagement, Series
from engagements.models.series import LONGEST
from engagements.operations.deletion import check_deletable
from engagements.operations.engagement import (
    NotPossibleError,
    cancel_engagement,
    change_engagement,
    log_engagement,
    mark_changed,
    me,
    reinstate_engagement,
)
from engagements.operations.occurrences import PARTS, fields_of, make, parts_in_place, set_series_parts
from engagements.operations.rescheduling import OPEN, follow
from engagements.rules.occurrences import until
from engagements.rules.recurrence import days, pattern_of, rule_for
from engagements.rules.timezones import skipped_time
from pages.words import date_in_words
from records.deletion import delete_unless_used
from records.edit_conflicts import ConflictError, Difference, mark
from records.locks import lock
from records.verbs import verb

logger = logging.getLogger(__name__)

AHEAD = timedelta(days=366)
"""How far ahead dates are made; the next one is made however far it is."""
MOST_AHEAD = 60
"""So many dates to come are there at a time."""
WHEN = ("rule", "first_day", "ends_on", "count", "on_free_days", "start_time", "end_time", "length_days", "time_zone")
"""A change of these can put an occurrence at a time that the clocks skip."""
MOST_PAST = 60
"""So many dates of the past are recorded when a series is started."""


@verb(past="logged")
def log_series(engagement, series, *, record_past=False, notify=True, by, **parts):
    """Log a new ``engagement`` with its ``parts`` (see ``log_engagement``) as the first of a new ``series``.

    Those invited are told of all its dates together. Returns the engagement; the first, if it was sent before.
    """
    together = _together(notify, by)
    logged = log_engagement(engagement, **together, **parts)
    if logged is engagement:
        start_series(series, engagement, record_past=record_past, **together)
        engagement.refresh_from_db()
    return logged


@verb(past="started")
def start_series(series, engagement, *, record_past=False, notify=True, batch_id=None, by):
    """Have ``engagement`` be the first of a new ``series``, of which the rule is set. Returns the series.

    All else is taken from the engagement. Dates to come are made, and its people invited to them; those of the past
    only where they are to be recorded as held. NotPossibleError for one that is off, or of a series already.
    """
    engagement = lock(Engagement, engagement.pk)
    if engagement.series_id:
        raise NotPossibleError("This engagement is one of a series already.")
    if engagement.is_off:
        raise NotPossibleError("This engagement is cancelled, so nothing can follow it.")
    if engagement.length_days > LONGEST:
        raise NotPossibleError(f"One of a series lasts at most {LONGEST} days.")
    for name, value in fields_of(engagement).items():
        setattr(series, name, value)
    series.agreement_id, series.first_day = engagement.agreement_id, engagement.starts_on
    series.started_by = me(by, engagement.agreement)
    series.save(force_insert=True)
    set_series_parts(series, **parts_in_place(engagement))
    engagement.series, engagement.series_date = series, engagement.starts_on
    engagement.save(update_fields=["series", "series_date"])
    mark_changed(engagement, by)
    days = [*(past_dates(series) if record_past else ()), *coming_dates(series)]
    refuse_skipped_time(series, days)
    make(series, days, by=by, change=_change_of(series, notify, by, batch_id))
    return series


def past_dates(series, today=None):
    """The occurrences of the rule after its first day and before today, without those left out."""
    today = today or timezone.localdate()
    found = (one for one in series.occurrences() if one.day > series.first_day and not one.is_left_out)
    return list(until(found, today - timedelta(1)))


def coming_dates(series, today=None):
    """The occurrences of the rule that are to be there today: a year ahead, and the next one in any case."""
    today = today or timezone.localdate()
    found = (one for one in series.occurrences() if one.day >= today and not one.is_left_out)
    first = next(found, None)
    return [first, *until(found, today + AHEAD)][:MOST_AHEAD] if first else []


@verb(past="extended")
def extend_series(series, *, today=None, by):
    """Make the dates that a year ahead lacks. Returns how many were made; 0 where somebody else is at it.

    Nobody is told: they know the series, and the reminders come.
    """
    locked = Series.objects.select_for_update(skip_locked=True, of=("self",), no_key=True).filter(
        pk=series.pk, stopped_on=None
    )
    series = locked.first()
    return len(make(series, coming_dates(series, today), by=by)) if series else 0


def extend_all_series(today=None):
    """Make what all running series lack. One that fails stops no other. Returns how many dates were made."""
    made = 0
    for series in Series.objects.running(today or timezone.localdate()).order_by("pk"):
        try:
            made += extend_series(series, today=today, by=None)
        except Exception:
            logger.exception("The dates of series %s could not be made.", series.pk)
    return made


@verb(past="changed")
def change_series(series, *, since=None, hosts=None, workstreams=None, people=None, notify=True, seen=None, by):
    """Save a series changed in memory, and have its occurrences follow from the day ``since`` of its rule on.

    ``first_day`` stands for ``since`` then; without it, they follow from the next one on. Those held or cancelled stay
    as they are, and of the others what was changed alone. Of one that was stopped and is not any more, what was
    cancelled with it takes place again. Lists that are None stay. Returns the series. NotPossibleError where dates
    would fall before earlier ones. ``seen`` is a mark of ``rule_of`` the series when its form was opened: ConflictError
    where somebody else has changed how often it meets since, as dates follow from all of that together.
    """
    before = lock(Series, series.pk)
    _refuse_another_rule(before, series, seen or {})
    series.skipped = before.skipped
    who = _together(notify, by)
    if before.is_stopped and not series.is_stopped:
        _reinstate_all(before, **who)
    if since:
        _check_order(before, since, series.first_day)
    start = series.first_day if since else next_date(before)
    changes = set_series_parts(series, hosts=hosts, workstreams=workstreams, people=people)
    return _save_and_follow(before, series, since=since or start, start=start, changes=changes, **who)


def rule_of(series):
    """How often a series meets: what its form holds of it."""
    return tuple(
        getattr(series, name) for name in ("rule", "first_day", "ends_on", "count", "on_free_days", "stopped_on")
    )


def _refuse_another_rule(stored, series, seen):
    there = mark(rule_of(stored))
    if there not in (seen.get("rule", there), mark(rule_of(series))):
        words = (stored.in_words, series.in_words)
        raise ConflictError([Difference("rule", "How often", *words)], [], {"rule": there}, stored)


@verb(past="changed")
def change_this_and_later(engagement, *, notify=True, seen=None, by, **parts):
    """Save an occurrence as ``change_engagement`` does, and have its series and the later ones follow.

    What this saving changes is changed there too. On another day, the rule goes by that day from now on. Returns the
    engagement. NotPossibleError where it cannot.
    """
    before, after = lock(Series, engagement.series_id), lock(Series, engagement.series_id)
    stored = lock(Engagement, engagement.pk)
    since, fields, lists = stored.series_date, fields_of(stored), parts_in_place(stored)
    if engagement.starts_on != stored.starts_on:
        _go_by(after, since, engagement.starts_on)
    if engagement.length_days > LONGEST:
        raise NotPossibleError(f"One of a series lasts at most {LONGEST} days.")
    who = _together(notify, by)
    change_engagement(engagement, seen=seen, **who, **parts)
    for name, value in fields_of(engagement).items():
        if value != fields[name]:
            setattr(after, name, value)
    changes = _put_on_lists(after, lists, parts_in_place(engagement))
    start = after.first_day if engagement.starts_on != stored.starts_on else since
    _save_and_follow(before, after, since=since, start=start, changes=changes, but=engagement.pk, **who)
    return engagement


def refuse_skipped_time(series, occurrences):
    """NotPossibleError where the clocks skip the time of a series on one of these days."""
    for sentence in skipped_times(series, occurrences):
        raise NotPossibleError(sentence)


def skipped_times(series, occurrences):
    """A sentence for each of these occurrences on whose day the clocks skip a time of the series."""
    for one in occurrences:
        days = {"start_time": one.held_on, "end_time": one.held_on + timedelta(series.length_days - 1)}
        for name, day in days.items():
            if sentence := skipped_time(day, getattr(series, name), series.time_zone):
                yield sentence


def _save_and_follow(before, after, **how):
    if any(getattr(before, name) != getattr(after, name) for name in WHEN):
        refuse_skipped_time(after, coming_dates(after))
    follow(before, after, **how)
    after.save()
    if not after.is_stopped:
        by = how["by"]
        make(after, coming_dates(after), by=by, change=_change_of(after, how["notify"], by, how["batch_id"]))
    return after


def _together(notify, by):
    """What the verbs of single dates take so that their people are told of all at once."""
    return {"notify": notify, "batch_id": uuid4(), "by": by}


def _change_of(series, notify, by, batch_id=None):
    """What is told of new dates: whom they are for is added to each."""
    return EngagementChange(by=me(by, series.agreement), notify=notify, batch_id=batch_id or uuid4())


@verb(past="cancelled")
def cancel_this_and_later(engagement, *, reason="", notify=True, by):
    """Neither it nor the later ones of its series take place, for ``reason`` (may be empty); no more are made."""
    series, who = lock(Series, engagement.series_id), _together(notify, by)
    cancel_engagement(engagement, reason=reason, **who)
    later = Engagement.objects.filter(series=series, series_date__gt=engagement.series_date)
    _cancel_all(later, reason=reason, **who)
    _stop(series, reason)
    return engagement


@verb(past="stopped")
def stop_series(series, *, cancel_coming=False, reason="", notify=True, by):
    """No further dates are made. Those that are there stay, or are cancelled for ``reason``. Returns the series."""
    series = lock(Series, series.pk)
    if series.is_stopped:
        raise NotPossibleError("This series is stopped already.")
    if cancel_coming:
        coming = Engagement.objects.filter(series=series, over_at__gt=timezone.now())
        _cancel_all(coming, reason=reason, **_together(notify, by))
    _stop(series, reason)
    return series


@verb(past="put")
def put_back_date(series, day, *, notify=True, by):
    """A date that was left out by hand takes place after all; its people are invited. Returns the series."""
    series = lock(Series, series.pk)
    if day not in series.skipped:
        raise NotPossibleError("This date is not left out any more.")
    series.skipped = [each for each in series.skipped if each != day]
    series.save(update_fields=["skipped"])
    days = [one for one in until(series.occurrences(), day) if one.day == day and not one.is_left_out]
    refuse_skipped_time(series, days)
    make(series, days, by=by, change=_change_of(series, notify, by))
    return series


@verb(past="deleted")
def delete_series(series, *, by):
    """Delete a series made by mistake. InUseError while there are engagements of it, or once two parties changed it."""
    check_deletable(series, by)
    delete_unless_used(series, f"{series} cannot be deleted: there are engagements of it. Stop it instead.")


def next_date(series):
    """The day, by the rule, of the next occurrence that is there; today where there is none."""
    coming = Engagement.objects.filter(series=series).coming(timezone.now())
    return coming.order_by("series_date").values_list("series_date", flat=True).first() or timezone.localdate()


def _stop(series, reason):
    series.stopped_on, series.stop_reason = timezone.localdate(), reason
    series.save(update_fields=["stopped_on", "stop_reason"])


def _cancel_all(engagements, *, reason, **who):
    for engagement in engagements.filter(status__in=OPEN).order_by("series_date"):
        cancel_engagement(engagement, reason=reason, **who)


def _reinstate_all(series, **who):
    """Put on again what was cancelled with the series, as its reason tells, and is still to come."""
    cancelled = Engagement.objects.filter(series=series, status="cancelled", over_at__gt=timezone.now())
    for engagement in cancelled.filter(cancel_reason=series.stop_reason).order_by("series_date"):
        reinstate_engagement(engagement, **who)


def _check_order(series, since, first_day):
    """Refuse a new first day that is not after the one before ``since``: two dates would change places."""
    earlier = Engagement.objects.filter(series=series, series_date__lt=since).aggregate(last=Max("series_date"))["last"]
    if earlier and first_day <= earlier:
        raise NotPossibleError(f"The one before it is on {date_in_words(earlier)}: choose a day after that.")


def _go_by(series, since, day):
    """Have the rule of ``series`` go by ``day``, which stands for its day ``since``, from then on."""
    _check_order(series, since, day)
    pattern = pattern_of(series.rule)
    if pattern is None:
        raise NotPossibleError("Its rule is not one that follows a date: change the rule on the page of the series.")
    rule = rule_for(*pattern, day)
    if next(days(rule, day), None) != day:
        raise NotPossibleError(
            f"{date_in_words(day)} is not the last {day:%A} of its month, as the rule has it: change the rule on the "
            "page of the series."
            if pattern[1] == "last"
            else f"{date_in_words(day)} is not the last day of its month: change the rule on the page of the series."
        )
    if series.ends_on and day > series.ends_on:
        raise NotPossibleError(f"The series ends on {date_in_words(series.ends_on)}, before that day.")
    if series.count:
        earlier = sum(1 for _ in until(series.occurrences(), since - timedelta(1)))
        series.count = max(series.count - earlier, 1)
    series.rule, series.first_day = rule, day


def _put_on_lists(series, before, after):
    """Put on the lists of a series what an occurrence has more, and take off what it has less."""
    wanted = {}
    for name, (model, _, field) in PARTS.items():
        there = {getattr(link, field) for link in model.objects.filter(series=series).select_related(field)}
        wanted[name] = (there | set(after[name])) - (set(before[name]) - set(after[name]))
    set_series_parts(series, **wanted)
    return {
        name: ([row for row in after[name] if row not in before[name]],
               [row for row in before[name] if row not in after[name]])
        for name in PARTS
    }  # fmt: skip
