"""The owner of an action: one person or one organisation, by name."""

import pytest

from contacts.models import Person
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


@pytest.mark.parametrize(
    "text", ["Morag", "morag l", "Cllr Morag Lewis", "Dr Morag Lewis MBE", "lewis eastm", "Mo\u200brag"]
)
def test_one_match_is_accepted(owner, book, text):
    assert cleaned(owner(text)) == (book.morag, None)


def test_one_matching_organisation_is_accepted(owner, book):
    assert cleaned(owner("eastmarch county")) == (None, book.eastmarch)


def test_letters_within_a_name_are_no_match_but_are_offered(owner, book):
    form = owner("orag")
    assert form.errors["owner"] == ["1 person may match “orag”. Select one."]
    assert f'value="person:{book.morag.pk}"' in form.as_p()


def test_several_matches_are_offered_as_a_choice(owner, book):
    PersonFactory(agreement=book.agreement, name="Morag Lee", organisation=book.northmoor)
    form = owner("Morag")
    assert form.errors["owner"] == ["2 people match “Morag”. Select one."]
    html = form.as_p()
    assert 'name="owner_asked" value="Morag"' in html
    assert "Morag Lee, Northmoor Council" in html
    assert 'value="new"' in html


def test_the_one_selected_among_several_is_taken(book):
    other = PersonFactory(agreement=book.agreement, name="Morag Lee", organisation=book.northmoor)
    sent = {"title": "It", "owner": "Morag", "owner_asked": "Morag", "owner_choice": f"person:{other.pk}"}
    assert cleaned(TrialForm(sent, agreement=book.agreement)) == (other, None)
    # An answer about another text counts for nothing.
    assert not TrialForm(sent | {"owner_asked": "Mor"}, agreement=book.agreement).is_valid()


def test_nobody_of_another_agreement_can_be_selected(book):
    key = f"person:{book.stranger.pk}"
    sent = {"title": "It", "owner": "Sam", "owner_asked": "Sam", "owner_choice": key}
    assert "owner" in TrialForm(sent, agreement=book.agreement).errors


def test_an_unknown_name_is_offered_as_a_new_contact_and_kept(owner):
    form = owner("Jo Reed")
    assert form.errors["owner"] == ["No match for “Jo Reed”. Select a person or add a new contact."]
    html = form.as_p()
    assert 'value="Jo Reed"' in html
    assert "Add “<bdi>Jo Reed</bdi>” as a new contact" in html


def test_a_new_contact_is_added_once_when_that_is_selected(book):
    text = "Cllr Jo Reed MBE, Northmoor Council"
    sent = {"title": "It", "owner": text, "owner_asked": text, "owner_choice": "new"}
    for _ in range(2):
        person, _ = cleaned(TrialForm(sent, agreement=book.agreement))
    assert (person.title, person.name, person.honours) == ("Cllr", "Jo Reed", "MBE")
    assert person.organisation == book.northmoor
    assert Person.objects.of(book.agreement).filter(name="Jo Reed").count() == 1


def test_a_name_that_several_have_is_offered_as_a_choice(owner, book):
    PersonFactory.create_batch(2, agreement=book.agreement, name="Morag Lewis")
    assert owner("Morag Lewis").errors["owner"] == ["3 people match “Morag Lewis”. Select one."]


def test_a_person_and_an_organisation_of_one_name_are_told_apart(owner, book):
    PersonFactory(agreement=book.agreement, name="Eastmarch")
    assert owner("Eastmarch").errors["owner"] == ["2 people or organisations match “Eastmarch”. Select one."]


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
    assert form.errors["owner"] == ["No match for “Sam Secret”. Select a person or add a new contact."]


@pytest.mark.parametrize("text", ["A\0B", "A" * 500, "😀", "مريم"])
def test_odd_text_is_an_unknown_name(owner, text):
    assert owner(text).errors["owner"][0].startswith("No match for “")


def test_text_too_long_for_a_name_is_said(owner):
    assert owner("A" * 5000).errors["owner"] == ["This name has 5,000 characters. It must have 1,000 or fewer."]


def test_a_form_that_begins_with_an_owner_shows_and_keeps_them(book, owner):
    html = TrialForm(initial={"owner": (book.morag, None)}, agreement=book.agreement).as_p()
    assert 'value="Morag Lewis, Eastmarch"' in html
    assert f'value="person:{book.morag.pk}"' in html
    assert (
        'value="Northmoor Council"'
        in TrialForm(initial={"owner": (None, book.northmoor)}, agreement=book.agreement).as_p()
    )
