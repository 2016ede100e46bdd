"""The field with which a form says who came: chosen people, and lines that are matched and confirmed."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from contacts.actions import PersonEntry
from contacts.forms.base import ContactsField, ContactsWidget, values, whole_number
from contacts.lines import LINES_AT_ONCE, Line, read_lines
from contacts.matching import Match, folded, match_people
from contacts.models import Person

NEW, LEFT_OUT = "new", "out"


@dataclass(frozen=True)
class Answer:
    """What a browser sent: keys of people, text not matched yet, and (text, choice) of each line that was shown."""

    people: tuple = ()
    typed: str = ""
    rows: tuple = ()


@dataclass
class Row:
    """A line to be confirmed: what it may mean, and what is chosen: a key, ``new``, ``out`` or nothing yet."""

    match: Match
    choice: str = ""
    note: str = ""
    error: str = ""

    @property
    def line(self):
        """What was typed."""
        return self.match.line

    @property
    def person(self):
        """The one of the address book that is chosen, or None."""
        return next((person for person in self.match.people if str(person.pk) == self.choice), None)

    @property
    def likely_choice(self):
        """The sensible one: who stands out; a new person if nobody is called that; else nothing."""
        if self.match.likely:
            return str(self.match.likely.pk)
        return NEW if not self.match.people or self.line.organisation else ""

    def choose(self, choice):
        """Take what a browser sent, or say what is missing."""
        if choice == NEW and not self.match.can_be_new:
            # The email went to somebody since the row was shown: that is who is meant.
            choice = self.likely_choice
        self.choice = choice
        if choice not in (NEW, LEFT_OUT) and not self.person:
            self.choice, self.error = "", f"Choose who “{self.line.shown_name}” is."

    def entry(self):
        """What is to be saved, or None for one left out."""
        if self.choice == LEFT_OUT:
            return None
        if self.person:
            return PersonEntry(person=self.person)
        line, organisation = self.line, self.match.organisation
        return PersonEntry(
            name=line.shown_name,
            organisation=organisation,
            organisation_name="" if organisation else line.organisation,
            email=line.email,
        )


@dataclass
class Reading:
    """What an answer means: people chosen, rows, the text left to type on, what is wrong."""

    people: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    typed: str = ""
    errors: list = field(default_factory=list)
    to_confirm: bool = False
    notes: list = field(default_factory=list)
    entries: list = field(default_factory=list)


def read_answer(agreement, answer) -> Reading:
    """Find the people of an ``Answer`` in the address book. Six queries at most, however many there are."""
    reading = Reading()
    _read_chosen(reading, agreement, answer.people)
    shown = [_read_shown(text) for text, _ in answer.rows]
    new = _read_typed(reading, answer.typed, room=LINES_AT_ONCE - len(shown))
    reading.rows = [Row(match) for match in match_people(agreement, [*shown, *new])]
    for row, (_, choice) in zip(reading.rows, answer.rows, strict=False):
        row.choose(choice)
        reading.errors += [row.error] if row.error else []
    for row in reading.rows[len(shown) :]:
        row.choice = row.likely_choice
    reading.to_confirm = bool(new)
    _take_each_once(reading)
    return reading


def _read_chosen(reading, agreement, people):
    """Take those of ``people``, keys as a browser sent them, who are in the address book of ``agreement``."""
    keys = [key for key in map(whole_number, people) if key]
    known = Person.objects.of(agreement).select_related("organisation").in_bulk(keys) if keys else {}
    reading.people = [known[key] for key in dict.fromkeys(keys) if key in known]
    if len(reading.people) < len(people):
        reading.errors.append(
            "Somebody chosen is not in the contacts of this agreement and was taken out. Look who is missing."
        )


def _read_typed(reading, typed, *, room):
    """The lines that nobody was shown yet, at most ``room``; none where something is wrong, and then the text stays."""
    try:
        lines = read_lines(typed)
        if len(lines) > room:
            raise ValidationError(f"At most {LINES_AT_ONCE} people can be added at a time: save some, then the rest.")
    except ValidationError as error:
        reading.errors += error.messages
        reading.typed = typed
        return []
    return lines


def _read_shown(text):
    """The line of a row as it was shown; a text that is not one line is what nobody was shown."""
    try:
        lines = read_lines(text)
    except ValidationError:
        lines = []
    return lines[0] if len(lines) == 1 else Line("?", name="?")


def _take_each_once(reading):
    """Fill ``entries`` with each person once, and say of the others that they are named already."""
    order = {person.pk: PersonEntry(person=person) for person in reading.people}
    new = folded(row.line.shown_name for row in reading.rows) if reading.rows else {}
    for row in reading.rows:
        entry = row.entry() if row.choice else None
        if entry is None:
            continue
        if entry.person:
            key = entry.person.pk
        else:
            key = (new[entry.name], entry.organisation or entry.organisation_name.lower(), entry.email.lower())
        if key in order:
            name = entry.person.name if entry.person else entry.name
            row.note = f"{name} is named twice and is taken once."
            reading.notes.append(row.note)
        order.setdefault(key, entry)
    reading.entries = list(order.values())


class PeopleWidget(ContactsWidget):
    """Ticked people (chips, with JavaScript), rows to confirm, and a text area (a combobox, with JavaScript)."""

    template_name = "contacts/widgets/people.html"
    reading = None

    def value_from_datadict(self, data, files, name):
        """An ``Answer``."""
        texts = values(data, f"{name}_line")
        return Answer(
            people=tuple(dict.fromkeys(values(data, name))),
            typed="\n".join(values(data, f"{name}_lines")),
            rows=tuple((text, data.get(f"{name}_choice_{index}", "")) for index, text in enumerate(texts)),
        )

    def value_omitted_from_data(self, data, files, name):
        """Nobody ticked and nothing typed is an answer too."""
        return False

    def get_context(self, name, value, attrs):
        """Adds the ``reading`` of what was sent, or of the people it begins with."""
        context = super().get_context(name, None, attrs)
        context["reading"] = self.reading or read_answer(self.agreement, value or Answer())
        return context


class PeopleField(ContactsField):
    """Names people: cleaned to a list of ``PersonEntry``, for the verb ``people_of``. ``initial``: people, or keys.

    Lines that nobody has confirmed yet are no error: they set ``to_confirm`` and clean to no entries.
    """

    widget = PeopleWidget
    default_error_messages = {"required": "Name at least one person."}

    def __init__(self, *, label="Who came", help_text="Type a name or an organisation, or paste a list.", **kwargs):
        super().__init__(label=label, help_text=help_text, **kwargs)

    def prepare_value(self, value):
        """People, or their keys, as an ``Answer``."""
        if isinstance(value, Answer):
            return value
        return Answer(people=tuple(str(getattr(person, "pk", person)) for person in value or ()))

    def clean(self, value):
        """The entries; ValidationError where something is wrong with them."""
        self.widget.reading = reading = read_answer(self.agreement, value)
        self.to_confirm, self.notes = reading.to_confirm, reading.notes
        if reading.errors:
            raise ValidationError(reading.errors)
        if self.required and not reading.entries and not reading.to_confirm:
            raise ValidationError(self.error_messages["required"], code="required")
        return [] if reading.to_confirm else reading.entries

    def has_changed(self, initial, data):
        """Whether other people are named than at first."""
        return set(self.prepare_value(initial).people) != set(data.people) or bool(data.typed.strip() or data.rows)
