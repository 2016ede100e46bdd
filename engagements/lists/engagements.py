"""The list of engagements."""

from functools import cached_property

from django import forms
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone

from contacts.models import Organisation, Person
from engagements.models import Committee, Decision, Engagement, EngagementHost, EngagementWorkstream, Participation
from engagements.presenters.search import search
from pages.exports import Column
from pages.filters import choice, choices, day, key, words
from pages.listing import RecordList
from pages.words import period_in_words
from records.compiled_queries import compiled
from records.keys import whole_number
from workstreams.models import Workstream

NEWEST_FIRST = "-date"
BEST_FIRST = "best"
"""The order of a search whose address asks for no other. It is no value of ``sort``."""
ORDERS = {
    "date": ["starts_on", "id"],
    NEWEST_FIRST: ["-starts_on", "-id"],
    "title": ["title", "id"],
    "-title": ["-title", "-id"],
    "kind": ["kind", "-starts_on", "-id"],
    "-kind": ["-kind", "starts_on", "id"],
    "status": ["status", "-starts_on", "-id"],
    "-status": ["-status", "starts_on", "id"],
}
"""{value of ``sort``: columns}. Each order is an index read forwards or backwards."""

PUBLIC = [("yes", "Public events only"), ("no", "Without public events")]
NO_WORKSTREAM = ".none"
"""The value in the address for engagements without a workstream. No workstream has it: a slug has no dot."""
LACKS = [("1", "Incomplete records only")]
NAMED = {"person": Person, "organisation": Organisation, "committee": Committee}
"""Filters without a control: only links of other pages set them, and the list names the rows that they ask for."""


def _label(choices):
    labels = dict(choices)
    return lambda value: labels.get(value, value)


COLUMNS = [
    Column("Date", "starts_on", width=12),
    Column("Last day", "ends_on", width=12),
    Column("From", "start_time", width=8),
    Column("To", "end_time", width=8),
    Column("Time zone", "time_zone"),
    Column("Title", "title", width=40),
    Column("Kind", "kind", _label(Engagement.Kind.choices)),
    Column("State", "status", _label(Engagement.Status.choices), width=12),
    Column("Workstreams", "streams", lambda streams: ", ".join(stream["name"] for stream in streams), width=24),
    Column("Hosts", "host_names", ", ".join, width=24),
    Column("Committee", "committee__name", width=24),
    Column("How people meet", "mode", _label(Engagement.Mode.choices)),
    Column("Venue", "venue", width=24),
    Column("Invited", "invited_count", width=9),
    Column("Said they come", "coming_count", width=9),
    Column("Came", "came_count", width=9),
    Column("Head-count", "head_count", width=9),
    Column("Chatham House Rule", "chatham_house", width=9),
    Column("Public event of a party", "is_public_event", width=9),
    Column("Summary", "summary", width=40),
    Column("Outcomes", "outcomes", width=40),
    Column("Decisions", "decision_texts", "\n".join, width=40),
    Column("Why it was cancelled", "cancel_reason", width=24),
    Column("Address", "address", width=40),
]
MOST_HOSTS = 200
"""The largest number of hosts to choose from."""


class EngagementFilterForm(forms.Form):
    def clean(self):
        """Refuse a last day before the first."""
        first, last = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if first and last and last < first:
            self.add_error("to", "this day is before the first")


