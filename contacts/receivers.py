"""Receivers that keep the address book in step: every member has a person, every party an organisation."""

from django.db.models import Exists, OuterRef, Q
from django.dispatch import receiver

from accounts.signals import email_changed
from contacts.models import Organisation, Person
from contacts.rules.names import split_name
from partnership.signals import membership_saved, party_deleting, party_saved


@receiver(party_saved)
def keep_organisation_of_party(party, **kwargs):
    """Give the party's organisation the names of the party.

    Without one, take the organisation of that name in the address book, or create one.
    """
    organisations = Organisation.objects.of(party.agreement)
    organisation = (
        organisations.filter(party=party).first()
        or organisations.filter(name__iexact=party.name, party=None).first()
        or Organisation(agreement=party.agreement)
    )
    organisation.party, organisation.name, organisation.short_name = party, party.name, party.short_name
    organisation.save()


@receiver(party_deleting)
def release_organisation_of_party(party, **kwargs):
    """Keep the organisation of a deleted party in the address book, without the party."""
    Organisation.objects.filter(party=party).update(party=None)


@receiver(membership_saved)
def keep_person_of_membership(membership, name, **kwargs):
    """Link the member to their person in the address book, found by account or email, or else created."""
    user = membership.user
    people = Person.objects.of(membership.agreement)
    parts = split_name(name)
    person = (
        people.filter(user=user).first()
        or people.filter(Q(email__iexact=user.email), user=None).first()
        or Person(
            agreement=membership.agreement,
            name=parts.name,
            title=parts.title,
            honours=parts.honours,
            email=user.email,
        )
    )
    person.user = user
    if membership.party:
        person.organisation = person.organisation or membership.party.organisation
    person.save()


@receiver(email_changed)
def keep_email_of_person(user, before, **kwargs):
    """Give the user's people the new address, so that emails about meetings are sent to it.

    Skips a person whose email is not the old address, and one where somebody else has the new address already.
    """
    taken = Person.objects.filter(agreement=OuterRef("agreement"), email__iexact=user.email)
    Person.objects.filter(~Exists(taken), user=user, email__iexact=before).update(email=user.email)
