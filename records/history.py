"""The history of a record, in words.

The database writes the events. The caller of ``changes_of`` passes only events that the reader may see, which the
record's own ``visible_to`` decides.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import formats, timezone

from records.verbs import PAST

DONE = {"insert": "added", "update": "changed", "delete": "deleted"}
NEWEST = 500
"""How many events of each source are read."""


def in_history(field):
    """Make the history show ``field``, which only operations set (``editable=False``). Returns the field."""
    field.in_history = True
    return field


def is_shown(field):
    """Whether the history shows a model's field: one that people edit, or one marked by ``in_history``.

    The agreement of a row is left out, since it never changes.
    """
    is_edited = field.editable and not field.primary_key and field.name != "agreement"
    return is_edited or getattr(field, "in_history", False)


@dataclass(frozen=True)
class HistorySource:
    """Events of a model: ``HistorySource(Host.pgh_event_model.objects.filter(…), "host", named_by="organisation")``.

    ``noun`` is the word for one row. A source without ``named_by`` is the record itself. Rows of other sources are
    shown by the value of that field ("Host: techUK"); ``valued_by`` names a field for what follows ("Workshop: 12").
    """

    events: models.QuerySet
    noun: str
    named_by: str = ""
    valued_by: str = ""


class Change(NamedTuple):
    """One change, in words. An empty ``before`` means that it was added, an empty ``after`` that it was removed."""

    field: str
    before: str
    after: str


@dataclass
class Entry:
    """The changes that one person made at one moment."""

    when: datetime
    who: str
    verb: str
    changes: list[Change] = field(default_factory=list)


def changes_of(*sources: HistorySource, people=None, limit=200) -> list[Entry]:
    """The changes of a record and its parts: at most ``limit`` entries, the newest first.

    All changes of one transaction are one entry. Its ``who`` is the name of a user, or of one of ``people`` (a queryset
    of people, who may act without an account), or "" for the system. There is one query for each source, one for the
    names of users, one for each model that a changed field links to, and one for ``people`` where any of them acted.
    """
    steps = [step for source in sources for step in _steps(source)]
    names = _Names(steps, people)
    moments = defaultdict(list)
    for step in steps:
        moments[step.event.pgh_created_at, step.event.pgh_context_id].append(step)
    oldest_first = sorted(moments.items(), key=lambda item: item[0][0])
    entries = [_entry(steps, names) for _, steps in oldest_first[::-1]]
    return [entry for entry in entries if entry][:limit]


class _Step(NamedTuple):
    """An event, and the event before it of the same row; None where there is none or it was not read."""

    source: HistorySource
    event: models.Model
    before: models.Model | None

    @property
    def fields(self):
        """The fields of the tracked model that history shows."""
        tracked, event = self.event.pgh_tracked_model._meta, self.event._meta
        kept = {known.name for known in event.fields}
        return [known for known in tracked.fields if known.name in kept and is_shown(known)]

    @property
    def changed(self):
        """The fields that this event changed. Empty unless it is an update and the event before it is known."""
        if self.event.pgh_label != "update" or self.before is None:
            return []
        return [f for f in self.fields if getattr(self.event, f.attname) != getattr(self.before, f.attname)]

    @property
    def shown_fields(self):
        """The fields whose values an entry shows."""
        name = [self.event.pgh_tracked_model._meta.get_field(self.source.named_by)] if self.source.named_by else []
        return [*self.changed, *name]


def _steps(source: HistorySource) -> Iterable[_Step]:
    """The newest events of a source, the oldest of them first, each with the event before it of the same row."""
    newest = source.events.select_related("pgh_context").order_by("-pgh_id")[:NEWEST]
    last = {}
    for event in reversed(newest):
        yield _Step(source, event, last.get(event.pgh_obj_id))
        last[event.pgh_obj_id] = event


class _Names:
    """Names of users and of linked rows, read once for all steps."""

    def __init__(self, steps, people):
        users = {_metadata(step.event).get("user") for step in steps} - {None}
        self.users = {user.pk: str(user) for user in get_user_model().objects.filter(pk__in=users)}
        acting = {_metadata(step.event).get("person") for step in steps} - {None}
        self.people = (
            {each.pk: str(each) for each in people.filter(pk__in=acting)} if people is not None and acting else {}
        )
        wanted = defaultdict(set)
        for step in steps:
            for known in step.shown_fields:
                if known.is_relation:
                    rows = (row for row in (step.event, step.before) if row)
                    wanted[known.related_model] |= {getattr(row, known.attname) for row in rows} - {None}
        self.rows = {model: model._base_manager.in_bulk(keys) for model, keys in wanted.items() if keys}

    def who(self, event):
        """The name of the user or person who did it, or ""."""
        known = _metadata(event)
        return self.users.get(known.get("user")) or self.people.get(known.get("person"), "")

    def value(self, known, event):
        """The value of a field at an event, in words; "" where it was empty."""
        value = getattr(event, known.attname)
        if value in (None, "", []):
            return ""
        if known.is_relation:
            row = self.rows[known.related_model].get(value)
            return str(row) if row else "(since deleted)"
        return in_words(known, value)


def differences(one, other) -> list[Change]:
    """The differences between two versions of a row, in words, so that somebody can choose between them."""
    fields = [known for known in one._meta.concrete_fields if known.editable and is_shown(known)]
    return [
        Change(_capital(known.verbose_name), _shown(known, one), _shown(known, other))
        for known in fields
        if getattr(one, known.attname) != getattr(other, known.attname)
    ]


def _shown(known, row):
    """The value of a field of ``row``, in words; "" where it is empty."""
    value = getattr(row, known.name)
    return "" if value in (None, "", []) else str(value) if known.is_relation else in_words(known, value)


def _capital(words):
    """``words`` with a capital first letter, otherwise unchanged."""
    return f"{words[:1].upper()}{words[1:]}"


def in_words(known, value):
    """A value of the model field ``known`` in words; a field may have its own ``in_words``."""
    if hasattr(known, "in_words"):
        return known.in_words(value)
    if isinstance(known, ArrayField):
        return ", ".join(in_words(known.base_field, part) for part in value)
    if known.flatchoices:
        return str(dict(known.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "j F Y, H:i")
    if isinstance(value, date):
        return formats.date_format(value, "j F Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value)


def verb_of(metadata):
    """The name of the operation that made a change, from its ``metadata``; "" where no operation made it."""
    return metadata.get("verb", "")


def _metadata(event):
    """The metadata of an event: its user, person, operation and parties as far as recorded; else {}."""
    return event.pgh_context.metadata if event.pgh_context else {}


def _entry(steps, names):
    """The entry for all steps of one moment; None where nothing changed that the history shows."""
    changes = list(dict.fromkeys(change for step in steps for change in _changes(step, names)))
    whole = next((step for step in steps if not step.source.named_by and step.event.pgh_label != "update"), None)
    untold = next((step for step in steps if step.event.pgh_label == "update" and step.before is None), None)
    if not (changes or whole or untold):
        return None
    event = (whole or steps[0]).event
    return Entry(event.pgh_created_at, names.who(event), _verb(steps, whole), changes)


def _changes(step, names):
    """The changes of one step. A new record has none; a new or deleted part of it has one, with its name."""
    source, label = step.source, step.event.pgh_label
    noun = _capital(source.noun)
    if source.named_by:
        name, value = (_value_of(field, step, names) for field in (source.named_by, source.valued_by))
        noun, value = (name, value) if source.valued_by else (noun, name)
        if label != "update":
            yield Change(noun, *(("", value) if label == "insert" else (value, "")))
    for known in step.changed:
        is_value = known.name in (source.named_by, source.valued_by)
        words = known.verbose_name
        title = noun if is_value else f"{name}: {words}" if source.named_by else _capital(words)
        yield Change(title, names.value(known, step.before), names.value(known, step.event))


def _value_of(field, step, names):
    """The value at an event of the field with this name, in words; "" without a name."""
    return field and names.value(step.event.pgh_tracked_model._meta.get_field(field), step.event)


def _verb(steps, whole):
    """The action in a word or two: named after the operation where it has a past tense, else after the events."""
    plain = DONE[whole.event.pgh_label] if whole else "changed"
    name = verb_of(_metadata(steps[0].event))
    past = PAST.get(name)
    if not past:
        return plain
    _, _, rest = name.partition(" ")
    return past if rest == steps[0].source.noun else f"{past} {rest}".strip()
