"""The contents of My week: a user's meetings, replies, papers, actions and records."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q

from dashboards.queries.figures import coming, to_complete
from engagements.models import Action, Engagement, Participation, Seat
from engagements.queries import PAPERS_AHEAD

DAYS = 7
ROWS = 10
"""How many rows of each are shown."""
MOST_PAPERS = 100
IN_CHARGE = [Participation.Role.CHAIR, Participation.Role.ORGANISER]


class Week:
    """The queries of the page, for ``user`` in ``agreement`` at ``now``, a moment on the day ``today``."""

    def __init__(self, user, agreement, now, today):
        self.user, self.agreement, self.now, self.today = user, agreement, now, today
        self.last_day = today + dt.timedelta(days=DAYS)

    def _participations(self, **which):
        """The participations of the user, as a subquery for engagements."""
        rows = Participation.objects.visible_to(self.user).of(self.agreement)
        return rows.filter(engagement=OuterRef("pk"), person__user=self.user, **which)

    def _coming(self):
        return coming(Engagement.objects.visible_to(self.user).of(self.agreement), self.user, self.now)

    @property
    def meetings(self):
        """The engagements until ``last_day`` that the user takes part in and has not declined; the next first."""
        mine = Exists(self._participations().exclude(reply=Participation.Reply.DECLINED))
        return self._coming().filter(mine, starts_on__lte=self.last_day)[:ROWS]

    @property
    def unanswered(self):
        """The engagements that wait for the user's reply, however far ahead; the next first."""
        return self._coming().filter(Exists(self._participations(reply=Participation.Reply.NONE)))[:ROWS]

    @property
    def papers(self):
        """Committee meetings of the user, by a seat or by taking part, whose papers are due until ``last_day``.

        A meeting with late papers is included only while the user can see no paper of it.
        """
        seats = Seat.objects.visible_to(self.user).of(self.agreement).held_on(self.today)
        mine = seats.filter(Q(holder__user=self.user) | Q(deputy__user=self.user), committee=OuterRef("committee"))
        takes_part = Exists(self._participations().exclude(reply=Participation.Reply.DECLINED))
        rows = self._coming().papers_asked(self.today, self.last_day + PAPERS_AHEAD).filter(Exists(mine) | takes_part)
        due = [row for row in rows[:MOST_PAPERS] if row.papers_due_on <= self.last_day]
        return [row for row in due if row.papers_due_on >= self.today or not row.has_papers][:ROWS]

    @property
    def actions(self):
        """The user's open actions, those due first; one more than is shown."""
        rows = Action.objects.visible_to(self.user).of(self.agreement).open().mine(self.user)
        return rows.with_owner(self.user).with_may_finish(self.user)[: ROWS + 1]

    @property
    def records(self):
        """Incomplete records of engagements that the user logged, chairs or organises; one more than is shown."""
        mine = Q(logged_by__user=self.user) | Exists(self._participations(role__in=IN_CHARGE))
        return to_complete(self.user, self.agreement, self.now).filter(mine)[: ROWS + 1]
