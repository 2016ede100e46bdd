"""Two people edit the same record: changes of different fields are merged, changes of the same field are a conflict.

A form sends marks of the values that it was opened with: one for each field, and one for each list that belongs to the
record. The operation that saves locks the record and calls ``merge``. A field that only one of the two changed gets
that person's value. Where both changed the same field, ``ConflictError`` has both values, and nothing is saved.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import models

from records.history import in_words, is_shown
from records.locks import lock


class Difference(NamedTuple):
    """A field with two different values, both in words; "" for an empty one."""

    name: str
    label: str
    theirs: str
    mine: str


class ConflictError(Exception):
    """Somebody else saved the record since the form was opened, and changed the same. Nothing is saved.

    ``differences`` are the fields that both changed; ``kept`` those that only the other person changed, which keep that
    person's values; ``marks`` the marks of that person's values in ``differences``; ``row`` the record as stored.
    """

    def __init__(self, differences, kept=(), marks=None, row=None):
        self.differences, self.kept, self.marks, self.row = differences, list(kept), marks or {}, row
        labels = ", ".join(difference.label for difference in differences)
        super().__init__(f"Somebody else changed this while you had it open: {labels}.")


@dataclass(frozen=True)
class Part:
    """A list that belongs to a record: as it is stored, and as it is about to be saved. Rows, texts or tuples."""

    label: str
    theirs: list
    mine: list

    @property
    def compared(self):
        """(theirs, mine): the values that marks are made of."""
        return self.theirs, self.mine

    def in_words(self, rows):
        """The list in words: texts in their own order, which matters, and anything else sorted."""
        if all(isinstance(row, str) for row in rows):
            return "\n".join(rows)
        return ", ".join(sorted(map(str, rows)))


def mark(value):
    """A short hash of a value: equal for values that a form cannot tell apart."""
    return sha256(repr(_plain(value)).encode()).hexdigest()[:10]


def marks_of(row, **parts):
    """{name: mark} of the fields of a row that people edit, and of its lists (``parts``: {name: list})."""
    values = {known.name: getattr(row, known.attname) for known in _fields_of(row)}
    return {name: mark(value) for name, value in (values | parts).items()}


def as_text(marks):
    """``marks`` for a hidden field."""
    return " ".join(f"{name}={mark}" for name, mark in marks.items())


def from_text(text):
    """The marks in the text of a hidden field; unreadable parts are left out."""
    return dict(pair.split("=", 1) for pair in text.split() if "=" in pair)


def merge(row, seen, *, current=None, **parts):
    """Copy to ``row``, before it is saved, the fields that only somebody else changed since its form was opened.

    ``seen`` are the marks of the values that the form was opened with; without any, nothing is merged. ``current`` is
    the stored row where the operation has locked it already. ``parts``: {name: ``Part``}. Returns the names of the
    fields and lists that keep the other person's value; the caller must not save such a list. ConflictError where both
    changed the same, or where both changes together are not valid.
    """
    if row._state.adding and current is None:
        return set()
    current = current or lock(type(row), row.pk)
    if not seen:
        return set()
    fields = {known.name: known for known in _fields_of(row)}
    values = {name: (getattr(current, known.attname), getattr(row, known.attname)) for name, known in fields.items()}
    values |= {name: part.compared for name, part in parts.items()}
    kept, both = _compare(values, seen, getattr(row, "edited_together", ()))

    def difference(name):
        if name in parts:
            part = parts[name]
            return Difference(name, part.label, part.in_words(part.theirs), part.in_words(part.mine))
        return _difference(fields[name], current, row)

    def refuse(names, keeping=()):
        marks = {name: mark(values[name][0]) for name in names}
        raise ConflictError(list(map(difference, names)), list(map(difference, keeping)), marks, current)

    if both:
        refuse(both, kept)
    mine = {fields[name].attname: getattr(row, fields[name].attname) for name in kept if name in fields}
    for attname in mine:
        setattr(row, attname, getattr(current, attname))
    if mine and not _is_sound(row):
        # Each change is valid by itself, but both together are not: somebody has to choose.
        for attname, value in mine.items():
            setattr(row, attname, value)
        refuse(kept)
    return set(kept)


def compare(theirs, mine, seen):
    """Compare two dicts {name: value} as ``merge`` does. Returns (names to keep as ``theirs``, names both changed)."""
    return _compare({name: (theirs[name], mine[name]) for name in theirs}, seen, ())


def _compare(values, seen, together):
    theirs, mine = set(), set()
    for name, (stored, given) in values.items():
        if name in seen and mark(stored) != mark(given):
            theirs |= {name} if mark(stored) != seen[name] else set()
            mine |= {name} if mark(given) != seen[name] else set()
    for group in together:
        if theirs & {*group} and mine & {*group}:
            differing = {name for name in group if name in theirs | mine}
            theirs, mine = theirs | differing, mine | differing
    return [name for name in values if name in theirs - mine], [name for name in values if name in theirs & mine]


def _fields_of(row):
    return [known for known in row._meta.concrete_fields if known.editable and is_shown(known)]


def _plain(value):
    """The form in which a value is compared: rows by key, texts stripped, lists sorted unless they hold texts."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, set | models.QuerySet):
        value = list(value)
    if isinstance(value, list | tuple):
        plain = [_plain(each) for each in value]
        # People edit the order of lines, but not the order of rows.
        return plain if any(isinstance(each, str) for each in plain) else sorted(plain, key=repr)
    return value if isinstance(value, int) else "" if value is None else str(value)


def _difference(known, current, row):
    label = known.verbose_name
    return Difference(known.name, f"{label[:1].upper()}{label[1:]}", _in_words(known, current), _in_words(known, row))


def _in_words(known, row):
    value = getattr(row, known.name)
    if value in (None, "", []):
        return ""
    return str(value) if known.is_relation else in_words(known, value)


def _is_sound(row):
    try:
        row.clean_fields(exclude=[known.name for known in row._meta.fields if not known.editable])
        row.clean()
        row.validate_constraints()
    except ValidationError:
        return False
    return True
