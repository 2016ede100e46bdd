"""Giving people roles, and inviting them."""

import pytest
from django.core.exceptions import ValidationError

from contacts.models import Person
from partnership.models import Membership, Party
from partnership.operations import delete_party, give_role, invite, remove_role
from records.deletion import InUseError
from records.roles import Role
from tests.emails import emails
from tests.factories import PartyFactory, PersonFactory


def test_a_new_address_makes_a_user_without_a_password_and_a_person(cast):
    membership = give_role(
        cast.agreement, email="new@lga.example", role=Role.EDITOR, party=cast.lga, name="Nia New", by=cast.lead
    )
    person = Person.objects.get(user=membership.user)
    assert (membership.user.name, membership.user.has_usable_password()) == ("Nia New", False)
    assert (person.name, person.organisation) == ("Nia New", cast.lga.organisation)


def test_somebody_in_the_address_book_already_is_that_person(cast):
    known = PersonFactory(agreement=cast.agreement, name="Known", email="known@council.example")
    membership = give_role(cast.agreement, email="KNOWN@council.example", role=Role.VIEWER, by=None)
    known.refresh_from_db()
    assert known.user == membership.user


def test_who_has_a_role_gets_this_one_instead(cast):
    give_role(cast.agreement, email=cast.officer.email, role=Role.LEAD, party=cast.lga, by=None)
    assert [m.role for m in Membership.objects.filter(user=cast.officer)] == ["lead"]


@pytest.mark.parametrize("role", [Role.EDITOR, Role.LEAD])
def test_an_officer_without_a_party_is_refused(cast, role):
    with pytest.raises(ValidationError, match="acts for a party"):
        give_role(cast.agreement, email="new@lga.example", role=role, by=None)
    assert not Membership.objects.filter(user__email="new@lga.example").exists()


def test_a_party_of_another_agreement_is_refused(cast):
    with pytest.raises(ValidationError, match="another agreement"):
        give_role(cast.agreement, email="x@x.example", role=Role.EDITOR, party=cast.elsewhere.parties.get(), by=None)


def test_nothing_is_mailed_until_somebody_is_invited(cast):
    membership = give_role(cast.agreement, email="new@lga.example", role=Role.VIEWER, by=None)
    assert emails() == []
    invite(membership, by=cast.administrator)
    message = emails()[0]
    assert (message.to, message.subject) == ("new@lga.example", "You are invited to LGA and techUK in Concord")
    assert "as viewer" in message.body
    html = message.html
    assert "/accounts/password/reset/key/" in html


def test_a_role_taken_away_leaves_the_person(cast):
    remove_role(Membership.objects.get(user=cast.officer), by=None)
    assert Person.objects.filter(user=cast.officer).exists()


def test_a_party_that_has_acted_is_not_deleted_and_keeps_its_organisation(cast):
    with pytest.raises(InUseError, match="people act for it"):
        delete_party(cast.lga, by=None)
    assert Party.objects.get(pk=cast.lga.pk).organisation


def test_a_party_that_never_acted_is(cast):
    party = PartyFactory(agreement=cast.agreement)
    delete_party(party, by=None)
    assert not Party.objects.filter(name=party.name).exists()
