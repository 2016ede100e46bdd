"""The engagements on each day of a period, up to a limit for each day, and how many there are in all."""

from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import EmptyResultSet

from engagements.models import Engagement, EngagementWorkstream

FIELDS = [
    *["id", "title", "kind", "status", "starts_on", "start_time", "ends_on", "end_time", "time_zone", "ends_at"],
    *["mode", "venue", "is_public_event"],
]
"""The columns that the calendar needs of an engagement."""

# One row for each engagement and each of its days. Engagements that began on an earlier day come first, so the list of
# those that start on the day holds all that the limit leaves out. Where the earlier ones alone exceed the limit, that
# list has to begin on the first day of any of them: `since`.
# The statement begins with SELECT, because pghistory puts its context in front of one that begins with WITH.
DAYS = """SELECT * FROM (WITH found AS MATERIALIZED ({found}),
placed AS (
    SELECT found.*, day::date AS day,
        row_number() OVER (PARTITION BY day ORDER BY starts_on = day, start_time NULLS FIRST, title, id) AS place,
        count(*) OVER (PARTITION BY day) AS total,
        CASE WHEN count(*) FILTER (WHERE starts_on < day) OVER (PARTITION BY day) > %s
            THEN min(starts_on) OVER (PARTITION BY day) ELSE day::date END AS since
    FROM found, generate_series(
        greatest(starts_on, %s)::timestamp, least(coalesce(ends_on, starts_on), %s)::timestamp, '1 day') AS day
)
SELECT placed.*, (SELECT count(*) FROM found) AS found,
    ARRAY(SELECT workstream_id FROM {links} WHERE engagement_id = placed.id ORDER BY id) AS stream_keys
FROM placed WHERE place <= %s) AS shown ORDER BY day, place
"""


@dataclass
class Day:
    """One day: the engagements shown, how many there are in all, and the bank holiday, dates and papers of the day."""

    on: date
    engagements: list = field(default_factory=list)
    total: int = 0
    since: date | None = None
    """The list of engagements from this day to ``on`` holds all those not shown."""
    holiday: str = ""
    terms: list = field(default_factory=list)
    """The dates of the agreement that fall on it."""
    papers: list = field(default_factory=list)
    """The committee meetings whose papers are due on it."""

    @property
    def weekday(self):
        """ "Monday"."""
        return f"{self.on:%A}"

    @property
    def more(self):
        """The number of engagements not shown."""
        return self.total - len(self.engagements)

    @property
    def is_empty(self):
        return not (self.total or self.holiday or self.terms or self.papers)


def days_with_engagements(rows, workstreams, first, last, most):
    """Return ({day: ``Day``}, number of engagements) for ``rows``, which fall on days from ``first`` to ``last``.

    One query reads at most ``most`` engagements of each day. Each engagement gets ``streams``: those of ``workstreams``
    that it belongs to.
    """
    try:
        found, params = rows.order_by().values(*FIELDS).query.sql_with_params()
    except EmptyResultSet:
        return {}, 0
    sql = DAYS.format(found=found, links=EngagementWorkstream._meta.db_table)
    streams = {row.pk: row for row in workstreams}
    days, number = {}, 0
    for engagement in Engagement.objects.raw(sql, [*params, most, first, last, most]):
        engagement.streams = [streams[key] for key in engagement.stream_keys if key in streams]
        day = days.setdefault(engagement.day, Day(engagement.day, total=engagement.total, since=engagement.since))
        day.engagements.append(engagement)
        number = engagement.found
    return days, number
