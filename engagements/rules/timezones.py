"""Wall-clock times and time zones: whether a time exists, its moment, and the zone as calendar files describe it."""

import datetime as dt
from calendar import monthrange
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from pages.words import date_in_words

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST = -1
"""The last weekday of its kind in a month, as in BYDAY."""
LOOK_AHEAD = 12
"""Years after the last one of a file in which a rule must still hold.

They are enough to tell a fourth weekday from the last, and a rule from a coincidence.
"""
EPOCH = 1970
"""The year in which rules begin in a file, as in the files of most calendar programs."""
STEP = dt.timedelta(days=7)
"""The step of the search for changes: no zone changes its clocks there and back within a week."""


class OffsetChange(NamedTuple):
    """A change of the clocks: ``at`` by the old clock (naive), and the offsets from UTC ``before`` and ``after``."""

    at: dt.datetime
    before: dt.timedelta
    after: dt.timedelta
    name: str
    """The abbreviation of the zone after the change, for example BST."""

    @property
    def is_forward(self):
        return self.after > self.before

    @property
    def weeks(self):
        """The places of its day among the same weekdays of the month, a set: 1 to 4, ``LAST``, or 4 and ``LAST``."""
        day, length = self.at.day, monthrange(self.at.year, self.at.month)[1]
        nth = (day + 6) // 7
        return {nth} - {5} | ({LAST} if day + 7 > length else set())

    @property
    def kind(self):
        """All that a yearly rule repeats, except the week."""
        return self.at.month, self.at.weekday(), self.at.time(), self.before, self.after


@lru_cache(maxsize=512)
def changes_of(name, year):
    """Return the changes of the clocks in a zone within a year, as ``OffsetChange`` objects."""
    zone = ZoneInfo(name)
    moment, end, found = dt.datetime(year, 1, 1, tzinfo=dt.UTC), dt.datetime(year + 1, 1, 1, tzinfo=dt.UTC), []
    while moment < end:
        before, after = (each.astimezone(zone).utcoffset() for each in (moment, min(moment + STEP, end)))
        if before != after:
            first = _first_with(after, zone, moment, min(moment + STEP, end))
            wall = (first + before).replace(tzinfo=None)
            found.append(OffsetChange(wall, before, after, first.astimezone(zone).tzname()))
        moment += STEP
    return tuple(found)


def _first_with(offset, zone, low, high):
    """Return the first whole second at which a zone has ``offset``. It has it at ``high``, and not at ``low``."""
    while high - low > dt.timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high


@lru_cache(maxsize=256)
def vtimezone(name, first_year, last_year):
    """Return the VTIMEZONE of a zone: a DAYLIGHT and a STANDARD part, each with a yearly rule that fits these years.

    Returns None where there is no such rule: the clocks never change, they follow another kind of rule (Ramadan, the
    Friday before a Sunday), or the rule itself changed. Events are then written in UTC. Outlook reads no other kind of
    zone: it accepts one rule for each part, and no RDATE (MS-OXCICAL, 2.1.3.1.1.19).
    """
    rules = _yearly_rules(name, first_year, last_year)
    if rules is None:
        return None
    found = Timezone()
    found.add("tzid", name)
    for change, week in rules:
        part = TimezoneDaylight() if change.is_forward else TimezoneStandard()
        # Before every event, and the same in all files: some programs keep the first zone that they read under a name.
        start = min(EPOCH, first_year - 1)
        day = nth_weekday(start, change.at.month, change.at.weekday(), week)
        part.add("dtstart", dt.datetime.combine(day, change.at.time()))
        part.add("tzoffsetfrom", change.before)
        part.add("tzoffsetto", change.after)
        part.add("tzname", change.name)
        by_day = f"{week}{WEEKDAYS[change.at.weekday()]}"
        part.add("rrule", {"FREQ": "YEARLY", "BYMONTH": change.at.month, "BYDAY": by_day})
        found.add_component(part)
    return found


def _yearly_rules(name, first_year, last_year):
    """Return ((change forward, week), (change back, week)) that fit these years and ``LOOK_AHEAD`` more, or None."""
    years = [_pair(name, year) for year in range(first_year, last_year + 1 + LOOK_AHEAD)]
    if None in years or len({tuple(change.kind for change in pair) for pair in years}) > 1:
        return None
    weeks = [set.intersection(*(change.weeks for change in changes)) for changes in zip(*years, strict=True)]
    return tuple(zip(years[0], map(min, weeks), strict=True)) if all(weeks) else None


def _pair(name, year):
    """Return the changes forward and back of a year; None unless it has just these two, between the same offsets."""
    pair = sorted(changes_of(name, year), key=lambda change: change.before)
    if len(pair) != 2 or (pair[0].before, pair[0].after) != (pair[1].after, pair[1].before):
        return None
    return tuple(pair)


def nth_weekday(year, month, weekday, week):
    """Return the ``week``th ``weekday`` (Monday is 0) of a month; the last one for ``LAST``."""
    if week == LAST:
        last = dt.date(year, month, monthrange(year, month)[1])
        return last - dt.timedelta(days=(last.weekday() - weekday) % 7)
    first = dt.date(year, month, 1)
    return first + dt.timedelta(days=(weekday - first.weekday()) % 7 + 7 * (week - 1))


def instant(day, time, zone):
    """Return the moment of a wall-clock time as the database computes it: in an hour that comes twice, the second."""
    first = dt.datetime.combine(day, time, ZoneInfo(zone))
    second = first.replace(fold=1)
    return second if first.utcoffset() > second.utcoffset() else first


def is_shown_once(wall):
    """Whether the clocks show an aware wall-clock time exactly once: it is neither skipped nor repeated."""
    return wall.replace(fold=0).utcoffset() == wall.replace(fold=1).utcoffset()


def skipped_time(day, time, zone):
    """ "01:30 does not exist on 28 March 2027: …" where the clocks skip ``time`` on ``day``, else "".

    Also "" where the day, the time or the zone is not known.
    """
    if day is None or time is None or is_there(day, time, zone):
        return ""
    wall = dt.datetime.combine(day, time)
    change = next((each for each in changes_of(zone, day.year) if each.at <= wall < _new_clock(each)), None)
    how = f" from {change.at:%H:%M} to {_new_clock(change):%H:%M}" if change else ""
    return f"{time:%H:%M} does not exist on {date_in_words(day)}: the clocks go forward{how}."


def _new_clock(change):
    """The time that the clocks show right after a change (naive)."""
    return change.at + (change.after - change.before)


def is_there(day, time, zone):
    """Whether the clocks of a zone ever show a time on a day; True for a zone that is not known."""
    return time_that_is_there(day, time, zone) == time


def time_that_is_there(day, time, zone):
    """Return ``time``, later by the length of the gap where the clocks skip it on ``day`` (01:30 becomes 02:30).

    In a zone that is not known, no time is skipped.
    """
    try:
        wall = dt.datetime.combine(day, time, ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return time
    return wall.astimezone(dt.UTC).astimezone(wall.tzinfo).time().replace(fold=0)
