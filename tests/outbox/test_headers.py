"""Header lines begin on their first line, are of a length that mail servers take, and say what they were given."""

import email
import email.policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbox.headers import mailbox, subject_header

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=120)


def read(headers):
    return email.message_from_string(f"{headers}\r\n\r\n", policy=email.policy.default)


def check(header):
    first, *rest = header.rstrip("\r\n").split("\r\n")
    assert first.partition(":")[2].strip()
    assert all(line.startswith(" ") and line.strip() for line in rest)
    assert all(len(line) <= 78 and line.isascii() for line in (first, *rest))


@pytest.mark.parametrize(
    "subject",
    [
        "Reminder: AI & procurement, Tuesday 8 December 2026, 14:00",
        "Reminder: " + "x" * 66,
        "x" * 75,
        "Invitation: Sitzungsprotokolländerungsgenehmigungsverfahrensbeschreibung, Tuesday 8 December 2026",
        "Record: =?utf-8?q?forged?= and " + "more of it " * 12,
        "Ж" * 200,
        "Moved: a title\r\nBcc: x@y.example",
    ],
)
def test_a_subject_begins_on_its_first_line(subject):
    header = subject_header(subject)
    check(header)
    found = read(header)
    assert found["Subject"] == " ".join(subject.split())
    assert found.keys() == ["Subject"]


@given(st.lists(WORDS, min_size=1, max_size=12))
def test_any_subject_can_be_read_again(words):
    header = subject_header(" ".join(words))
    check(header)
    assert read(header)["Subject"] == " ".join(" ".join(words).split())


@pytest.mark.parametrize(
    "name", ["Ana", "x" * 70 + ".", 'O\'Brien, Ann "Nan"', "Zoë Müller", "Ж" * 90, "Dr. " + "y" * 80]
)
@pytest.mark.parametrize("address", ["ana@people.example", "someone.with.a.long.address@" + "long-" * 6 + "x.example"])
def test_a_name_and_an_address_begin_on_their_first_line(name, address):
    header = f"Reply-To: {mailbox(name, address)}"
    check(header)
    [found] = read(header)["Reply-To"].addresses
    assert (found.display_name.replace(" ", ""), found.addr_spec) == (name.replace(" ", ""), address)


@pytest.mark.parametrize(
    "address", ["ana", "", "ana@a b.example", "ana@x.example, bo@x.example", "a\r\nb@x.example", "ä@x.example"]
)
def test_what_cannot_be_an_address_is_refused(address):
    with pytest.raises(ValueError):
        mailbox("Ana", address)
