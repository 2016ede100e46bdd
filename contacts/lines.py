"""Reading people out of text that somebody typed or pasted.

One "Name, Organisation, email" a line, with commas, semicolons or tabs; and the lists of addresses of mail programs.
"""

import csv
import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LINES_AT_ONCE = 500
NAME_LENGTH = 200

ADDRESS = re.compile(r"<?(?:mailto:)?([^\s<>,;:\"()\[\]]+@[^\s<>,;:\"()\[\]]*[^\s<>,;:\"()\[\].])>?")
BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Line:
    """One person as typed. ``text`` reads as the same person again; ``not_email`` looked like an email, but is none."""

    text: str
    name: str = ""
    organisation: str = ""
    email: str = ""
    not_email: str = ""

    @property
    def shown_name(self):
        """The name, or one made of the email: priya.nair@x.example is Priya Nair."""
        if self.name:
            return self.name
        words = re.split(r"[._\-+]+", self.email.partition("@")[0])
        return " ".join(word.capitalize() for word in words if word and not word.isdigit()) or self.email


def read_lines(text) -> list[Line]:
    """The people in ``text``, in order. ValidationError for too many lines, or a name too long, saying which."""
    lines = [line for raw in text.replace("\0", "").splitlines() for line in read_line(raw)]
    if len(lines) > LINES_AT_ONCE:
        raise ValidationError(
            f"That is {len(lines)} people. At most {LINES_AT_ONCE} can be added at a time: save some, then the rest."
        )
    for number, line in enumerate(lines, start=1):
        check_lengths(line, number)
    return lines


def check_lengths(line, number):
    """ValidationError if the name or the organisation of ``line`` is longer than the address book holds."""
    for word, value in (("name", line.shown_name), ("organisation", line.organisation)):
        if len(value) > NAME_LENGTH:
            too_long = f"this {word} has {len(value)} characters, at most {NAME_LENGTH} are possible"
            raise ValidationError(f"Line {number}: {too_long}: “{value[:40]}…”")


def read_line(raw) -> list[Line]:
    """The people in one line: usually one; several in a list of addresses of a mail program; none in a blank one."""
    raw = raw.strip()
    addresses = list(ADDRESS.finditer(raw))
    if len(addresses) > 1 or (addresses and addresses[0].group().startswith("<") and is_bare(raw, addresses[0])):
        return list(read_address_list(raw, addresses))
    line = read_fields(raw)
    return [line] if line.name or line.email else []


def is_bare(raw, address):
    """Whether a line is no more than ``Name <address>``: no organisation before, nothing after."""
    before = raw[: address.start()].strip()
    return not raw[address.end() :].strip(" ,;.") and (is_quoted(before) or not re.search(r"[,;\t]", before))


def read_address_list(raw, addresses):
    """``A <a@x>; "B, C" <c@x>; d@x``: before each address stands whose it is."""
    start = 0
    for address in addresses:
        before, start = raw[start : address.start()].strip(" \t,;"), address.end()
        if address.group().startswith("<"):
            yield read_fields(f"{quoted(first_name_first(before))} {address.group()}".strip())
        else:
            yield read_fields(f"{before}, {address.group()}" if before else address.group())


def read_fields(raw) -> Line:
    """``Name, Organisation, email`` with commas, semicolons or tabs. An organisation may have commas of its own."""
    match = ADDRESS.search(raw)
    address = match.group(1) if match else ""
    rest = f"{raw[: match.start()]}{raw[match.end() :]}" if match else raw
    delimiter = next((sign for sign in "\t;" if sign in rest), ",")
    fields = [tidy(field) for field in next(csv.reader([rest], delimiter=delimiter, skipinitialspace=True), [])]
    name, *others = [field for field in fields if field.strip(".")] or [""]
    email = address if is_email(address) else ""
    return Line(
        text=raw,
        name=first_name_first(name) or (address if not email else ""),
        organisation=f"{delimiter} ".join(others),
        email=email,
        not_email=address if name and not email else "",
    )


def tidy(field):
    """With single blanks inside; without blanks, commas and a pair of quotes around it."""
    field = BLANKS.sub(" ", field).strip(" ,;")
    return field[1:-1].replace('""', '"').strip() if is_quoted(field) else field


def is_quoted(text):
    """Whether a pair of quotes stands around it."""
    return len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"


def quoted(name):
    """In quotes if it has signs in it that mean something in a line."""
    return '"{}"'.format(name.replace('"', '""')) if re.search(r"[,;\t\"']", name) else name


def first_name_first(name):
    """``Lewis, Morag`` is Morag Lewis; anything else stays as it is."""
    last, comma, first = (part.strip() for part in tidy(name).partition(","))
    return f"{first} {last}" if comma and first and "," not in first else tidy(name)


def is_email(address):
    """Whether mail could be sent there."""
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True
