"""The organisations, people and committee of the demonstration."""

from datetime import timedelta

from django.utils.text import slugify

from contacts.models import Organisation, Person
from contacts.rules.names import split_name
from engagements.models import Committee, Seat

COUNCIL, SUPPLIER = Organisation.Kind.COUNCIL, Organisation.Kind.SUPPLIER


def make_organisations(agreement, rows):
    """Create the organisations that are missing. Returns all of them: {name: organisation}."""
    there = set(Organisation.objects.of(agreement).values_list("name", flat=True))
    Organisation.objects.bulk_create(
        Organisation(agreement=agreement, name=row["name"], kind=row["kind"])
        for row in rows
        if row["name"] not in there
    )
    return {organisation.name: organisation for organisation in Organisation.objects.of(agreement)}


def make_people(agreement, rows, organisations, mail):
    """Create the people of ``rows``. ``mail``: {name of a party's organisation: its email domain}."""
    Person.objects.bulk_create(
        person(agreement, text, organisations[row["name"]], row.get("mail") or mail[row["name"]])
        for row in rows
        for text in row.get("people", [])
    )


def person(agreement, text, organisation, domain):
    """A person from "Name, job title", not yet saved."""
    name, job_title = text.split(", ", 1)
    parts = split_name(name)
    email = f"{slugify(parts.name).replace('-', '.')}@{domain}"
    names = {"name": parts.name, "title": parts.title, "honours": parts.honours}
    return Person(agreement=agreement, **names, job_title=job_title, organisation=organisation, email=email)


def make_member(agreement, row, organisations):
    """Create the person of a user without a party; the membership finds it by its email address."""
    Person.objects.create(
        agreement=agreement, name=row["name"], email=row["email"], organisation=organisations[row["organisation"]]
    )


def make_committee(agreement, facts, organisations, calendar):
    """Create the committee and its seats, and return it. How often it meets is not known, so that is left out."""
    committee = Committee.objects.create(
        agreement=agreement,
        name=facts["name"],
        purpose=facts["purpose"],
        host=organisations[facts["host"]],
        papers_days=facts["papers_days"],
    )
    people = {person.name: person for person in Person.objects.of(agreement)}
    short = {organisation.short_name: organisation for organisation in organisations.values()}
    first_day = calendar.day(-440)
    for row in facts["seat"]:
        has_left = row.get("left", False)
        Seat.objects.create(
            agreement=agreement,
            committee=committee,
            role=row.get("role", Seat.Role.MEMBER),
            organisation=organisations.get(row["organisation"]) or short[row["organisation"]],
            holder=people[row["holder"]],
            deputy=people.get(row.get("deputy")),
            starts_on=first_day,
            ends_on=calendar.day(-180) if has_left else None,
        )
        if has_left:
            Person.objects.filter(pk=people[row["holder"]].pk).update(left_on=calendar.day(-180) + timedelta(1))
    return committee
