"""The engagements held in a period, counted for a whole page in one query."""

from bisect import bisect
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateField, F, FilteredRelation, Func, IntegerField, JSONField, Q, Subquery
from django.db.models.functions import TruncMonth

from dashboards.periods.period import PeriodMonth
from dashboards.widgets.heat import HeatColumn, columns_of
from partnership.models import Agreement
from workstreams.models import Workstream


class Days(Func):
    """A PostgreSQL array of days."""

    template = "ARRAY[%(expressions)s]::date[]"
    output_field = ArrayField(DateField())


class WidthBucket(Func):
    """The number, from 1, of the stretch of days that a day falls in.

    ``starts`` are the first days of the stretches, in order, or a placeholder of their list (``compiled_queries``).
    """

    function = "width_bucket"
    output_field = IntegerField()

    def __init__(self, day, starts):
        super().__init__(day, Days(starts) if hasattr(starts, "resolve_expression") else Days(*starts))


class JsonRows(Subquery):
    """All rows of a queryset of ``values``, as a list of dicts: one query then answers several questions."""

    template = "(SELECT COALESCE(jsonb_agg(answers), '[]') FROM (%(subquery)s) answers)"
    output_field = JSONField()


@dataclass(frozen=True)
class EngagementCounts:
    """Numbers of engagements, by (index of the stretch, kind) and by (workstream's key or None, index of the column).

    A stretch is the days that a month and a column share, since quarters need not begin with a month.
    """

    months: list[PeriodMonth]
    columns: list[HeatColumn]
    streams: list[dict]
    by_stretch: dict
    by_stream: dict

    @cached_property
    def stretches(self):
        """The first days of the stretches."""
        return stretches_of(self.months, self.columns)

    @cached_property
    def by_month(self):
        """{(first day of the calendar month, kind): number}."""
        numbers = Counter()
        for (place, kind), number in self.by_stretch.items():
            numbers[self.stretches[place].replace(day=1), kind] += number
        return dict(numbers)

    @cached_property
    def by_column(self):
        """{index of the column: number of engagements}."""
        firsts, numbers = [column.first for column in self.columns], Counter()
        for (place, _), number in self.by_stretch.items():
            numbers[bisect(firsts, self.stretches[place]) - 1] += number
        return numbers


def of_months(by_month, months):
    """The numbers of ``by_month``, see ``EngagementCounts``, in each of the ``months``."""
    numbers = Counter()
    for (month, _), number in by_month.items():
        numbers[month] += number
    return [numbers[month.first.replace(day=1)] for month in months]


def rows_by_month(engagements):
    """For ``by_month_of``: how many ``engagements`` there were by month and kind."""
    return engagements.order_by().values("kind", month=TruncMonth("starts_on")).annotate(number=Count("pk"))


def by_month_of(rows):
    """The numbers of ``rows_by_month`` by (first day of the calendar month, kind)."""
    return {(row["month"], row["kind"]): row["number"] for row in rows}


def stretches_of(months, columns):
    """The first days of the stretches that ``months`` and ``columns`` cut a period into."""
    return sorted({part.first for part in (*months, *columns)})


def held_rows(user, agreement, engagements, stretches, columns):
    """For ``held_of``: ``engagements`` counted by the stretches, and by the columns, that begin on these days."""
    rows = engagements.order_by()
    by_stretch = rows.values("kind", at=WidthBucket("starts_on", stretches))
    # Otherwise PostgreSQL reads the links of all agreements.
    links = FilteredRelation("workstream_links", condition=Q(workstream_links__agreement=agreement))
    by_stream = rows.annotate(links=links).values(stream=F("links__workstream"), at=WidthBucket("starts_on", columns))
    streams = Workstream.objects.visible_to(user).of(agreement)
    return Agreement.objects.filter(pk=agreement.pk).values(
        by_stretch=JsonRows(by_stretch.annotate(number=Count("pk"))),
        by_stream=JsonRows(by_stream.annotate(number=Count("pk"))),
        streams=JsonRows(streams.order_by("position", "name").values("pk", "name", "slug", "colour", "archived_on")),
    )


def held_of(period, effective, count) -> EngagementCounts:
    """The engagements held in ``period``; ``count(stretches, columns)`` returns their row of ``held_rows``."""
    months, columns = period.months, columns_of(period.first, period.last, effective)
    numbers = count(stretches_of(months, columns), [column.first for column in columns])
    return EngagementCounts(
        months,
        columns,
        numbers["streams"],
        {(row["at"] - 1, row["kind"]): row["number"] for row in numbers["by_stretch"]},
        {(row["stream"], row["at"] - 1): row["number"] for row in numbers["by_stream"]},
    )
