"""Matches people and organisations, as somebody typed them, with those of the address book."""

from dataclasses import dataclass, field

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Lower

from contacts.models import Organisation, Person
from contacts.queries import Folded
from contacts.rules.pasted import PastedPerson

CANDIDATES = 5


@dataclass
class Match:
    """The people of the address book that ``pasted`` may be: ``people``, the likeliest first.

    ``likely`` is one who stands out. ``organisation`` is the one in the address book that a new person would belong to.
    ``can_be_new`` is False where the email belongs to somebody already. ``doubt`` says in words why the match is
    uncertain, or is empty.
    """

    pasted: PastedPerson
    people: list = field(default_factory=list)
    likely: Person | None = None
    organisation: Organisation | None = None
    can_be_new: bool = True
    doubt: str = ""


def folded(texts):
    """Return a dict from each of ``texts`` to its form without case and accents, as the database folds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, concord_folded(text) FROM unnest(%s::text[]) AS text", [list(set(texts))])
        return dict(cursor.fetchall())


def match_organisations(agreement, names):
    """Return a dict from each of ``names`` to the organisation with that name or short name. Two queries.

    Case and accents are ignored. A name that no organisation has is not in the dict. A full name takes precedence over
    another organisation's short name.
    """
    fold = folded(names)
    rows = Organisation.objects.of(agreement).annotate(
        folded_name=Folded(F("name")), folded_short=Folded(F("short_name"))
    )
    rows = rows.filter(Q(folded_name__in=fold.values()) | Q(folded_short__in=fold.values()) & ~Q(short_name=""))
    rows = list(rows.order_by("-name"))
    known = {row.folded_short: row for row in rows} | {row.folded_name: row for row in rows}
    return {name: known[key] for name, key in fold.items() if key in known}


def match_people(agreement, people):
    """Return a ``Match`` for each of ``people`` (``PastedPerson``): by email, else name and organisation, else name.

    Titles and honours are ignored. Always four queries.
    """
    if not people:
        return []
    organisations = match_organisations(agreement, [each.organisation for each in people if each.organisation])
    fold = folded(text for each in people for text in (each.name, each.organisation))
    rows = Person.objects.of(agreement).select_related("organisation")
    rows = rows.annotate(
        folded_name=Folded(F("name")), folded_at=Folded(F("organisation__name")), lower_email=Lower("email")
    ).order_by(F("left_on").asc(nulls_first=True), "name", "pk")
    # A text read as an organisation may also be the name of a person: the reading is then in doubt.
    names = {key for key in fold.values() if key}
    emails = {each.email.lower() for each in people if each.email}
    by_email, by_name = {}, {}
    for person in rows.filter(Q(folded_name__in=names) | Q(lower_email__in=emails)):
        by_email[person.lower_email] = person
        by_name.setdefault(person.folded_name, []).append(person)
    return [
        match(
            each,
            owner=by_email.get(each.email.lower()),
            namesakes=by_name.get(fold[each.name], []),
            organisation=organisations.get(each.organisation),
            at=fold[each.organisation],
            is_somebody=each.organisation not in organisations and fold[each.organisation] in by_name,
        )
        for each in people
    ]


def match(pasted, *, owner, namesakes, organisation, at, is_somebody=False):
    """Return the ``Match`` of one person.

    ``owner`` has their email, ``namesakes`` have their name, and ``organisation`` is the one named. ``at`` is the
    organisation as pasted, folded: it may be a part of the name of where somebody works. ``is_somebody``: it is the
    name of a person in the address book, and of no organisation.
    """
    if pasted.email and owner:
        return Match(pasted, [owner], owner, organisation, can_be_new=False)
    here = organisation and organisation.pk
    colleagues = [
        one for one in namesakes if at and ((here and one.organisation_id == here) or at in (one.folded_at or ""))
    ]
    people = [*colleagues, *(person for person in namesakes if person not in colleagues)][:CANDIDATES]
    sure = colleagues if at else namesakes
    likely = sure[0] if len(sure) == 1 else None
    return Match(pasted, people, likely, organisation, doubt=_doubt(pasted, people, likely, is_somebody))


def _doubt(pasted, people, likely, is_somebody):
    """Say in words why it is uncertain who ``pasted`` is; an empty text where it is certain."""
    if pasted.doubt:
        return pasted.doubt
    if is_somebody:
        return f"“{pasted.organisation}” is a person in your contacts, not an organisation."
    if likely and pasted.email and likely.email:
        return f"{likely.name} is in your contacts with another email address: {likely.email}."
    if people and not likely:
        count = "Someone" if len(people) == 1 else f"{len(people)} people"
        return f"{count} called {pasted.name} {'is' if len(people) == 1 else 'are'} in your contacts."
    return ""
