"""The form field for people who came: chosen ones, and pasted ones, which are rows of a table to check."""

import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from django.core.exceptions import ValidationError

from contacts.forms.base import ContactsField, ContactsWidget, values
from contacts.forms.people_rows import CELLS, LEFT_OUT, PastedPersonRow, row_of, summary_of
from contacts.models import Person
from contacts.operations import PersonEntry
from contacts.presenters.matching import folded, match_people
from contacts.rules.pasted import PEOPLE_AT_ONCE, read_people
from contacts.rules.pasted.people import doubt_about
from records.keys import whole_number

PLAIN_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")


class Answer(NamedTuple):
    """The submitted values: keys of people, text not yet shown as rows, and the rows shown, as (index, cells)."""

    people: tuple = ()
    typed: str = ""
    rows: tuple = ()


@dataclass
class Reading:
    """The meaning of an answer: the people chosen, the rows, and what is wrong with them.

    ``typed`` is the text that stays in the field. ``entries`` has each person once, for saving.
    """

    people: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    typed: str = ""
    errors: list = field(default_factory=list)
    to_confirm: bool = False
    notes: list = field(default_factory=list)
    entries: list = field(default_factory=list)

    @property
    def sorted_rows(self):
        """The rows, those in doubt first, otherwise in order."""
        return sorted(self.rows, key=lambda row: not row.is_in_doubt)

    @property
    def summary(self):
        return summary_of(self.rows)


def read_answer(agreement, answer, *, first=0) -> Reading:
    """Find the people of an ``Answer`` in the address book. At most six queries, whatever the number of people.

    ``first`` is the lowest index for a row that has not been shown yet.
    """
    reading = Reading()
    _read_chosen(reading, agreement, answer.people)
    shown = _shown(answer)
    new = _read_typed(reading, answer.typed, room=PEOPLE_AT_ONCE - len(shown))
    first = max(first, next_index(index for index, _ in answer.rows))
    rows = [*shown, *(PastedPersonRow(str(first + place), pasted) for place, pasted in enumerate(new))]
    _match(agreement, rows)
    for row in shown:
        row.check()
    reading.errors += _errors_of(shown)
    for row in rows[len(shown) :]:
        row.choice = row.likely_choice
    reading.rows, reading.to_confirm = rows, bool(new)
    _take_each_once(reading)
    return reading


def recheck(agreement, answer) -> Reading:
    """As ``read_answer``, for rows whose cells were edited: reads them as if they had been pasted like that."""
    rows = _shown(answer)
    for row in rows:
        row.pasted = replace(row.pasted, doubt=doubt_about(row.pasted))
    _match(agreement, rows)
    for row in rows:
        row.choice = row.likely_choice
    return Reading(rows=rows)


def restore(agreement, answer) -> Reading:
    """As ``read_answer``, for the rows of a draft: each stays as it was left, without errors until it is saved."""
    rows = _shown(answer)
    _match(agreement, rows)
    for row in rows:
        row.check()
        row.error = ""
    return Reading(rows=rows)


def _shown(answer):
    """The rows of an ``Answer`` that the page has already shown."""
    return [row_of(index, cells) for index, cells in answer.rows[:PEOPLE_AT_ONCE]]


def _match(agreement, rows):
    """Set the ``match`` of each row: the people of the address book that it may mean."""
    for row, match in zip(rows, match_people(agreement, [row.pasted for row in rows]), strict=True):
        row.match = match


def _errors_of(rows):
    """The error of a single row, or one sentence for several rows, each of which shows its own error."""
    wrong = [row.error for row in rows if row.error]
    return wrong if len(wrong) < 2 else [f"Check {len(wrong)} people: each says what is missing."]


def next_index(indices):
    """The number after the largest of ``indices``, which are strings from a browser."""
    return max((whole_number(index) or 0 for index in indices), default=-1) + 1


