"""Replies that calendar programs mail (RFC 5546, METHOD:REPLY): bytes in, a ``CalendarReply`` out."""

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
"""Bytes of the longest calendar file that is read: a reply is one event, with one attendee."""
ANSWERS = {"ACCEPTED": "accepted", "TENTATIVE": "tentative", "DECLINED": "declined"}
"""What a calendar program says (PARTSTAT), as ``Participation.Reply`` has it."""


@dataclass(frozen=True)
class CalendarReply:
    """What a person's calendar program says to one event, as it was when they were asked."""

    uid: str
    address: str
    answer: str
    sequence: int
    start: dt.datetime | dt.date | None
    """A moment with its zone, a day, or None where it is not given."""
    note: str | None
    """What they wrote beside it, on one line; None where they wrote nothing."""


def read_calendar_reply(content) -> CalendarReply | None:
    """The reply in a mail (bytes); None where the mail is no reply of a calendar program.

    NotAReportError for one that cannot be taken; the message says why, for people to read.
    """
    try:
        return _read(email.message_from_bytes(content[:MOST]))
    except NotAReportError:
        raise
    except Exception as error:
        # As with reports: a file can be broken in more ways than a parser foresees.
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
    """The METHOD of a calendar file, without taking it apart: reports hold files of ours, too."""
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
    """Whether a reply is to the time that an engagement has now, by when the answered event starts."""
    if not isinstance(start, dt.datetime):
        return engagement.start_time is None and start == engagement.starts_on
    if start.tzinfo is None:
        start = start.replace(tzinfo=ZoneInfo(engagement.time_zone))
    return engagement.start_time is not None and start == engagement.starts_at
