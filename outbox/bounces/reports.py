"""Parses emails that come back, to find out what happened to ours. Pure: bytes in, a ``Report`` out.

Delivery status notifications are parsed by RFC 3464 (and 6533), complaints by RFC 5965. flufl.bounce parses the formats
of individual mail servers. At most ``MOST`` bytes of an email are examined.
"""

import email
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice

from flufl.bounce import all_failures

from outbox.refusals import report_blames_address, status_in

MOST = 2**20
"""Bytes of an email that are read. The report and the headers of our own email are at the beginning."""
MOST_BY_GUESS = 2**17
"""Bytes that are searched for the formats of individual mail servers."""
MOST_PARTS = 60


class NotAReportError(Exception):
    """The email does not report on another email. The message says, for people to read, what it is instead."""


@dataclass(frozen=True)
class Report:
    """A report about one of our emails.

    ``ids`` is text that may contain our Message-ID. ``is_final``: the email came back for good. ``is_complaint``: its
    reader does not want it. ``is_bad_address``: it came back because the address accepts no email, not because of its
    sender or content, nor because the server gave up after many attempts.
    """

    ids: str
    reason: str = ""
    is_final: bool = False
    is_bad_address: bool = False
    is_complaint: bool = False
    at: datetime | None = None


def read_returned(content) -> Report:
    """Return the report in an email (bytes). Raises NotAReportError where it is no report or cannot be parsed."""
    try:
        return _read(content[:MOST])
    except NotAReportError:
        raise
    except Exception as error:
        # An email can be malformed in more ways than a parser foresees. It must not stop the others.
        raise NotAReportError(f"it cannot be read ({type(error).__name__})") from error


def _read(content):
    mail = email.message_from_bytes(content)
    if not mail.keys():
        raise NotAReportError("it is no mail")
    parts = list(islice(mail.walk(), MOST_PARTS))
    facts = {"ids": _ids(parts, content), "at": _date(mail)}
    by_type = {part.get_content_type(): part for part in reversed(parts)}
    if "message/feedback-report" in by_type:
        return Report(is_complaint=True, reason="they marked it as unwanted", **facts)
    if "message/disposition-notification" in by_type:
        raise NotAReportError("it is a receipt for a mail that was opened")
    for name in ("message/delivery-status", "message/global-delivery-status"):
        if name in by_type:
            return _by_status(_blocks(by_type[name]), facts)
    return _by_guess(mail, content, facts)


def _by_status(blocks, facts):
    """Return the report of a delivery status. Of several recipients, one that failed for good takes precedence."""
    reports = [_of_recipient(block, facts) for block in blocks if block.get("Action") or block.get("Status")]
    if not reports:
        raise NotAReportError("it is a delivery report that does not say what was delivered")
    best = max(reports, key=lambda report: (report.is_final, report.is_bad_address, bool(report.reason)))
    if best.reason == "":
        raise NotAReportError("it says that a mail was delivered")
    return best


def _of_recipient(block, facts):
    action = str(block.get("Action", "")).split("(")[0].strip().lower()
    status, said = str(block.get("Status", "")), str(block.get("Diagnostic-Code", ""))
    words = " ".join(said.partition(";")[2].split() or said.split()) or status.strip()
    status = status_in(status) or status_in(said)
    if action in ("delivered", "relayed", "expanded") or status.startswith("2"):
        return Report(**facts)
    is_final = action == "failed" or (not action and status.startswith("5"))
    is_bad_address = is_final and bool(report_blames_address(words, status))
    return Report(is_final=is_final, is_bad_address=is_bad_address, reason=words or action, **facts)


def _blocks(part):
    """Return the field groups of a delivery status, each as a message with headers only."""
    held = part.get_payload()
    if part.get_content_type() == "message/delivery-status" and isinstance(held, list):
        return held[:MOST_PARTS]
    text = held[0].as_string() if isinstance(held, list) and held else str(held)
    return [email.message_from_string(block) for block in re.split(r"\n\s*\n", text)[:MOST_PARTS]]


def _ids(parts, content):
    """Return text that may contain our Message-ID: first the headers of the returned email, then everything."""
    heads = []
    for part in parts:
        held = part.get_payload()
        if part.get_content_type() in ("message/rfc822", "message/global") and isinstance(held, list) and held:
            heads.append(str(held[0].get("Message-ID", "")))
        elif part.get_content_type() in ("text/rfc822-headers", "message/global-headers"):
            text = held if isinstance(held, str) else held[0].as_string() if held else ""
            heads.append(str(email.message_from_string(text.lstrip()).get("Message-ID", "")))
    heads += [str(part.get("X-Original-Message-ID", "")) for part in parts[:1]]
    return " ".join([*heads, content.decode("ascii", "replace")])


def _by_guess(mail, content, facts):
    """Return the report in an individual server's format. Raises NotAReportError, naming what the email seems to be."""
    if mail.get("X-Autoreply") or mail.get("X-Autorespond") or mail.get("Precedence") == "auto_reply":
        raise NotAReportError("it is an automatic reply")
    temporary, permanent = all_failures(email.message_from_bytes(content[:MOST_BY_GUESS]))
    if permanent:
        said = _reason(content)
        # A failure that flufl.bounce finds means a bad address, unless the server says otherwise.
        is_bad_address = report_blames_address(said) is not False
        return Report(is_final=True, is_bad_address=is_bad_address, reason=said, **facts)
    if temporary:
        return Report(reason=_reason(content), **facts)
    if str(mail.get("Auto-Submitted", "no")).strip().lower() != "no":
        raise NotAReportError("it is an automatic reply")
    raise NotAReportError("it is a mail that reports nothing")


def _reason(content):
    """Return the first line that looks like the mail server's reason."""
    for line in content[:MOST_BY_GUESS].decode("utf-8", "replace").splitlines():
        if re.search(r"(^|\D)[45]\d\d[ -]|\b[45]\.\d+\.\d+\b", line) and not re.match(r"\A[\w-]+:", line):
            return line.strip()
    return "it came back without a reason that can be read"


def _date(mail):
    try:
        found = parsedate_to_datetime(str(mail.get("Date")))
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
