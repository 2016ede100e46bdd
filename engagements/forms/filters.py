"""The filters of the list of engagements, as they stand in its address. What is malformed is said, and left out."""

from dataclasses import dataclass
from functools import cached_property

import django_filters as filters
from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, Subquery, Value
from django.utils import timezone

from contacts.models import Organisation, Person
from engagements.models import Engagement, EngagementHost, EngagementWorkstream, Participation
from engagements.search import search
from pages.words import period_in_words
from records.compiled_queries import compiled
from records.keys import whole_number
from workstreams.models import Workstream

NEWEST_FIRST = "-date"
BEST_FIRST = "best"
"""The order of a search where none is asked for: it stands in no address."""
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
"""What may stand in ``sort``; each is an index read forwards or backwards."""

PUBLIC = [("yes", "Public events only"), ("no", "Without public events")]
NO_WORKSTREAM = ".none"
"""Stands in the address for those without a workstream. No workstream can be called so: a slug has no dot."""
LACKS = [("1", "Incomplete records only")]
NAMED = {"person": Person, "organisation": Organisation}
"""Filters that no control sets: links of other pages do, and the list says by name what they ask for."""
MOST_HOSTS = 200
"""How many hosts there are to choose from."""

MESSAGES = {
    "invalid_choice": "“%(value)s” is not one of the choices",
    "invalid": "this is not well formed",
    "min_value": "there is no such number",
    "max_value": "there is no such number",
    "max_length": "at most %(limit_value)d characters can be looked for",
    "null_characters_not_allowed": "it holds a character that cannot be looked for",
}


@dataclass(frozen=True)
class Applied:
    """A filter that is on: its name in the address, its label, and what was chosen, in words."""

    name: str
    label: str
    text: str


class FilterForm(forms.Form):
    """The form behind the filters."""

    def clean(self):
        """The last day is not before the first."""
        first, last = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if first and last and last < first:
            self.add_error("to", "this day is before the first")


class WholeNumberFilter(filters.Filter):
    """Filters by the key of a row."""

    field_class = forms.IntegerField


def _choice(choices, label, **kwargs):
    box = forms.Select(attrs={"class": "form-select"})
    return filters.ChoiceFilter(
        choices=choices, label=label, empty_label="Any", widget=box, error_messages=MESSAGES, **kwargs
    )


def _choices(choices, label, **kwargs):
    box = forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
    return filters.MultipleChoiceFilter(choices=choices, label=label, widget=box, error_messages=MESSAGES, **kwargs)


def _date(label, **kwargs):
    box = forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")
    return filters.DateFilter(label=label, widget=box, error_messages=MESSAGES, **kwargs)


def _key(label, **kwargs):
    return WholeNumberFilter(label=label, min_value=1, max_value=2**63 - 1, error_messages=MESSAGES, **kwargs)


