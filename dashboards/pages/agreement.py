"""The contents of the dashboard, for one user at one moment."""

import datetime as dt
from collections import Counter
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from commitments.presenters.counting import standings
from commitments.presenters.year_plans import end_of, moved_in_words, numbers_set, plan_of_year, year_of_days
from contacts.models import Organisation
from dashboards import links
from dashboards.pages.base import BoardMixin
from dashboards.queries import agreement as agreement_queries
from dashboards.queries import figures
from dashboards.queries.engagement_counts import held_of
from dashboards.widgets.agreement_progress import term_of
from dashboards.widgets.date_alerts import alerts_of
from dashboards.widgets.heat import heat_of
from dashboards.widgets.sentence import Meeting, SentenceFacts, sentence
from dashboards.widgets.tiles import tiles_of
from partnership.models import AgreementDate

LOOKED_AFTER = dt.timedelta(days=430)
"""How far back incomplete records are found. Nobody completes older ones from the dashboard, and to search ten years of
records would slow it for every reader.
"""


class Board(BoardMixin):
    """The figures and lists of an agreement's dashboard, as ``user`` may see them at ``now``. Each is queried once.

    ``calendar`` has the periods of the agreement. The engagements held, the organisations reached and the latest
    records are those of ``period``; its default is ``year_now``, the agreement year of today. Next engagements and
    actions are those of ``now``. The commitments have their status at ``now``, or that of the last day of a period
    that is over.
    """

    def __init__(self, user, agreement, now, calendar, period=None):
        self.user, self.agreement, self.now = user, agreement, now
        self.today = timezone.localdate(now)
        self.year_now = calendar.default
        self.period = period or self.year_now
        self.plan_numbers = numbers_set(agreement)
        self.effective = agreement.date_of(AgreementDate.Kind.EFFECTIVE)
        self.end = agreement.date_of(AgreementDate.Kind.END)
        self.flags = alerts_of(agreement, self.today)
        self.term = term_of(agreement, self.year_now.year, self.today)

    @cached_property
    def figures(self):
        """The engagements held, counted in every way that the page needs."""
        effective = self.effective and self.effective.on
        return held_of(self.period, effective, lambda *days: self._of_period(agreement_queries.held, *days)[0])

    def _of_period(self, question, *more):
        return question(self.user, self.agreement, self.period.first, self.period.last, *more)

    @cached_property
    def by_month(self):
        """The engagements held, by (first day of the month, kind)."""
        return self.figures.by_month

    def held_link(self, first, last, kind=None):
        """The address of the engagements held on these days, of one kind or of all."""
        return links.held_link(self.agreement, first, last, kind)

    @cached_property
    def table(self):
        """The engagements held, by month and kind, with the plan of the period."""
        return super().table.with_plan(self.plan)

    @cached_property
    def heat(self):
        """The engagements held, by workstream and quarter."""
        figures = self.figures
        return heat_of(
            figures.columns,
            figures.streams,
            figures.by_stream,
            figures.by_column,
            self.today,
            lambda first, last, slug: links.held_link(self.agreement, first, last, workstream=slug),
        )

    @cached_property
    def reached(self):
        """A dict: how many ``organisations`` were reached, how many are ``councils``, how many are new ``by_month``.

        ``hides_some``: whether the numbers may leave some out for the user under the Chatham House Rule.
        """
        rows = self._of_period(agreement_queries.reached)
        first = figures.first_days(rows)
        months = Counter(f"{day:%Y-%m}" for _, day in first)
        return {
            "organisations": len(first),
            "councils": sum(kind == Organisation.Kind.COUNCIL for kind, _ in first),
            "by_month": [months[f"{month.first:%Y-%m}"] for month in self.period.months],
            "hides_some": any(row["reached"] is None for row in rows),
        }

    @cached_property
    def actions(self):
        """A dict: how many actions are ``open`` and ``overdue``, and more; see ``figures.number_of_actions``."""
        starts, first = figures.starts_of(self.period), self.period.first
        groups = agreement_queries.actions_by_month(self.user, self.agreement, starts, first, self.today)
        return figures.number_of_actions(groups, self.period)

    @cached_property
    def next(self):
        return agreement_queries.coming(self.user, self.agreement, self.now)

    @cached_property
    def overdue(self):
        """The actions that have been overdue longest."""
        return agreement_queries.overdue(self.user, self.agreement, self.today)

    @cached_property
    def to_complete(self):
        """Incomplete records, as far back as ``LOOKED_AFTER``. The list behind the link has the older ones."""
        return agreement_queries.to_complete(self.user, self.agreement, self.now, self.today - LOOKED_AFTER)

    @cached_property
    def latest(self):
        """The engagements of the period that were held last."""
        return self._of_period(agreement_queries.held_last)

    @cached_property
    def commitments(self):
        """All commitments with their status, in the order of the agreement."""
        return standings(self.user, self.agreement, self.now, on=self.status_day)

    @cached_property
    def plan(self):
        """The plan of the period; None where it is not one whole agreement year, or where that has no plan."""
        return self.plan_year and plan_of_year(self.plan_year, self.plan_numbers, self.commitments)

    @cached_property
    def plan_year(self):
        """The agreement year that the period is exactly; None for another period, which has no plan to compare with."""
        return year_of_days(self.agreement, self.period.first, self.period.last)

    @cached_property
    def against_plan(self):
        """How the number held compares with the plan; None without a plan, or before its year begins."""
        held = self.table.total.count
        return self.plan and self.plan.compare(held, self.today, ended_on=end_of(self.agreement))

    @property
    def plan_moved(self):
        """A sentence that the effective date has changed since leads set the plan; "" where it has not."""
        numbers = self.plan and self.plan_numbers.get(self.plan.year.number)
        return moved_in_words(self.plan.year, numbers.set_for) if numbers else ""

    @property
    def is_empty(self):
        """Whether there is no record that the dashboard could show, in this period or another."""
        return not (
            self.table.total.count or self.next or self.to_complete or self.actions["open"] or self.has_held_any
        )

    @cached_property
    def has_held_any(self):
        """Whether any engagement was ever held. It is queried only where the page has nothing else to show."""
        return figures.engagements_of(self.user, self.agreement).held().exists()

    @property
    def is_usual_period(self):
        """Whether the period is the default one."""
        return self.period.days == self.year_now.days

    @cached_property
    def links(self):
        """{name of a figure: address of the list behind it}."""
        first, last = self.period.first, self.period.last
        return {
            "held": links.held_link(self.agreement, first, last),
            "reached": links.reached_link(self.agreement, first, last),
            "councils": links.reached_link(self.agreement, first, last, kind="council"),
            "ever": links.ever_held_link(self.agreement),
            "months": links.months_link(self.agreement),
            "public": links.public_link(self.agreement),
            "to_complete": links.incomplete_link(self.agreement),
            "open": links.actions_link(self.agreement, "open"),
            "overdue": links.actions_link(self.agreement, "overdue"),
            "commitments": links.commitments_link(self.agreement, on=self.status_day),
            "plan": links.plan_link(self.agreement, self.plan and self.plan.year.number),
            **{
                show: links.commitments_link(self.agreement, show, on=self.status_day)
                for show in ("kept", "slipping", "late")
            },
        }

    @property
    def tiles(self):
        return tiles_of(self)

    @property
    def sentence(self):
        """The sentence at the top of the page: a list of ``Fragment``."""
        facts = SentenceFacts(
            today=self.today,
            since=self.year_now.first,
            when="" if self.is_usual_period else self.period.held_in_words(self.today),
            held=self.table.total.count,
            against_plan=self.against_plan.words if self.against_plan else "",
            open=self.actions["open"],
            overdue=self.actions["overdue"],
            promised=self.tally,
            promised_on=self.status_day,
            next=self.next_meeting
            and Meeting(self.next_meeting.title, self.next_meeting.starts_on, self.next_meeting.last_day),
            status=self.agreement.status,
            begins_on=self.effective.on if self.effective and self.effective.on > self.today else None,
            ended_on=self.end.on if self.end and self.end.on <= self.today else None,
        )
        record = self.next_meeting and reverse("engagements:record", args=[self.agreement.slug, self.next_meeting.pk])
        return sentence(facts, self.links | {"next": record or ""})

    @property
    def next_meeting(self):
        """The engagement that begins next, else one that has begun already, else None."""
        begins_next = (engagement for engagement in self.next if engagement.starts_on >= self.today)
        return next(begins_next, self.next[0] if self.next else None)
