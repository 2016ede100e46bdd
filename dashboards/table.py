"""Engagements by month and kind: one table of figures, drawn as a chart and written as a table."""

from dataclasses import dataclass

from dashboards.period import Month
from engagements.models import Engagement


@dataclass(frozen=True)
class Cell:
    """A number, the name of its column, and the address of the rows that it counts."""

    column: str
    count: int
    url: str


@dataclass(frozen=True)
class Row:
    """One month: a cell for each kind, and all of them."""

    month: Month
    cells: list[Cell]
    total: Cell

    @property
    def all_cells(self):
        """The cells of the row as it is written, the total last."""
        return [*self.cells, self.total]


@dataclass(frozen=True)
class Table:
    """The months of a period against the kinds that occur in it."""

    kinds: list[Engagement.Kind]
    rows: list[Row]
    totals: list[Cell]
    total: Cell

    @property
    def all_totals(self):
        """The cells of the last row, the total of all last."""
        return [*self.totals, self.total]

    def as_chart(self):
        """What static/js/charts.js draws: labels, and for each kind its counts and addresses, as plain JSON."""
        return {
            "labels": [f"{row.month.first:%b}" for row in self.rows],
            "names": [row.month.name for row in self.rows],
            "series": [
                {
                    "kind": kind.value,
                    "name": kind.label,
                    "counts": [row.cells[i].count for row in self.rows],
                    "urls": [row.cells[i].url for row in self.rows],
                }
                for i, kind in enumerate(self.kinds)
            ],
        }


def table_of(counts, period, link) -> Table:
    """The table of ``counts``, a number by (first day of the month, kind).

    ``link(first, last, kind)`` gives the address of the engagements held on those days; ``kind`` None is all kinds.
    """
    kinds = [kind for kind in Engagement.Kind if any(kind == counted for _, counted in counts)]
    rows = [_row(month, kinds, counts, link) for month in period.months]
    totals = [
        Cell(kind.label, sum(row.cells[i].count for row in rows), link(period.first, period.last, kind))
        for i, kind in enumerate(kinds)
    ]
    total = Cell("All", sum(row.total.count for row in rows), link(period.first, period.last, None))
    return Table(kinds, rows, totals, total)


def _row(month, kinds, counts, link):
    cells = [
        Cell(kind.label, counts.get((month.first.replace(day=1), kind), 0), link(month.first, month.last, kind))
        for kind in kinds
    ]
    total = Cell("All", sum(cell.count for cell in cells), link(month.first, month.last, None))
    return Row(month, cells, total)
