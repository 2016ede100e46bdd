"""No field takes text without end: each says how long it may be, before anything else reads it."""

import pytest
from django import forms
from django.apps import apps
from django.contrib.admin import site
from django.db import models

from records.names import NameFormField
from tests.records.readers import APPS, modules

TEXT_FIELDS = (forms.CharField, forms.URLField, forms.EmailField, forms.SlugField, NameFormField)


def form_fields():
    """(form, name, field) of all text fields that a form of ours declares."""
    list(modules())
    waiting, seen = [forms.BaseForm], set()
    while waiting:
        for form in waiting.pop().__subclasses__():
            waiting.append(form)
            if form in seen or form.__module__.split(".")[0] not in APPS:
                continue
            seen.add(form)
            for name, field in getattr(form, "base_fields", {}).items():
                if type(field) in TEXT_FIELDS:
                    yield form, name, field


def test_every_text_field_of_every_form_has_a_limit():
    endless = [f"{form.__name__}.{name}" for form, name, field in form_fields() if field.max_length is None]
    assert endless == []


@pytest.mark.parametrize(
    "app", [app for app in APPS if app not in ("config", "outbox", "pages", "records", "reminders")]
)
def test_every_text_that_people_edit_has_a_limit(app):
    models_of_people = [
        model
        for model in apps.get_app_config(app).get_models()
        if site.is_registered(model) or hasattr(model, "pgh_event_model")
    ]
    fields = [field for model in models_of_people for field in model._meta.get_fields()]
    texts = [each for each in fields if isinstance(each, models.TextField | models.CharField) and each.editable]
    tracked = [each for each in texts if not each.model.__name__.endswith("Event")]
    assert [f"{each.model.__name__}.{each.name}" for each in tracked if not each.max_length] == []
