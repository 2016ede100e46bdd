"""Forms of committees and seats."""

from django import forms
from django.core.exceptions import ValidationError

from contacts.forms import OrganisationField, OwnerField, WithContacts
from engagements.models import Committee, Seat
from engagements.models.committee import MOST_PAPERS_DAYS
from pages.forms import RecordForm

PAPERS_DAYS = f"Papers can be due 1 to {MOST_PAPERS_DAYS} working days before a meeting."


class CommitteeForm(WithContacts, RecordForm):
    """A committee. Only its name is required."""

    host_named = OrganisationField(label="Host", required=False, help_text="The organisation whose committee it is.")

    class Meta:
        model = Committee
        fields = ["name", "purpose", "how_often", "papers_days", "web_page"]
        widgets = {"purpose": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "how_often": "As people say it: four times a year.",
            "papers_days": "Working days before a meeting, without weekends and bank holidays. Empty: no day is set.",
            "web_page": "Begins with https:// or http://.",
        }
        labels = {"papers_days": "Papers are due"}
        error_messages = {
            "name": {"required": "Give the committee's name."},
            "papers_days": {
                "invalid": "Give a whole number of days, such as 5.",
                "min_value": PAPERS_DAYS,
                "max_value": PAPERS_DAYS,
            },
        }

    field_of = {"host": "host_named"}
    field_order = ["name", "host_named", "purpose", "how_often", "papers_days", "web_page"]

    def __init__(self, *args, agreement, **kwargs):
        super().__init__(*args, agreement=agreement, **kwargs)
        self.instance.agreement = agreement
        self.fields["host_named"].initial = self.instance.host

    def clean(self):
        """Refuse the name of another committee of the agreement; one made by this same form does not count."""
        cleaned = super().clean()
        others = (
            Committee.objects.of(self.agreement).exclude(pk=self.instance.pk).exclude(form_key=self.instance.form_key)
        )
        if "name" in cleaned and others.filter(name__iexact=cleaned["name"]).exists():
            self.add_error("name", ValidationError("A committee of this name is there already.", code="unique"))
        return cleaned


class PersonField(OwnerField):
    """A field that names one person."""

    people_only = True
    default_error_messages = {"not_a_person": "“%(name)s” is an organisation: name a person."}

    def clean(self, value):
        """The person, or None; ValidationError for an organisation."""
        person, organisation = super().clean(value)
        if organisation:
            raise ValidationError(
                self.error_messages["not_a_person"], code="not_a_person", params={"name": organisation.name}
            )
        return person

    def prepare_value(self, value):
        """A person as the pair that the widget shows."""
        return super().prepare_value(value if isinstance(value, tuple | type(None)) else (value, None))


class SeatForm(WithContacts, RecordForm):
    whose = OrganisationField(
        label="Organisation",
        required=False,
        help_text="Whose seat it is, whoever holds it. Empty for a seat that is a person's own.",
    )
    held_by = PersonField(label="Held by", required=False, help_text="Type a name from the contacts.")
    stood_in_by = PersonField(label="Deputy", required=False, help_text="Who may stand in.")

    class Meta:
        model = Seat
        fields = ["role", "starts_on", "ends_on"]
        widgets = {
            "role": forms.RadioSelect,
        }
        help_texts = {"starts_on": "Its first day, if it is known.", "ends_on": "Its last day. Empty: still held."}
        error_messages = {
            "role": {"required": "Choose a role.", "invalid_choice": "Choose a role."},
        }

    field_of = {"organisation": "whose", "holder": "held_by", "deputy": "stood_in_by"}
    field_order = ["whose", "role", "held_by", "stood_in_by", "starts_on", "ends_on"]

    def __init__(self, *args, agreement, **kwargs):
        super().__init__(*args, agreement=agreement, **kwargs)
        self.instance.agreement = agreement
        self.fields["whose"].initial = self.instance.organisation
        self.fields["held_by"].initial = self.instance.holder
        self.fields["stood_in_by"].initial = self.instance.deputy

    def clean(self):
        """Set the people on the seat, and show an error beside the field of each broken rule."""
        cleaned = super().clean()
        self.instance.holder, self.instance.deputy = cleaned.get("held_by"), cleaned.get("stood_in_by")
        whose = cleaned.get("whose")
        if not self.errors and not (whose and (whose.organisation or whose.name)) and not self.instance.holder:
            self.add_error("whose", "Say whose seat it is: an organisation, a person or both.")
        if self.instance.holder and self.instance.holder == self.instance.deputy:
            self.add_error("stood_in_by", "The deputy must be somebody else than the holder.")
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "A seat cannot end before it begins.")
        return cleaned
