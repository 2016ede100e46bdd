"""The parts that the dashboard and the pages of a workstream and of an organisation share."""

from functools import cached_property

from django.utils.text import slugify

from commitments.rules.rhythm import CommitmentTally, State
from dashboards.queries.agreement import ROWS
from dashboards.queries.engagement_counts import of_months
from dashboards.widgets.table import table_of

WORST_FIRST = [State.LATE, State.SLIPPING, State.ON_COURSE, State.MET, State.NOT_MEASURED]


class BoardMixin:
    """Mixin with the chart of months and the worst commitments, for a board that has:

    ``agreement``, ``today``, ``period``; ``by_month``: {(first day of the month, kind): number held};
    ``held_link(first, last, kind)``, their address; ``commitments`` with their status; and ``links``. ``subject`` is
    the subject of the page in words, ``subject_key`` the same in the names of files; "" for the whole agreement.
    """

    subject = subject_key = ""

    @cached_property
    def table(self):
        """The engagements held, by month and kind."""
        return table_of(self.by_month, self.period, self.held_link)

    @cached_property
    def chart(self):
        """The table as static/js/charts.js reads it."""
        return self.table.as_chart()

    @property
    def of_months(self):
        """The number of engagements held in each month of the period."""
        return of_months(self.by_month, self.period.months)

    @property
    def file_name(self):
        """The name of a file of the chart, without its ending."""
        first, last = self.period.first, self.period.last
        names = [slugify(self.agreement.slug), self.subject_key, f"{self.table.step}s"]
        return "-".join([*filter(None, names), f"{first:%Y-%m-%d}-to-{last:%Y-%m-%d}"])

    @property
    def status_day(self):
        """The last day of a period that is over, whose statuses are shown as they were then; otherwise None for today.

        It is None too for an agreement that has ended, since its statuses stay those of its end.
        """
        is_over = self.period.last < self.today and not self.agreement.has_ended
        return self.period.last if is_over else None

    @property
    def promised(self):
        """The commitments with the worst status, the worst first, at most ``ROWS``."""
        return sorted(self.commitments, key=lambda one: WORST_FIRST.index(one.standing.state))[:ROWS]

    @cached_property
    def tally(self):
        """How many commitments are measured, met or on course, slipping, and late."""
        return CommitmentTally.of(commitment.standing for commitment in self.commitments)
