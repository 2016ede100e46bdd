"""Finding, for people as somebody typed them, those whom the address book has already."""

from dataclasses import dataclass, field

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Lower

from contacts.lines import Line
from contacts.models import Organisation, Person
from contacts.queries import Folded

CANDIDATES = 5


@dataclass
class Match:
    """Who a line may mean: ``people`` in the address book, likeliest first; ``likely`` if one stands out.

    ``organisation`` is the one in the address book that a new person would be at. ``can_be_new`` is False where the
    email belongs to somebody already.
    """

    line: Line
    people: list = field(default_factory=list)
    likely: Person | None = None
    organisation: Organisation | None = None
    can_be_new: bool = True


def folded(texts):
    """The texts as the database folds them (without case and accents): a dict from each text to its folded form."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, concord_folded(text) FROM unnest(%s::text[]) AS text", [list(set(texts))])
        return dict(cursor.fetchall())


def match_organisations(agreement, names):
    """For each of ``names`` the organisation of that name or short name, but for case and accents. A dict; two queries.

    A name that no organisation has is not in the dict; a full name goes before another one's short name.
    """
    fold = folded(names)
    rows = Organisation.objects.of(agreement).annotate(
        folded_name=Folded(F("name")), folded_short=Folded(F("short_name"))
    )
    rows = rows.filter(Q(folded_name__in=fold.values()) | Q(folded_short__in=fold.values()) & ~Q(short_name=""))
    rows = list(rows.order_by("-name"))
    known = {row.folded_short: row for row in rows} | {row.folded_name: row for row in rows}
    return {name: known[key] for name, key in fold.items() if key in known}


def match_people(agreement, lines):
    """A ``Match`` for each of ``lines``: by email, else name and organisation, else name. Always four queries."""
    if not lines:
        return []
    organisations = match_organisations(agreement, [line.organisation for line in lines if line.organisation])
    fold = folded(text for line in lines for text in (line.shown_name, line.organisation))
    rows = Person.objects.of(agreement).select_related("organisation")
    rows = rows.annotate(
        folded_name=Folded(F("name")), folded_at=Folded(F("organisation__name")), lower_email=Lower("email")
    ).order_by(F("left_on").asc(nulls_first=True), "name", "pk")
    names = {fold[line.shown_name] for line in lines}
    emails = {line.email.lower() for line in lines if line.email}
    by_email, by_name = {}, {}
    for person in rows.filter(Q(folded_name__in=names) | Q(lower_email__in=emails)):
        by_email[person.lower_email] = person
        by_name.setdefault(person.folded_name, []).append(person)
    return [
        match(
            line,
            owner=by_email.get(line.email.lower()),
            namesakes=by_name.get(fold[line.shown_name], []),
            organisation=organisations.get(line.organisation),
            at=fold[line.organisation],
        )
        for line in lines
    ]


def match(line, *, owner, namesakes, organisation, at):
    """The ``Match`` of one line, given who has its email, who has its name, and the organisation that it names.

    ``at`` is the organisation as typed, folded: part of the name of where somebody works will do.
    """
    if line.email and owner:
        return Match(line, [owner], owner, organisation, can_be_new=False)
    here = organisation and organisation.pk
    colleagues = [
        one for one in namesakes if at and ((here and one.organisation_id == here) or at in (one.folded_at or ""))
    ]
    people = [*colleagues, *(person for person in namesakes if person not in colleagues)][:CANDIDATES]
    sure = colleagues if at else namesakes
    return Match(line, people, sure[0] if len(sure) == 1 else None, organisation)
