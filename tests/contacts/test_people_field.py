"""Who came: the field without JavaScript."""

import re

import pytest
from django.http import QueryDict

from contacts.operations import PersonEntry
from tests.contacts.rows import sent_row, sent_rows
from tests.contacts.trial import TrialForm
from tests.factories import PersonFactory
from tests.markup import one_line


@pytest.fixture
def form(book):
    """``form(who=[…], who_lines="…")``: the trial form, sent with that."""

    def send(**data):
        query = QueryDict(mutable=True)
        for name, value in ({"title": "A title"} | data).items():
            query.setlist(name, value if isinstance(value, list) else [value])
        return TrialForm(query, agreement=book.agreement)

    return send


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


def choices(html):
    """What is chosen in each row of the table, from the top."""
    return [re.findall(r'value="([^"]*)" selected', cell) for cell in html.split("data-person-choice>")[1:]]


def test_the_sensible_choice_is_made_beforehand(form, book):
    html = form(who_lines="Morag Lewis\nJo Reed, Northmoor Council, jo@northmoor.example\nAl Ray, New Council").as_p()
    assert choices(html) == [[str(book.morag.pk)], ["new"], ["new"]]
    assert "3 people: 1 already in contacts, 2 new." in html


def test_those_in_doubt_stand_at_the_top_and_none_of_them_is_new_beforehand(form, book):
    PersonFactory.create_batch(2, agreement=book.agreement, name="Sam Same")
    lines = ["Jo Reed", "Priya", "Kent County Council", "Sam Same", "Morag Lewis, Northmoor Council", "Nair, Ravi"]
    html = form(who_lines="\n".join(lines)).as_p()
    assert choices(html) == [[""]] * 5 + [["new"]]
    assert re.findall(r'_name" id="[^"]*"\s+value="([^"]*)"', html)[-1] == "Jo Reed"
    assert "6 people: 0 already in contacts, 1 new. 5 to check." in html
    assert "2 people called Sam Same are in your contacts." in html


def test_a_known_person_pasted_with_another_email_is_checked_but_not_doubled(form, book):
    html = form(who_lines="Jo Reed\nMorag Lewis <m.lewis@elsewhere.example>").as_p()
    assert choices(html) == [[str(book.morag.pk)], ["new"]]
    assert "is in your contacts with another email address: morag@eastmarch.example." in html


def test_an_organisation_that_is_a_person_of_the_contacts_is_a_doubt(form, book):
    html = form(who_lines="Jo Reed, Morag Lewis").as_p()
    assert choices(html) == [[""]]
    assert "“Morag Lewis” is a person in your contacts, not an organisation." in html


@pytest.mark.parametrize(
    "name", ["Cllr Morag Lewis", "Dr Morag Lewis OBE", "LEWIS, Morag", "Mo\u00adrag\u00a0Lewis\u200b"]
)
def test_titles_honours_and_invisible_characters_make_no_difference(form, book, name):
    assert choices(form(who_lines=f"{name} <morag@eastmarch.example>").as_p()) == [[str(book.morag.pk)]]
    assert choices(form(who_lines=f'"{name}", Eastmarch County Council').as_p()) == [[str(book.morag.pk)]]


def test_among_several_of_one_name_one_must_be_chosen(form, book):
    PersonFactory(agreement=book.agreement, name="Morag Lewis")
    sent = form(**sent_row("Morag Lewis"))
    assert sent.errors["who"] == ["Select who “Morag Lewis” is."]


def test_several_that_are_wrong_are_said_in_one_sentence_and_each_beside_its_row(form):
    sent = form(**sent_rows({"name": "Priya"}, {"name": "", "choice": "new"}, {"name": "Al Ray", "choice": "new"}))
    assert sent.errors["who"] == ["Check 2 people: each says what is missing."]
    html = sent.as_p()
    assert "Select who “Priya” is." in html
    assert "Enter a name." in html


def test_a_confirmed_person_is_taken(form, book):
    sent = form(**sent_row("Morag Lewis", book.morag.pk))
    assert sent.is_valid()
    assert sent.cleaned_data["who"] == [PersonEntry(person=book.morag)]


def test_every_cell_of_a_new_person_is_taken_as_it_was_edited(form, book):
    cells = {"job_title": "Leader", "organisation": "Northmoor Council", "email": "jo@northmoor.example"}
    sent = form(**sent_row("Cllr Jo Reed MBE", "new", attendance="apologies", **cells))
    assert sent.is_valid()
    [entry] = sent.cleaned_data["who"]
    assert entry == PersonEntry(
        name="Jo Reed",
        title="Cllr",
        honours="MBE",
        job_title="Leader",
        organisation=book.northmoor,
        email="jo@northmoor.example",
        attendance="apologies",
    )


