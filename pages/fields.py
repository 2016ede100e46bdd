"""Form fields for days, times and web addresses."""

from django import forms

from records.limits import WITHIN_REACH


def date_field(**kwargs):
    """A field for a day, which must be within reach (``records.limits``)."""
    box = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=box, validators=WITHIN_REACH, **kwargs)


def time_field(**kwargs):
    return forms.TimeField(required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **kwargs)


def link_field(**kwargs):
    return forms.URLField(required=False, assume_scheme="https", max_length=1000, **kwargs)
