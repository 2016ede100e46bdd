"""The content of the page of one committee, as one user may see it."""

from functools import cached_property

from django.utils import timezone

from engagements.models import Engagement, Seat, Series

MEETINGS = 10
"""The number of past meetings shown. A link leads to the others."""


ROLES = list(Seat.Role)


class CommitteePage:
    """The seats and meetings of ``committee`` as ``user`` may see them. Each list takes one query, on first use."""

    def __init__(self, user, committee):
        self.user, self.committee, self.now = user, committee, timezone.now()
        self.today = timezone.localdate(self.now)

    @cached_property
    def seats(self):
        """All seats by role, the chair first, then by name."""
        seats = Seat.objects.visible_to(self.user).filter(committee=self.committee)
        seats = seats.select_related("organisation", "holder__organisation", "deputy")
        return sorted(
            seats, key=lambda seat: (ROLES.index(seat.role), str(seat.organisation or seat.holder).casefold())
        )

    @property
    def seats_now(self):
        """The present seats and the future ones."""
        return [seat for seat in self.seats if seat.ends_on is None or seat.ends_on >= self.today]

    @property
    def former_seats(self):
        """The seats that have ended, the latest first."""
        ended = [seat for seat in self.seats if seat.ends_on and seat.ends_on < self.today]
        return sorted(ended, key=lambda seat: seat.ends_on, reverse=True)

    def _meetings(self):
        return Engagement.objects.visible_to(self.user).filter(committee=self.committee)

    @cached_property
    def coming(self):
        """The planned and confirmed meetings that are not over, the next first."""
        return list(self._meetings().coming(self.now))

    @cached_property
    def past(self):
        """The other meetings, the newest first: held, cancelled or awaiting an answer. At most ``MEETINGS`` + 1."""
        past = self._meetings().exclude(pk__in=[meeting.pk for meeting in self.coming])
        return list(past.order_by("-starts_on", "-pk")[: MEETINGS + 1])

    @cached_property
    def series(self):
        """The series of its meetings that may still get further dates."""
        return list(Series.objects.visible_to(self.user).running(self.today).filter(committee=self.committee))

    @property
    def past_shown(self):
        return self.past[:MEETINGS]

    @property
    def has_more(self):
        """Whether there are older meetings than those shown."""
        return len(self.past) > MEETINGS