class EngagementList(RecordList):
    """The engagements of an agreement; with ``days`` (first, last), only those with a day in that range."""

    file_name, orders, columns = "engagements", ORDERS, COLUMNS
    kept_names = ("from", "to")
    usual_order = "the newest come first"
    controls = (
        *(("Kind", ["kind"]), ("Workstream", ["workstream"]), ("Host", ["host"]), ("State", ["status"])),
        *(("Dates", ["from", "to"]), ("More", ["public", "lacks"])),
    )

    kind = choices(Engagement.Kind.choices, "Kind", method="of_kinds")
    workstream = choices([], "Workstream", method="of_workstreams")
    host = choice([], "Host", method="of_host")
    status = choices(Engagement.Status.choices, "State", method="of_states")
    public = choice(PUBLIC, "Public events", method="of_public_events")
    lacks = choice(LACKS, "Record", method="of_incomplete_records")
    person = key("Person", method="of_person")
    organisation = key("Organisation", method="of_organisation")
    committee = key("Committee", method="of_committee")
    q = words("Words", method="later")

    class Meta:
        form = EngagementFilterForm

    def __init__(self, data, *, user, agreement, days=None):
        self.days = days
        super().__init__(data, user=user, agreement=agreement)
        self.workstreams = _workstreams(user, agreement)
        self.hosts = hosts_to_choose(user, agreement, chosen=whole_number(data.get("host", "")))
        streams = [(row.slug, row.name) for row in self.workstreams]
        self.filters["workstream"].extra["choices"] = [*streams, (NO_WORKSTREAM, "No workstream")]
        self.filters["host"].extra["choices"] = [(str(row.pk), str(row)) for row in self.hosts]

    def all_rows(self):
        rows = Engagement.objects.visible_to(self.user).of(self.agreement)
        return rows.on_days(*self.days) if self.days else rows

    @classmethod
    def get_filters(cls):
        """Add ``from`` and ``to``: ``from`` is a keyword of Python, so it cannot be a class attribute."""
        days = {"from": day("From", method="since"), "to": day("To", method="until")}
        return days | super().get_filters()

    @property
    def default_order(self):
        """The best first for a search, else the newest first."""
        return NEWEST_FIRST if self.hits is None else BEST_FIRST

    @cached_property
    def hits(self):
        """The ``Hits`` of the search among the engagements that pass the other filters; None without a search."""
        text = self.chosen.get("q")
        return search(self.qs, text, agreement=self.agreement, user=self.user) if text else None

    @property
    def is_cut(self):
        """Whether the search found more engagements than it returned."""
        return self.hits is not None and self.hits.is_cut

    @property
    def unordered_rows(self):
        """The engagements that pass all filters."""
        return self.qs if self.hits is None else self.queryset.filter(pk__in=self.hits.keys)

    @property
    def file_rows(self):
        """``rows`` with everything that the file says. People who took part are counted, never named."""
        decisions = Decision.objects.filter(engagement=OuterRef("pk")).order_by("position", "pk").values("text")
        rows = self.rows.with_streams().with_host_names().with_head_counts()
        above = settings.SITE_URL + reverse("engagements:list", args=[self.agreement.slug])
        return rows.annotate(
            decision_texts=ArraySubquery(decisions),
            address=Concat(Value(above), "pk", Value("/"), output_field=TextField()),
        )

    @property
    def rows(self):
        """The engagements that pass all filters, in the order asked for."""
        if self.sort == BEST_FIRST:
            place = Func(Value(self.hits.keys, ArrayField(BigIntegerField())), F("pk"), function="array_position")
            return self.unordered_rows.order_by(place)
        return self.unordered_rows.order_by(*ORDERS[self.sort])

    def described(self, keys):
        """The engagements with these ``keys``, in the same order, with everything that the list says of them."""
        rows = _described(self.user, self.agreement, keys, timezone.now()) if keys else []
        return sorted(rows, key=lambda row: keys.index(row.pk))

    @property
    def rows_of_days(self):
        """The engagements that pass the filters of dates alone: ``rows`` are compared with these."""
        return self.queryset.between(self.chosen.get("from"), self.chosen.get("to"))

    def period_in_words(self, year):
        """The days filtered by: "this agreement year" if they are those of ``year``; "" for none."""
        first, last = self.chosen.get("from"), self.chosen.get("to")
        if year and (first, last) == (year.starts_on, year.ends_on):
            return "this agreement year"
        return period_in_words(first, last)

    def names(self):
        """{filter: subquery of the name} of the rows of ``NAMED`` filtered by, for a query of agreements."""
        rows = {name: model.objects.visible_to(self.user).of(OuterRef("pk")) for name, model in NAMED.items()}
        chosen = self.chosen
        return {
            name: Subquery(of.filter(pk=chosen[name]).values("name")) for name, of in rows.items() if name in chosen
        }

    # The methods of the filters: each returns the rows that pass.

    def since(self, rows, name, day):
        return rows.between(day, None)

    def until(self, rows, name, day):
        return rows.between(None, day)

    def of_kinds(self, rows, name, kinds):
        return rows.filter(kind__in=kinds)

    def of_states(self, rows, name, states):
        return rows.filter(status__in=states)

    def of_workstreams(self, rows, name, slugs):
        """Engagements of at least one of the workstreams; ``NO_WORKSTREAM`` adds those without any."""
        links = EngagementWorkstream.objects.filter(engagement=OuterRef("pk"))
        keys = [row.pk for row in self.workstreams if row.slug in slugs]
        of_one = Exists(links.filter(workstream__in=keys))
        if NO_WORKSTREAM not in slugs:
            return rows.filter(of_one)
        return rows.filter(~Exists(links) | of_one if keys else ~Exists(links))

    def of_host(self, rows, name, key):
        return rows.filter(Exists(EngagementHost.objects.filter(engagement=OuterRef("pk"), organisation=key)))

    def of_person(self, rows, name, key):
        """Engagements that the person takes part in, as far as the user may know."""
        seen = Participation.objects.visible_to(self.user).of(self.agreement)
        return rows.filter(Exists(seen.filter(engagement=OuterRef("pk"), person=key)))

    def of_organisation(self, rows, name, key):
        return rows.with_organisation(key, self.user)

    def of_committee(self, rows, name, key):
        return rows.filter(committee=key)

    def of_public_events(self, rows, name, choice):
        """Only public events of one party ("yes"), or all other engagements."""
        return rows.filter(is_public_event=choice == "yes")

    def of_incomplete_records(self, rows, name, choice):
        return rows.lacking(timezone.now())

    def later(self, rows, name, text):
        """All rows: ``hits`` searches last, so that its cap counts only rows that pass the other filters."""
        return rows


def hosts_to_choose(user, agreement, *, chosen):
    """The organisations that have hosted something, and the one with the key ``chosen``; the parties first.

    A union of two queries: for an OR PostgreSQL would look through all hosts for each organisation.
    """
    found = _hosts(user, agreement, chosen or 0)
    return sorted(found, key=lambda row: (row.party_id is None, row.party_id, row.name.casefold()))


@compiled
def _hosts(user, agreement, chosen):
    rows = Organisation.objects.visible_to(user).of(agreement)
    hosted = rows.filter(Exists(EngagementHost.objects.filter(organisation=OuterRef("pk"))))
    first = hosted.order_by(F("party").asc(nulls_last=True), "name")[:MOST_HOSTS]
    # Without this, Django 6.1 sorts them by the model's ordering; the caller sorts them.
    return first.union(rows.filter(pk=chosen)).order_by()


@compiled
def _workstreams(user, agreement):
    return Workstream.objects.visible_to(user).of(agreement)


@compiled
def _described(user, agreement, keys, now):
    rows = Engagement.objects.visible_to(user).of(agreement).filter(pk__in=keys)
    return rows.in_brief().with_streams().with_host_names().with_head_counts().with_record_state(now)
