"""The list of commitments."""

from functools import cached_property

from django.utils import timezone

from commitments.models import Commitment
from commitments.presenters.counting import standings
from commitments.rules.rhythm import State
from pages.exports import Column
from pages.filters import choice, day
from pages.listing import RecordList
from partnership.models import Party
from records.limits import FIRST_DAY
from workstreams.models import Workstream

SHOWN = {
    "kept": ("met or on course", lambda standing: standing.is_kept),
    "slipping": ("slipping", lambda standing: standing.state == State.SLIPPING),
    "late": ("late", lambda standing: standing.state == State.LATE),
}
"""{value of ``show`` in the address: (label, whether a standing is shown)}."""


class CommitmentList(RecordList):
    """The commitments of an agreement with their standings, now or on a past day (``on``)."""

    file_name, per_page = "commitments", 1_000
    columns = [
        *(
            Column("Theme", "theme", width=24),
            Column("Commitment", "title", width=48),
            Column("In full", "text", width=48),
        ),
        *(Column("Clause", "clause", width=10), Column("Given by", lambda one: str(one.given_by or "All parties"))),
        Column("Given to", lambda one: str(one.given_to or "Each other")),
        Column("How it is measured", "measure_in_words", width=28),
        Column("Status", lambda one: str(one.standing.state).capitalize(), width=14),
        Column("Why", lambda one: one.standing.reason, width=40),
        Column("Illustrative target", "is_illustrative", width=9),
    ]

    show = choice([(key, words.capitalize()) for key, (words, _) in SHOWN.items()], "Show", method="later")
    workstream = choice([], "Workstream", method="later")
    party = choice([], "Party", method="later")
    on = day("Day", method="later")

    def __init__(self, data, **whose):
        super().__init__(data, **whose)
        self.workstreams = list(Workstream.objects.visible_to(self.user).of(self.agreement))
        self.parties = list(Party.objects.visible_to(self.user).of(self.agreement))
        self.filters["workstream"].extra["choices"] = [(stream.slug, stream.name) for stream in self.workstreams]
        self.filters["party"].extra["choices"] = [(str(party.pk), str(party)) for party in self.parties]

    def all_rows(self):
        """The commitments that the user may see. ``standings`` computes the standings of all of them at once."""
        return Commitment.objects.visible_to(self.user).of(self.agreement)

    def later(self, rows, name, value):
        """Filter nothing yet: the filters need the standings. See ``standings`` and ``rows``."""
        return rows

    @cached_property
    def standings(self):
        """The commitments of the chosen workstream and party, in any state, with their standings now or on ``day``."""
        asked = (self.user, self.agreement, timezone.now(), self.chosen_workstream, self.chosen_party)
        return standings(*asked, to_show=True, on=self.day)

    @property
    def rows(self):
        """The commitments in the chosen state."""
        is_shown = SHOWN[self.state][1] if self.state else None
        return [one for one in self.standings if is_shown(one.standing)] if is_shown else self.standings

    @property
    def chosen_workstream(self):
        """The workstream filtered by, or None."""
        return next((stream for stream in self.workstreams if stream.slug == self.chosen.get("workstream")), None)

    @property
    def chosen_party(self):
        """The party filtered by, or None."""
        return next((party for party in self.parties if str(party.pk) == self.chosen.get("party")), None)

    @property
    def day(self):
        """The past day whose statuses are asked for, or None for those of today."""
        day = self.chosen.get("on")
        return day if day and FIRST_DAY <= day < timezone.localdate() else None

    @property
    def state(self):
        """The state filtered by; "" for any."""
        return self.chosen.get("show", "")

    @property
    def words(self):
        """The state filtered by, in words; "" for any."""
        return SHOWN[self.state][0] if self.state else ""

    @property
    def states(self):
        """The states to choose from: (value in the address, label)."""
        return [("", "All"), *((key, words.capitalize()) for key, (words, _) in SHOWN.items())]

    @property
    def filter_problems(self):
        """Adds a message for a day that has not passed, which has no statuses yet."""
        is_to_come = self.chosen.get("on") and not self.day
        return [
            *super().filter_problems,
            *(["Day: give a day that has passed, so this filter is left out."] if is_to_come else []),
        ]