class EngagementFilter(filters.FilterSet):
    """Filters the engagements of ``agreement`` that ``user`` may see by the parameters of an address (``data``).

    With ``days``, a first and a last one, only those that stand on one of them.
    """

    kind = _choices(Engagement.Kind.choices, "Kind", method="of_kinds")
    workstream = _choices([], "Workstream", method="of_workstreams")
    host = _choice([], "Host", method="of_host")
    status = _choices(Engagement.Status.choices, "State", method="of_states")
    public = _choice(PUBLIC, "Public events", method="of_public_events")
    lacks = _choice(LACKS, "Record", method="of_incomplete_records")
    person = _key("Person", method="of_person")
    organisation = _key("Organisation", method="of_organisation")
    q = filters.CharFilter(label="Words", method="later", max_length=200, error_messages=MESSAGES)

    class Meta:
        form = FilterForm

    def __init__(self, data, *, user, agreement, days=None):
        rows = Engagement.objects.visible_to(user).of(agreement)
        super().__init__(data, rows.on_days(*days) if days else rows)
        self.user, self.agreement = user, agreement
        self.workstreams = _workstreams(user, agreement)
        self.hosts = hosts_to_choose(user, agreement, chosen=whole_number(data.get("host", "")))
        streams = [(row.slug, row.name) for row in self.workstreams]
        self.filters["workstream"].extra["choices"] = [*streams, (NO_WORKSTREAM, "No workstream")]
        self.filters["host"].extra["choices"] = [(str(row.pk), str(row)) for row in self.hosts]

    @classmethod
    def get_filters(cls):
        """Adds those two whose names are not names in Python."""
        days = {"from": _date("From", method="since"), "to": _date("To", method="until")}
        return days | super().get_filters()

    @property
    def chosen(self):
        """What was chosen and is well formed, by the names in the address."""
        return {} if self.errors is None else {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def sort(self):
        """The order asked for; else that of a search, or the newest first."""
        if self.data.get("sort") in ORDERS:
            return self.data["sort"]
        return NEWEST_FIRST if self.hits is None else BEST_FIRST

    @cached_property
    def hits(self):
        """What the search found among what the other filters let through; None where nothing is searched for."""
        text = self.chosen.get("q")
        return search(self.qs, text, agreement=self.agreement, user=self.user) if text else None

    @property
    def is_cut(self):
        """Whether more was found than is shown: then it is the newest."""
        return self.hits is not None and self.hits.is_cut

    @property
    def unordered_rows(self):
        """What all filters let through."""
        return self.qs if self.hits is None else self.queryset.filter(pk__in=self.hits.keys)

    @property
    def rows(self):
        """What all filters let through, in the order asked for."""
        if self.sort == BEST_FIRST:
            place = Func(Value(self.hits.keys, ArrayField(BigIntegerField())), F("pk"), function="array_position")
            return self.unordered_rows.order_by(place)
        return self.unordered_rows.order_by(*ORDERS[self.sort])

    def described(self, keys):
        """The engagements with these ``keys``, in the same order, with all that the list says of them."""
        rows = _described(self.user, self.agreement, keys, timezone.now()) if keys else []
        return sorted(rows, key=lambda row: keys.index(row.pk))

    @property
    def rows_of_days(self):
        """What the dates alone let through: what ``rows`` are measured against."""
        return self.queryset.between(self.chosen.get("from"), self.chosen.get("to"))

    @property
    def is_narrowed(self):
        """Whether anything but the dates is filtered."""
        return bool(self.chosen.keys() - {"from", "to"})

    def period_in_words(self, year):
        """The days filtered by: "this agreement year" if they are those of ``year``; "" for none."""
        first, last = self.chosen.get("from"), self.chosen.get("to")
        if year and (first, last) == (year.starts_on, year.ends_on):
            return "this agreement year"
        return period_in_words(first, last)

    @property
    def problems(self):
        """A sentence for each parameter that could not be used."""
        found = [
            f"{self.form[name].label}: {error[:160]}, so this filter is left out."
            for name, errors in self.errors.items()
            for error in errors
        ]
        if self.data.get("sort") and self.data["sort"] not in ORDERS:
            found.append(f"“{self.data['sort'][:40]}” is not an order of this list, so the newest come first.")
        return [sentence.replace("\0", "�") for sentence in found]

    def names(self):
        """The names of the ``person`` and the ``organisation`` filtered by, as subqueries of their agreement's row."""
        rows = {name: model.objects.visible_to(self.user).of(OuterRef("pk")) for name, model in NAMED.items()}
        chosen = self.chosen
        return {
            name: Subquery(of.filter(pk=chosen[name]).values("name")) for name, of in rows.items() if name in chosen
        }

    # What each filter lets through

    def since(self, rows, name, day):
        """Those that start on ``day`` or later."""
        return rows.between(day, None)

    def until(self, rows, name, day):
        """Those that start on ``day`` or earlier."""
        return rows.between(None, day)

    def of_kinds(self, rows, name, kinds):
        """Those of one of the kinds."""
        return rows.filter(kind__in=kinds)

    def of_states(self, rows, name, states):
        """Those in one of the states."""
        return rows.filter(status__in=states)

    def of_workstreams(self, rows, name, slugs):
        """Those of at least one of the workstreams, or with ``NO_WORKSTREAM`` among them those of none."""
        links = EngagementWorkstream.objects.filter(engagement=OuterRef("pk"))
        keys = [row.pk for row in self.workstreams if row.slug in slugs]
        of_one = Exists(links.filter(workstream__in=keys))
        if NO_WORKSTREAM not in slugs:
            return rows.filter(of_one)
        return rows.filter(~Exists(links) | of_one if keys else ~Exists(links))

    def of_host(self, rows, name, key):
        """Those that the organisation hosts."""
        return rows.filter(Exists(EngagementHost.objects.filter(engagement=OuterRef("pk"), organisation=key)))

    def of_person(self, rows, name, key):
        """Those that the person takes part in, as far as the user may know."""
        seen = Participation.objects.visible_to(self.user).of(self.agreement)
        return rows.filter(Exists(seen.filter(engagement=OuterRef("pk"), person=key)))

    def of_organisation(self, rows, name, key):
        """Those that the organisation hosts or has people at, as far as the user may know."""
        return rows.with_organisation(key, self.user)

    def of_public_events(self, rows, name, choice):
        """The public events of one party, or all others."""
        return rows.filter(is_public_event=choice == "yes")

    def of_incomplete_records(self, rows, name, choice):
        """Those whose record lacks something."""
        return rows.lacking(timezone.now())

    def later(self, rows, name, text):
        """The search comes last (``hits``), so that its cap counts only what the other filters let through."""
        return rows


def hosts_to_choose(user, agreement, *, chosen):
    """The organisations that have hosted something, and the one with the key ``chosen``; the parties first.

    One query of two halves: an OR of them would have PostgreSQL look through all hosts for each organisation.
    """
    found = _hosts(user, agreement, chosen or 0)
    return sorted(found, key=lambda row: (row.party_id is None, row.party_id, row.name.casefold()))


@compiled
def _hosts(user, agreement, chosen):
    rows = Organisation.objects.visible_to(user).of(agreement)
    hosted = rows.filter(Exists(EngagementHost.objects.filter(organisation=OuterRef("pk"))))
    first = hosted.order_by(F("party").asc(nulls_last=True), "name")[:MOST_HOSTS]
    # Django 6.1 would sort them as the model does; they are sorted by whoever asks.
    return first.union(rows.filter(pk=chosen)).order_by()


@compiled
def _workstreams(user, agreement):
    return Workstream.objects.visible_to(user).of(agreement)


@compiled
def _described(user, agreement, keys, now):
    rows = Engagement.objects.visible_to(user).of(agreement).filter(pk__in=keys)
    return rows.in_brief().with_streams().with_host_names().with_head_counts().with_record_state(now)
