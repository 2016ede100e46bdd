"""What the page of one committee shows, found for one user."""

from functools import cached_property

from django.utils import timezone

from engagements.models import Engagement, Seat, Series

MEETINGS = 10
"""How many past meetings are shown; the rest is behind a link."""


ROLES = list(Seat.Role)


class CommitteePage:
    """The seats and meetings of ``committee`` as ``user`` may see them. One query each."""

    def __init__(self, user, committee):
        self.user, self.committee, self.now = user, committee, timezone.now()
        self.today = timezone.localdate(self.now)

    @cached_property
    def seats(self):
        """All seats: the chair first."""
        seats = Seat.objects.visible_to(self.user).filter(committee=self.committee)
        seats = seats.select_related("organisation", "holder__organisation", "deputy")
        return sorted(
            seats, key=lambda seat: (ROLES.index(seat.role), str(seat.organisation or seat.holder).casefold())
        )

    @property
    def seats_now(self):
        """Those that have not ended, the ones to come too."""
        return [seat for seat in self.seats if seat.ends_on is None or seat.ends_on >= self.today]

    @property
    def former_seats(self):
        """Those that have ended, the last first."""
        ended = [seat for seat in self.seats if seat.ends_on and seat.ends_on < self.today]
        return sorted(ended, key=lambda seat: seat.ends_on, reverse=True)

    def _meetings(self):
        return Engagement.objects.visible_to(self.user).filter(committee=self.committee)

    @cached_property
    def coming(self):
        """The meetings to come, the next first."""
        return list(self._meetings().coming(self.now))

    @cached_property
    def past(self):
        """The last meetings, the newest first: held, called off, or not answered for yet."""
        past = self._meetings().exclude(pk__in=[meeting.pk for meeting in self.coming])
        return list(past.order_by("-starts_on", "-pk")[: MEETINGS + 1])

    @cached_property
    def series(self):
        """The series by which it meets."""
        return list(Series.objects.visible_to(self.user).running(self.today).filter(committee=self.committee))

    @property
    def past_shown(self):
        """Those that the page has room for."""
        return self.past[:MEETINGS]

    @property
    def has_more(self):
        """Whether there are older ones."""
        return len(self.past) > MEETINGS
