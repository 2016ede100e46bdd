"""The field with which a form says who does something: one person or one organisation."""

from django.core.exceptions import ValidationError
from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from contacts.forms.base import ContactsField, ContactsWidget, whole_number
from contacts.matching import folded
from contacts.models import Organisation, Person
from contacts.queries import Folded

NUMBERS = {2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six", 7: "Seven", 8: "Eight", 9: "Nine"}


def label_of(owner):
    """How an owner is written in the field: "Priya Nair, Northmoor Council", or an organisation's name."""
    organisation = getattr(owner, "organisation", None) if isinstance(owner, Person) else None
    return f"{owner.name}, {organisation}" if organisation else owner.name


def key_of(owner):
    """How the picker names an owner: "person:12" or "organisation:3"."""
    return f"{owner._meta.model_name}:{owner.pk}"


def owner_with_key(agreement, key):
    """The person or organisation of ``agreement`` that a key of ``key_of`` means, or None."""
    kind, _, number = key.partition(":")
    number = whole_number(number)
    if not number:
        return None
    if kind == "person":
        return Person.objects.of(agreement).filter(pk=number).select_related("organisation").first()
    return Organisation.objects.of(agreement).filter(pk=number).first() if kind == "organisation" else None


def owners_called(agreement, text):
    """People and organisations that ``text`` may mean: by name, "Name, Organisation" or email, whatever the case."""
    called = folded([text])[text]
    people = (
        Person.objects.of(agreement)
        .select_related("organisation")
        .annotate(
            folded_name=Folded(F("name")),
            at_full=Folded(Concat(F("name"), Value(", "), F("organisation__name"))),
            at_short=Folded(Concat(F("name"), Value(", "), F("organisation__short_name"))),
        )
    )
    found = people.filter(Q(folded_name=called) | Q(at_full=called) | Q(at_short=called) | Q(email__iexact=text))
    organisations = Organisation.objects.of(agreement).annotate(
        folded_name=Folded(F("name")), folded_short=Folded(F("short_name"))
    )
    return [*found[:10], *organisations.filter(Q(folded_name=called) | Q(folded_short=called))[:10]]


class OwnerWidget(ContactsWidget):
    """A text field; with JavaScript a combobox that also remembers which one was chosen."""

    template_name = "contacts/widgets/owner.html"

    def value_from_datadict(self, data, files, name):
        """What was typed, and the key of what was chosen before."""
        return data.get(name, ""), data.get(f"{name}_key", "")

    def get_context(self, name, value, attrs):
        """Adds ``text`` and ``key``."""
        context = super().get_context(name, None, attrs)
        context["text"], context["key"] = value or ("", "")
        return context


class OwnerField(ContactsField):
    """Names one person or organisation: cleaned to a pair (person, organisation), one of them None; both, if empty.

    ``initial`` is such a pair. What is typed must be the name of exactly one: "Name" or "Name, Organisation".
    """

    widget = OwnerWidget
    default_error_messages = {
        "required": "Say who does it: a person or an organisation.",
        "unknown": "Nobody called “%(name)s” is in the contacts. Add them first, or name an organisation.",
        "several": "%(count)s are called “%(name)s”: write “Name, Organisation”.",
    }

    def __init__(self, *, label="Owner", help_text="A person or an organisation.", **kwargs):
        super().__init__(label=label, help_text=help_text, **kwargs)

    def prepare_value(self, value):
        """A pair (person, organisation) as what stands in the field."""
        if value and not isinstance(value[1], str):
            owner = value[0] or value[1]
            return (label_of(owner), key_of(owner)) if owner else ("", "")
        return value

    def clean(self, value):
        """The pair; ValidationError where nobody, or more than one, is called that."""
        text, key = value[0].replace("\0", "").strip(), value[1]
        if not text:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None, None
        owner = self.owner_called(text, key)
        return (owner, None) if isinstance(owner, Person) else (None, owner)

    def owner_called(self, text, key):
        """The one that is meant."""
        chosen = owner_with_key(self.agreement, key)
        if chosen and label_of(chosen) == text:
            return chosen
        owners = owners_called(self.agreement, text)
        if len(owners) == 1:
            return owners[0]
        code = "several" if owners else "unknown"
        nouns = "people" if all(isinstance(owner, Person) for owner in owners) else "people or organisations"
        name = text if len(text) <= 80 else f"{text[:80]}…"
        params = {"name": name, "count": f"{NUMBERS.get(len(owners), 'Several')} {nouns}"}
        raise ValidationError(self.error_messages[code] % params, code=code)

    def has_changed(self, initial, data):
        """Whether another name stands there."""
        before = self.prepare_value(initial) if initial else ("", "")
        return before[0] != (data or ("",))[0].strip()
