"""The form field for an owner: one person or one organisation."""

from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import ValidationError

from contacts.forms.base import ContactsField, ContactsWidget
from contacts.models import Organisation, Person
from contacts.operations import add_person
from contacts.presenters.owners import find_owner, key_of, label_of, owner_with_key
from contacts.rules.names import split_name
from contacts.rules.pasted import NAME_LENGTH
from records.limits import NAME_TYPED, check_length
from records.names import clean_name

NEW = "new"


class Typed(NamedTuple):
    """The submitted values: the text, the key that the picker chose, and the answer to a choice that was offered.

    ``asked`` is the text for which the choice was offered. An answer to another text is ignored.
    """

    text: str = ""
    key: str = ""
    choice: str = ""
    asked: str = ""


@dataclass(frozen=True)
class Offer:
    """A choice offered beside the field: the ``owners`` that ``text`` may mean, and, if ``can_add``, a new contact."""

    text: str
    owners: tuple = ()
    can_add: bool = False
    chosen: str = ""

    @property
    def options(self):
        """(key, label) of each owner."""
        return [(key_of(owner), label_of(owner)) for owner in self.owners]


class OwnerWidget(ContactsWidget):
    """A text field; with JavaScript a combobox that also remembers which one was chosen."""

    template_name = "contacts/widgets/owner.html"
    people_only = False
    offer = None

    def value_from_datadict(self, data, files, name):
        return Typed(*(data.get(f"{name}{part}", "") for part in ("", "_key", "_choice", "_asked")))

    def get_context(self, name, value, attrs):
        context = super().get_context(name, None, attrs)
        context["text"], context["key"] = (value or ("", ""))[:2]
        context |= {"offer": self.offer, "kinds": "people" if self.people_only else "owners"}
        return context


class OwnerField(ContactsField):
    """Names one person or organisation. Cleans to a pair (person, organisation), of which one is None.

    Both are None where the field is empty. ``initial`` is such a pair. A single match is taken. Several matches are
    offered as a choice. Where there is no match, a new contact is offered, and added when it is chosen, as in the
    picker.
    """

    widget = OwnerWidget
    people_only = False
    default_error_messages = {
        "required": "Say who does it: a person or an organisation.",
        "unknown": "No match for “%(name)s”. Select a person or add a new contact.",
        "several": "%(count)s match “%(name)s”. Select one.",
    }

    def __init__(self, *, label="Owner", help_text="A person or an organisation.", **kwargs):
        super().__init__(label=label, help_text=help_text, **kwargs)
        self.widget.people_only = self.people_only

    def prepare_value(self, value):
        """Turn a pair (person, organisation) into (label, key)."""
        if value and not isinstance(value[1], str):
            owner = value[0] or value[1]
            return (label_of(owner), key_of(owner)) if owner else ("", "")
        return value

    def clean(self, value):
        """Return the pair. Raises ValidationError where no contact has the name, or more than one."""
        typed = Typed(*value)
        check_length(typed.text, NAME_TYPED, "This name")
        text = clean_name(typed.text.replace("\0", ""))
        if not text:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None, None
        owner = self.owner_called(text, typed)
        return (owner, None) if isinstance(owner, Person) else (None, owner)

    def owner_called(self, text, typed):
        """Return the person or organisation that ``text`` means.

        Where that is unclear, put an offer on the widget and raise ValidationError.
        """
        for key, said_for in ((typed.key, None), (typed.choice, clean_name(typed.asked))):
            chosen = owner_with_key(self.agreement, key)
            if chosen and text in (said_for, label_of(chosen)):
                return chosen
        found = find_owner(self.agreement, text, people_only=self.people_only)
        if found.owner:
            return found.owner
        if typed.choice == NEW and clean_name(typed.asked) == text:
            return self.added(text)
        self.widget.offer = Offer(text, found.owners, can_add=len(text) <= NAME_LENGTH and "@" not in text)
        name = text if len(text) <= 80 else f"{text[:80]}…"
        count = "1 person" if len(found.owners) == 1 else f"{len(found.owners)} {_nouns(found.owners)}"
        verb = "several" if found.owners else "unknown"
        message = self.error_messages[verb] % {"name": name, "count": count}
        raise ValidationError(message.replace("1 person match ", "1 person may match "), code=verb)

    def added(self, text):
        """Add a person to the address book, from the text "Name" or "Name, Organisation". Returns the person.

        ``by`` is None: the history has the user of the request.
        """
        name, _, organisation = text.partition(",")
        parts = split_name(name)
        facts = {"name": parts.name, "title": parts.title, "honours": parts.honours}
        return add_person(self.agreement, **facts, organisation_name=clean_name(organisation), by=None)

    def has_changed(self, initial, data):
        before = self.prepare_value(initial) if initial else ("", "")
        return before[0] != (data or ("",))[0].strip()


def _nouns(owners):
    """The noun for ``owners``: people, organisations, or people or organisations."""
    kinds = {isinstance(owner, Organisation) for owner in owners}
    return {(False,): "people", (True,): "organisations"}.get(tuple(kinds), "people or organisations")
