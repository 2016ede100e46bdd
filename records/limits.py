"""Limits on days, and on text that people type, paste or upload.

The length of a text is checked before a parser or a regular expression reads it, which limits the time they can take.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator

PASTED_TEXT = 200_000
"""Characters in one field that takes a list: twice what 500 people need."""
PASTED_LINE = 50_000
"""Characters in one line of it: an email program puts a long list of people on a single line."""
LONG_TEXT = 50_000
"""Characters in a summary or a note: far more than a record needs, far less than a search column can hold."""
NAME_TYPED = 1_000
"""Characters in one field that takes a name. Longer text cannot be a name, and nobody is looked up by it."""

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
"""The days that an agreement or an engagement can fall on; a day outside them is a typing error."""

OUT_OF_REACH = f"Give a year from {FIRST_DAY.year} to {LAST_DAY.year}."

WITHIN_REACH = [MinValueValidator(FIRST_DAY, OUT_OF_REACH), MaxValueValidator(LAST_DAY, OUT_OF_REACH)]
"""Validators for a field that holds a day."""

YEARS = LAST_DAY.year - FIRST_DAY.year + 1
"""The most years that an agreement can have within these days."""


def check_length(text, most, what="This text"):
    """ValidationError if ``text`` has more than ``most`` characters."""
    if len(text) > most:
        raise ValidationError(
            f"{what} has {len(text):,} characters. It must have {most:,} or fewer.", code="max_length"
        )


def limited_lines(text, *, most=PASTED_TEXT, most_in_line=PASTED_LINE):
    """The lines of ``text``. ValidationError, saying which, if the text or one of its lines is too long."""
    check_length(text, most)
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        check_length(line, most_in_line, f"Line {number}")
    return lines
