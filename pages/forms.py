"""Base classes of forms of records: one-time key, plain messages, boxes for days and times, conflicting edits."""

import uuid

from django import forms

from pages.error_messages import PlainMessages
from records.edit_conflicts import ConflictError, as_text, from_text, marks_of
from records.history import HistorySource, changes_of


class SeesConflicts(forms.Form):
    """A form that sends marks of the values it was opened with, so that the operation that saves it detects conflicts.

    Where somebody else changed the same, ``conflict`` has both versions and the page shows them
    (``elements/conflict.html``). Sent once more, the form replaces the other version.
    """

    conflict = None
    field_of = {}
    """{name of a field or list of the record: name of the form's field for it}, where the two differ."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=50_000)

    @property
    def marks_seen(self):
        """The marks of the values that the form was opened with, for ``records.edit_conflicts.merge``."""
        return from_text(self.cleaned_data.get("seen") or "")

    def apply(self, operation, *args, **kwargs):
        """Call ``operation`` and return its result. The form of an existing record passes its marks as ``seen``."""
        return operation(*args, **({"seen": self.marks_seen} if "seen" in self.fields else {}), **kwargs)

    def save_with(self, operation, *args, **kwargs):
        """As ``apply``; on a conflict, show both versions and return None."""
        try:
            return self.apply(operation, *args, **kwargs)
        except ConflictError as error:
            self.show(error)
            return None

    def show(self, conflict):
        """Show both versions.

        Fields that only the other person changed keep their old marks: sent again, the form keeps their values.
        """
        self.conflict = conflict
        conflict.differences = [self._as_labelled(each) for each in conflict.differences]
        conflict.kept = [self._as_labelled(each) for each in conflict.kept]
        conflict.latest = latest_change(conflict.row) if conflict.row else None
        self.replace_marks(conflict.marks)

    def _as_labelled(self, difference):
        name = self.field_of.get(difference.name, difference.name)
        return difference._replace(label=self[name].label) if name in self.fields else difference

    def replace_marks(self, marks):
        """Add ``marks`` to those that the form sends, and keep all that was typed."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = as_text(self.marks_seen | marks)


def latest_change(row):
    """The last ``Entry`` of a record's history, which says who changed it and when; None without one."""
    events = type(row).pgh_event_model.objects.filter(pgh_obj_id=row.pk)
    return next(iter(changes_of(HistorySource(events, row._meta.verbose_name), limit=1)), None)


class RecordForm(PlainMessages, SeesConflicts, forms.ModelForm):
    """The form of one record.

    A new record is saved once, however often the form is sent. For an existing one, conflicting edits are detected.
    """

    form_key = forms.UUIDField(
        widget=forms.HiddenInput,
        required=False,
        initial=uuid.uuid4,
        error_messages={"invalid": "The form was sent with a damaged key: load the page again."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _use_the_browsers_box(field)
        if self.instance.pk:
            del self.fields["form_key"]
            self.fields["seen"].initial = lambda: as_text(marks_of(self.instance, **self.parts_there()))
        else:
            del self.fields["seen"]

    def parts_there(self):
        """{name: list} of the lists that belong to an existing record, for ``marks_of``."""
        return {}

    def clean(self):
        """Put the one-time key on the row; the operation checks if it was used before."""
        self.instance.form_key = self.cleaned_data.get("form_key") or getattr(self.instance, "form_key", None)
        return super().clean()

    def apply(self, operation, *args, **kwargs):
        """As for every form; ``operation`` gets the row as its first argument."""
        return super().apply(operation, self.instance, *args, **kwargs)


def _use_the_browsers_box(field):
    """Use the browser's own input for a day or a time."""
    if type(field.widget) is forms.DateInput:
        field.widget = forms.DateInput(attrs=field.widget.attrs | {"type": "date"}, format="%Y-%m-%d")
    elif type(field.widget) is forms.TimeInput:
        field.widget = forms.TimeInput(attrs=field.widget.attrs | {"type": "time"}, format="%H:%M")
