"""The words that leads may give a rule: text with placeholders from a closed list. Pure functions."""

from string import Formatter

from django.core.exceptions import ValidationError

from reminders.notification_types import type_of


def names_in(template):
    """The placeholders of a template, in order. Raises ValidationError, for people to read, where it is malformed."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        raise ValidationError("A brace { or } stands alone. Write {{ or }} for a brace that is meant.") from None
    return [
        name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
        for _, name, form, conversion in parts
        if name is not None
    ]


def check(template, kind="reminder"):
    """Raise ValidationError, which names them, where a template has placeholders that its ``kind`` does not have."""
    unknown = [name for name in dict.fromkeys(names_in(template)) if name not in type_of(kind).rule.placeholders]
    if unknown:
        listed = ", ".join(f"{{{name}}}" for name in unknown)
        raise ValidationError(f"{listed} {'is' if len(unknown) == 1 else 'are'} not among the placeholders.")


def check_subject(template, kind="reminder"):
    """The same for a subject. It must also be one line, and hold the title, by which people find an email."""
    check(template, kind)
    if len(template.splitlines()) > 1:
        raise ValidationError("The subject must be on one line.")
    if "title" not in names_in(template):
        raise ValidationError("The subject must hold {title}, by which people find the mail.")


def fill(template, words):
    """Fill ``template`` with ``words`` ({placeholder: text}). Unknown names and malformed templates stay unchanged."""
    try:
        return Formatter().vformat(template, (), _Words(words))
    except (ValueError, LookupError, AttributeError):
        return template


class _Words(dict):
    def __missing__(self, name):
        return f"{{{name}}}"
