"""What contacts does when the partnership changes: everyone is a person, every party an organisation."""

from django.db.models import Exists, OuterRef, Q
from django.dispatch import receiver

from accounts.signals import email_changed
from contacts.models import Organisation, Person
from contacts.rules.names import split_name
from partnership.signals import membership_saved, party_deleting, party_saved


@receiver(party_saved)
def keep_organisation_of_party(party, **kwargs):
    """The party's organisation carries its names; one that is in the address book already is taken."""
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
    """The organisation stays in the address book, as one of those that are no party."""
    Organisation.objects.filter(party=party).update(party=None)


@receiver(membership_saved)
def keep_person_of_membership(membership, name, **kwargs):
    """The member's person in the address book: found by account or email, else made."""
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
    """Emails about meetings go to the new address too, unless they went elsewhere or somebody else has it there."""
    taken = Person.objects.filter(agreement=OuterRef("agreement"), email__iexact=user.email)
    Person.objects.filter(~Exists(taken), user=user, email__iexact=before).update(email=user.email)
