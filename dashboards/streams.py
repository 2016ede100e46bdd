"""What the pages of workstreams show, found for one user at one moment."""

from functools import cached_property

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from commitments.models import Commitment
from dashboards import links, queries
from dashboards.tiles import tiles_of_stream
from engagements.models import Action

ROWS = 5
"""How many engagements a workstream's page shows of each list; the rest is behind its link."""

ACTION_ROWS = 10


class StreamList:
    """The workstreams of an agreement, each with its figures (see ``queries``), ``links`` and ``next`` engagement.

    The period of ``picker`` governs what was held, and goes with the links between the pages.
    """

    def __init__(self, user, agreement, now, picker):
        today = timezone.localdate(now)
        self.period = picker.shown
        self.since = self.period.held_in_words(today)
        engagements = queries.engagements_of(user, agreement)
        coming = queries.next_by_workstream(engagements, now)
        self.rows = list(queries.workstreams_with_figures(user, agreement, self.period, today))
        for workstream in self.rows:
            workstream.links = links_of(workstream, agreement, self.period, today)
            workstream.links["page"] += picker.query
            workstream.next = coming.get(workstream.pk)

    @property
    def current(self):
        """Those in which work goes on."""
        return [workstream for workstream in self.rows if not workstream.archived_on]

    @property
    def archived(self):
        """Those in which it does not."""
        return [workstream for workstream in self.rows if workstream.archived_on]


def links_of(workstream, agreement, period, today):
    """Where the figures of a workstream lead, by their names."""
    return {
        "page": reverse("dashboards:workstream", args=[agreement.slug, workstream.slug]),
        "held": links.held_link(agreement, period.first, period.last, workstream=workstream.slug),
        "ever": links.latest_link(agreement, workstream=workstream),
        "coming": links.coming_link(agreement, today, workstream=workstream),
        "open": links.actions_link(agreement, "open", workstream=workstream),
        "overdue": links.actions_link(agreement, "overdue", workstream=workstream),
    }


class StreamBoard:
    """One workstream as ``user`` may see it at ``now``. Http404 where the agreement has none of that slug.

    ``period`` governs what was held, and the latest records.
    """

    def __init__(self, user, agreement, slug, now, period):
        self.user, self.agreement, self.now = user, agreement, now
        self.today = timezone.localdate(now)
        self.period = period
        rows = queries.workstreams_with_figures(user, agreement, self.period, self.today)
        self.workstream = rows.filter(slug=slug).first()
        if self.workstream is None:
            raise Http404("There is no such workstream.")
        self.engagements = queries.engagements_of(user, agreement).filter(workstream_links__workstream=self.workstream)

    @property
    def links(self):
        """Where its figures lead."""
        return links_of(self.workstream, self.agreement, self.period, self.today)

    @property
    def tiles(self):
        """Its figures, each with what it means."""
        return tiles_of_stream(self)

    @property
    def archived_words(self):
        """What an archived workstream says on top."""
        return f"Archived on {self.workstream.archived_on:%-d %B %Y}: nothing new is logged in it, what was done stays."

    @cached_property
    def next(self):
        """Its next engagements."""
        return list(queries.coming(self.engagements, self.user, self.now)[:ROWS])

    @cached_property
    def latest(self):
        """Its engagements of the period that were held last."""
        return list(queries.held_last(queries.held_in(self.period, self.engagements))[:ROWS])

    @cached_property
    def actions(self):
        """Its open actions, those due first."""
        actions = Action.objects.visible_to(self.user).of(self.agreement).open().of_workstream(self.workstream)
        return list(actions.with_owner().with_may_finish(self.user)[:ACTION_ROWS])

    @cached_property
    def commitments(self):
        """The commitments that are about it."""
        commitments = Commitment.objects.visible_to(self.user).of(self.agreement)
        return list(
            commitments.filter(workstream_links__workstream=self.workstream).select_related("given_by", "given_to")
        )
