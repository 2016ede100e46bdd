"""One person as read from text, and whether the reading is in doubt."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from contacts.rules.names import full_name, split_name
from contacts.rules.pasted import words

NAME_LENGTH = 200
JOB_LENGTH = 150
ODD_SIGNS = frozenset('@/\\{}<>[]()|:;_=*#~^%$£€"?!0123456789')
PEOPLE_AT_ONCE = 500
LONGEST_NAME = 6
"""The most words of a name: a longer text is more likely a sentence."""


@dataclass(frozen=True)
class PastedPerson:
    """One person as pasted. ``name`` is without ``title`` and ``honours``.

    ``attendance`` is "came", "apologies" or "absent", or empty where the text does not say. ``text`` is the text that
    they were read from. ``doubt`` says in words why the reading may be wrong, or is empty.
    """

    name: str = ""
    title: str = ""
    honours: str = ""
    job_title: str = ""
    organisation: str = ""
    email: str = ""
    attendance: str = ""
    text: str = ""
    doubt: str = ""

    @property
    def full(self):
        """The name with title and honours."""
        return full_name(self.title, self.name, self.honours)

    def check_lengths(self, number):
        """Raise ValidationError if a fact is too long for the contacts. ``number`` is the place in the list."""
        longest = {"name": NAME_LENGTH, "organisation": NAME_LENGTH, "job_title": JOB_LENGTH}
        for field, most in longest.items():
            if len(getattr(self, field)) > most:
                label = field.replace("_", " ")
                shown = getattr(self, field)[:40]
                raise ValidationError(f"Person {number}: the {label} must be {most} characters or fewer: “{shown}…”")


def make_person(*, name="", email="", doubt="", **facts):
    """Make a ``PastedPerson`` with its doubt. The name is split into parts; without one it is made from the email."""
    address = email if is_email(email) else ""
    parts = split_name(name or name_of(address) or email)
    if email and not address:
        doubt = doubt or f"“{email[:80]}” is not an email address."
    person = PastedPerson(
        name=parts.name, title=parts.title[:60], honours=parts.honours[:100], email=address, doubt=doubt, **facts
    )
    return person if doubt else PastedPerson(**{**person.__dict__, "doubt": doubt_about(person)})


def doubt_about(person):
    """Why ``person`` may have been misread, in words, or an empty text."""
    parts = person.name.split()
    letters = [sign for sign in person.name if sign.isalpha()]
    if not letters or ODD_SIGNS & set(person.name):
        return "This may not be a name."
    if len(parts) > LONGEST_NAME or (len(parts) > 3 and words.is_sentence(parts)):
        return "This may be a sentence, not a name."
    if words.is_organisation(person.name) or words.is_job(person.name):
        return "This may be an organisation or a job title, not a person."
    if person.email.partition("@")[0].casefold() in words.SHARED_MAILBOXES:
        return "This may be a shared mailbox, not a person."
    if len(parts) == 1 and not person.email and len(person.name) > 1 and person.name.isascii():
        return "Only one name was given."
    return ""


def name_of(email):
    """A name made of an email address: priya.nair@x.example is Priya Nair."""
    local = email.partition("@")[0].partition("+")[0]
    for sign in "._-":
        local = local.replace(sign, " ")
    parts = [part for part in local.split() if not part.isdigit()]
    return " ".join(part.capitalize() for part in parts) or email


def is_email(address):
    """Whether ``address`` is a valid email address."""
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True
