"""The verbs that turn what a form names into rows."""

import uuid

import pytest

from contacts.models import Organisation, Person
from contacts.operations import OrganisationEntry, PersonEntry, organisations_of, people_of


@pytest.fixture
def save(book, cast):
    """``save(*entries)``: the people that they name."""

    def people(*entries, form_key=None):
        return people_of(entries, agreement=book.agreement, by=cast.officer, form_key=form_key)

    return people


def test_people_of_the_address_book_are_taken_as_they_are_in_order_and_once(book, save):
    entries = [PersonEntry(person=person) for person in (book.priya, book.morag, book.priya)]
    assert save(*entries) == [book.priya, book.morag]


def test_a_new_person_is_added_at_their_organisation(book, save):
    [jo] = save(PersonEntry(name="Jo Reed", organisation=book.northmoor, email="jo@northmoor.example"))
    jo = Person.objects.get(pk=jo.pk)
    assert (jo.name, jo.organisation, jo.email, jo.agreement) == (
        "Jo Reed",
        book.northmoor,
        "jo@northmoor.example",
        book.agreement,
    )


def test_two_new_people_share_one_new_organisation_whatever_the_case(book, save):
    people = save(
        PersonEntry(name="Jo", organisation_name="Fenland Cloud"),
        PersonEntry(name="Al", organisation_name="fenland cloud"),
    )
    assert len({person.organisation for person in people}) == 1
    assert Organisation.objects.of(book.agreement).filter(name__iexact="fenland cloud").count() == 1


def test_somebody_who_has_got_the_email_meanwhile_is_taken(book, save):
    assert save(PersonEntry(name="M Lewis", email="Morag@Eastmarch.example")) == [book.morag]


def test_a_form_sent_twice_adds_its_new_people_once(book, save):
    key = uuid.uuid4()
    entries = [PersonEntry(name="Jo", organisation_name="New Council"), PersonEntry(name="Al")]
    assert save(*entries, form_key=key) == save(*entries, form_key=key)
    assert Person.objects.of(book.agreement).filter(name__in=["Jo", "Al"]).count() == 2


def test_two_forms_may_each_add_somebody_of_the_same_name(book, save):
    entry = PersonEntry(name="John Smith")
    assert save(entry, form_key=uuid.uuid4()) != save(entry, form_key=uuid.uuid4())


def test_history_knows_who_added_a_new_person(save, cast):
    [jo] = save(PersonEntry(name="Jo Reed"))
    context = Person.pgh_event_model.objects.select_related("pgh_context").get(pgh_obj=jo).pgh_context
    assert context.metadata == {"verb": "people of", "user": cast.officer.pk, "parties": [cast.lga.pk]}


def test_hundreds_of_new_people_cost_no_more_queries_than_one(save, django_assert_max_num_queries):
    for number in (1, 200):
        entries = [PersonEntry(name=f"Jo {number} {n}", organisation_name=f"Org {number} {n}") for n in range(number)]
        with django_assert_max_num_queries(12):
            save(*entries)


def test_organisations_are_found_or_added_once(book, cast):
    entries = [
        OrganisationEntry(book.northmoor),
        OrganisationEntry(name="Third Party"),
        OrganisationEntry(book.northmoor),
    ]
    rows = organisations_of(entries, agreement=book.agreement, by=cast.officer)
    assert [row.name for row in rows] == ["Northmoor Council", "Third Party"]
    assert organisations_of(entries, agreement=book.agreement, by=cast.officer) == rows


def test_a_form_of_another_agreement_with_the_same_key_adds_its_own_person(book, cast, save):
    key, entry = uuid.uuid4(), PersonEntry(name="John Smith")
    elsewhere = cast.outsider.memberships.get().agreement
    [theirs] = people_of([entry], agreement=elsewhere, by=cast.outsider, form_key=key)
    assert save(entry, form_key=key) != [theirs]
