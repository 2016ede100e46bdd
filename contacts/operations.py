"""Verbs of contacts: add and change people and organisations."""

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
"""The fields of a person that decide whether and where their email goes."""


class NotTheirsError(Exception):
    """Somebody tried to change for another party's person what only that party may; the message says who may."""


@dataclass(frozen=True)
class OrganisationEntry:
    """An organisation that a form names: one of the address book, or the name of one that is to be added."""

    organisation: Organisation | None = None
    name: str = ""


@dataclass(frozen=True)
class PersonEntry:
    """Somebody that a form names: ``person`` of the address book, or the facts of a new one.

    ``attendance`` is what the form says of their attendance, if anything: a value of ``Participation.Attendance``.
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
    """Add an organisation; sent twice with one ``form_key``, it is added once. Returns the organisation.

    ValidationError where it breaks a rule of the address book, as a name that is taken does.
    """
    organisation = Organisation(
        agreement=agreement, name=name, short_name=short_name, kind=kind, website=website, form_key=form_key
    )
    return _add(organisation)


@verb
def save_organisation(organisation, *, seen=None, by):
    """Save a new organisation, or one whose fields were changed in memory. Returns the organisation.

    ``seen``: see ``merge``, and its ConflictError.
    """
    merge(organisation, seen)
    return _save(organisation, ["name", "short_name", "kind", "website"])


@verb(past="deleted")
def delete_organisation(organisation, *, by):
    """Delete an organisation entered by mistake. InUseError once it is of use, or another party has changed it."""
    _check_deletable(organisation, by)
    delete_unless_used(organisation, f"{organisation} cannot be deleted: people are there, or the record names it.")


@verb(past="added")
def add_person(agreement, *, name, organisation=None, organisation_name="", form_key=None, by, **facts):
    """Add a person, at ``organisation`` or at the one called ``organisation_name``, which is added if need be.

    ``facts``: title, honours, email, job title, the day they left, as the model has them.
    Sent twice with one ``form_key``, they are added once. Returns the person. ValidationError where it breaks a rule of
    the address book, as an email that is taken does.
    """
    person = Person(agreement=agreement, name=name, form_key=form_key, **facts)
    person.organisation = organisation or _organisation_called(agreement, organisation_name)
    return _add(person)


@verb
def save_person(person, *, organisation_name="", seen=None, by):
    """Save a new person, or one whose fields were changed in memory; at the organisation called so, if one is given.

    It is added if need be. Returns the person. NotTheirsError where this would change where the email of somebody goes
    for whom ``by`` does not speak. ``seen``: see ``merge``, and its ConflictError.
    """
    if organisation_name:
        person.organisation = _organisation_called(person.agreement, organisation_name)
    merge(person, seen)
    _check_routing(person, by)
    return _save(person, ["title", "name", "honours", "job_title", *ROUTING])


@verb(past="deleted")
def delete_person(person, *, by):
    """Delete a person entered by mistake. InUseError once they are of use, or another party has changed them."""
    _check_deletable(person, by)
    delete_unless_used(person, f"{person} cannot be deleted: the record names them. Give the day they left instead.")


@verb
def people_of(entries, *, agreement, by, form_key=None):
    """The people that ``entries`` (``PersonEntry``) name, each once, in order; new ones are added to the address book.

    With ``form_key``, the one-time key of the form that they come from, new ones are added once however often it is
    sent. Somebody who has got a new one's email meanwhile is taken in their place.
    """
    return list(attendance_of(entries, agreement=agreement, by=by, form_key=form_key))


@verb
def attendance_of(entries, *, agreement, by, form_key=None):
    """As ``people_of``: a dict from each person to what the entries say of their attendance, or an empty text."""
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
    """The organisations that ``entries`` (``OrganisationEntry``) name, each once, in order; new ones are added."""
    called = _organisations_called(agreement, {entry.name for entry in entries} - {""})
    found = [entry.organisation or called[entry.name] for entry in entries]
    return list({organisation.pk: organisation for organisation in found}.values())


def _check_deletable(row, by):
    """InUseError where ``by`` may not delete a row of the address book."""
    if why := why_not_deleted(row, by, noun=row._meta.model_name):
        raise InUseError(why)


def _check_routing(person, by):
    """NotTheirsError where ``by`` may not change what is changed; nobody in particular (the system) may."""
    if not (by and person.pk):
        return
    stored = Person.objects.select_related("organisation__party", "user").get(pk=person.pk)
    is_rerouted = any(getattr(stored, name) != getattr(person, name) for name in ROUTING)
    if is_rerouted and not stored.may_be_rerouted_by(by):
        raise NotTheirsError(why_not_rerouted(stored))


def why_not_rerouted(person):
    """Who may change where the email of a person with an account goes, as a sentence."""
    party = person.party_of_account
    others = f", a colleague at {party}," if party else ""
    return f"Only {person}{others} or an administrator can change their email, organisation and leaving date."


def _add(row):
    """Check and insert a row that a form made: the first, if its key was used before; ValidationError on a conflict."""
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
    """Insert a new row; of one that is there, save these fields."""
    row.save(update_fields=None if row._state.adding else fields)
    return row


def _organisations_called(agreement, names):
    """A dict from each of ``names`` to the organisation of that name; those that are not there yet are added."""
    known = match_organisations(agreement, names) if names else {}
    new = sorted(names - known.keys())
    if new:
        # Where another request adds the same name in this moment, its row is taken.
        rows = [Organisation(agreement=agreement, name=name) for name in new]
        Organisation.objects.bulk_create(rows, ignore_conflicts=True)
        known |= match_organisations(agreement, new)
    return known


def _organisation_called(agreement, name):
    """The organisation of this name, added if need be; None for no name."""
    return _organisations_called(agreement, {name})[name] if name else None


def _new_person(agreement, entry, called, form_key):
    """A row for ``entry``, not saved yet. Its key is the same each time that the same form is sent."""
    organisation = entry.organisation or called.get(entry.organisation_name)
    who = f"{agreement.pk}\n{entry.name}\n{organisation.pk if organisation else ''}\n{entry.email}"
    key = uuid.uuid5(form_key, who) if form_key else uuid.uuid4()
    facts = {name: getattr(entry, name) for name in ("title", "name", "honours", "email", "job_title")}
    return Person(agreement=agreement, organisation=organisation, form_key=key, **facts)


def _insert_or_find(agreement, rows):
    """Insert those whose key and email are free. A dict from keys and emails (in small letters) to who has them now."""
    keys, emails = {row.form_key for row in rows}, {row.email.lower() for row in rows if row.email}
    Person.objects.bulk_create(sorted(rows, key=lambda row: row.form_key), ignore_conflicts=True)
    people = Person.objects.of(agreement).select_related("organisation").annotate(lower_email=Lower("email"))
    there = list(people.filter(Q(form_key__in=keys) | Q(lower_email__in=emails)))
    return {person.lower_email: person for person in there} | {person.form_key: person for person in there}
