"""Periods by their names in an address: "last-year", "year-2-quarter-3". Pure rules about dates.

Agreement years and their quarters are counted from the day that the agreement took effect. Without that day there are
none, and the twelve months up to this one replace the year. The years of an agreement that has ended are counted up to
its end.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from dashboards.periods.period import Period, days_in_words
from partnership.agreement_years import AgreementYear, agreement_quarter, agreement_year, anniversary, months_after
from partnership.models import AgreementDate

SINCE_COMMITTEE = "since-committee"
TWELVE_MONTHS = "last-12-months"
BY_NUMBER = re.compile(r"year-(\d{1,4})(?:-quarter-(\d{1,4}))?", re.ASCII)
MOST_YEARS = 10
"""How many years a period may span."""

QUARTERS_OFFERED = 4
"""How many quarters there are to choose from: this one, and those before it."""

NO_YEARS = "The agreement has no effective date, so its years and quarters cannot be counted."


class UnknownPeriodError(ValueError):
    """There is no period with this name. The message is a sentence for the user."""


@dataclass(frozen=True)
class PeriodPresets:
    """The periods that the names mean on ``today``, for an agreement in force since ``effective`` (None if unknown).

    ``ended`` says whether the agreement has ended. ``ended_on`` is its last day, or None if unknown.
    """

    today: date
    effective: date | None = None
    ended: bool = False
    ended_on: date | None = None

    @property
    def day(self):
        """The day that is in "this" year and quarter: today, or the last day of an agreement that has ended."""
        return min(self.today, self.ended_on) if self.ended and self.ended_on else self.today

    @cached_property
    def default(self) -> Period:
        """The period shown by default: this agreement year, the last one of an ended agreement, or twelve months."""
        return self.year(self._number, "this-year") if self.effective else self.twelve_months

    @property
    def default_in_words(self):
        """ "This agreement year is shown instead.": the note where the period asked for cannot be shown."""
        are = "are" if self.effective is None else "is"
        return f"{self.default.label} {are} shown instead."

    @property
    def twelve_months(self):
        """The twelve calendar months up to and including this one."""
        last = self.today.replace(day=monthrange(self.today.year, self.today.month)[1])
        after = last + timedelta(days=1)
        return Period(after.replace(year=after.year - 1), last, key=TWELVE_MONTHS, label="The last twelve months")

    def year(self, number, key="") -> Period:
        """The agreement year with this ``number``, from 1. UnknownPeriodError where it has not begun."""
        self._must_have_begun(number, self._number, f"Agreement year {number}")
        days = anniversary(self.effective, number - 1), anniversary(self.effective, number) - timedelta(days=1)
        return Period(*days, AgreementYear(number, *days), key or f"year-{number}", self._name_of_year(number))

    def quarter(self, index) -> Period:
        """The quarter with this ``index``, from 0 through all years. UnknownPeriodError where it has not begun."""
        number, quarter = index // 4 + 1, index % 4 + 1
        self._must_have_begun(index + 1, self._quarter + 1, f"Quarter {quarter} of agreement year {number}")
        first, after = months_after(self.effective, 3 * index), months_after(self.effective, 3 * index + 3)
        name = f"Year {number}, quarter {quarter}"
        return Period(first, after - timedelta(days=1), key=f"year-{number}-quarter-{quarter}", label=name)

    def since_committee(self, held_on) -> Period:
        """The days since the last committee meeting, on ``held_on``: from the day after it up to today.

        The meeting itself belongs to the period before. A meeting of today is not yet the last one: on its day, its
        members look at the period since the meeting before.
        """
        first = held_on + timedelta(days=1)
        name = "Since the last committee meeting"
        return Period(first, max(self.today, first), key=SINCE_COMMITTEE, label=name, since=held_on)

    def days(self, first, last) -> Period:
        """The period from ``first`` to ``last``; one of them may be None.

        Without ``last`` it goes up to today. Without ``first`` it begins with the agreement year that ``last`` is in.
        """
        if last is None:
            last = max(self.today, first)
        first = first or self._start_of_year_of(last)
        year = agreement_year(self.effective, first) if self.effective else None
        is_year = year and (year.starts_on, year.ends_on) == (first, last)
        return Period(first, last, year if is_year else None, label=days_in_words(first, last))

    def named(self, name) -> Period:
        """The period of a ``name``; UnknownPeriodError where there is none."""
        if name == TWELVE_MONTHS:
            return self.twelve_months
        by_number = BY_NUMBER.fullmatch(name)
        if not by_number and name not in ("this-year", "last-year", "this-quarter", "last-quarter"):
            raise UnknownPeriodError(f"“{name[:40]}” is not the name of a period.")
        if self.effective is None:
            raise UnknownPeriodError(NO_YEARS)
        if by_number:
            return self._numbered(int(by_number[1]), by_number[2] and int(by_number[2]))
        if name == "this-year":
            return self.default
        if name == "last-year":
            if self._number == 1:
                raise UnknownPeriodError("There was no agreement year before this one.")
            return self.year(self._number - 1, "last-year")
        index = self._quarter - (name == "last-quarter")
        if index < 0:
            raise UnknownPeriodError("There was no quarter before this one.")
        return replace(self.quarter(index), key=name)

    def _numbered(self, number, quarter):
        if number < 1:
            raise UnknownPeriodError("Agreement years are counted from 1.")
        if quarter is None:
            return self.year(number)
        if not 1 <= quarter <= 4:
            raise UnknownPeriodError("The quarters of an agreement year are counted from 1 to 4.")
        return self.quarter(4 * (number - 1) + quarter - 1)

    @property
    def offered(self) -> list[Period]:
        """The periods to choose by name: years, then quarters. The one since the last committee meeting is left out."""
        if self.effective is None:
            return [self.default]
        years = [self.default, *([self.named("last-year")] if self._number > 1 else [])]
        return years + [self.quarter(index) for index in range(self._quarter, -1, -1)[:QUARTERS_OFFERED]]

    @cached_property
    def _number(self):
        return agreement_year(self.effective, self.day).number

    @cached_property
    def _quarter(self):
        """The index of this quarter, from 0; also 0 before the agreement takes effect."""
        first, _ = agreement_quarter(self.effective, self.day)
        months = (first.year - self.effective.year) * 12 + first.month - self.effective.month
        return months // 3

    def _name_of_year(self, number):
        if number == self._number:
            if self.ended:
                return "The last agreement year"
            return "This agreement year" if self.effective <= self.today else "The first agreement year"
        return "Last agreement year" if number == self._number - 1 and not self.ended else f"Agreement year {number}"

    def _start_of_year_of(self, day):
        year = agreement_year(self.effective, day) if self.effective else None
        return year.starts_on if year and year.starts_on <= day else anniversary(day, -1) + timedelta(days=1)

    @staticmethod
    def _must_have_begun(number, this, name):
        if number > this:
            raise UnknownPeriodError(f"{name} has not begun.")


def calendar_of(agreement, today) -> PeriodPresets:
    """The ``PeriodPresets`` of ``agreement`` on ``today``, from its prefetched dates."""
    effective, end = map(agreement.date_of, (AgreementDate.Kind.EFFECTIVE, AgreementDate.Kind.END))
    return PeriodPresets(today, effective and effective.on, agreement.has_ended, end and end.on)


def is_too_long(first, last):
    """Whether the days are more than ``MOST_YEARS``."""
    return last >= anniversary(first, MOST_YEARS)
