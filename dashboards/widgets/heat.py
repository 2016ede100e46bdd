"""Engagements by workstream and quarter of the agreement year: a table whose cells are tinted by number. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from engagements.lists.engagements import NO_WORKSTREAM
from partnership.agreement_years import agreement_quarter, agreement_year, months_after

STEPS = 4
"""How many tints there are, without the one for 0."""

MOST_QUARTERS = 8
"""A period of more quarters than this is shown by years."""

MOST_BESIDE = 5
"""The most columns that leave space for something beside the table."""


@dataclass(frozen=True)
class HeatColumn:
    """A quarter or a year of the agreement, as far as it is in the period: name, first and last day (both included)."""

    name: str
    first: date
    last: date

    @property
    def days(self):
        """ "Apr to Jun 2026"; "15 Mar to 14 Jun 2026" where it does not begin and end with a month."""
        if self.first == self.last:
            return f"{self.last:%-d %b %Y}"
        year = "" if self.first.year == self.last.year else f" {self.first.year}"
        if self.first.day > 1 or (self.last + timedelta(days=1)).day > 1:
            return f"{self.first:%-d %b}{year} to {self.last:%-d %b %Y}"
        if f"{self.first:%b %Y}" == f"{self.last:%b %Y}":
            return f"{self.last:%b %Y}"
        return f"{self.first:%b}{year} to {self.last:%b %Y}"


@dataclass(frozen=True)
class HeatCell:
    """A number, the address and a description of the rows that it counts, and a tint (0 to ``STEPS``)."""

    count: int
    url: str
    label: str
    step: int = 0
    is_ahead: bool = False


@dataclass(frozen=True)
class HeatRow:
    """A workstream (``pk``, ``name``, ``slug``, ``colour``, ``archived_on``), or None for engagements without one."""

    stream: dict | None
    cells: list[HeatCell]


@dataclass(frozen=True)
class Heat:
    """The table. An engagement of two workstreams is in two rows, but is counted once in ``totals``.

    ``is_shared`` says whether there is such an engagement.
    """

    columns: list[HeatColumn]
    rows: list[HeatRow]
    totals: list[HeatCell]
    is_shared: bool

    @property
    def is_wide(self):
        """Whether it needs the width of the page."""
        return len(self.columns) > MOST_BESIDE


def columns_of(first: date, last: date, effective: date | None) -> list[HeatColumn]:
    """The quarters of agreement years from ``first`` to ``last``, cut to these days; years if there are too many.

    The days before ``effective`` are one column. Without an effective date, quarters are counted from ``first``,
    without names.
    """
    anchor, columns = effective or first, []
    if first < anchor:
        columns.append(HeatColumn("Before", first, min(last, anchor - timedelta(days=1))))
    quarters = _cut(max(first, anchor), last, lambda day: agreement_quarter(anchor, day))
    if len(quarters) > MOST_QUARTERS:
        quarters = _cut(max(first, anchor), last, lambda day: _year(anchor, day))
        names = [f"Year {agreement_year(anchor, first).number}" for first, _ in quarters]
    else:
        names = _names_of_quarters(anchor, [first for first, _ in quarters])
    return columns + [HeatColumn(name if effective else "", *days) for name, days in zip(names, quarters, strict=True)]


def _cut(first, last, span_of):
    """The spans from ``first`` to ``last``, each a (first, last) pair; the outer ones are cut to these days."""
    spans = []
    while first <= last:
        end = min(span_of(first)[1], last)
        spans.append((first, end))
        first = end + timedelta(days=1)
    return spans


def _year(anchor, day):
    year = agreement_year(anchor, day)
    return year.starts_on, year.ends_on


def _names_of_quarters(anchor, days):
    """ "Q1", or "Year 2, Q1" where ``days`` are of more than one agreement year."""
    years = [agreement_year(anchor, day).number for day in days]
    begun = [
        sum(months_after(anchor, 12 * (year - 1) + 3 * quarter) <= day for quarter in range(4))
        for year, day in zip(years, days, strict=True)
    ]
    several = len(set(years)) > 1
    return [f"Year {year}, Q{n}" if several else f"Q{n}" for year, n in zip(years, begun, strict=True)]


def heat_of(columns, streams, counts, totals, today, link) -> Heat | None:
    """The table of ``counts``: {(key of the workstream or None, index of the column): number}; None without rows.

    ``totals``: {index of the column: number of engagements}. An archived workstream has a row only if it has figures.
    ``link(first, last, slug)`` returns the address of a workstream's engagements on those days; without slug, of all.
    """
    with_figures = {key for key, _ in counts}
    shown = [stream for stream in streams if not stream["archived_on"] or stream["pk"] in with_figures]
    most = max(counts.values(), default=0)

    def cells(slug, name, numbers, tinted=True):
        return [
            HeatCell(
                number,
                link(column.first, column.last, slug),
                f"{name}, {column.name or column.days}",
                _step(number, most) if tinted else 0,
                column.first > today and not number,
            )
            for column, number in zip(columns, numbers, strict=True)
        ]

    def numbers_of(key):
        return [counts.get((key, place), 0) for place in range(len(columns))]

    rows = [HeatRow(stream, cells(stream["slug"], stream["name"], numbers_of(stream["pk"]))) for stream in shown]
    if None in with_figures:
        rows.append(HeatRow(None, cells(NO_WORKSTREAM, "No workstream", numbers_of(None))))
    all_of_them = [totals.get(place, 0) for place in range(len(columns))]
    is_shared = sum(counts.values()) > sum(all_of_them)
    return Heat(columns, rows, cells(None, "All engagements", all_of_them, tinted=False), is_shared) if rows else None


def _step(number, most):
    """The tint of ``number``, where ``most`` is the largest number. Small numbers each have their own tint."""
    return ceil(STEPS * number / max(most, STEPS))
