"""The filters of the list of commitments, as they stand in its address. What is not known is said, and left out."""

from datetime import date
from functools import cached_property

from django.utils import timezone

from commitments.counting import standings
from commitments.rhythm import State
from partnership.models import Party
from records.limits import FIRST_DAY
from workstreams.models import Workstream

SHOWN = {
    "kept": ("met or on course", lambda standing: standing.is_kept),
    "slipping": ("slipping", lambda standing: standing.state == State.SLIPPING),
    "late": ("late", lambda standing: standing.state == State.LATE),
}
"""What ``show`` in the address leaves of the list: in words, and which standings."""


class CommitmentFilter:
    """Filters the commitments of ``agreement`` that ``user`` may see by the parameters of an address (``data``)."""

    def __init__(self, data, *, user, agreement):
        self.user, self.agreement = user, agreement
        self.workstreams = list(Workstream.objects.visible_to(user).of(agreement))
        self.parties = list(Party.objects.visible_to(user).of(agreement))
        self.given = {name: data.get(name, "") for name in ("show", "workstream", "party", "on")}

    @property
    def workstream(self):
        """The workstream filtered by, or None."""
        return next((stream for stream in self.workstreams if stream.slug == self.given["workstream"]), None)

    @property
    def party(self):
        """The party filtered by, or None."""
        return next((party for party in self.parties if str(party.pk) == self.given["party"]), None)

    @cached_property
    def day(self):
        """The past day whose statuses are asked for, or None for those of today."""
        try:
            day = date.fromisoformat(self.given["on"])
        except ValueError:
            return None
        return day if FIRST_DAY <= day < timezone.localdate() else None

    @property
    def words(self):
        """The state filtered by, in words; "" for any."""
        return SHOWN[self.given["show"]][0] if self.given["show"] in SHOWN else ""

    @property
    def state(self):
        """The state filtered by; "" for any."""
        return self.given["show"] if self.words else ""

    @property
    def states(self):
        """What there is to choose from: (in the address, in words)."""
        return [("", "All"), *((key, words.capitalize()) for key, (words, _) in SHOWN.items())]

    @property
    def is_on(self):
        """Whether anything is filtered."""
        return bool(self.words or self.workstream or self.party or self.day)

    @property
    def problems(self):
        """A sentence for each parameter that could not be used."""
        used = {"show": self.words, "workstream": self.workstream, "party": self.party, "on": self.day}
        wrong = [name for name, value in self.given.items() if value and not used[name]]
        return [f"“{name}” in the address is not understood, so this filter is left out." for name in wrong]

    def standings(self, now):
        """The commitments of the workstream and the party, in any state: as they stand ``now`` or stood on ``day``."""
        return standings(self.user, self.agreement, now, self.workstream, self.party, to_show=True, on=self.day)

    def in_state(self, commitments):
        """Those of ``commitments`` (with how they stand) in the state filtered by."""
        return [one for one in commitments if SHOWN[self.given["show"]][1](one.standing)] if self.words else commitments
