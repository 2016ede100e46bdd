"""Base classes for the fields that name people and organisations."""

from django import forms
from django.forms import Script
from django.urls import reverse


class ContactsWidget(forms.Widget):
    """A widget for the address book of its ``agreement``. It works without JavaScript; ``picker.js`` improves it."""

    agreement = None

    class Media:
        js = [Script("js/picker.js", type="module"), Script("js/people_table.js", type="module")]

    def get_context(self, name, value, attrs):
        """Add the URLs that the picker calls."""
        context = super().get_context(name, value, attrs)
        context["pick_url"] = reverse("contacts:pick", args=[self.agreement.slug])
        context["pick_new_url"] = reverse("contacts:pick_new", args=[self.agreement.slug])
        context["pick_read_url"] = reverse("contacts:pick_read", args=[self.agreement.slug])
        return context


class ContactsField(forms.Field):
    """A field whose values come from the address book of one agreement."""

    to_confirm = False
    """Whether something was typed that nobody has confirmed yet."""
    notes = ()
    """Messages about what was typed, to show once it is saved."""

    def __init__(self, *, agreement=None, **kwargs):
        super().__init__(**kwargs)
        self.agreement = agreement

    @property
    def agreement(self):
        """The agreement whose address book is used. The widget has the same one."""
        return self._agreement

    @agreement.setter
    def agreement(self, agreement):
        self._agreement = self.widget.agreement = agreement


class WithContacts:
    """Mixin for forms, before ``Form`` or ``ModelForm``: takes ``agreement`` and passes it to the fields."""

    def __init__(self, *args, agreement, **kwargs):
        super().__init__(*args, **kwargs)
        self.agreement = agreement
        for field in self.contacts_fields:
            field.agreement = agreement

    @property
    def contacts_fields(self):
        """The fields of the form that name people or organisations."""
        return [field for field in self.fields.values() if isinstance(field, ContactsField)]

    def is_valid(self):
        """False until the people who were typed are confirmed, although the form then has no error."""
        return super().is_valid() and not self.to_confirm

    @property
    def to_confirm(self):
        """Whether people must be confirmed first. Reading ``errors`` makes sure that the form is cleaned."""
        return self.errors is not None and any(field.to_confirm for field in self.contacts_fields)

    @property
    def notes(self):
        """Messages to show once the form is saved."""
        return [note for field in self.contacts_fields for note in field.notes]


def values(data, name):
    """All values that a browser sent under ``name``, as a list of strings. A test may pass a plain dict."""
    if hasattr(data, "getlist"):
        return data.getlist(name)
    value = data.get(name, [])
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
