"""Reading people out of typed and pasted text: what people paste, and who it names."""

import time
import tomllib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from contacts.rules.pasted import PEOPLE_AT_ONCE, read_people


def read(text):
    """Name, organisation and email of each person read."""
    return [(person.name, person.organisation, person.email) for person in read_people(text)]


def in_full(text):
    """Title, name, honours, job title, organisation, email and attendance of each."""
    return [
        (each.title, each.name, each.honours, each.job_title, each.organisation, each.email, each.attendance)
        for each in read_people(text)
    ]


def doubtful(text):
    """The names of those in doubt."""
    return [person.name for person in read_people(text) if person.doubt]


PRIYA = ("Priya Nair", "Northmoor Council", "priya@northmoor.example")
JANE = ("Jane Smith", "Kent County Council", "jane@kent.example")

OUTLOOK = [
    ("Ozoux, Pierre <pierre.ozoux@supplier.example>", [("Pierre Ozoux", "", "pierre.ozoux@supplier.example")]),
    (
        "Ozoux, Pierre <pierre.ozoux@supplier.example>\nNúñez, Ana <ana.nunez@supplier.example>",
        [
            ("Pierre Ozoux", "", "pierre.ozoux@supplier.example"),
            ("Ana Núñez", "", "ana.nunez@supplier.example"),
        ],
    ),
    (
        "'jane.doe@supplier.example' <jane.doe@supplier.example>; 'tom.p@supplier.example' <tom.p@supplier.example>",
        [("Jane Doe", "", "jane.doe@supplier.example"), ("Tom P", "", "tom.p@supplier.example")],
    ),
    ("\ufeffMorag Lewis, Eastmarch County Council", [("Morag Lewis", "Eastmarch County Council", "")]),
    (
        "Okafor, Chidi (LGA); Smith, Jane; O'Dowd, Ann (Kent CC)",
        [("Chidi Okafor", "LGA", ""), ("Jane Smith", "", ""), ("Ann O'Dowd", "Kent CC", "")],
    ),
    ("Okafor, Chidi (LGA) <chidi@lga.example>", [("Chidi Okafor", "LGA", "chidi@lga.example")]),
    ("Jane Smith; Bob Jones; Ann O'Dowd", [("Jane Smith", "", ""), ("Bob Jones", "", ""), ("Ann O'Dowd", "", "")]),
    (
        'Lewis, Morag <m@x.example>; "Moran, James" <j@y.example>; Tom Hale <t@z.example>;',
        [
            ("Morag Lewis", "", "m@x.example"),
            ("James Moran", "", "j@y.example"),
            ("Tom Hale", "", "t@z.example"),
        ],
    ),
    (
        "van der Berg, Anna; de la Cruz, José (Kent CC)",
        [("Anna van der Berg", "", ""), ("José de la Cruz", "Kent CC", "")],
    ),
    ("Jane Smith <jane@kent.example<mailto:jane@kent.example>>", [("Jane Smith", "", "jane@kent.example")]),
]


