"""What happens on each day of a span: the engagements that stand on it, up to a cap, and how many there are."""

from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import EmptyResultSet

from engagements.models import Engagement, EngagementWorkstream

FIELDS = [
    *["id", "title", "kind", "status", "starts_on", "start_time", "ends_on", "end_time", "time_zone", "ends_at"],
    *["mode", "venue", "is_public_event"],
]
"""What the calendar says of an engagement is made of these."""

# One row for each engagement and day that it stands on. Those that go on from an earlier day come first, so that a
# list of what starts on the day holds all that the cap leaves out; `since` is for the day with more of them than that.
# It begins with SELECT, since the history has a note to write ahead of anything else.
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
    """One day: the engagements shown, how many stand on it in all, and what else marks it."""

    on: date
    engagements: list = field(default_factory=list)
    total: int = 0
    since: date | None = None
    """From which first day on a list has all of them."""
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
        """How many are not shown."""
        return self.total - len(self.engagements)

    @property
    def is_empty(self):
        """Whether nothing marks it."""
        return not (self.total or self.holiday or self.terms or self.papers)


def days_with_engagements(rows, workstreams, first, last, most):
    """({day: ``Day``}, how many engagements) for ``rows``, which stand on days from ``first`` to ``last``.

    At most ``most`` of a day are read, however many there are, in one query; each has its ``streams``, which are of
    ``workstreams``.
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
