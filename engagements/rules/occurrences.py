"""The occurrences of a series: the days of its rule, moved or left out where they are free. Pure but for ``NATION``."""

import datetime as dt
from dataclasses import dataclass
from itertools import takewhile

from engagements.rules.recurrence import WEEKDAYS, days, names_weekend
from engagements.rules.timezones import skipped_time, time_that_is_there
from pages.holidays import bank_holiday_on, next_working_day

KEEP, SKIP, MOVE = "keep", "skip", "move"
"""The choices for a day of the rule on which people do not work (see ``why_free``)."""


@dataclass(frozen=True)
class Occurrence:
    """One day of a rule. ``held_on`` is the day on which it takes place, or None where it is left out."""

    day: dt.date
    held_on: dt.date | None
    free: str = ""
    """Why people do not work on the day: the name of a bank holiday, or "a Saturday"; "" where they do."""

    @property
    def is_left_out(self):
        return self.held_on is None

    @property
    def is_moved(self):
        """Whether it takes place on a day other than the rule's."""
        return self.held_on not in (None, self.day)


def occurrences(rule, first_day, *, ends_on=None, count=None, on_free_days=KEEP, skipped=()):
    """Yield each ``Occurrence`` of a rule in order, those left out included. ``skipped`` are days left out by hand."""
    for day in days(rule, first_day, ends_on=ends_on, count=count):
        free = why_free(rule, day)
        if day in skipped or (free and on_free_days == SKIP):
            yield Occurrence(day, None, free)
        elif free and on_free_days == MOVE:
            yield Occurrence(day, next_working_day(day), free)
        else:
            yield Occurrence(day, day, free)


def why_free(rule, day):
    """Return why people do not work on ``day``: the name of the bank holiday, "a Sunday", or "" where they do.

    A weekend is not free where ``rule`` itself names Saturday or Sunday.
    """
    if day.weekday() > 4:
        return "" if names_weekend(rule) else f"a {WEEKDAYS[day.weekday()]}"
    return bank_holiday_on(day)


def until(occurrences, last):
    """Return an iterator over ``occurrences`` up to the day ``last`` of the rule, included."""
    return takewhile(lambda occurrence: occurrence.day <= last, occurrences)


def clock_gap(day, time, zone):
    """ "01:30 does not exist on 28 March 2027 …" where the clocks skip ``time`` on ``day``, else ""."""
    sentence = skipped_time(day, time, zone)
    return f"{sentence} This one starts at {time_that_is_there(day, time, zone):%H:%M}." if sentence else ""


def times_on(day, series):
    """Return (start, end) of an occurrence on ``day``: the times of its series, later where the clocks skip them."""
    start, end = series.start_time, series.end_time
    last_day = day + dt.timedelta(days=series.length_days - 1)
    if start is None:
        return None, None
    there = time_that_is_there(day, start, series.time_zone)
    if end and there != start and last_day == day:
        skipped = dt.datetime.combine(day, there) - dt.datetime.combine(day, start)
        later = dt.datetime.combine(day, end) + skipped
        return there, later.time() if later.date() == day else end
    return there, end and time_that_is_there(last_day, end, series.time_zone)
