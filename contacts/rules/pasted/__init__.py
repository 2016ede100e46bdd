"""Reads people from text that somebody typed or pasted: ``read_people`` (docs/decisions/0034).

Pure: text in, ``PastedPerson`` out. The length of the text and of each line is checked first, and each step looks at
each character a fixed number of times.
"""

from django.core.exceptions import ValidationError

from contacts.rules.pasted.cards import has_cards, read_cards
from contacts.rules.pasted.lines import Reader
from contacts.rules.pasted.people import NAME_LENGTH, PEOPLE_AT_ONCE, PastedPerson
from contacts.rules.pasted.tables import read_table
from records.limits import limited_lines
from records.names import clean_text

__all__ = ["NAME_LENGTH", "PEOPLE_AT_ONCE", "PastedPerson", "read_people"]


def read_people(text) -> list[PastedPerson]:
    """Return the people in ``text``, in order. Raises ValidationError for too much text or too many people."""
    lines = [clean_text(line) for line in limited_lines(text.replace("\0", ""))]
    if has_cards(lines):
        people = read_cards(lines)
    else:
        people = read_table(lines)
        people = Reader().read(lines) if people is None else people
    if len(people) > PEOPLE_AT_ONCE:
        raise ValidationError(f"This list has more than {PEOPLE_AT_ONCE} people. Add some, save, then add the rest.")
    for number, person in enumerate(people, start=1):
        person.check_lengths(number)
    return people
