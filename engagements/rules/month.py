"""A month of the calendar, its weeks, and the month that an address asks for. Pure."""

import datetime as dt
import re
from calendar import Calendar
from dataclasses import dataclass

from records.limits import FIRST_DAY, LAST_DAY

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WEEKS = Calendar(firstweekday=0)


@dataclass(frozen=True)
class CalendarMonth:
    """A month from January 1990 to December 2100."""

    first: dt.date

    @classmethod
    def of(cls, day):
        return cls(day.replace(day=1))

    @property
    def last(self):
        return (self.first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)

    @property
    def key(self):
        """ "2026-11", as in addresses."""
        return f"{self.first:%Y-%m}"

    @property
    def previous(self):
        """The month before, or None where the calendar begins."""
        return None if self.first <= FIRST_DAY else CalendarMonth.of(self.first - dt.timedelta(days=1))

    @property
    def next(self):
        """The month after, or None where the calendar ends."""
        return None if self.last >= LAST_DAY else CalendarMonth.of(self.last + dt.timedelta(days=1))

    @property
    def weeks(self):
        """Its weeks from Monday to Sunday, as lists of days; days of other months are None."""
        weeks = WEEKS.monthdayscalendar(self.first.year, self.first.month)
        return [[self.first.replace(day=number) if number else None for number in week] for week in weeks]

    def __str__(self):
        return f"{self.first:%B %Y}"


def month_asked_for(text, today):
    """Return (month, problem) for ``text`` such as "2026-11"; "" stands for the month of ``today``.

    Where there is no such month, ``problem`` is a sentence and the month is that of ``today``; else it is "".
    """
    this_month = CalendarMonth.of(today)
    if not text:
        return this_month, ""
    shown = text[:40].replace("\0", "�")
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
    if not found or not 1 <= int(found[2]) <= 12:
        return this_month, f"“{shown}” is not a month: write it as {this_month.key}. This is {this_month}."
    year = int(found[1])
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        reach = f"The calendar goes from {FIRST_DAY:%B %Y} to {LAST_DAY:%B %Y}"
        return this_month, f"{reach}, so “{shown}” is out of its reach. This is {this_month}."
    return CalendarMonth(dt.date(year, int(found[2]), 1)), ""