def _read_chosen(reading, agreement, people):
    """Put on ``reading`` those of ``people`` (keys from a browser) who are in the address book of ``agreement``.

    Adds an error where some are not.
    """
    keys = [key for key in map(whole_number, people) if key]
    known = Person.objects.of(agreement).select_related("organisation").in_bulk(keys) if keys else {}
    reading.people = [known[key] for key in dict.fromkeys(keys) if key in known]
    if len(reading.people) < len(people):
        reading.errors.append(
            "Someone you selected is not in this agreement’s contacts, so we removed them. Check the list."
        )


def _read_typed(reading, typed, *, room):
    """Return the people in ``typed``, at most ``room``. Where something is wrong, return none and keep the text."""
    try:
        people = read_people(typed)
        if len(people) > room:
            raise ValidationError(f"You can add {PEOPLE_AT_ONCE} people at a time: save some, then the rest.")
    except ValidationError as error:
        reading.errors += error.messages
        reading.typed = typed
        return []
    return people


def _take_each_once(reading):
    """Fill ``entries`` with each person once, and add a note about each person who was listed twice."""
    order = {person.pk: PersonEntry(person=person) for person in reading.people}
    new = folded(row.pasted.name for row in reading.rows) if reading.rows else {}
    for row in reading.rows:
        entry = row.entry() if row.choice and not row.error else None
        if entry is None:
            continue
        if entry.person:
            key = entry.person.pk
        else:
            key = (new[entry.name], entry.organisation or entry.organisation_name.lower(), entry.email.lower())
        if key in order:
            name = entry.person.name if entry.person else entry.name
            row.note = f"{name} was listed twice. We added them once."
            reading.notes.append(row.note)
            entry = entry if entry.attendance and not order[key].attendance else order[key]
        order[key] = entry
    reading.entries = list(order.values())


class PeopleWidget(ContactsWidget):
    """Ticked people (chips, with JavaScript), rows to check, and a text area (a combobox, with JavaScript)."""

    template_name = "contacts/widgets/people.html"
    reading = None

    def value_from_datadict(self, data, files, name):
        rows = [
            (index, {cell: data.get(f"{name}_{index}_{cell}", "") for cell in CELLS})
            for index in dict.fromkeys(values(data, f"{name}_row"))
            if PLAIN_NAME.fullmatch(index)
        ]
        return Answer(
            people=tuple(dict.fromkeys(values(data, name))),
            typed="\n".join(values(data, f"{name}_lines")),
            rows=tuple(rows),
        )

    def value_omitted_from_data(self, data, files, name):
        """False: to tick nobody and type nothing is an answer too."""
        return False

    def get_context(self, name, value, attrs):
        """Add the ``reading`` of the submitted values, or of the initial people."""
        context = super().get_context(name, None, attrs)
        context["reading"] = self.reading or read_answer(self.agreement, value or Answer())
        return context


class PeopleField(ContactsField):
    """Names people. Cleans to a list of ``PersonEntry``, for the operation ``people_of``.

    ``initial``: people, or their keys. People whom nobody has checked yet are no error: the field then sets
    ``to_confirm`` and cleans to no entries.
    """

    widget = PeopleWidget
    default_error_messages = {"required": "Name at least one person."}

    def __init__(self, *, label="Who came", help_text="Type a name or an organisation, or paste a list.", **kwargs):
        super().__init__(label=label, help_text=help_text, **kwargs)

    def prepare_value(self, value):
        """Turn people, or their keys, into an ``Answer``."""
        if isinstance(value, Answer):
            return value
        return Answer(people=tuple(str(getattr(person, "pk", person)) for person in value or ()))

    def clean(self, value):
        """Return the entries. Raises ValidationError where something is wrong with them."""
        self.widget.reading = reading = read_answer(self.agreement, value)
        self.to_confirm, self.notes = reading.to_confirm, reading.notes
        if reading.errors:
            raise ValidationError(reading.errors)
        if self.required and not reading.entries and not reading.to_confirm:
            raise ValidationError(self.error_messages["required"], code="required")
        return [] if reading.to_confirm else reading.entries

    def has_changed(self, initial, data):
        rows = [cells for _, cells in data.rows if cells["choice"] != LEFT_OUT]
        return set(self.prepare_value(initial).people) != set(data.people) or bool(data.typed.strip() or rows)
