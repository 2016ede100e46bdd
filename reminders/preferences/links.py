"""Signed links by which people choose which emails they get, without signing in."""

from django.conf import settings
from django.core.signing import BadSignature, Signer

from outbox.content import insert_link
from reminders.preferences.topics import BY_NAME

PLACE = "https://choose.invalid/"
"""The place for one reader's link in an email that is rendered for all. It is at the beginning of a line, where the
encoding of the email does not split it."""

ENDING = f"Change your email settings or stop all emails:\n{PLACE}\n"
"""The end of the plain text of each email. The HTML has the same from ``reminders/mail/letter.html``."""


def _signer():
    return Signer(salt="reminders.preferences.rules", sep=".")


def sign(person_id) -> str:
    """Return the signed key of a person, for a link. It does not expire: people look for links in old emails."""
    return _signer().sign(str(person_id))


def person_of(signed) -> int | None:
    """Return the key of the person, or None where the signature is not ours."""
    try:
        return int(_signer().unsign(signed))
    except (BadSignature, ValueError):
        return None


def choices_link(person_id) -> str:
    """Return the address of the page on which this person chooses."""
    return f"{settings.SITE_URL}/choices/{sign(person_id)}/"


def off_link(link, topics) -> str:
    """Return the address at which a POST turns off these topics (names) at once (RFC 8058), from a ``choices_link``."""
    return f"{link}off/{'-'.join(topics)}/"


def topics_of(text):
    """Return the topics that a link names, or [] where one of them is unknown."""
    names = text.split("-")
    return [BY_NAME[name] for name in names] if all(name in BY_NAME for name in names) else []


def headers(link, topics) -> str:
    """Return the header lines by which mail programs offer to unsubscribe from these topics."""
    off = off_link(link, topics)
    return f"List-Unsubscribe: <{off}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"


def fill(content, link) -> bytes:
    """Return a quoted-printable email (bytes) with this ``choices_link`` in its place."""
    return insert_link(content, PLACE, link)
