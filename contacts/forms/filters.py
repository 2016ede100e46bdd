"""The filters of the lists, as they stand in the address. What is malformed filters nothing, and is said."""

from django import forms
from django.db.models import F

from contacts.forms.base import WithContacts
from contacts.forms.organisations import OrganisationField
from contacts.models import Organisation, Person

BY_ORGANISATION = F("organisation__name")


class ListFilter(WithContacts, forms.Form):
    """Search, filters and order of a list. ``orders``: what may stand in ``sort``, and its columns."""

    orders = {}
    mark_optional = False

    q = forms.CharField(required=False, label="Search", max_length=200, strip=True)

    @property
    def chosen(self):
        """What was chosen and is well formed: a dict from the names of the filters."""
        return {} if self.errors is None else {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def sort(self):
        """The key of ``orders`` that applies."""
        return self.data.get("sort") if self.data.get("sort") in self.orders else next(iter(self.orders))

    @property
    def is_on(self):
        """Whether anything is filtered."""
        return bool(self.chosen)

    def ordered(self, rows):
        """``rows`` in the chosen order, the same from page to page."""
        return rows.order_by(*self.orders[self.sort], "pk")


class PeopleFilter(ListFilter):
    """Filters of the list of people."""

    LEFT = (("", "Everyone"), ("no", "Still there"), ("yes", "Left"))

    orders = {
        "name": ["name"],
        "-name": ["-name"],
        "organisation": [BY_ORGANISATION.asc(nulls_last=True), "name"],
        "-organisation": [BY_ORGANISATION.desc(nulls_last=True), "name"],
    }

    organisation = OrganisationField(required=False, must_exist=True)
    left = forms.ChoiceField(required=False, label="Left or not", choices=LEFT)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].widget.attrs |= {"class": "form-control", "placeholder": "Organisation"}

    @property
    def organisation_chosen(self):
        """The organisation filtered by, or None."""
        entry = self.chosen.get("organisation")
        return entry.organisation if entry else None

    @property
    def is_on(self):
        """Whether anything is filtered."""
        return bool(self.chosen.get("q") or self.organisation_chosen or self.chosen.get("left"))

    def people(self, user):
        """The people of the agreement that the filters let through, in order, with their organisations."""
        rows = Person.objects.visible_to(user).of(self.agreement).matching(self.chosen.get("q", ""))
        if self.organisation_chosen:
            rows = rows.filter(organisation=self.organisation_chosen)
        if self.chosen.get("left"):
            rows = rows.filter(left_on__isnull=self.chosen["left"] == "no")
        return self.ordered(rows.select_related("organisation"))


class OrganisationsFilter(ListFilter):
    """Filters of the list of organisations."""

    orders = {
        "name": ["name"],
        "-name": ["-name"],
        "-people": ["-people_count", "name"],
        "people": ["people_count", "name"],
    }

    kind = forms.ChoiceField(required=False, choices=[("", "Any kind"), *Organisation.Kind.choices])

    def organisations(self, user):
        """The organisations of the agreement that the filters let through, in order, with their people counted."""
        rows = Organisation.objects.visible_to(user).of(self.agreement).matching(self.chosen.get("q", ""))
        if self.chosen.get("kind"):
            rows = rows.filter(kind=self.chosen["kind"])
        return self.ordered(rows.select_related("party").with_people_count())
