"""Operations on contacts: add, change and delete people and organisations."""

import uuid
from dataclasses import dataclass

from django.db import IntegrityError
from django.db.models import Q
from django.db.models.functions import Lower

from contacts.models import Organisation, Person
from contacts.presenters.matching import match_organisations
from partnership.involvement import why_not_deleted
from records.deletion import InUseError, delete_unless_used
from records.edit_conflicts import merge
from records.one_time_key import save_once
from records.verbs import verb

ROUTING = ["email", "organisation", "left_on"]
"""The fields of a person that decide whether and where their email is sent."""


class NotTheirsError(Exception):
    """Somebody tried to change fields that only the person or their party may change. The message says who may."""


@dataclass(frozen=True)
class OrganisationEntry:
    """An organisation that a form names: one of the address book, or the name of one to add."""

    organisation: Organisation | None = None
    name: str = ""


@dataclass(frozen=True)
class PersonEntry:
    """A person that a form names: ``person`` of the address book, or the facts of a new one.

    ``attendance`` is a value of ``Participation.Attendance``, or "" where the form does not say.
    """

    person: Person | None = None
    name: str = ""
    organisation: Organisation | None = None
    organisation_name: str = ""
    email: str = ""
    title: str = ""
    honours: str = ""
    job_title: str = ""
    attendance: str = ""


@verb(past="added")
def add_organisation(agreement, *, name, short_name="", kind=Organisation.Kind.OTHER, website="", form_key=None, by):
    """Add an organisation and return it. Sent twice with one ``form_key``, it is added once.

    Raises ValidationError where it breaks a rule of the address book, for example where the name is taken.
    """
    organisation = Organisation(
        agreement=agreement, name=name, short_name=short_name, kind=kind, website=website, form_key=form_key
    )
    return _add(organisation)


@verb
def save_organisation(organisation, *, seen=None, by):
    """Save a new organisation, or one whose fields were changed in memory. Returns the organisation.

    ``seen`` is passed to ``merge``, which may raise ConflictError.
    """
    merge(organisation, seen)
    return _save(organisation, ["name", "short_name", "kind", "website"])


@verb(past="deleted")
def delete_organisation(organisation, *, by):
    """Delete an organisation entered by mistake.

    Raises InUseError where it is in use, or another party has changed it.
    """
    _check_deletable(organisation, by)
    delete_unless_used(organisation, f"{organisation} cannot be deleted: people are there, or the record names it.")


@verb(past="added")
def add_person(agreement, *, name, organisation=None, organisation_name="", form_key=None, by, **facts):
    """Add a person and return them. Sent twice with one ``form_key``, they are added once.

    They belong to ``organisation``, or to the one called ``organisation_name``, which is added if it is missing.
    ``facts`` are the fields title, honours, email, job_title and left_on of the model. Raises ValidationError where the
    person breaks a rule of the address book, for example where the email is taken.
    """
    person = Person(agreement=agreement, name=name, form_key=form_key, **facts)
    person.organisation = organisation or _organisation_called(agreement, organisation_name)
    return _add(person)


@verb
def save_person(person, *, organisation_name="", seen=None, by):
    """Save a new person, or one whose fields were changed in memory. Returns the person.

    With ``organisation_name`` they move to the organisation called that, which is added if it is missing. Raises
    NotTheirsError where this would change where the person's email is sent, and ``by`` may not change that. ``seen`` is
    passed to ``merge``, which may raise ConflictError.
    """
    if organisation_name:
        person.organisation = _organisation_called(person.agreement, organisation_name)
    merge(person, seen)
    _check_routing(person, by)
    return _save(person, ["title", "name", "honours", "job_title", *ROUTING])


@verb(past="deleted")
def delete_person(person, *, by):
    """Delete a person entered by mistake.

    Raises InUseError where they are in use, or another party has changed them.
    """
    _check_deletable(person, by)
    delete_unless_used(person, f"{person} cannot be deleted: the record names them. Give the day they left instead.")


@verb
def people_of(entries, *, agreement, by, form_key=None):
    """Return the people that ``entries`` (``PersonEntry``) name, each once, in order. Adds new people.

    ``form_key`` is the one-time key of the form: with it, new people are added once, however often the form is sent. If
    somebody else has got a new person's email in the meantime, they are returned instead.
    """
    return list(attendance_of(entries, agreement=agreement, by=by, form_key=form_key))


