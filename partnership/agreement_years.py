"""Agreement years: pure rules about dates."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class AgreementYear:
    """One year of an agreement: its number from 1, first and last day (both belong to it)."""

    number: int
    starts_on: date
    ends_on: date

    @property
    def length(self):
        """Its days: 365 or 366."""
        return (self.ends_on - self.starts_on).days + 1

    def day_number(self, day):
        """The number of ``day`` in the year, from 1. A day outside the year counts as its first or last day."""
        return min(max((day - self.starts_on).days + 1, 1), self.length)


def anniversary(effective: date, years: int) -> date:
    """``effective`` moved by whole years; a 29 February becomes 1 March where there is none."""
    try:
        return effective.replace(year=effective.year + years)
    except ValueError:
        return date(effective.year + years, 3, 1)


def months_after(effective: date, months: int) -> date:
    """``effective`` moved by months; a day that the month does not have becomes the first of the next month."""
    year, month = divmod(effective.month - 1 + months, 12)
    try:
        return effective.replace(year=effective.year + year, month=month + 1)
    except ValueError:
        return date(effective.year + year, month + 2, 1)


def agreement_quarter(effective: date, day: date) -> tuple[date, date]:
    """First and last day of the quarter of an agreement year that ``day`` falls in; the first one for days before."""
    quarter = max((day.year - effective.year) * 4 + (day.month - effective.month) // 3, 0)
    while quarter and months_after(effective, 3 * quarter) > day:
        quarter -= 1
    return months_after(effective, 3 * quarter), months_after(effective, 3 * quarter + 3) - timedelta(days=1)


def agreement_year(effective: date, day: date) -> AgreementYear:
    """The agreement year that ``day`` falls in; the first one for days before ``effective``."""
    years = max(day.year - effective.year, 0)
    if years and anniversary(effective, years) > day:
        years -= 1
    return year_numbered(effective, years + 1)


def year_numbered(effective: date, number: int) -> AgreementYear:
    """The agreement year with this number, from 1."""
    first, next_first = anniversary(effective, number - 1), anniversary(effective, number)
    return AgreementYear(number, first, next_first - timedelta(days=1))
