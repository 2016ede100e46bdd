"""Signed links by which people choose what they are told, without signing in."""

from django.conf import settings
from django.core.signing import BadSignature, Signer

from outbox.content import insert_link
from reminders.preferences.topics import BY_NAME

PLACE = "https://choose.invalid/"
"""Where the link of one reader goes in a mail that is written for all. It stands at the beginning of a line: there, the
encoding of the mail does not cut it in two."""

ENDING = f"Change your email settings or stop all emails:\n{PLACE}\n"
"""How the plain text of each email ends; the HTML has the same from ``reminders/mail/letter.html``."""


def _signer():
    return Signer(salt="reminders.preferences.rules", sep=".")


def sign(person_id) -> str:
    """What a link has to say whose choices it leads to. It does not run out: people look for it in old mails."""
    return _signer().sign(str(person_id))


def person_of(signed) -> int | None:
    """The key of the person, or None where the signature is not ours."""
    try:
        return int(_signer().unsign(signed))
    except (BadSignature, ValueError):
        return None


def choices_link(person_id) -> str:
    """The page on which this person chooses."""
    return f"{settings.SITE_URL}/choices/{sign(person_id)}/"


def off_link(link, topics) -> str:
    """Where a POST turns off these topics (names) for the person whose ``choices_link`` it is, at once (RFC 8058)."""
    return f"{link}off/{'-'.join(topics)}/"


def topics_of(text):
    """The topics that a link names, or [] where one of them is not known."""
    names = text.split("-")
    return [BY_NAME[name] for name in names] if all(name in BY_NAME for name in names) else []


def headers(link, topics) -> str:
    """The header lines by which mail programs offer to stop this kind of mail."""
    off = off_link(link, topics)
    return f"List-Unsubscribe: <{off}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"


def fill(content, link) -> bytes:
    """The bytes of a quoted-printable mail with this ``choices_link`` in its place."""
    return insert_link(content, PLACE, link)
