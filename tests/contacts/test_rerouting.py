"""One party never decides where the email of another party's people goes."""

import datetime as dt

import pytest

from contacts.models import Organisation
from contacts.operations import NotTheirsError, save_person
from partnership.models import Membership
from tests.factories import OrganisationFactory, PersonFactory

STOLEN = "stranger@techuk.example"


def person_of(user, agreement):
    return agreement.people.get(user=user)


def edit(person):
    return f"/agreements/{person.agreement.slug}/contacts/people/{person.pk}/edit/"


def sent(person, **fields):
    data = {
        "name": person.name,
        "job_title": person.job_title,
        "email": person.email,
        "organisation": "",
        "left_on": "",
    }
    return data | {"organisation": str(person.organisation or "")} | fields


CHANGES = [{"email": STOLEN}, {"left_on": "2026-01-01"}, {"organisation": "techUK"}, {"email": ""}]


@pytest.mark.parametrize("whose", ["lead", "officer"])
@pytest.mark.parametrize("change", CHANGES)
def test_an_officer_of_the_other_party_cannot_change_where_email_goes(whose, change, cast, sign_in):
    person = person_of(getattr(cast, whose), cast.agreement)
    before = (person.email, person.left_on, person.organisation)
    client = sign_in(cast.techuk_officer)
    page = client.get(edit(person)).content.decode()
    assert f"Only {person}, a colleague at LGA, or an administrator can change their email" in page
    assert 'name="email"' not in page
    response = client.post(edit(person), sent(person, job_title="Head of digital", **change))
    assert response.status_code == 302
    person.refresh_from_db()
    assert (person.email, person.left_on, person.organisation) == before
    assert person.job_title == "Head of digital"


@pytest.mark.parametrize("who", ["officer", "lead", "administrator"])
def test_they_themself_their_party_and_administrators_can(who, cast):
    person = person_of(cast.officer, cast.agreement)
    person.email, person.left_on = "new@lga.example", dt.date(2026, 1, 1)
    save_person(person, by=getattr(cast, who))
    person.refresh_from_db()
    assert (person.email, person.left_on) == ("new@lga.example", dt.date(2026, 1, 1))


@pytest.mark.parametrize("field", ["email", "left_on", "organisation"])
def test_the_operation_itself_refuses_whoever_calls_it(field, cast):
    person = person_of(cast.lead, cast.agreement)
    value = {"email": STOLEN, "left_on": dt.date(2026, 1, 1), "organisation": cast.techuk.organisation}[field]
    setattr(person, field, value)
    with pytest.raises(NotTheirsError, match="Only Lead, a colleague at LGA, or an administrator"):
        save_person(person, by=cast.techuk_lead)


def test_the_name_of_an_organisation_moves_nobody_either(cast):
    person = person_of(cast.lead, cast.agreement)
    with pytest.raises(NotTheirsError):
        save_person(person, organisation_name="Somewhere else", by=cast.techuk_lead)
    assert not Organisation.objects.filter(name="Somewhere else").exists()


def test_of_a_member_without_a_party_only_they_and_an_administrator_change_it(cast, sign_in):
    person = person_of(cast.viewer, cast.agreement)
    assert person.party_of_account is None
    assert [person.may_be_rerouted_by(user) for user in (cast.lead, cast.techuk_lead)] == [False, False]
    assert [person.may_be_rerouted_by(user) for user in (cast.viewer, cast.administrator)] == [True, True]
    page = sign_in(cast.lead).get(edit(person)).content.decode()
    assert f"Only {person} or an administrator can change their email" in page


def test_whom_one_speaks_for_follows_the_role_and_not_the_organisation_that_anybody_may_type(cast):
    person = person_of(cast.officer, cast.agreement)
    person.organisation = cast.techuk.organisation
    person.save()
    assert [person.may_be_rerouted_by(user) for user in (cast.lead, cast.techuk_lead)] == [True, False]
    Membership.objects.filter(user=cast.officer).update(party=cast.techuk)
    assert [person.may_be_rerouted_by(user) for user in (cast.lead, cast.techuk_lead)] == [False, True]


def test_a_viewer_for_a_party_speaks_for_nobody(cast):
    Membership.objects.filter(user=cast.viewer).update(party=cast.lga)
    assert not person_of(cast.lead, cast.agreement).may_be_rerouted_by(cast.viewer)


def test_people_without_an_account_are_anybodys_to_correct(cast, sign_in):
    council = OrganisationFactory(agreement=cast.agreement, name="Northmoor Council")
    person = PersonFactory(agreement=cast.agreement, name="Priya Nair", organisation=council)
    sign_in(cast.techuk_officer).post(edit(person), sent(person, email="priya@northmoor.example"))
    person.refresh_from_db()
    assert person.email == "priya@northmoor.example"
