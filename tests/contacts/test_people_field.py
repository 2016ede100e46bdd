"""Who came: the field without JavaScript."""

import pytest
from django.http import QueryDict

from contacts.actions import PersonEntry
from tests.contacts.trial import TrialForm
from tests.factories import PersonFactory


@pytest.fixture
def form(book):
    """``form(who=[…], who_lines="…")``: the trial form, sent with that."""

    def send(**data):
        query = QueryDict(mutable=True)
        for name, value in ({"title": "A title"} | data).items():
            query.setlist(name, value if isinstance(value, list) else [value])
        return TrialForm(query, agreement=book.agreement)

    return send


def confirmed(text, choice):
    """One line, as it comes back confirmed."""
    return {"who_line": text, "who_choice_0": str(choice)}


def test_ticked_people_are_taken_without_a_question(form, book):
    sent = form(who=[str(book.morag.pk), str(book.priya.pk)])
    assert sent.is_valid()
    assert sent.cleaned_data["who"] == [PersonEntry(person=book.morag), PersonEntry(person=book.priya)]


def test_nobody_at_all_is_nobody(form):
    sent = form()
    assert sent.is_valid()
    assert sent.cleaned_data["who"] == []


def test_typed_lines_come_back_to_be_confirmed_which_is_no_error(form):
    sent = form(who_lines="Morag Lewis, Eastmarch\nJo Reed, Some Council")
    assert not sent.is_valid()
    assert sent.to_confirm
    assert not sent.errors


def test_the_sensible_choice_is_made_beforehand(form, book):
    html = form(who_lines="Morag Lewis\nJo Reed, Northmoor Council, jo@northmoor.example\nAl, New Council").as_p()
    assert f'value="{book.morag.pk}" checked' in html
    assert html.count('value="new" checked') == 2
    assert "at <bdi>Northmoor Council</bdi>, jo@northmoor.example" in html
    assert "at <bdi>New Council</bdi>, a new organisation" in html


def test_among_several_of_one_name_one_must_be_chosen(form, book):
    PersonFactory(agreement=book.agreement, name="Morag Lewis")
    assert " checked" not in form(who_lines="Morag Lewis").as_p().split("picker-rows")[1].split("data-picker-plain")[0]
    sent = form(who_line="Morag Lewis")
    assert sent.errors["who"] == ["Choose who “Morag Lewis” is."]


def test_a_confirmed_person_is_taken(form, book):
    sent = form(**confirmed("Morag Lewis", book.morag.pk))
    assert sent.is_valid()
    assert sent.cleaned_data["who"] == [PersonEntry(person=book.morag)]


def test_a_confirmed_new_person_is_taken_with_organisation_and_email(form, book):
    sent = form(**confirmed("Jo Reed, Northmoor Council, jo@northmoor.example", "new"))
    assert sent.is_valid()
    expected = PersonEntry(name="Jo Reed", organisation=book.northmoor, email="jo@northmoor.example")
    assert sent.cleaned_data["who"] == [expected]


def test_a_new_person_may_come_with_a_new_organisation(form):
    sent = form(**confirmed("Jo Reed, New Council", "new"))
    assert sent.is_valid()
    assert sent.cleaned_data["who"] == [PersonEntry(name="Jo Reed", organisation_name="New Council")]


def test_a_line_left_out_is_left_out(form):
    sent = form(**confirmed("Jo Reed", "out"))
    assert sent.is_valid()
    assert sent.cleaned_data["who"] == []


def test_somebody_who_got_the_email_since_the_line_was_shown_is_who_is_meant(form, book):
    sent = form(**confirmed("M Lewis, morag@eastmarch.example", "new"))
    assert sent.is_valid()
    assert sent.cleaned_data["who"] == [PersonEntry(person=book.morag)]


def test_confirmed_and_new_lines_together_are_asked_about_again_and_nothing_is_lost(form, book):
    sent = form(who=str(book.priya.pk), who_lines="Al", **confirmed("Morag Lewis", "out"))
    assert not sent.is_valid()
    html = sent.as_p()
    assert sent.to_confirm
    assert f'name="who" value="{book.priya.pk}" checked' in html
    assert 'value="out" checked' in html
    assert 'name="who_line" value="Al"' in html


def test_what_was_chosen_is_kept_when_something_else_is_wrong(form, book):
    sent = form(title="", who=str(book.priya.pk), **confirmed("Jo Reed", "out"))
    assert list(sent.errors) == ["title"]
    html = sent.as_p()
    assert f'name="who" value="{book.priya.pk}" checked' in html
    assert 'value="out" checked' in html


def test_a_person_named_twice_is_taken_once_and_it_says_so(form, book):
    sent = form(who=str(book.morag.pk), **confirmed("Morag Lewis", book.morag.pk))
    assert sent.is_valid()
    assert sent.cleaned_data["who"] == [PersonEntry(person=book.morag)]
    assert sent.notes == ["Morag Lewis is named twice and is taken once."]


def test_a_new_person_typed_twice_is_taken_once(form):
    sent = form(who_line=["Jo Reed, New Council", "jo reed, new council"], who_choice_0="new", who_choice_1="new")
    assert sent.is_valid()
    assert [entry.name for entry in sent.cleaned_data["who"]] == ["Jo Reed"]


@pytest.mark.parametrize("key", ["another agreement", "999999", "x", "-1", "9" * 30, "²"])
def test_a_person_who_is_not_of_the_agreement_is_refused_in_the_same_words_as_one_who_is_nobody(form, book, key):
    sent = form(who=str(book.stranger.pk) if key == "another agreement" else key)
    assert sent.errors["who"] == [
        "Somebody chosen is not in the contacts of this agreement and was taken out. Look who is missing."
    ]
    assert "Sam Secret" not in sent.as_p()


def test_a_row_cannot_be_answered_with_somebody_of_another_agreement(form, book):
    sent = form(**confirmed("Sam Secret", book.stranger.pk))
    assert sent.errors["who"] == ["Choose who “Sam Secret” is."]


def test_too_many_lines_are_refused_and_kept(form):
    sent = form(who_lines="\n".join(f"Jo {n}" for n in range(501)))
    assert sent.errors["who"][0].startswith("That is 501 people.")
    assert "Jo 500" in sent.as_p()


def test_a_name_too_long_is_refused_and_kept(form):
    sent = form(who_lines="A" * 201)
    assert "at most 200 are possible" in sent.errors["who"][0]
    assert "A" * 201 in sent.as_p()


def test_markup_in_a_name_stays_text(form):
    assert "<script>" not in form(who_lines="<script>alert(1)</script>").as_p()


def test_a_form_that_begins_with_people_shows_them_ticked(book):
    html = TrialForm(initial={"who": [book.morag]}, agreement=book.agreement).as_p()
    assert f'name="who" value="{book.morag.pk}" checked' in html


def test_a_form_knows_whether_other_people_are_named(form, book):
    unchanged = TrialForm(
        {"title": "", "who": [book.morag.pk]}, initial={"who": [book.morag]}, agreement=book.agreement
    )
    assert "who" not in unchanged.changed_data
    assert "who" in form(who_lines="Al").changed_data


def test_reading_costs_the_same_for_few_and_for_hundreds(form, book, django_assert_num_queries):
    for number in (1, 300):
        lines = [f"Jo {n}, Org {n}, jo{n}@x.example" for n in range(number)]
        choices = {f"who_choice_{n}": "new" for n in range(number)}
        sent = form(who=str(book.morag.pk), who_line=lines, **choices)
        with django_assert_num_queries(6):
            assert sent.is_valid()
