"""The contents of the pages of workstreams, for one user at one moment."""

from functools import cached_property

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from commitments.presenters.counting import standings
from dashboards import links
from dashboards.pages.base import BoardMixin
from dashboards.queries import agreement as agreement_queries
from dashboards.queries import figures
from dashboards.queries.engagement_counts import by_month_of
from dashboards.widgets.tiles import tiles_of_stream
from pages.words import date_in_words


class StreamList:
    """The workstreams of an agreement, each with its figures, ``links`` and ``next`` engagement.

    The figures are those of ``figures.workstreams_with_figures``. They count the engagements held in the period of
    ``picker``, and links between the pages keep that period.
    """

    def __init__(self, user, agreement, now, picker):
        today = timezone.localdate(now)
        self.period = picker.shown
        self.since = self.period.held_in_words(today)
        engagements = figures.engagements_of(user, agreement)
        coming = figures.next_by_workstream(engagements, now)
        self.rows = list(figures.workstreams_with_figures(user, agreement, self.period, today))
        for workstream in self.rows:
            workstream.links = links_of(workstream, agreement, self.period, today)
            workstream.links["page"] += picker.query
            workstream.next = coming.get(workstream.pk)

    @property
    def current(self):
        return [workstream for workstream in self.rows if not workstream.archived_on]

    @property
    def archived(self):
        return [workstream for workstream in self.rows if workstream.archived_on]


def links_of(workstream, agreement, period, today):
    """{name: address} of the page of a workstream and of the lists behind its figures."""
    return {
        "page": reverse("dashboards:workstream", args=[agreement.slug, workstream.slug]),
        "held": links.held_link(agreement, period.first, period.last, workstream=workstream.slug),
        "ever": links.ever_held_link(agreement, workstream=workstream),
        "coming": links.coming_link(agreement, today, workstream=workstream.slug),
        "open": links.actions_link(agreement, "open", workstream=workstream.slug),
        "overdue": links.actions_link(agreement, "overdue", workstream=workstream.slug),
    }


class StreamBoard(BoardMixin):
    """The workstream with this ``slug``, as ``user`` may see it at ``now``. Http404 where the agreement has none.

    The engagements held and the latest records are those of ``period``.
    """

    def __init__(self, user, agreement, slug, now, period):
        self.user, self.agreement, self.now = user, agreement, now
        self.today = timezone.localdate(now)
        self.period = period
        found = agreement_queries.workstream(user, agreement, slug, self.today)
        if not found:
            raise Http404("There is no such workstream.")
        self.workstream = found[0]
        self.subject, self.subject_key = self.workstream.name, self.workstream.slug

    def _ask(self, question, *more):
        return question(self.user, self.agreement, *more, self.workstream)

    @cached_property
    def by_month(self):
        """{(first day of the month, kind): number of its engagements held}."""
        return by_month_of(self._ask(agreement_queries.held_by_month, self.period.first, self.period.last))

    def held_link(self, first, last, kind=None):
        """The address of its engagements held on these days, of one kind or of all."""
        return links.held_link(self.agreement, first, last, kind, workstream=self.workstream.slug)

    @cached_property
    def links(self):
        """{name of a figure: address of the list behind it}."""
        agreement, workstream = self.agreement, self.workstream
        day = self.status_day
        promised = {
            show: links.commitments_link(agreement, show, workstream, on=day) for show in ("kept", "slipping", "late")
        }
        return links_of(workstream, agreement, self.period, self.today) | {
            "months": reverse("dashboards:workstream_months_csv", args=[agreement.slug, workstream.slug]),
            "public": links.public_link(agreement, workstream=workstream.slug),
            "commitments": links.commitments_link(agreement, workstream=workstream, on=day),
            **promised,
        }

    @property
    def tiles(self):
        return tiles_of_stream(self)

    @property
    def archived_words(self):
        """The sentence at the top of the page of an archived workstream."""
        day = date_in_words(self.workstream.archived_on)
        return f"Archived on {day}: nothing new is logged in it, what was done stays."

    @cached_property
    def next(self):
        return self._ask(agreement_queries.coming, self.now)

    @cached_property
    def latest(self):
        """Its engagements of the period that were held last."""
        return self._ask(agreement_queries.held_last, self.period.first, self.period.last)

    @cached_property
    def actions(self):
        """How many of its actions are ``open`` and ``overdue``; see ``figures.number_of_actions``."""
        starts, first = figures.starts_of(self.period), self.period.first
        return figures.number_of_actions(
            self._ask(agreement_queries.actions_by_month, starts, first, self.today), self.period
        )

    @cached_property
    def open_actions(self):
        """Its open actions, those due first."""
        return self._ask(agreement_queries.open_actions)

    @cached_property
    def commitments(self):
        """The commitments that are about it, with their status."""
        return standings(self.user, self.agreement, self.now, workstream=self.workstream, on=self.status_day)