@verb
def attendance_of(entries, *, agreement, by, form_key=None):
    """As ``people_of``, but return a dict from each person to their attendance in the entries, which may be empty."""
    called = _organisations_called(agreement, {entry.organisation_name for entry in entries} - {""})
    new = {entry: _new_person(agreement, entry, called, form_key) for entry in entries if not entry.person}
    there = _insert_or_find(agreement, new.values()) if new else {}
    people, said = {}, {}
    for entry in entries:
        person = entry.person or there.get(new[entry].form_key) or there[entry.email.lower()]
        people.setdefault(person.pk, person)
        said[person.pk] = said.get(person.pk) or entry.attendance
    return {person: said[key] for key, person in people.items()}


@verb
def organisations_of(entries, *, agreement, by):
    """Return the organisations that ``entries`` (``OrganisationEntry``) name, each once, in order. Adds new ones."""
    called = _organisations_called(agreement, {entry.name for entry in entries} - {""})
    found = [entry.organisation or called[entry.name] for entry in entries]
    return list({organisation.pk: organisation for organisation in found}.values())


def _check_deletable(row, by):
    """Raise InUseError where ``by`` may not delete ``row``, a row of the address book."""
    if why := why_not_deleted(row, by, noun=row._meta.model_name):
        raise InUseError(why)


def _check_routing(person, by):
    """Raise NotTheirsError where ``by`` may not change those fields of ``ROUTING`` that have changed.

    Without ``by`` (the system itself) every change is allowed.
    """
    if not (by and person.pk):
        return
    stored = Person.objects.select_related("organisation__party", "user").get(pk=person.pk)
    is_rerouted = any(getattr(stored, name) != getattr(person, name) for name in ROUTING)
    if is_rerouted and not stored.may_be_rerouted_by(by):
        raise NotTheirsError(why_not_rerouted(stored))


def why_not_rerouted(person):
    """A sentence that says who may change where the email of a person with an account is sent."""
    party = person.party_of_account
    others = f", a colleague at {party}," if party else ""
    return f"Only {person}{others} or an administrator can change their email, organisation and leaving date."


def _add(row):
    """Check and insert a row that a form created. Returns the existing row if its key was used before.

    Raises ValidationError on a conflict.
    """
    first = type(row).objects.of(row.agreement).filter(form_key=row.form_key).first() if row.form_key else None
    if first:
        return first
    row.full_clean(exclude=["form_key"])
    try:
        return save_once(row)[0]
    except IntegrityError:
        row.validate_constraints(exclude=["form_key"])
        raise


def _save(row, fields):
    """Insert a new row, or save ``fields`` of an existing one. Returns the row."""
    row.save(update_fields=None if row._state.adding else fields)
    return row


def _organisations_called(agreement, names):
    """Return a dict from each of ``names`` to the organisation called that. Missing organisations are added."""
    known = match_organisations(agreement, names) if names else {}
    new = sorted(names - known.keys())
    if new:
        # Where another request adds the same name at the same moment, its row is used.
        rows = [Organisation(agreement=agreement, name=name) for name in new]
        Organisation.objects.bulk_create(rows, ignore_conflicts=True)
        known |= match_organisations(agreement, new)
    return known


def _organisation_called(agreement, name):
    """Return the organisation called ``name``, added if it is missing; None for no name."""
    return _organisations_called(agreement, {name})[name] if name else None


def _new_person(agreement, entry, called, form_key):
    """An unsaved person for ``entry``. Their key is the same each time that the same form is sent."""
    organisation = entry.organisation or called.get(entry.organisation_name)
    who = f"{agreement.pk}\n{entry.name}\n{organisation.pk if organisation else ''}\n{entry.email}"
    key = uuid.uuid5(form_key, who) if form_key else uuid.uuid4()
    facts = {name: getattr(entry, name) for name in ("title", "name", "honours", "email", "job_title")}
    return Person(agreement=agreement, organisation=organisation, form_key=key, **facts)


def _insert_or_find(agreement, rows):
    """Insert the ``rows`` whose key and email are free.

    Returns a dict from keys and emails (in lower case) to the people who have them now.
    """
    keys, emails = {row.form_key for row in rows}, {row.email.lower() for row in rows if row.email}
    Person.objects.bulk_create(sorted(rows, key=lambda row: row.form_key), ignore_conflicts=True)
    people = Person.objects.of(agreement).select_related("organisation").annotate(lower_email=Lower("email"))
    there = list(people.filter(Q(form_key__in=keys) | Q(lower_email__in=emails)))
    return {person.lower_email: person for person in there} | {person.form_key: person for person in there}
