"""The filters of lists, with plain error messages."""

import django_filters as filters
from django import forms

MESSAGES = {
    "invalid_choice": "“%(value)s” is not one of the choices",
    "invalid": "this is not well formed",
    "min_value": "there is no such number",
    "max_value": "there is no such number",
    "max_length": "at most %(limit_value)d characters can be looked for",
    "null_characters_not_allowed": "it holds a character that cannot be looked for",
}
LARGEST_KEY = 2**63 - 1


class KeyFilter(filters.Filter):
    field_class = forms.IntegerField


class TickFilter(filters.Filter):
    field_class = forms.BooleanField


def choice(choices, label, *, empty="Any", **kwargs):
    """A filter by one of several choices, as a drop-down; ``empty`` is its label for no choice."""
    box = forms.Select(attrs={"class": "form-select"})
    return filters.ChoiceFilter(
        choices=choices, label=label, empty_label=empty, widget=box, error_messages=MESSAGES, **kwargs
    )


def choices(choices, label, **kwargs):
    """A filter by any of several choices, as check boxes."""
    box = forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
    return filters.MultipleChoiceFilter(choices=choices, label=label, widget=box, error_messages=MESSAGES, **kwargs)


def day(label, **kwargs):
    box = forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")
    return filters.DateFilter(label=label, widget=box, error_messages=MESSAGES, **kwargs)


def key(label, **kwargs):
    return KeyFilter(label=label, min_value=1, max_value=LARGEST_KEY, error_messages=MESSAGES, **kwargs)


def words(label, **kwargs):
    return filters.CharFilter(label=label, max_length=200, error_messages=MESSAGES, **kwargs)
