"""Names as people type and paste them; invisible characters are removed wherever a name is saved."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

HIDDEN = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb"
)
"""Invisible characters, written for a character class of Python and of PostgreSQL."""
SPACES = r"\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164"
"""Spaces of all widths, and two characters that look like one."""
JOINED = "\u0600-\u08ff\u0900-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"
"""Scripts (and emoji) in which the two joiners decide how the letters beside them look."""

_HIDDEN = re.compile(f"[{HIDDEN}\U000e0000-\U000e007f]+")
_SPACES = re.compile(f"[{SPACES}]+")
_LOOSE_JOINERS = re.compile(f"(?<![{JOINED}])[\u200c\u200d]+|[\u200c\u200d]+(?![{JOINED}])")


def clean_text(text):
    """``text`` without invisible characters, composed (NFC), with single ordinary spaces; line breaks stay."""
    text = unicodedata.normalize("NFC", _HIDDEN.sub("", text))
    return _SPACES.sub(" ", _LOOSE_JOINERS.sub("", text))


def clean_name(text):
    """``text`` as a name: ``clean_text`` of it, with tabs as spaces, stripped."""
    return clean_text(text.replace("\t", " ")).strip()


class NameFormField(forms.CharField):
    """A name in a form: on one line, and cleaned before its length and uniqueness are checked."""

    default_error_messages = {"one_line": "A name must be on one line."}

    def to_python(self, value):
        value = clean_name(super().to_python(value) or "")
        if len(value.splitlines()) > 1:
            raise ValidationError(self.error_messages["one_line"], code="one_line")
        return value


class NameField(models.CharField):
    """A name in the database, cleaned by forms, ``full_clean``, ``save``, bulk operations and lookups."""

    def to_python(self, value):
        value = super().to_python(value)
        return clean_name(value) if isinstance(value, str) else value

    def pre_save(self, model_instance, add):
        """The cleaned name, which is set on the row in memory too."""
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = clean_name(value)
            setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": NameFormField} | kwargs)

    def deconstruct(self):
        """Migrations see a CharField, since the column in the database is the same."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
