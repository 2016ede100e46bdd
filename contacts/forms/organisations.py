"""The fields with which a form names organisations: one, or several such as the hosts."""

from django.core.exceptions import ValidationError
from django.db.models import F, Q

from contacts.forms.base import ContactsField, ContactsWidget, values
from contacts.models import Organisation
from contacts.operations import OrganisationEntry
from contacts.presenters.matching import match_organisations
from contacts.rules.pasted import NAME_LENGTH
from records.keys import whole_number
from records.limits import NAME_TYPED, check_length, limited_lines
from records.names import clean_name

ORGANISATIONS_AT_ONCE = 50


def tidy_name(text):
    """A name on one line, with single blanks inside and none around."""
    return clean_name(text.replace("\0", "")).strip(" ,;")


def check_name(name):
    """ValidationError if ``name`` is longer than the address book holds."""
    if len(name) > NAME_LENGTH:
        raise ValidationError(
            f"This name has {len(name)} characters, at most {NAME_LENGTH} are possible: “{name[:40]}…”",
            code="max_length",
        )


class OrganisationWidget(ContactsWidget):
    """A text field; with JavaScript a combobox of the organisations."""

    template_name = "contacts/widgets/organisation.html"


class OrganisationField(ContactsField):
    """Names one organisation: cleaned to an ``OrganisationEntry``, both parts empty for none. ``initial``: one.

    With ``must_exist`` only those of the address book will do, also by their key, as in an address; else another name
    is one to be added.
    """

    widget = OrganisationWidget
    default_error_messages = {"required": "Name an organisation.", "unknown": "No organisation is called “%(name)s”."}

    def __init__(self, *, label="Organisation", must_exist=False, **kwargs):
        super().__init__(label=label, **kwargs)
        self.must_exist = must_exist

    def prepare_value(self, value):
        """An organisation, or its key, as its name."""
        return value.name if isinstance(value, Organisation) else value

    def clean(self, value):
        """The entry; ValidationError for a name that is too long, or unknown where it must exist."""
        check_length(value or "", NAME_TYPED, "This name")
        name = tidy_name(value or "")
        if not name:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return OrganisationEntry()
        check_name(name)
        key = whole_number(name) if self.must_exist else None
        by_key = Organisation.objects.of(self.agreement).filter(pk=key).first() if key else None
        organisation = by_key or match_organisations(self.agreement, [name]).get(name)
        if self.must_exist and not organisation:
            raise ValidationError(self.error_messages["unknown"] % {"name": name}, code="unknown")
        return OrganisationEntry(organisation) if organisation else OrganisationEntry(name=name)

    def has_changed(self, initial, data):
        """Whether another name stands there."""
        return (self.prepare_value(initial) or "") != (data or "").strip()


class OrganisationsWidget(ContactsWidget):
    """The parties' organisations as buttons, and a text area for others (a combobox with chips, with JavaScript)."""

    template_name = "contacts/widgets/organisations.html"
    use_fieldset = True

    def value_from_datadict(self, data, files, name):
        """The keys of those ticked, and the text."""
        return tuple(values(data, name)), "\n".join(values(data, f"{name}_lines"))

    def value_omitted_from_data(self, data, files, name):
        """None ticked is an answer too."""
        return False

    def get_context(self, name, value, attrs):
        """Adds ``offered``, pairs of an organisation and whether it is ticked, and the text."""
        context = super().get_context(name, None, attrs)
        keys, context["typed"] = value or ((), "")
        ticked = {key for key in map(whole_number, keys) if key}
        rows = Organisation.objects.of(self.agreement).filter(Q(party__isnull=False) | Q(pk__in=ticked))
        rows = rows.order_by(F("party__position").asc(nulls_last=True), "name")
        context["offered"] = [(organisation, organisation.pk in ticked) for organisation in rows]
        return context


class OrganisationsField(ContactsField):
    """Names organisations, as ``initial``: cleaned to a list of ``OrganisationEntry``, for ``organisations_of``."""

    widget = OrganisationsWidget
    default_error_messages = {"required": "Name at least one organisation."}

    def prepare_value(self, value):
        """Organisations as their keys and no text."""
        if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], str):
            return value
        return tuple(str(getattr(row, "pk", row)) for row in value or ()), ""

    def clean(self, value):
        """The entries, each once; ValidationError for one of another agreement, or a name that is too long."""
        keys, typed = value
        names = list(dict.fromkeys(name for name in map(tidy_name, limited_lines(typed)) if name))
        if len(names) > ORGANISATIONS_AT_ONCE:
            raise ValidationError(f"At most {ORGANISATIONS_AT_ONCE} organisations can be added at a time.")
        for name in names:
            check_name(name)
        known = match_organisations(self.agreement, names) if names else {}
        entries = [
            *self._ticked(keys),
            *(OrganisationEntry(known.get(name), "" if name in known else name) for name in names),
        ]
        if self.required and not entries:
            raise ValidationError(self.error_messages["required"], code="required")
        return list(dict.fromkeys(entries))

    def _ticked(self, keys):
        """The entries of those ticked."""
        numbers = [whole_number(key) for key in dict.fromkeys(keys)]
        rows = (
            Organisation.objects.of(self.agreement).in_bulk([number for number in numbers if number]) if numbers else {}
        )
        if any(number not in rows for number in numbers):
            raise ValidationError("An organisation chosen is not in the contacts of this agreement and was taken out.")
        return [OrganisationEntry(rows[number]) for number in numbers]

    def has_changed(self, initial, data):
        """Whether others are named than at first."""
        return set(self.prepare_value(initial)[0]) != set(data[0]) or bool(data[1].strip())
