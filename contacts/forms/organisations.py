"""Form fields that name one organisation, or several."""

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
    """The name on one line, with single spaces inside and no spaces, commas or semicolons around it."""
    return clean_name(text.replace("\0", "")).strip(" ,;")


def check_name(name):
    """Raise ValidationError if ``name`` is longer than the address book allows."""
    if len(name) > NAME_LENGTH:
        raise ValidationError(
            f"This name has {len(name)} characters, at most {NAME_LENGTH} are possible: “{name[:40]}…”",
            code="max_length",
        )


class OrganisationWidget(ContactsWidget):
    """A text field; with JavaScript a combobox of the organisations."""

    template_name = "contacts/widgets/organisation.html"


class OrganisationField(ContactsField):
    """Names one organisation. Cleans to an ``OrganisationEntry``, an empty one for no name.

    ``initial`` is an organisation. With ``must_exist`` only an organisation of the address book is valid, named by its
    name or its key, as in a URL. Otherwise an unknown name is that of an organisation to add.
    """

    widget = OrganisationWidget
    default_error_messages = {"required": "Name an organisation.", "unknown": "No organisation is called “%(name)s”."}

    def __init__(self, *, label="Organisation", must_exist=False, **kwargs):
        super().__init__(label=label, **kwargs)
        self.must_exist = must_exist

    def prepare_value(self, value):
        """Show an organisation by its name. Other values stay as they are."""
        return value.name if isinstance(value, Organisation) else value

    def clean(self, value):
        """Return the entry.

        Raises ValidationError for a name that is missing though required, too long, or unknown though it must exist.
        """
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
        return (self.prepare_value(initial) or "") != (data or "").strip()


class OrganisationsWidget(ContactsWidget):
    """The parties' organisations as buttons, and a text area for others (a combobox with chips, with JavaScript)."""

    template_name = "contacts/widgets/organisations.html"
    use_fieldset = True

    def value_from_datadict(self, data, files, name):
        """Return (keys of the ticked organisations, the text)."""
        return tuple(values(data, name)), "\n".join(values(data, f"{name}_lines"))

    def value_omitted_from_data(self, data, files, name):
        """False: to tick no organisation is an answer too."""
        return False

    def get_context(self, name, value, attrs):
        """Add ``offered``, pairs of an organisation and whether it is ticked, and ``typed``, the text."""
        context = super().get_context(name, None, attrs)
        keys, context["typed"] = value or ((), "")
        ticked = {key for key in map(whole_number, keys) if key}
        rows = Organisation.objects.of(self.agreement).filter(Q(party__isnull=False) | Q(pk__in=ticked))
        rows = rows.order_by(F("party__position").asc(nulls_last=True), "name")
        context["offered"] = [(organisation, organisation.pk in ticked) for organisation in rows]
        return context


class OrganisationsField(ContactsField):
    """Names several organisations. Cleans to a list of ``OrganisationEntry``, for ``organisations_of``.

    ``initial``: organisations, or their keys.
    """

    widget = OrganisationsWidget
    default_error_messages = {"required": "Name at least one organisation."}

    def prepare_value(self, value):
        """Turn organisations, or their keys, into the value of the widget: their keys, and no text."""
        if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], str):
            return value
        return tuple(str(getattr(row, "pk", row)) for row in value or ()), ""

    def clean(self, value):
        """Return the entries, each once.

        Raises ValidationError for an organisation of another agreement, a name that is too long, or too many names.
        """
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
        """The entries of the ticked organisations. Raises ValidationError where one is not in the address book."""
        numbers = [whole_number(key) for key in dict.fromkeys(keys)]
        rows = (
            Organisation.objects.of(self.agreement).in_bulk([number for number in numbers if number]) if numbers else {}
        )
        if any(number not in rows for number in numbers):
            raise ValidationError("An organisation chosen is not in the contacts of this agreement and was taken out.")
        return [OrganisationEntry(rows[number]) for number in numbers]

    def has_changed(self, initial, data):
        return set(self.prepare_value(initial)[0]) != set(data[0]) or bool(data[1].strip())
