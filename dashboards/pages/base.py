"""What the dashboard and the pages of a workstream and of an organisation have in common."""

from functools import cached_property

from django.utils.text import slugify

from commitments.rules.rhythm import CommitmentTally, State
from dashboards.queries.agreement import ROWS
from dashboards.queries.engagement_counts import of_months
from dashboards.widgets.table import table_of

WORST_FIRST = [State.LATE, State.SLIPPING, State.ON_COURSE, State.MET, State.NOT_MEASURED]


class Parts:
    """The chart of months and what was promised, of a board that has:

    ``agreement``, ``today``, ``period``; ``by_month``, a number held by (first day of the month, kind);
    ``held_link(first, last, kind)``, where these lead; ``commitments`` with how they stand; and ``links``. ``subject``
    and ``subject_key`` are what the page is about, in words and in the names of files; "" for all of the agreement.
    """

    subject = subject_key = ""

    @cached_property
    def table(self):
        """The engagements held, by month and kind."""
        return table_of(self.by_month, self.period, self.held_link)

    @cached_property
    def chart(self):
        """The same as static/js/charts.js draws it."""
        return self.table.as_chart()

    @property
    def of_months(self):
        """The number of engagements held in each month of the period."""
        return of_months(self.by_month, self.period.months)

    @property
    def file_name(self):
        """What a file of the chart is called, without its ending."""
        first, last = self.period.first, self.period.last
        names = [slugify(self.agreement.slug), self.subject_key, f"{self.table.step}s"]
        return "-".join([*filter(None, names), f"{first:%Y-%m-%d}-to-{last:%Y-%m-%d}"])

    @property
    def status_day(self):
        """The last day of a period that is over: its statuses are shown as they were then. None: those of today.

        An agreement that has ended changes no more: its statuses are those of its end.
        """
        is_over = self.period.last < self.today and not self.agreement.has_ended
        return self.period.last if is_over else None

    @property
    def promised(self):
        """The commitments that a reader should see first: the worst first."""
        return sorted(self.commitments, key=lambda one: WORST_FIRST.index(one.standing.state))[:ROWS]

    @cached_property
    def tally(self):
        """How many commitments are measured, met or on course, slipping, and late."""
        return CommitmentTally.of(commitment.standing for commitment in self.commitments)
