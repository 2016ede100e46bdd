"""Which days the figures of an agreement count, and where in its term it stands. Pure rules about dates."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from engagements.words import day_in_words
from partnership.models import Agreement, AgreementDate
from partnership.terms import AgreementYear


@dataclass(frozen=True)
class Month:
    """The days of a period that fall in one calendar month: the first and last of them, both included."""

    first: date
    last: date

    @property
    def is_whole(self):
        """Whether it is all of the calendar month."""
        return self.first.day == 1 and self.last.day == monthrange(self.last.year, self.last.month)[1]

    @property
    def name(self):
        """ "April 2026", or "15 to 30 April 2026" where a period begins or ends within it."""
        days = "" if self.is_whole else f"{self.first.day} to {self.last.day} "
        return f"{days}{self.first:%B %Y}"


@dataclass(frozen=True)
class Period:
    """The days that the figures count, both included. ``year`` is None where no effective date is set."""

    first: date
    last: date
    year: AgreementYear | None = None

    @property
    def months(self):
        """Its calendar months in order; the first and the last may be cut short."""
        months, first = [], self.first
        while first <= self.last:
            last = first.replace(day=monthrange(first.year, first.month)[1])
            months.append(Month(first, min(last, self.last)))
            first = last + timedelta(days=1)
        return months

    def in_words(self, today):
        """ "since 1 April"; "1 April 2024 to 31 March 2025" once it is over; "from 1 April 2027" before it begins."""
        if self.last < today:
            return f"{self.first:%-d %B %Y} to {self.last:%-d %B %Y}"
        first = day_in_words(self.first, today)
        return f"since {first}" if self.first <= today else f"from {first}"


@dataclass(frozen=True)
class Term:
    """Where an agreement stands: words on either side of a bar, and how full the bar is (0 to 100)."""

    heading: str
    note: str
    percent: int


def has_ended(agreement):
    """Whether the parties say that it has ended. A date that has passed does not say so by itself."""
    return agreement.status == Agreement.Status.ENDED


def period_in_view(agreement, today) -> Period:
    """The agreement year of ``today``; of an ended agreement its last. It reads the agreement's dates as prefetched.

    Without an effective date there are no years: the twelve months up to this one.
    """
    end = agreement.date_of(AgreementDate.Kind.END)
    year = agreement.year_on(min(today, end.on) if end and has_ended(agreement) else today)
    if year:
        return Period(year.starts_on, year.ends_on, year)
    last = today.replace(day=monthrange(today.year, today.month)[1])
    after = last + timedelta(days=1)
    return Period(after.replace(year=after.year - 1), last)


def term_of(agreement, period, today) -> Term | None:
    """Where in its agreement year ``today`` falls; None without an effective date."""
    year, end = period.year, agreement.date_of(AgreementDate.Kind.END)
    if year is None:
        return None
    heading = f"Agreement year {year.number}"
    if has_ended(agreement):
        return Term(f"{heading}, the last", f"ended {end.on:%-d %B %Y}" if end and end.on <= today else "ended", 100)
    if today < year.starts_on:
        return Term(heading, f"begins {in_days((year.starts_on - today).days)}", 0)
    day = year.day_number(today)
    return Term(heading, f"day {day} of {year.length}", round(100 * day / year.length))


def in_days(days):
    """ "in 3 days", or "tomorrow" for 1."""
    return "tomorrow" if days == 1 else f"in {days} days"
