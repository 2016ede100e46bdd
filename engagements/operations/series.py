"""Operations on series: start one, make further dates, change it from a date on, cancel this one and later, stop.

Every operation locks the series before its occurrences, so that no two wait for each other. People concerned are
notified of all its dates together, unless ``notify`` is false.
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
"""How far ahead dates are made. The next one is made however far away it is."""
MOST_AHEAD = 60
"""The most future dates that a series has at a time."""
WHEN = ("rule", "first_day", "ends_on", "count", "on_free_days", "start_time", "end_time", "length_days", "time_zone")
"""A change of these can put an occurrence at a time that the clocks skip."""
MOST_PAST = 60
"""The most past dates that are recorded when a series is started."""


@verb(past="logged")
def log_series(engagement, series, *, record_past=False, notify=True, by, **parts):
    """Log a new ``engagement`` with its ``parts`` (see ``log_engagement``) as the first of a new ``series``.

    People invited are notified of all its dates together. Returns the engagement; if it was sent before, the one saved
    then.
    """
    together = _together(notify, by)
    logged = log_engagement(engagement, **together, **parts)
    if logged is engagement:
        start_series(series, engagement, record_past=record_past, **together)
        engagement.refresh_from_db()
    return logged


@verb(past="started")
def start_series(series, engagement, *, record_past=False, notify=True, batch_id=None, by):
    """Make ``engagement`` the first of a new ``series`` whose rule is set. Returns the series.

    All else is taken from the engagement. Future dates are made and their people invited; past dates are made, as held,
    only with ``record_past``. NotPossibleError for an engagement that is cancelled, in a series already or longer than
    ``LONGEST`` days, and for a time that the clocks skip.
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
    """The occurrences that a series has to have today: the next, and those up to ``AHEAD``, at most ``MOST_AHEAD``."""
    today = today or timezone.localdate()
    found = (one for one in series.occurrences() if one.day >= today and not one.is_left_out)
    first = next(found, None)
    return [first, *until(found, today + AHEAD)][:MOST_AHEAD] if first else []


@verb(past="extended")
def extend_series(series, *, today=None, by):
    """Make the dates up to ``AHEAD`` that are missing. Returns how many were made.

    That is 0 where the series is stopped, or locked by somebody else. Nobody is notified: people know the series, and
    reminders are sent later.
    """
    locked = Series.objects.select_for_update(skip_locked=True, of=("self",), no_key=True).filter(
        pk=series.pk, stopped_on=None
    )
    series = locked.first()
    return len(make(series, coming_dates(series, today), by=by)) if series else 0


def extend_all_series(today=None):
    """Make the missing dates of all running series. An error in one stops no other. Returns how many were made."""
    made = 0
    for series in Series.objects.running(today or timezone.localdate()).order_by("pk"):
        try:
            made += extend_series(series, today=today, by=None)
        except Exception:
            logger.exception("The dates of series %s could not be made.", series.pk)
    return made


@verb(past="changed")
def change_series(series, *, since=None, hosts=None, workstreams=None, people=None, notify=True, seen=None, by):
    """Save a series changed in memory, and make its occurrences follow from the day ``since`` of its rule on.

    ``first_day`` then replaces ``since``; without it, they follow from the next one on. Occurrences that were held or
    cancelled stay unchanged, and so do values that were changed on one alone. If the series was stopped and no longer
    is, the dates cancelled with it are reinstated. Lists that are None stay. Returns the series. NotPossibleError where
    dates would fall before earlier ones, or at a time that the clocks skip.

    ``seen`` has the mark of ``rule_of`` the series when its form was opened, as "rule". ConflictError where somebody
    else has changed that since, because dates follow from all of it together.
    """
    before = lock(Series, series.pk)
    _refuse_another_rule(before, series, seen or {})
    series.skipped = before.skipped
    who = _together(notify, by)
    if before.is_stopped and not series.is_stopped:
        _reinstate_cancelled(before, **who)
    if since:
        _check_order(before, since, series.first_day)
    start = series.first_day if since else next_date(before)
    changes = set_series_parts(series, hosts=hosts, workstreams=workstreams, people=people)
    return _save_and_follow(before, series, since=since or start, start=start, changes=changes, **who)


