"""The words that leads may give a rule: text with placeholders from a closed list. Pure."""

from string import Formatter

from django.core.exceptions import ValidationError

_MEETING = {
    "title": "the engagement's title",
    "kind": "its kind, such as roundtable",
    "date": "the day, such as Tuesday 8 December 2026",
    "when": "day and times in full",
    "where": "the place, or online",
    "join": "the joining link",
    "hosts": "who hosts it",
    "lead": "how long before, such as 2 days before",
    "agreement": "the agreement's name",
    "record": "the address of the record",
}

PLACEHOLDERS = {
    "reminder": _MEETING,
    "papers": _MEETING,
    "reply": _MEETING,
    "unrecorded": _MEETING,
    "action_due": {
        "title": "what is to be done",
        "due": "the day on which it is due, such as Tuesday 8 December 2026",
        "late": "how it stands, such as due in 3 days, or 9 days overdue",
        "owner": "whose it is",
        "from": "the engagement that it comes from",
        "agreement": "the agreement's name",
        "record": "the address of the action",
    },
    "date": {
        "title": "what happens, such as End of the agreement",
        "date": "the date, such as 31 March 2027",
        "late": "how long until then, such as in 30 days",
        "agreement": "the agreement's name",
        "record": "the address of the agreement",
    },
    "rhythm": {
        "title": "the commitment's title",
        "state": "slipping or late",
        "why": "the reason, such as 2 of 4 held, 1 planned, 4 months left",
        "agreement": "the agreement's name",
        "record": "the address of the commitment",
    },
    "quiet": {
        "title": "the name of the workstream or commitment",
        "since": "the day of what was held last, such as 3 March 2026",
        "agreement": "the agreement's name",
        "record": "the address of its page",
    },
}
"""For what a rule reminds of: every name that may stand in braces, with what it becomes."""


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


def check(template, about="reminder"):
    """Refuse a template with placeholders that there are not for what it is ``about``; each is named."""
    unknown = [name for name in dict.fromkeys(names_in(template)) if name not in PLACEHOLDERS[about]]
    if unknown:
        listed = ", ".join(f"{{{name}}}" for name in unknown)
        raise ValidationError(f"{listed} {'is' if len(unknown) == 1 else 'are'} not among the placeholders.")


def check_subject(template, about="reminder"):
    """A subject must hold the title too: people find a mail by it. It is one line, as a header is."""
    check(template, about)
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
