"""The occurrences of a series: the days of its rule, and when each is held where one is free. Pure but for NATION."""

import datetime as dt
from dataclasses import dataclass
from itertools import takewhile

from engagements.rules.recurrence import WEEKDAYS, days, goes_by_weekday, names_weekend
from engagements.rules.timezones import skipped_time, time_that_is_there
from pages.holidays import bank_holiday_on, next_working_day

KEEP, SKIP, MOVE = "keep", "skip", "move"
"""What is to be done with a day of the rule on which people do not work."""


@dataclass(frozen=True)
class Occurrence:
    """One day of a rule. ``held_on`` is when it is held: None where it is left out."""

    day: dt.date
    held_on: dt.date | None
    free: str = ""
    """Why people do not work on the day: the name of a bank holiday, or "a Saturday"."""

    @property
    def is_left_out(self):
        """Whether it does not take place."""
        return self.held_on is None

    @property
    def is_moved(self):
        """Whether it takes place on another day than the rule's."""
        return self.held_on not in (None, self.day)


def occurrences(rule, first_day, *, ends_on=None, count=None, on_free_days=KEEP, skipped=()):
    """Each ``Occurrence`` of a rule, in order; ``skipped`` are days left out by hand. Those left out are among them."""
    for day in days(rule, first_day, ends_on=ends_on, count=count):
        free = why_free(rule, day)
        if day in skipped or (free and on_free_days == SKIP):
            yield Occurrence(day, None, free)
        elif free and on_free_days == MOVE:
            yield Occurrence(day, next_working_day(day), free)
        else:
            yield Occurrence(day, day, free)


def why_free(rule, day):
    """Why people do not work on a day of ``rule``: the bank holiday, "a Sunday", or ""; asked for, weekends are not."""
    if day.weekday() > 4:
        return "" if goes_by_weekday(rule) and names_weekend(rule) else f"a {WEEKDAYS[day.weekday()]}"
    return bank_holiday_on(day)


def until(occurrences, last):
    """Those up to the day ``last``."""
    return takewhile(lambda occurrence: occurrence.day <= last, occurrences)


def clock_gap(day, time, zone):
    """ "01:30 does not exist on 28 March 2027 …" where the clocks leave ``time`` out on ``day``, else ""."""
    sentence = skipped_time(day, time, zone)
    return f"{sentence} This one starts at {time_that_is_there(day, time, zone):%H:%M}." if sentence else ""


def times_on(day, series):
    """(start, end) of an occurrence on ``day``: those of its series, later by what the clocks skip of them."""
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