def test_a_new_person_may_come_with_a_new_organisation(form):
    sent = form(**sent_row("Jo Reed", "new", organisation="New Council"))
    assert sent.is_valid()
    assert sent.cleaned_data["who"] == [PersonEntry(name="Jo Reed", organisation_name="New Council")]


def test_a_name_that_was_edited_into_one_of_the_contacts_is_asked_about(form, book):
    sent = form(**sent_row("Morag Lewis", "new", shown="Morag"))
    assert sent.errors["who"] == ["Select who “Morag Lewis” is."]
    assert form(**sent_row("Morag Lewis", "another")).is_valid()


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"email": "jo@council"}, "Enter an email address for Jo Reed, like name@example.com, or leave it blank."),
        ({"organisation": "B" * 201}, "The organisation must be 200 characters or fewer."),
        ({"job_title": "C" * 151}, "The job title must be 150 characters or fewer."),
    ],
)
def test_what_is_wrong_with_a_cell_is_said_and_kept(form, cells, said):
    sent = form(**sent_row("Jo Reed", "new", **cells))
    assert sent.errors["who"] == [said]
    assert next(iter(cells.values())) in sent.as_p()


def test_a_line_left_out_is_left_out(form):
    sent = form(**sent_row("Jo Reed", "out"))
    assert sent.is_valid()
    assert sent.cleaned_data["who"] == []


def test_somebody_who_got_the_email_since_the_line_was_shown_is_who_is_meant(form, book):
    sent = form(**sent_row("M Lewis", "new", email="morag@eastmarch.example"))
    assert sent.is_valid()
    assert sent.cleaned_data["who"] == [PersonEntry(person=book.morag)]


def test_confirmed_and_new_lines_together_are_asked_about_again_and_nothing_is_lost(form, book):
    sent = form(who=str(book.priya.pk), who_lines="Al Ray", **sent_row("Morag Lewis", "out"))
    assert not sent.is_valid()
    html = sent.as_p()
    assert sent.to_confirm
    assert f'name="who" value="{book.priya.pk}" checked' in html
    assert choices(html) == [["out"], ["new"]]
    assert 'name="who_1_name" id="id_who_1_name" value="Al Ray"' in one_line(html)


def test_what_was_chosen_is_kept_when_something_else_is_wrong(form, book):
    sent = form(title="", who=str(book.priya.pk), **sent_row("Jo Reed", "out"))
    assert list(sent.errors) == ["title"]
    html = sent.as_p()
    assert f'name="who" value="{book.priya.pk}" checked' in html
    assert choices(html) == [["out"]]


def test_a_person_named_twice_is_taken_once_and_it_says_so(form, book):
    sent = form(who=str(book.morag.pk), **sent_row("Morag Lewis", book.morag.pk))
    assert sent.is_valid()
    assert sent.cleaned_data["who"] == [PersonEntry(person=book.morag)]
    assert sent.notes == ["Morag Lewis was listed twice. We added them once."]


def test_a_new_person_typed_twice_is_taken_once(form):
    sent = form(
        **sent_rows(
            {"name": "Jo Reed", "choice": "new", "organisation": "New Council"},
            {"name": "Cllr jo reed", "choice": "new", "organisation": "new council"},
        )
    )
    assert sent.is_valid()
    assert [entry.name for entry in sent.cleaned_data["who"]] == ["Jo Reed"]


@pytest.mark.parametrize("key", ["another agreement", "999999", "x", "-1", "9" * 30, "²"])
def test_a_person_who_is_not_of_the_agreement_is_refused_in_the_same_words_as_one_who_is_nobody(form, book, key):
    sent = form(who=str(book.stranger.pk) if key == "another agreement" else key)
    assert sent.errors["who"] == [
        "Someone you selected is not in this agreement’s contacts, so we removed them. Check the list."
    ]
    assert "Sam Secret" not in sent.as_p()


def test_a_row_cannot_be_answered_with_somebody_of_another_agreement(form, book):
    sent = form(**sent_row("Sam Secret", book.stranger.pk))
    assert sent.errors["who"] == ["Select who “Sam Secret” is."]


def test_too_many_lines_are_refused_and_kept(form):
    sent = form(who_lines="\n".join(f"Jo {n}" for n in range(501)))
    assert sent.errors["who"][0].startswith("This list has more than 500 people.")
    assert "Jo 500" in sent.as_p()


def test_a_name_too_long_is_refused_and_kept(form):
    sent = form(who_lines="A" * 201)
    assert "must be 200 characters or fewer" in sent.errors["who"][0]
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
    for number in (1, 500):
        rows = [
            {"name": f"Jo R{n}", "choice": "new", "organisation": f"Org {n}", "email": f"jo{n}@x.example"}
            for n in range(number)
        ]
        sent = form(who=str(book.morag.pk), **sent_rows(*rows))
        with django_assert_num_queries(6):
            assert sent.is_valid()