@pytest.mark.parametrize(("text", "people"), OUTLOOK)
def test_lists_of_outlook(text, people):
    assert read(text) == people
    assert doubtful(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Priya Nair, Northmoor Council, priya@northmoor.example",
        "Priya Nair; Northmoor Council; priya@northmoor.example",
        "Priya Nair\tNorthmoor Council\tpriya@northmoor.example",
        "Priya\tNair\tNorthmoor Council\tpriya@northmoor.example",
        '"Nair, Priya", Northmoor Council, priya@northmoor.example',
        "Nair, Priya (Northmoor Council) <priya@northmoor.example>",
        "Priya Nair (Northmoor Council) priya@northmoor.example",
        "Priya Nair – Northmoor Council – priya@northmoor.example",
        "Priya Nair | Northmoor Council | priya@northmoor.example",
        "  Priya   Nair ,Northmoor Council,  <priya@northmoor.example> ",
        "Priya Nair, Northmoor Council, mailto:priya@northmoor.example.",
        "priya@northmoor.example, Priya Nair, Northmoor Council",
        "• Priya Nair, Northmoor Council, priya@northmoor.example",
        "12. Priya Nair, Northmoor Council, priya@northmoor.example",
        "To: Priya Nair <priya@northmoor.example> (Northmoor Council)",
        "Pri\u00adya\u00a0Na\u200bir,\u2009North\ufeffmoor Council, priya@north\u200bmoor.example",
    ],
)
def test_one_line_is_one_person_however_it_is_written(text):
    assert read(text) == [PRIYA]


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("Jane Smith (Kent County Council)", ("Jane Smith", "", "Kent County Council")),
        ("Cllr Bob Jones (Leader, Fenwick DC)", ("Bob Jones", "Leader", "Fenwick DC")),
        ("Jane Smith (she/her) (Guest)", ("Jane Smith", "", "")),
        ("Jane Smith (JS), Kent CC", ("Jane Smith", "", "Kent CC")),
        (
            "Jane Smith - Head of Digital - Kent County Council | LinkedIn",
            ("Jane Smith", "Head of Digital", "Kent County Council"),
        ),
        (
            "Jane Smith, Head of Digital at Kent County Council",
            ("Jane Smith", "Head of Digital", "Kent County Council"),
        ),
        (
            "3) Jane Smith, Head of Digital, Data and Technology, Kent County Council",
            ("Jane Smith", "Head of Digital, Data and Technology", "Kent County Council"),
        ),
        ("Bob Jones\tLeader of the Council\tFenwick DC", ("Bob Jones", "Leader of the Council", "Fenwick DC")),
        (
            "Jo Reed, Department for Science, Innovation and Technology",
            ("Jo Reed", "", "Department for Science, Innovation and Technology"),
        ),
    ],
)
def test_what_somebody_is_and_where_they_work_are_told_apart(text, person):
    [found] = read_people(text)
    assert (found.name, found.job_title, found.organisation) == person
    assert found.doubt == ""


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Cllr Priya Nair, Northmoor Council", ("Cllr", "Priya Nair", "")),
        ("Cllr Dr Bob Jones O.B.E.", ("Cllr Dr", "Bob Jones", "O.B.E.")),
        ("Rt Hon Ann Lee MP", ("Rt Hon", "Ann Lee", "MP")),
        ("Nair, Cllr Priya MBE (Northmoor)", ("Cllr", "Priya Nair", "MBE")),
        ("Priya Nair, MBE, Northmoor Council", ("", "Priya Nair", "MBE")),
        ("Baroness Smith of Kelvin", ("Baroness", "Smith of Kelvin", "")),
        ("Ali Khan MSc CEng MBCS", ("", "Ali Khan", "MSc CEng MBCS")),
        ("JANE SMITH MBE", ("", "JANE SMITH", "MBE")),
        # Names that look like titles or honours.
        ("Dean Jones", ("", "Dean Jones", "")),
        ("King Lee", ("", "King Lee", "")),
        ("Jack Ma", ("", "Jack Ma", "")),
        ("Judge Mensah", ("", "Judge Mensah", "")),
        ("Max Power III", ("", "Max Power III", "")),
    ],
)
def test_titles_and_honours_are_kept_apart_from_the_name(text, parts):
    [found] = read_people(text)
    assert (found.title, found.name, found.honours) == parts


def test_headings_say_what_the_columns_are():
    text = "Name\tOrganisation\tEmail\nJane Smith\tKent County Council\tjane@kent.example\nBob Jones\tFenwick DC\t"
    assert read(text) == [JANE, ("Bob Jones", "Fenwick DC", "")]
    text = "E-mail,Surname,First name,Title,Job title,Council\njane@kent.example,Smith,Jane,Cllr,Leader,Kent CC"
    assert in_full(text) == [("Cllr", "Jane Smith", "", "Leader", "Kent CC", "jane@kent.example", "")]
    text = 'Organisation;Name;Attended\n"Kent; County";Jane Smith;Yes\nFenwick DC;Bob Jones;Apologies'
    assert [(each[1], each[4], each[6]) for each in in_full(text)] == [
        ("Jane Smith", "Kent; County", "came"),
        ("Bob Jones", "Fenwick DC", "apologies"),
    ]


