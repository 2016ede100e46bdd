"""The lists of people and of organisations."""

import django_filters as filters
from django.db.models import F

from contacts.forms import OrganisationField
from contacts.models import Organisation, Person
from contacts.queries import count_times_came
from pages.exports import Column
from pages.filters import choice, words
from pages.listing import RecordList

BY_ORGANISATION = F("organisation__name")
LEFT = (("no", "Still there"), ("yes", "Left"))


class OrganisationFilter(filters.Filter):
    """Filters by an organisation of the address book, by its name or its key."""

    field_class = OrganisationField


class PeopleList(RecordList):
    file_name = "people"
    orders = {
        "name": ["name"],
        "-name": ["-name"],
        "organisation": [BY_ORGANISATION.asc(nulls_last=True), "name"],
        "-organisation": [BY_ORGANISATION.desc(nulls_last=True), "name"],
    }
    columns = [
        *(Column("Title", "title", width=8), Column("Name", "name", width=28), Column("Honours", "honours", width=10)),
        *(Column("Job title", "job_title", width=28), Column("Organisation", "organisation__name", width=32)),
        *(Column("Email", "email", width=32), Column("Left on", "left_on", width=12)),
        Column("Came to", lambda person: person.times_came, width=9),
    ]

    q = words("Search", method="matching")
    organisation = OrganisationFilter(label="Organisation", must_exist=True, method="at_organisation")
    left = choice(LEFT, "Left or not", empty="Everyone", method="who_left")

    def __init__(self, data, **whose):
        super().__init__(data, **whose)
        field = self.form.fields["organisation"]
        field.agreement = self.agreement
        field.widget.attrs |= {"class": "form-control", "placeholder": "Organisation"}

    def all_rows(self):
        return Person.objects.visible_to(self.user).of(self.agreement).select_related("organisation")

    def complete(self, rows):
        """Add ``times_came``: how many engagements each person came to, of those that the user may see."""
        count_times_came(rows, self.user)

    @property
    def organisation_chosen(self):
        """The organisation filtered by, or None."""
        entry = self.chosen.get("organisation")
        return entry.organisation if entry else None

    @property
    def is_narrowed(self):
        return bool(self.chosen.get("q") or self.organisation_chosen or self.chosen.get("left"))

    def matching(self, rows, name, text):
        return rows.matching(text)

    def at_organisation(self, rows, name, entry):
        return rows.filter(organisation=entry.organisation) if entry.organisation else rows

    def who_left(self, rows, name, choice):
        return rows.filter(left_on__isnull=choice == "no")


class OrganisationsList(RecordList):
    file_name = "organisations"
    orders = {
        "name": ["name"],
        "-name": ["-name"],
        "-people": ["-people_count", "name"],
        "people": ["people_count", "name"],
    }
    columns = [
        *(Column("Name", "name", width=36), Column("Short name", "short_name")),
        *(Column("Kind", "kind", dict(Organisation.Kind.choices).get), Column("Party", "party__short_name")),
        *(Column("Website", "website", width=36), Column("People", "people_count", width=9)),
    ]

    q = words("Search", method="matching")
    kind = choice(Organisation.Kind.choices, "Kind", empty="Any kind")

    def all_rows(self):
        rows = Organisation.objects.visible_to(self.user).of(self.agreement)
        return rows.select_related("party").with_people_count()

    def matching(self, rows, name, text):
        return rows.matching(text)
