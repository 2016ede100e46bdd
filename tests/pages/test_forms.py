"""What every form of a page says when something is wrong."""

from importlib import import_module
from pathlib import Path

import pytest
from allauth.account import forms as allauth
from django import forms
from django.conf import settings

from pages.error_messages import PlainMessages
from pages.fields import date_field

ROOMS = ["dashboards", "reminders", "commitments", "engagements", "workstreams", "contacts", "partnership"]
NOT_OF_A_PAGE = {"SeesConflicts"}
"""A mixin."""


def forms_of_pages():
    """Every class of a form that the rooms define outside their admin."""
    found = set()
    for room in ROOMS:
        for path in Path(settings.BASE_DIR, room).rglob("*.py"):
            if "migrations" in path.parts or "admin" in str(path) or "forms" not in str(path):
                continue
            module = import_module(".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts))
            found |= {
                value
                for value in vars(module).values()
                if isinstance(value, type) and issubclass(value, forms.BaseForm) and value.__module__ == module.__name__
            }
    return sorted(
        found - {each for each in found if each.__name__ in NOT_OF_A_PAGE},
        key=lambda each: (each.__module__, each.__name__),
    )


def test_there_are_as_many_forms_as_one_thinks():
    assert len(forms_of_pages()) > 25


@pytest.mark.parametrize("form", forms_of_pages(), ids=lambda form: f"{form.__module__}.{form.__name__}")
def test_every_form_of_a_page_says_plainly_what_is_wrong(form):
    assert issubclass(form, PlainMessages) or issubclass(form, allauth.LoginForm)


def test_a_sentence_of_the_fields_own_is_kept():
    class Form(PlainMessages, forms.Form):
        day = date_field(error_messages={"required": "Give the day."})
        number = forms.IntegerField(max_value=3)
        choice = forms.ChoiceField(choices=[("a", "A")], error_messages={"invalid_choice": "A, please."})

    form = Form({"day": "", "number": "x", "choice": "b"})
    assert form.errors == {"day": ["Give the day."], "number": ["Give a whole number."], "choice": ["A, please."]}
    assert Form({"day": "tomorrow", "number": "", "choice": ""}).errors == {
        "day": ["Give a date such as 12 May 2026."],
        "number": ["Fill this in."],
        "choice": ["Fill this in."],
    }