def test_parts_of_a_meeting_say_who_came():
    text = """Attendees: Jane Smith (Kent CC), Bob Jones
In attendance:
- Xu Li, LGA
Apologies
Ann O'Dowd; Tom Hale
Apologies for absence were also received from Al Reed and Jo Ray.
Did not attend: Max Power"""
    assert [(each[1], each[4], each[6]) for each in in_full(text)] == [
        ("Jane Smith", "Kent CC", "came"),
        ("Bob Jones", "", "came"),
        ("Xu Li", "LGA", "came"),
        ("Ann O'Dowd", "", "apologies"),
        ("Tom Hale", "", "apologies"),
        ("Al Reed", "", "apologies"),
        ("Jo Ray", "", "apologies"),
        ("Max Power", "", "absent"),
    ]


KINDS = {
    each["kind"]: each for each in tomllib.loads(Path(__file__).with_name("pasted_kinds.toml").read_text())["kinds"]
}
"""Kinds of text that people paste, in addition to those that were reported."""


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_text_names_its_people_and_nobody_else(kind):
    text, names = KINDS[kind]["text"], KINDS[kind]["names"]
    assert [person.name for person in read_people(text)] == names
    assert doubtful(text) == []


def test_a_signature_gives_job_organisation_and_address():
    text = KINDS["a signature"]["text"]
    assert in_full(text) == [
        ("", "Jane Smith", "", "Head of Digital", "Kent County Council", "jane.smith@kent.example", "")
    ]


def test_a_card_gives_all_that_is_known():
    assert in_full(KINDS["vCards"]["text"])[0] == (
        *("Cllr", "Jane Smith", "OBE", "Head of Digital, Data", "Kent County Council", "jane@kent.example", ""),
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nair, Priya", "Priya Nair"),
        ("Priya", "Priya"),
        ("Kent County Council", "Kent County Council"),
        ("Head of Digital", "Head of Digital"),
        ("see you all at the meeting tomorrow", "see you all at the meeting tomorrow"),
        ("and 3 more", "and 3 more"),
        ("Jane Smith/Kent", "Jane Smith/Kent"),
        ("info@kent.example", "Info"),
        ("procurement@harrow.example", "Procurement"),
        ("Tenders <tenders@harrow.example>", "Tenders"),
        ("Jo Reed, Some Council, jo@council", "Jo Reed"),
    ],
)
def test_what_may_be_misread_is_in_doubt(text, name):
    assert doubtful(text) == [name]


def test_blank_lines_and_windows_line_ends_do_not_matter():
    assert read("\r\nMorag Lewis\r\n\r\n ,, \r\nTom Hale\r\n") == [("Morag Lewis", "", ""), ("Tom Hale", "", "")]


def test_an_email_alone_gives_a_name_to_begin_with():
    assert read("morag.lewis@x.example") == [("Morag Lewis", "", "morag.lewis@x.example")]


def test_a_nul_byte_an_emoji_and_right_to_left_text_are_names_like_others():
    assert read("Jo\0 Reed\n😀 Smile\nمريم علي, بلدية") == [
        ("Jo Reed", "", ""),
        ("😀 Smile", "", ""),
        ("مريم علي", "بلدية", ""),
    ]


def test_five_hundred_people_are_read_in_no_time_and_one_more_is_refused():
    line = "Cllr Jane Smith {} OBE, Head of Digital, Kent County Council, jane{}@kent.example"
    began = time.thread_time()
    assert len(read_people("\n".join(line.replace("{}", str(n)) for n in range(PEOPLE_AT_ONCE)))) == PEOPLE_AT_ONCE
    assert time.thread_time() - began < 2
    with pytest.raises(ValidationError, match="more than 500 people"):
        read_people("\n".join(["Jo Reed"] * 501))


@pytest.mark.parametrize(("text", "word"), [("A" * 201, "name"), (f"Jo Ray, {'B' * 201}", "organisation")])
def test_a_name_that_is_too_long_is_refused_and_the_person_is_named(text, word):
    with pytest.raises(ValidationError, match=f"Person 2: the {word} must be 200 characters or fewer"):
        read_people(f"Morag Lewis\n{text}")


def test_a_name_of_200_characters_is_read():
    assert read("A" * 200) == [("A" * 200, "", "")]


@given(st.text(alphabet="ab ,;\t\"'<>@.x()\\é|-–:\n•1", max_size=60))
def test_whatever_is_pasted_is_read(text):
    for person in read_people(text):
        assert person.name
        assert person.name == person.name.strip()
