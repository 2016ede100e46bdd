"""Engagements by month and kind: one table of figures, drawn as a chart and written as a table."""

from collections import Counter
from dataclasses import dataclass, replace

from dashboards.periods.period import CalendarYear, PeriodMonth
from engagements.models import Engagement


@dataclass(frozen=True)
class Cell:
    """A number, the name of its column, and the address of the rows that it counts."""

    column: str
    count: int
    url: str


@dataclass(frozen=True)
class TableRow:
    """One month, or one year of a long period: a cell for each kind, the total, and the plan's number, if any."""

    month: PeriodMonth | CalendarYear
    cells: list[Cell]
    total: Cell
    plan: float | None = None

    @property
    def all_cells(self):
        """The cells of the row as it is written, the total last."""
        return [*self.cells, self.total]


@dataclass(frozen=True)
class Table:
    """The months of a period against the kinds that occur in it; ``step`` is "month", or "year" where it is long.

    ``plan`` is how many the plan has in all, if there is one.
    """

    kinds: list[Engagement.Kind]
    rows: list[TableRow]
    totals: list[Cell]
    total: Cell
    step: str = "month"
    plan: int | None = None

    @property
    def all_totals(self):
        """The cells of the last row, the total of all last."""
        return [*self.totals, self.total]

    def with_plan(self, plan):
        """A copy with the numbers of ``plan`` (a Plan of these months, or None) for each month, to one decimal."""
        if plan is None:
            return self
        months = [round(float(plan.between(row.month.first, row.month.last)), 1) for row in self.rows]
        rows = [replace(row, plan=number) for row, number in zip(self.rows, months, strict=True)]
        return replace(self, rows=rows, plan=plan.total)

    def as_chart(self):
        """The data for static/js/charts.js, as plain JSON: labels, each kind's counts and addresses, and the plan."""
        plan = {"name": "Plan", "counts": [row.plan for row in self.rows]}
        return {
            "labels": [row.month.label for row in self.rows],
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
            **({} if self.plan is None else {"plan": plan}),
        }


def table_of(counts, period, link) -> Table:
    """The table of ``counts``: {(first day of the month, kind): number}.

    ``link(first, last, kind)`` returns the address of the engagements held on those days; ``kind`` None is all kinds.
    """
    steps = Counter()
    for (month, kind), number in counts.items():
        steps[period.start_of_step(month), kind] += number
    kinds = [kind for kind in Engagement.Kind if any(kind == counted for _, counted in counts)]
    rows = [_row(step, period.start_of_step(step.first), kinds, steps, link) for step in period.steps]
    totals = [
        Cell(kind.label, sum(row.cells[i].count for row in rows), link(period.first, period.last, kind))
        for i, kind in enumerate(kinds)
    ]
    total = Cell("All", sum(row.total.count for row in rows), link(period.first, period.last, None))
    return Table(kinds, rows, totals, total, "year" if period.is_long else "month")


def _row(step, start, kinds, counts, link):
    cells = [Cell(kind.label, counts[start, kind], link(step.first, step.last, kind)) for kind in kinds]
    total = Cell("All", sum(cell.count for cell in cells), link(step.first, step.last, None))
    return TableRow(step, cells, total)
