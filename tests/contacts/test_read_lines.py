"""Reading people out of typed and pasted text."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from contacts.lines import read_lines


def read(text):
    """Name, organisation and email of each person read."""
    return [(line.shown_name, line.organisation, line.email) for line in read_lines(text)]


PRIYA = ("Priya Nair", "Northmoor Council", "priya@northmoor.example")


@pytest.mark.parametrize(
    "text",
    [
        "Priya Nair, Northmoor Council, priya@northmoor.example",
        "Priya Nair; Northmoor Council; priya@northmoor.example",
        "Priya Nair\tNorthmoor Council\tpriya@northmoor.example",
        '"Nair, Priya", Northmoor Council, priya@northmoor.example',
        "  Priya   Nair ,Northmoor Council,  <priya@northmoor.example> ",
        "Priya Nair, Northmoor Council, mailto:priya@northmoor.example.",
        "priya@northmoor.example, Priya Nair, Northmoor Council",
    ],
)
def test_one_line_is_one_person_however_it_is_written(text):
    assert read(text) == [PRIYA]


def test_blank_lines_and_windows_line_ends_do_not_matter():
    assert read("\r\nMorag Lewis\r\n\r\n ,, \r\nTom Hale\r\n") == [("Morag Lewis", "", ""), ("Tom Hale", "", "")]


def test_a_list_of_addresses_from_a_mail_program_is_several_people():
    text = 'Lewis, Morag <m@x.example>; "Moran, James" <j@y.example>; Tom Hale <t@z.example>;'
    assert read(text) == [
        ("Morag Lewis", "", "m@x.example"),
        ("James Moran", "", "j@y.example"),
        ("Tom Hale", "", "t@z.example"),
    ]


def test_an_email_alone_gives_a_name_to_begin_with():
    assert read("morag.lewis@x.example") == [("Morag Lewis", "", "morag.lewis@x.example")]


def test_an_organisation_may_have_commas_in_its_name():
    text = "Jo Reed, Department for Science, Innovation and Technology, jo@dsit.example"
    assert read(text) == [("Jo Reed", "Department for Science, Innovation and Technology", "jo@dsit.example")]


def test_what_cannot_be_an_email_is_left_off_and_remembered():
    [line] = read_lines("Jo Reed, Some Council, jo@council")
    assert (line.name, line.organisation, line.email, line.not_email) == ("Jo Reed", "Some Council", "", "jo@council")


def test_a_nul_byte_an_emoji_and_right_to_left_text_are_names_like_others():
    assert read("Jo\0 Reed\n😀 Smile\nمريم علي, بلدية") == [
        ("Jo Reed", "", ""),
        ("😀 Smile", "", ""),
        ("مريم علي", "بلدية", ""),
    ]


def test_five_hundred_people_are_read_and_one_more_is_refused():
    assert len(read("\n".join(["Jo Reed"] * 500))) == 500
    with pytest.raises(ValidationError, match=r"That is 501 people\. At most 500"):
        read("\n".join(["Jo Reed"] * 501))


@pytest.mark.parametrize(("text", "word"), [("A" * 201, "name"), (f"Jo, {'B' * 201}", "organisation")])
def test_a_name_that_is_too_long_is_refused_and_the_line_is_named(text, word):
    with pytest.raises(ValidationError, match=f"Line 2: this {word} has 201 characters"):
        read(f"Morag Lewis\n{text}")


def test_a_name_of_200_characters_is_read():
    assert read("A" * 200) == [("A" * 200, "", "")]


@given(st.text(alphabet="ab ,;\t\"'<>@.x()\\é", max_size=40))
def test_whatever_is_read_reads_the_same_again(text):
    """A line that is shown for confirmation comes back as text."""
    for line in read_lines(text):
        assert read(line.text) == [(line.shown_name, line.organisation, line.email)]
