"""The words that leads may give a rule: text with placeholders from a closed list. Pure."""

from string import Formatter

from django.core.exceptions import ValidationError

from reminders.notification_types import type_of


def names_in(template):
    """The placeholders of a template, in order. ValidationError, in words, where it is not one."""
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
    """Refuse a template with placeholders that there are not for what it is ``kind``; each is named."""
    unknown = [name for name in dict.fromkeys(names_in(template)) if name not in type_of(kind).rule.placeholders]
    if unknown:
        listed = ", ".join(f"{{{name}}}" for name in unknown)
        raise ValidationError(f"{listed} {'is' if len(unknown) == 1 else 'are'} not among the placeholders.")


def check_subject(template, kind="reminder"):
    """A subject must hold the title too: people find a mail by it. It is one line, as a header is."""
    check(template, kind)
    if len(template.splitlines()) > 1:
        raise ValidationError("The subject must be on one line.")
    if "title" not in names_in(template):
        raise ValidationError("The subject must hold {title}, by which people find the mail.")


def fill(template, words):
    """The template with ``words`` ({placeholder: text}) put in; one that is unknown stays as it stands."""
    try:
        return Formatter().vformat(template, (), _Words(words))
    except (ValueError, LookupError, AttributeError):
        return template


class _Words(dict):
    def __missing__(self, name):
        return f"{{{name}}}"
