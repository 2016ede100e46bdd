"""The forms of one person and of one organisation."""

import uuid

from django import forms
from django.core.exceptions import ValidationError

from accounts.email_typos import EmailTypoMixin
from contacts.forms.base import WithContacts, values
from contacts.forms.organisations import OrganisationField
from contacts.models import Organisation, Person
from contacts.operations import ROUTING, why_not_rerouted
from contacts.presenters.owners import label_of
from contacts.rules.names import split_name
from pages.forms import RecordForm


class ContactForm(WithContacts, RecordForm):
    def __init__(self, *args, agreement, **kwargs):
        super().__init__(*args, agreement=agreement, **kwargs)
        self.instance.agreement = agreement
        self.fields["name"].error_messages["required"] = "Give the name."

    @property
    def made_before(self):
        """The row that this form created when it was sent before, or None."""
        try:
            key = uuid.UUID("".join(values(self.data, self.add_prefix("form_key"))))
        except ValueError:
            return None
        return self._meta.model.objects.of(self.agreement).filter(form_key=key).first()

    def _get_validation_exclusions(self):
        """Check the constraints that name the agreement, although it is not a field of the form."""
        return super()._get_validation_exclusions() - {"agreement"}


class OrganisationForm(ContactForm):
    class Meta:
        model = Organisation
        fields = ["name", "short_name", "kind", "website"]
        widgets = {"kind": forms.RadioSelect}
        help_texts = {"short_name": "As in lists: LGA.", "website": "Begins with https:// or http://."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.party_id:
            for name in ("name", "short_name"):
                self.fields[name].disabled = True
                self.fields[name].help_text = "It is a party to the agreement: an administrator changes its name."

    def clean_name(self):
        """Refuse a name that another organisation of the agreement has."""
        name = self.cleaned_data["name"]
        others = Organisation.objects.of(self.agreement).filter(name__iexact=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError("An organisation of this name is in the address book already.", code="unique")
        return name


class PersonForm(EmailTypoMixin, ContactForm):
    """A person. An organisation that is named but does not exist yet is added with them."""

    organisation = OrganisationField(
        required=False, help_text="Type its name. One that is not in the contacts yet is added."
    )

    class Meta:
        model = Person
        fields = ["title", "name", "honours", "email", "job_title", "left_on"]
        help_texts = {"name": ""}

    field_order = ["name", "title", "honours", "organisation", "job_title", "email", "left_on"]

    def __init__(self, *args, by=None, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["organisation"].initial = self.instance.organisation
        self.why_fixed = ""
        if self.instance.pk and by and not self.instance.may_be_rerouted_by(by):
            self.why_fixed = why_not_rerouted(self.instance)
            for name in ROUTING:
                del self.fields[name]

    @property
    def person_fields(self):
        """The arguments of the operation ``add_person``."""
        fields = dict(self.cleaned_data)
        entry = fields.pop("organisation")
        del fields["email_asked_about"]
        return fields | {"organisation": entry.organisation, "organisation_name": entry.name}

    def put_organisation(self):
        """Set the organisation of an existing person. Returns the name of an organisation to add, or ""."""
        if "organisation" not in self.cleaned_data:
            return ""
        entry = self.cleaned_data["organisation"]
        self.instance.organisation = entry.organisation
        return entry.name

    def clean(self):
        """Move titles and honours that were typed with the name to their own fields."""
        cleaned = super().clean()
        parts = split_name(cleaned.get("name", ""))
        if parts.name:
            cleaned["name"] = parts.name
            for part in ("title", "honours"):
                cleaned[part] = cleaned.get(part) or getattr(parts, part)
        return cleaned

    def clean_email(self):
        """Refuse an email that somebody else of the agreement has, and ask about one that looks misspelt."""
        email = self.cleaned_data["email"]
        others = Person.objects.of(self.agreement).filter(email__iexact=email).exclude(pk=self.instance.pk)
        other = others.select_related("organisation").first() if email else None
        if other:
            raise ValidationError(f"{label_of(other)} has this email already.", code="unique")
        if "email" in self.changed_data:
            self.ask_about(email, Person.objects.of(self.agreement))
        return email


class NewPersonForm(PersonForm):
    """The picker's form for a new person, which is shown inside another form."""

    class Meta(PersonForm.Meta):
        fields = ["name", "email"]

    field_order = ["name", "organisation", "email"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="new_person", **kwargs)
        self.fields["organisation"].help_text = ""
