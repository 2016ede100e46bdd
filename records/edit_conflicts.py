"""Two people saving the same record: whoever comes second is told what the first one saved, and loses nothing."""

import datetime as dt
from functools import cached_property
from hashlib import sha256

from django import forms


class ConflictCheckMixin(forms.ModelForm):
    """A form of a row that remembers what it was opened on.

    What somebody else saved meanwhile, and this form would undo, is told as an error; sent once more, the form puts its
    own in that one's place. A program that does not send what it has ``seen`` is told nothing.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10_000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "seen" in self.fields and self.instance.pk:
            self.fields["seen"].initial = lambda: _as_text(self.marks)

    @cached_property
    def marks(self):
        """What stands in each field of the stored row: a short mark by the field's name."""
        return {bound.name: _mark(bound) for bound in self.visible_fields()}

    def clean(self):
        """Tell what somebody else saved, unless that is what stands here too."""
        cleaned = super().clean()
        seen = dict(pair.split("=", 1) for pair in cleaned.pop("seen", "").split() if "=" in pair)
        theirs = [name for name, mark in seen.items() if self.marks.get(name, mark) != mark]
        overtaken = [self[name] for name in theirs if name in self.changed_data]
        if overtaken:
            saved = "; ".join(f"{bound.label}: {_in_words(bound)}" for bound in overtaken)
            self.add_error(
                None,
                f"Somebody else saved this while you had it open. Theirs: {saved}. Save again to put yours instead.",
            )
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = _as_text(self.marks)
        return cleaned


def _mark(bound):
    return sha256(repr(bound.field.prepare_value(bound.initial)).encode()).hexdigest()[:8]


def _as_text(marks):
    return " ".join(f"{name}={mark}" for name, mark in marks.items())


def _in_words(bound):
    """What stands in a field of the stored row, in words."""
    value = bound.field.prepare_value(bound.initial)
    if isinstance(value, tuple):
        value = value[0]
    if isinstance(value, dt.date):
        return f"{value:%-d %B %Y}"
    choices = {str(key): label for key, label in getattr(bound.field, "choices", [])}
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        value = ", ".join(str(choices.get(str(each), each)) for each in value)
    return f"“{choices.get(str(value), value)}”" if value not in (None, "") else "empty"
