"""The owner of an action: one person or one organisation, by name."""

import pytest

from tests.contacts.trial import TrialForm
from tests.factories import OrganisationFactory, PersonFactory


@pytest.fixture
def owner(book):
    """``owner("Morag Lewis")``: the trial form, sent with that owner."""
    return lambda text, key="": TrialForm(
        {"title": "A title", "owner": text, "owner_key": key}, agreement=book.agreement
    )


def cleaned(form):
    """What the form takes for the owner."""
    assert form.is_valid(), form.errors
    return form.cleaned_data["owner"]


@pytest.mark.parametrize(
    "text",
    [
        "Morag Lewis",
        " morag lewis ",
        "Morag Lewis, Eastmarch County Council",
        "Morag Lewis, eastmarch",
        "MORAG@eastmarch.example",
    ],
)
def test_a_person_is_found_by_name_organisation_or_email(owner, book, text):
    assert cleaned(owner(text)) == (book.morag, None)


@pytest.mark.parametrize("text", ["Eastmarch County Council", "EASTMARCH"])
def test_an_organisation_is_found_by_its_name_or_short_name(owner, book, text):
    assert cleaned(owner(text)) == (None, book.eastmarch)


def test_an_organisation_with_commas_in_its_name_is_found(owner, book):
    department = OrganisationFactory(agreement=book.agreement, name="Department for Science, Innovation and Technology")
    assert cleaned(owner(department.name)) == (None, department)


def test_nobody_is_no_owner(owner):
    assert cleaned(owner("")) == (None, None)


def test_an_unknown_name_is_refused_with_what_to_do_and_kept(owner):
    form = owner("Jo Reed")
    assert form.errors["owner"] == [
        "Nobody called “Jo Reed” is in the contacts. Add them first, or name an organisation."
    ]
    assert 'value="Jo Reed"' in form.as_p()


def test_a_name_that_several_have_is_refused_with_what_to_do(owner, book):
    PersonFactory.create_batch(2, agreement=book.agreement, name="Morag Lewis")
    assert owner("Morag Lewis").errors["owner"] == [
        "Three people are called “Morag Lewis”: write “Name, Organisation”."
    ]


def test_a_person_and_an_organisation_of_one_name_are_told_apart(owner, book):
    PersonFactory(agreement=book.agreement, name="Eastmarch")
    assert owner("Eastmarch").errors["owner"] == [
        "Two people or organisations are called “Eastmarch”: write “Name, Organisation”."
    ]


def test_of_two_alike_the_one_chosen_in_the_list_is_taken(owner, book):
    twin = PersonFactory(agreement=book.agreement, name="Morag Lewis", organisation=book.eastmarch)
    assert cleaned(owner("Morag Lewis, Eastmarch", f"person:{twin.pk}")) == (twin, None)


def test_a_choice_counts_for_nothing_once_the_text_was_changed(owner, book):
    assert cleaned(owner("Priya Nair", f"person:{book.morag.pk}")) == (book.priya, None)


@pytest.mark.parametrize("key", ["person:x", "person:", "user:1", f"person:{'9' * 30}", "", "²:²"])
def test_a_malformed_choice_counts_for_nothing(owner, book, key):
    assert cleaned(owner("Priya Nair", key)) == (book.priya, None)


def test_somebody_of_another_agreement_is_nobody(owner, book):
    form = owner("Sam Secret", f"person:{book.stranger.pk}")
    assert form.errors["owner"] == [
        "Nobody called “Sam Secret” is in the contacts. Add them first, or name an organisation."
    ]


@pytest.mark.parametrize("text", ["A\0B", "A" * 5000, "😀", "مريم"])
def test_odd_text_is_an_unknown_name(owner, text):
    assert owner(text).errors["owner"][0].startswith("Nobody called “")


def test_a_form_that_begins_with_an_owner_shows_and_keeps_them(book, owner):
    html = TrialForm(initial={"owner": (book.morag, None)}, agreement=book.agreement).as_p()
    assert 'value="Morag Lewis, Eastmarch"' in html
    assert f'value="person:{book.morag.pk}"' in html
    assert (
        'value="Northmoor Council"'
        in TrialForm(initial={"owner": (None, book.northmoor)}, agreement=book.agreement).as_p()
    )
