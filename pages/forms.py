"""What every form of a record has: a one-time key, plain messages, boxes for days and times, and word of conflicts."""

import uuid

from django import forms

from pages.error_messages import PlainMessages
from records.edit_conflicts import ConflictError, as_text, from_text, marks_of
from records.history import HistorySource, changes_of


class SeesConflicts(forms.Form):
    """A form that remembers what it was opened on, so that the operation that saves it can tell what others changed.

    Where they changed the same, ``conflict`` has both versions and the page shows them (``elements/conflict.html``);
    sent once more, the form takes the place of theirs.
    """

    conflict = None
    field_of = {}
    """{name of a field or list of the record: the field of the form that is for it}, where the two differ."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=50_000)

    @property
    def marks_seen(self):
        """The marks of what the form was opened on, for ``records.edit_conflicts.merge``."""
        return from_text(self.cleaned_data.get("seen") or "")

    def apply(self, operation, *args, **kwargs):
        """What ``operation`` returns, told what was ``seen`` if the form is of something that is there."""
        return operation(*args, **({"seen": self.marks_seen} if "seen" in self.fields else {}), **kwargs)

    def save_with(self, operation, *args, **kwargs):
        """As ``apply``; None where somebody else changed the same meanwhile."""
        try:
            return self.apply(operation, *args, **kwargs)
        except ConflictError as error:
            self.show(error)
            return None

    def show(self, conflict):
        """Show both versions. What only they changed keeps its old mark, so that it stays theirs when sent again."""
        self.conflict = conflict
        conflict.differences = [self._as_labelled(each) for each in conflict.differences]
        conflict.kept = [self._as_labelled(each) for each in conflict.kept]
        conflict.latest = latest_change(conflict.row) if conflict.row else None
        self.look_again(conflict.marks)

    def _as_labelled(self, difference):
        name = self.field_of.get(difference.name, difference.name)
        return difference._replace(label=self[name].label) if name in self.fields else difference

    def look_again(self, marks):
        """Let the form be as if opened on these ``marks``, with what was typed in it."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = as_text(self.marks_seen | marks)


def latest_change(row):
    """Who last changed a record, and when: an ``Entry`` of its history, or None."""
    events = type(row).pgh_event_model.objects.filter(pgh_obj_id=row.pk)
    return next(iter(changes_of(HistorySource(events, row._meta.verbose_name), limit=1)), None)


class RecordForm(PlainMessages, SeesConflicts, forms.ModelForm):
    """The form of one record: a new one is saved once, however often it is sent; of one that is there, nobody
    overwrites what they have not seen.
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
        """{name: list} of the lists that belong to a record that is there, for ``marks_of``."""
        return {}

    def clean(self):
        """Put the key on the row; whether it was used before is the operation's business."""
        self.instance.form_key = self.cleaned_data.get("form_key") or getattr(self.instance, "form_key", None)
        return super().clean()

    def apply(self, operation, *args, **kwargs):
        """As of every form; ``operation`` takes the row first."""
        return super().apply(operation, self.instance, *args, **kwargs)


def _use_the_browsers_box(field):
    """Browsers have boxes of their own for a day and a time."""
    if type(field.widget) is forms.DateInput:
        field.widget = forms.DateInput(attrs=field.widget.attrs | {"type": "date"}, format="%Y-%m-%d")
    elif type(field.widget) is forms.TimeInput:
        field.widget = forms.TimeInput(attrs=field.widget.attrs | {"type": "time"}, format="%H:%M")
