"""Replies that calendar programs send by email (RFC 5546, METHOD:REPLY): bytes in, a ``CalendarReply`` out."""

import datetime as dt
import email
from dataclasses import dataclass
from email.utils import parseaddr
from itertools import islice
from zoneinfo import ZoneInfo

from django.utils.text import Truncator
from icalendar import Calendar

from engagements.models.participation import NOTE_LENGTH
from outbox.bounces.reports import MOST, MOST_PARTS, NotAReportError
from records.names import clean_name

LONGEST = 2**16
"""Bytes of the longest calendar file that is read. A reply holds one event with one attendee."""
ANSWERS = {"ACCEPTED": "accepted", "TENTATIVE": "tentative", "DECLINED": "declined"}
"""{PARTSTAT of a calendar program: value of ``Participation.Reply``}."""


@dataclass(frozen=True)
class CalendarReply:
    """A person's reply to one event. ``sequence`` and ``start`` are those of the invitation that they answered."""

    uid: str
    address: str
    answer: str
    sequence: int
    start: dt.datetime | dt.date | None
    """A moment (naive where the file gives no zone), a day, or None where the file gives neither."""
    note: str | None
    """Their comment on one line, at most ``NOTE_LENGTH`` characters; None where they wrote nothing."""


def read_calendar_reply(content) -> CalendarReply | None:
    """Return the reply in an email (bytes), or None where the email is not a reply of a calendar program.

    Raises NotAReportError for a reply that cannot be recorded; the message says why, for people to read.
    """
    try:
        return _read(email.message_from_bytes(content[:MOST]))
    except NotAReportError:
        raise
    except Exception as error:
        # As in ``read_returned``: a file can be broken in more ways than a parser foresees.
        raise NotAReportError(f"its calendar file cannot be read ({type(error).__name__})") from error


def _read(mail):
    for part in islice(mail.walk(), MOST_PARTS):
        if part.get_content_type() not in ("text/calendar", "application/ics"):
            continue
        file = part.get_payload(decode=True) or b""
        if len(file) > LONGEST:
            raise NotAReportError("its calendar file is longer than any reply")
        method = _method(file)
        if method == "COUNTER":
            raise NotAReportError("it proposes another time, which a person has to answer")
        if method == "REPLY":
            return _reply_in(Calendar.from_ical(file), mail)
    return None


def _method(file):
    """Return the METHOD of a calendar file without parsing the file: delivery reports hold our own invitations, too."""
    for line in file.splitlines():
        name, _, value = line.partition(b":")
        if name.strip().upper() == b"METHOD":
            return value.strip().upper().decode("ascii", "replace")
    return ""


def _reply_in(calendar, mail):
    events = calendar.walk("VEVENT")
    attendees = events[0].get("ATTENDEE", []) if len(events) == 1 else []
    attendees = attendees if isinstance(attendees, list) else [attendees]
    if len(attendees) != 1:
        raise NotAReportError("it is a calendar reply that is not one person's to one event")
    [event], [attendee] = events, attendees
    address = _address(attendee)
    if not address.isprintable() or address != parseaddr(str(mail.get("From", "")))[1].lower():
        # Anybody can write a file in another's name (RFC 6047, section 3).
        raise NotAReportError("it is a calendar reply that somebody else has sent")
    answer = ANSWERS.get(str(attendee.params.get("PARTSTAT", "")).upper())
    if answer is None:
        raise NotAReportError("it is a calendar reply that neither accepts nor declines")
    start = event["DTSTART"].dt if "DTSTART" in event else None
    return CalendarReply(str(event["UID"]), address, answer, int(event.get("SEQUENCE", 0)), start, _note(event))


def _note(event):
    comments = event.get("COMMENT", [])
    comments = comments if isinstance(comments, list) else [comments]
    words = " ".join(comments).replace("\0", "").split()
    return Truncator(clean_name(" ".join(words))).chars(NOTE_LENGTH) or None


def _address(attendee):
    return str(attendee).strip().lower().removeprefix("mailto:")


def is_same_start(start, engagement):
    """Whether a reply to an event that begins at ``start`` is to the present time of ``engagement``."""
    if not isinstance(start, dt.datetime):
        return engagement.start_time is None and start == engagement.starts_on
    if start.tzinfo is None:
        start = start.replace(tzinfo=ZoneInfo(engagement.time_zone))
    return engagement.start_time is not None and start == engagement.starts_at
