"""Header lines of emails. Folded headers start on the first line: some programs show no other."""

import re
import textwrap
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.utils import formataddr

PLAIN_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 '-]{0,58}[A-Za-z0-9])?")
PLAIN_ADDRESS = re.compile(r"\A[A-Za-z0-9_+'-]+(?:\.[A-Za-z0-9_+'-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
"""Nearly all names and addresses match these. They need no encoding, which makes them ten times faster."""

LINE = 76
"""Characters in a line, at most 78 by RFC 5322, section 2.1.1."""

LONGEST_WORD = 60
"""A longer word does not fit beside the header's name. It is encoded, since encoded text may be cut anywhere."""


def subject_header(subject) -> str:
    """The Subject header of an email, with the line break after it."""
    subject = " ".join(subject.split())
    words = subject.split(" ")
    is_plain = subject.isascii() and subject.isprintable() and "=?" not in subject
    if is_plain and max(map(len, words)) <= LONGEST_WORD:
        lines = textwrap.wrap(
            f"Subject: {subject}",
            LINE,
            subsequent_indent=" ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        return "\r\n".join(lines) + "\r\n"
    return f"Subject: {_encoded(subject, 'Subject')}\r\n"


def mailbox(name, address) -> str:
    """Return a name and an address for an address header. Raises ValueError where the address is invalid."""
    name = " ".join(name.split())
    if PLAIN_NAME.fullmatch(name) and PLAIN_ADDRESS.fullmatch(address):
        return _folded(f"{name} <{address}>", f" <{address}>")
    address = _checked(address)
    if not name:
        return address
    if name.isascii() and name.isprintable() and "=?" not in name and len(name) <= LONGEST_WORD:
        return _folded(formataddr((name, address)), f" <{address}>")
    return _folded(f"{_encoded(name, 'Reply-To')} <{address}>", f" <{address}>")


def _checked(address):
    """Return the address in ASCII. Raises ValueError where it is invalid."""
    user, _, domain = address.rpartition("@")
    if not domain.isascii():
        domain = domain.encode("idna").decode()
    try:
        found = Address(addr_spec=f"{user}@{domain}").addr_spec
    except MessageError as error:
        raise ValueError(str(error)) from error
    if not (user and domain and found.isascii()):
        raise ValueError("An email address has a part before and after its @, in ASCII.")
    return found


def _encoded(text, name):
    return Header(text, "utf-8", maxlinelen=LINE, header_name=name).encode(linesep="\r\n")


def _folded(value, end):
    """Put the address on a line of its own where name and address are too long for one line."""
    last = value.rpartition("\r\n")[2]
    return value if len(last) + len("Reply-To: ") <= LINE else f"{value.removesuffix(end)}\r\n{end}"
