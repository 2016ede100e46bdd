"""Who of the address book is meant."""

import pytest

from contacts.presenters.matching import match_people
from contacts.rules.pasted import read_people
from tests.factories import OrganisationFactory, PersonFactory


@pytest.fixture
def match(book):
    """``match(text)``: the match of the one line that it is."""
    return lambda text: match_people(book.agreement, read_people(text))[0]


def test_an_email_says_who_it_is_whatever_the_name(book, match):
    found = match("M. Lewes, Somewhere, MORAG@eastmarch.example")
    assert (found.people, found.likely, found.can_be_new) == ([book.morag], book.morag, False)


def test_name_and_organisation_say_who_it_is_but_for_case_and_accents(book, match):
    zoe = PersonFactory(agreement=book.agreement, name="Zoë Müller", organisation=book.eastmarch)
    PersonFactory(agreement=book.agreement, name="Zoe Muller", organisation=book.northmoor)
    assert match("zoe muller, EASTMARCH county council").likely == zoe


@pytest.mark.parametrize("organisation", ["Eastmarch", "eastmarch county", "County Council"])
def test_the_short_name_of_an_organisation_or_part_of_its_name_will_do(book, match, organisation):
    assert match(f"Morag Lewis, {organisation}").likely == book.morag


def test_somebody_without_an_organisation_is_not_taken_for_one_of_an_unknown_organisation(book, match):
    PersonFactory(agreement=book.agreement, name="Jo Reed")
    assert match("Jo Reed, New Council").likely is None


def test_a_name_alone_says_who_it_is_if_one_person_has_it(book, match):
    assert match("morag lewis").likely == book.morag


def test_of_several_with_one_name_none_is_likely_and_five_are_offered(book, match):
    PersonFactory.create_batch(6, agreement=book.agreement, name="Morag Lewis")
    found = match("Morag Lewis")
    assert (len(found.people), found.likely) == (5, None)


def test_the_same_name_at_another_organisation_is_likely_somebody_else(book, match):
    found = match("Morag Lewis, Northmoor Council")
    assert (found.people, found.likely, found.organisation) == ([book.morag], None, book.northmoor)


def test_nobody_of_another_agreement_is_ever_found(book, match):
    found = match("Sam Secret, Secret Council, sam@secret.example")
    assert (found.people, found.organisation, found.can_be_new) == ([], None, True)


def test_matching_costs_the_same_for_one_line_and_for_hundreds(book, django_assert_num_queries):
    OrganisationFactory(agreement=book.agreement, name="Org 7")
    for text in ("Jo 1, Org 1, jo1@x.example", "\n".join(f"Jo Ray{n}, Org {n}, jo{n}@x.example" for n in range(300))):
        lines = read_people(text)
        with django_assert_num_queries(4):
            match_people(book.agreement, lines)
