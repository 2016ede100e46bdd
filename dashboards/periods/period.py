"""A period of days that figures count: its steps, and its description in words. Pure rules about dates."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from pages.words import date_in_words, day_in_words, period_in_words
from partnership.agreement_years import AgreementYear

MOST_MONTHS = 24
"""A chart of more months than this is drawn by years."""


@dataclass(frozen=True)
class PeriodMonth:
    """The days of a period that fall in one calendar month: the first and last of them, both included.

    ``says_year``: its label has the year, since the months of the chart are of several years.
    """

    first: date
    last: date
    says_year: bool = False

    @property
    def is_whole(self):
        """Whether it is all of the calendar month."""
        return self.first.day == 1 and self.last.day == monthrange(self.last.year, self.last.month)[1]

    @property
    def name(self):
        """ "April 2026", or "15 to 30 April 2026" where a period begins or ends within it."""
        if self.first == self.last:
            return date_in_words(self.first)
        days = "" if self.is_whole else f"{self.first.day} to {self.last.day} "
        return f"{days}{self.first:%B %Y}"

    @property
    def label(self):
        """The label under its bar; a list of two lines where it has the year."""
        return [f"{self.first:%b}", f"’{self.first:%y}"] if self.says_year else f"{self.first:%b}"


@dataclass(frozen=True)
class CalendarYear:
    """The days of a period that fall in one calendar year: the first and last of them, both included."""

    first: date
    last: date

    @property
    def name(self):
        """ "2026", or "1 April to 31 December 2026" where a period begins or ends within it."""
        is_whole = (self.first.month, self.first.day, self.last.month, self.last.day) == (1, 1, 12, 31)
        return self.label if is_whole else days_in_words(self.first, self.last)

    @property
    def label(self):
        """The label under its bar."""
        return f"{self.first.year}"


@dataclass(frozen=True)
class Period:
    """The days that the figures count, both included.

    ``year`` is set only where they are exactly an agreement year. ``key`` is the name of the period in an address, ""
    where that gives the days; ``label`` is its name on pages; ``since`` is the day of the meeting that it begins after.
    """

    first: date
    last: date
    year: AgreementYear | None = None
    key: str = ""
    label: str = ""
    since: date | None = None

    @property
    def days(self):
        """Its first and last day."""
        return self.first, self.last

    @property
    def query(self):
        """The parameters of an address that ask for it."""
        return {"period": self.key} if self.key else {"from": self.first.isoformat(), "to": self.last.isoformat()}

    @property
    def months(self):
        """Its calendar months in order; the first and the last may be cut short."""
        says_year = self.number_of_months > 12 + (self.first.day > 1)
        ends = self._ends(lambda day: day.replace(day=monthrange(day.year, day.month)[1]))
        return [PeriodMonth(first, last, says_year) for first, last in ends]

    @property
    def calendar_years(self):
        """Its calendar years in order; the first and the last may be cut short."""
        return [CalendarYear(first, last) for first, last in self._ends(lambda day: day.replace(month=12, day=31))]

    def _ends(self, end_of):
        """First and last day of each step in order; ``end_of(day)`` is the last day of the step that it falls in."""
        first = self.first
        while first <= self.last:
            last = min(end_of(first), self.last)
            yield first, last
            first = last + timedelta(days=1)

    @property
    def number_of_months(self):
        """How many calendar months it touches."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def is_long(self):
        """Whether it is shown by years, since it has too many months for a chart."""
        return self.number_of_months > MOST_MONTHS + (self.first.day > 1)

    @property
    def steps(self):
        """The steps of its chart and table: its months, or its calendar years where it is long."""
        return self.calendar_years if self.is_long else self.months

    def start_of_step(self, day):
        """The first day of the whole month, or calendar year, that ``day`` falls in."""
        return day.replace(month=1, day=1) if self.is_long else day.replace(day=1)

    def in_words(self, today):
        """ "since 1 April"; "from 1 April 2024 to 31 March 2025" once it is over; "from 1 April 2027" before it begins.

        Without the year where it is that of ``today``.
        """
        if self.first == self.last:
            return f"on {day_in_words(self.first, today)}"
        if self.last < today:
            days = days_in_words(self.first, self.last)
            return f"from {days.removesuffix(f' {today.year}') if self.first.year == today.year else days}"
        first = day_in_words(self.first, today)
        return f"since {first}" if self.first <= today else f"from {first}"

    def held_in_words(self, today):
        """When its engagements were held, for a sentence: "from 1 April to 30 June 2026"."""
        if self.since:
            return f"since the committee meeting of {date_in_words(self.since)}"
        if self.first == self.last:
            return f"on {date_in_words(self.first)}"
        if self.first <= today <= self.last:
            return f"since {date_in_words(self.first)}"
        return f"from {days_in_words(self.first, self.last)}"


def days_in_words(first, last):
    """ "1 April to 30 June 2026", with the first year too where it is another; "12 May 2026" for one day."""
    if first == last:
        return date_in_words(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {date_in_words(last)}"
    if first.year == last.year:
        return f"{first:%-d %B} to {date_in_words(last)}"
    return period_in_words(first, last)
