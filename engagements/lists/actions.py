"""The list of actions."""

from functools import cached_property

from django.conf import settings
from django.db.models import Count, F, Q
from django.utils import timezone

from contacts.models import Organisation
from engagements.models import Action
from pages.exports import Column
from pages.filters import TickFilter, choice, key
from pages.listing import RecordList
from partnership.models import Party
from records.keys import whole_number
from workstreams.models import Workstream

BY_DAY, LAST_DONE_FIRST = F("due_on").asc(nulls_last=True), F("done_on").desc(nulls_first=True)


class ActionList(RecordList):
    """The actions of an agreement by due date.

    The action that was just finished or reopened (``just``) is listed whatever ``show`` says.
    """

    SHOW = (("open", "Open"), ("overdue", "Overdue"), ("done", "Done"), ("all", "All"))

    file_name, per_page, kept_names = "actions", 50, ("show",)
    columns = [
        Column("Action", "title", width=48),
        Column("Who does it", lambda action: ", ".join(action.owner_names), width=32),
        Column("Due", "due_on", width=12),
        Column("Done", "done_on", width=12),
        Column("Progress", "progress", width=40),
        Column("Workstream", lambda action: action.workstream and str(action.workstream), width=24),
        Column("From", lambda action: action.engagement and action.engagement.title, width=40),
        Column("Address", lambda action: f"{settings.SITE_URL}{action.get_absolute_url()}", width=40),
    ]

    show = choice(SHOW, "Show", method="in_state")
    mine = TickFilter(label="Mine", method="of_mine")
    party = choice([], "Party", method="of_party")
    workstream = choice([], "Workstream", method="of_workstream")
    organisation = key("Organisation", method="of_organisation")

    def __init__(self, data, **whose):
        super().__init__(data, **whose)
        self.parties = list(Party.objects.visible_to(self.user).of(self.agreement))
        self.workstreams = list(Workstream.objects.visible_to(self.user).of(self.agreement))
        self.filters["party"].extra["choices"] = [(str(party.pk), str(party)) for party in self.parties]
        self.filters["workstream"].extra["choices"] = [(stream.slug, stream.name) for stream in self.workstreams]

    def all_rows(self):
        return Action.objects.visible_to(self.user).of(self.agreement)

    @property
    def shown(self):
        """The key of ``SHOW`` that applies."""
        return self.chosen.get("show", "open")

    @property
    def rows(self):
        """The actions that pass the filters, with their owners, in order."""
        shown, just = self.qs if "show" in self.chosen else self.qs.open(), whole_number(self.data.get("just", ""))
        shown = shown | self.narrowed.filter(pk=just) if just else shown
        order = [LAST_DONE_FIRST, BY_DAY] if self.shown in ("done", "all") else [BY_DAY]
        return shown.with_owner(self.user).with_may_finish(self.user).order_by(*order, "pk")

    @property
    def file_rows(self):
        """``rows`` with the agreement, which is part of their addresses."""
        return self.rows.select_related("agreement")

    @property
    def narrowed(self):
        """The actions that pass all filters but ``show``."""
        rows = self.queryset
        for name in self.chosen.keys() - {"show"}:
            rows = self.filters[name].filter(rows, self.chosen[name])
        return rows

    def counts(self):
        """{key of ``SHOW``: number of actions}."""
        today = timezone.localdate()
        return self.narrowed.aggregate(
            open=Count("pk", filter=Q(done_on=None)),
            overdue=Count("pk", filter=Q(done_on=None, due_on__lt=today)),
            done=Count("pk", filter=Q(done_on__isnull=False)),
            all=Count("pk"),
        )

    @property
    def chosen_party(self):
        """The party filtered by, or None."""
        return next((party for party in self.parties if str(party.pk) == self.chosen.get("party")), None)

    @property
    def chosen_workstream(self):
        """The workstream filtered by, or None."""
        return next((stream for stream in self.workstreams if stream.slug == self.chosen.get("workstream")), None)

    @property
    def filter_problems(self):
        """Add a sentence for an organisation that the agreement does not have."""
        is_unknown = "organisation" in self.chosen and not self.organisation_chosen
        why = "Organisation: it is not in the contacts of this agreement, so this filter is left out."
        return [*super().filter_problems, *([why] if is_unknown else [])]

    def in_state(self, rows, name, show):
        words = {"open": rows.open, "overdue": lambda: rows.overdue(timezone.localdate()), "done": rows.done}
        return words[show]() if show in words else rows

    def of_mine(self, rows, name, choice):
        return rows.mine(self.user) if choice else rows

    def of_party(self, rows, name, choice):
        return rows.of_party(self.chosen_party)

    def of_workstream(self, rows, name, choice):
        return rows.of_workstream(self.chosen_workstream)

    def of_organisation(self, rows, name, key):
        return rows.of_organisation(self.organisation_chosen, self.user) if self.organisation_chosen else rows

    @cached_property
    def organisation_chosen(self):
        """The organisation filtered by, or None."""
        if "organisation" not in self.chosen:
            return None
        rows = Organisation.objects.visible_to(self.user).of(self.agreement)
        return rows.filter(pk=self.chosen["organisation"]).first()
