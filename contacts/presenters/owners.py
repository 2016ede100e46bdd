"""Finds the person or organisation that a typed name means, by the whole name or by a part of it."""

from dataclasses import dataclass

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Concat

from contacts.models import Organisation, Person
from contacts.presenters.matching import folded
from contacts.queries import Folded
from contacts.rules.names import bare_name

OFFERED = 8
"""The most people and organisations offered as a choice."""


@dataclass(frozen=True)
class OwnerMatch:
    """The result of a search: ``owner`` if it is certain, else the ``owners`` that may be meant, likeliest first."""

    owner: Person | Organisation | None = None
    owners: tuple = ()


def label_of(owner):
    """The text for an owner in the field: "Priya Nair, Northmoor Council", or an organisation's name."""
    organisation = getattr(owner, "organisation", None) if isinstance(owner, Person) else None
    return f"{owner.name}, {organisation}" if organisation else owner.name


def key_of(owner):
    """The picker's key for an owner, "person:12" or "organisation:3" (see ``owner_with_key``)."""
    return f"{owner._meta.model_name}:{owner.pk}"


def owner_with_key(agreement, key):
    """The person or organisation of ``agreement`` with this ``key`` (see ``key_of``), or None."""
    kind, _, number = key.partition(":")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    if kind == "person":
        return Person.objects.of(agreement).filter(pk=number).select_related("organisation").first()
    return Organisation.objects.of(agreement).filter(pk=number).first() if kind == "organisation" else None


def find_owner(agreement, text, *, people_only=False) -> OwnerMatch:
    """Find the person or organisation that ``text`` means.

    It is the only one called exactly that, or else the only one whose names begin with the words of ``text``. Otherwise
    the result has those that may be meant. Two queries for an exact name, four at most.
    """
    exact = owners_called(agreement, text)
    if people_only:
        exact = [owner for owner in exact if isinstance(owner, Person)] or exact
    if len(exact) == 1:
        return OwnerMatch(exact[0])
    if exact:
        return OwnerMatch(owners=tuple(exact[:OFFERED]))
    like = owners_like(agreement, text, people_only=people_only)
    begin = [owner for owner in like if _begins(owner, text)]
    if len(begin) == 1:
        return OwnerMatch(begin[0])
    return OwnerMatch(owners=tuple((begin or like)[:OFFERED]))


def owners_called(agreement, text):
    """The people and organisations called exactly ``text``: by name, "Name, Organisation" or email.

    Case, accents, titles and honours are ignored.
    """
    name, comma, rest = text.partition(",")
    bare = f"{bare_name(name)}{comma}{rest}"
    called = set(folded([text, bare, bare_name(text)]).values())
    people = Person.objects.of(agreement).select_related("organisation")
    people = people.annotate(
        folded_name=Folded(F("name")),
        at_full=Folded(_at("organisation__name")),
        at_short=Folded(_at("organisation__short_name")),
    )
    found = people.filter(
        Q(folded_name__in=called) | Q(at_full__in=called) | Q(at_short__in=called) | Q(email__iexact=text)
    )
    organisations = Organisation.objects.of(agreement).annotate(
        folded_name=Folded(F("name")), folded_short=Folded(F("short_name"))
    )
    return [*found[:10], *organisations.filter(Q(folded_name__in=called) | Q(folded_short__in=called))[:10]]


def _at(organisation):
    """The expression "Name, Organisation"."""
    return Concat(F("name"), Value(", "), F(organisation), output_field=TextField())


def owners_like(agreement, text, *, people_only=False):
    """The people and organisations with every word of ``text`` in their names.

    Those whose names begin with it come first, and people who have left come last.
    """
    wanted = _words(text)
    people = list(Person.objects.of(agreement).select_related("organisation").suggested(wanted)[: OFFERED + 1])
    if people_only:
        return people
    return [*people, *Organisation.objects.of(agreement).suggested(wanted)[: OFFERED + 1]]


def _words(text):
    """The words of ``text`` to look for, without titles and honours."""
    name, _, rest = text.partition(",")
    return " ".join(f"{bare_name(name)} {rest}".replace(",", " ").split()[:20])


def _begins(owner, text):
    """Whether each word of ``text`` begins a word of the owner's names, and one of them a word of their own name.

    A person is not meant by the name of their organisation alone.
    """
    is_person = isinstance(owner, Person)
    at = owner.organisation if is_person else None
    own = [owner.name, owner.email.partition("@")[0]] if is_person else [owner.name, owner.short_name]
    others = [at.name, at.short_name] if at else []
    keys = folded([*own, *others, _words(text)])
    own_words, other_words = (_split(" ".join(keys[name] for name in names)) for names in (own, others))
    wanted = keys[_words(text)].split()
    is_own = [any(word.startswith(part) for word in own_words) for part in wanted]
    return any(is_own) and all(
        found or any(word.startswith(part) for word in other_words) for part, found in zip(wanted, is_own, strict=True)
    )


def _split(text):
    """The words of names and email addresses, which are split at each @, dot and hyphen."""
    return text.replace("@", " ").replace(".", " ").replace("-", " ").split()
