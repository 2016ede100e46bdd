"""Decides what a mail server refuses: the recipient's address, or us, our mail server or the email itself. Pure.

By default, Postfix answers RCPT with any objection to the client, its HELO or the sender, so the refused command says
little. The enhanced status code (RFC 3463) says more: X.1.Y is about an address.
"""

import re

STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")
"""An enhanced status code anywhere in an answer, but not part of an IP address."""

REPLY = re.compile(r"(?<!\d)([45]\d\d)[ -](.*)", re.DOTALL)
"""An answer within other text: its code, and the rest."""

UNDEFINED = "5.0.0"
OTHER_ADDRESS = "5.1.0"
"""Says that an address is wrong, but not whose: Postfix also uses it for the sender."""
OF_SENDER = ("5.1.7", "5.1.8")
"""The sender's mailbox, and the sender's domain."""
DISABLED = "5.2.1"
"""The mailbox exists and accepts no email."""

NOT_THE_RECIPIENT = re.compile(
    r"sender|relay|helo|client|authenti|log ?in|polic|spam|black ?list|block|reputation|prohibited|denied"
)
"""Words that show a refusal of us where there is no enhanced status code: Exim's "550 relay not permitted" has none."""

LONGEST = 2000
"""Characters of an answer that are examined."""


def is_about_address(code, words, address) -> bool:
    """Whether a server's answer to RCPT (its ``code`` and ``words``) says that ``address`` will never accept email.

    That is so for 5.1.x (unless it is about the sender), 5.2.1, and a 550 without an enhanced status code.
    """
    words = words[:LONGEST]
    status = status_in(words)
    if code < 500 or (status and not status.startswith("5")):
        return False
    if status and status not in (OTHER_ADDRESS, UNDEFINED):
        return status_is_about_address(status)
    return (status == OTHER_ADDRESS or code == 550) and not NOT_THE_RECIPIENT.search(without(address, words).lower())


def report_blames_address(words, status="") -> bool | None:
    """The same for an answer that a report quotes, with the status in the report. None where neither says."""
    words = words[:LONGEST]
    status = status or status_in(words)
    if status and status not in (OTHER_ADDRESS, UNDEFINED):
        return status_is_about_address(status)
    reply = REPLY.search(words)
    return is_about_address(int(reply[1]), reply[2], "") if reply else None


def status_is_about_address(status) -> bool:
    """Whether an enhanced status code says that the recipient's address will never accept email."""
    return status == DISABLED or (status.startswith("5.1.") and status not in OF_SENDER)


def status_in(words) -> str:
    """The first enhanced status code of an answer, or ""."""
    found = STATUS.search(words[:LONGEST])
    return found[0] if found else ""


def without(address, words) -> str:
    """Return a server's words without the address, which may contain misleading words: relay@council.example."""
    return re.sub(re.escape(address), " ", words, flags=re.IGNORECASE) if address else words


def in_short(error) -> str:
    """The codes of a server's answer ("554 5.7.1") without its words, which may name a person; "" where it has none."""
    code = re.match(r"[245]\d\d\b", error)
    return " ".join(filter(None, [code[0], status_in(error)])) if code else ""