def rule_of(series):
    """How often a series meets, as a tuple of the values that its form is compared by."""
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
    """Save an occurrence as ``change_engagement`` does, and make its series and the later ones follow.

    They get the same changes. If it moves to another day, the rule goes by that day from now on. Returns the
    engagement. NotPossibleError where the rule or the dates rule that out.
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
    """Yield a sentence for each time of the series that the clocks skip on the day of one of ``occurrences``."""
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
    """Arguments for the operations on single dates, so that people are notified of all dates together."""
    return {"notify": notify, "batch_id": uuid4(), "by": by}


def _change_of(series, notify, by, batch_id=None):
    """The ``EngagementChange`` of new dates; ``make`` adds the people of each."""
    return EngagementChange(by=me(by, series.agreement), notify=notify, batch_id=batch_id or uuid4())


@verb(past="cancelled")
def cancel_this_and_later(engagement, *, reason="", notify=True, by):
    """Cancel it and the later ones of its series for ``reason`` (may be empty), and stop the series. Returns it."""
    series, who = lock(Series, engagement.series_id), _together(notify, by)
    cancel_engagement(engagement, reason=reason, **who)
    later = Engagement.objects.filter(series=series, series_date__gt=engagement.series_date)
    _cancel_all(later, reason=reason, **who)
    _stop(series, reason)
    return engagement


@verb(past="stopped")
def stop_series(series, *, cancel_coming=False, reason="", notify=True, by):
    """Make no further dates. Existing ones stay or, with ``cancel_coming``, are cancelled for ``reason``.

    Returns the series. NotPossibleError where it is stopped already.
    """
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
    """Make a date that was left out by hand after all, and invite its people. Returns the series.

    NotPossibleError where the date is not left out any more, or for a time that the clocks skip.
    """
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
    """Delete a series made by mistake.

    InUseError while it has engagements, or once another party has worked on it.
    """
    check_deletable(series, by)
    delete_unless_used(series, f"{series} cannot be deleted: there are engagements of it. Stop it instead.")


def next_date(series):
    """The day, by the rule, of the next existing occurrence; today where there is none."""
    coming = Engagement.objects.filter(series=series).coming(timezone.now())
    return coming.order_by("series_date").values_list("series_date", flat=True).first() or timezone.localdate()


def _stop(series, reason):
    series.stopped_on, series.stop_reason = timezone.localdate(), reason
    series.save(update_fields=["stopped_on", "stop_reason"])


def _cancel_all(engagements, *, reason, **who):
    for engagement in engagements.filter(status__in=OPEN).order_by("series_date"):
        cancel_engagement(engagement, reason=reason, **who)


def _reinstate_cancelled(series, **who):
    """Reinstate the future dates that were cancelled with the series: those with its reason."""
    cancelled = Engagement.objects.filter(series=series, status="cancelled", over_at__gt=timezone.now())
    for engagement in cancelled.filter(cancel_reason=series.stop_reason).order_by("series_date"):
        reinstate_engagement(engagement, **who)


def _check_order(series, since, first_day):
    """NotPossibleError for a new first day that is not after the date before ``since``.

    Two dates would change places.
    """
    earlier = Engagement.objects.filter(series=series, series_date__lt=since).aggregate(last=Max("series_date"))["last"]
    if earlier and first_day <= earlier:
        raise NotPossibleError(f"The one before it is on {date_in_words(earlier)}: choose a day after that.")


def _go_by(series, since, day):
    """Make the rule of ``series`` go by ``day``, which replaces its day ``since``, from then on.

    NotPossibleError where the rule cannot do that.
    """
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
    """Apply the changes of an occurrence's lists, from ``before`` to ``after``, to those of its series.

    Returns {list: (rows added, rows removed)}.
    """
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
