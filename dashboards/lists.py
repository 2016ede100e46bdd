"""The list of the organisations reached in a period."""

from contacts.models import Organisation
from dashboards.queries import figures
from pages.exports import Column
from pages.filters import choice
from pages.listing import RecordList


class ReachedList(RecordList):
    """The organisations reached in ``period``, without those whose attendance is hidden from the user."""

    file_name, orders = "organisations-reached", {"name": ["name"], "-name": ["-name"]}
    columns = [
        *(Column("Organisation", "name", width=36), Column("Kind", "kind", dict(Organisation.Kind.choices).get)),
        *(Column("Came to", "came_count", width=9), Column("Hosted", "hosted_count", width=9)),
        Column("Last", "last_on", width=12),
    ]

    kind = choice(Organisation.Kind.choices, "Kind", empty="Any kind")

    def __init__(self, data, *, period, **whose):
        self.period = period
        super().__init__(data, **whose)

    @property
    def held(self):
        """The engagements held in the period."""
        return figures.held_in(self.period, figures.engagements_of(self.user, self.agreement))

    def all_rows(self):
        """The organisations that hosted one of the engagements held, or whose people came to one."""
        return figures.organisations_named(self.held, self.user, self.agreement)
