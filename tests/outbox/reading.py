"""Mails as their readers' programs read them."""

import email
import email.policy

from icalendar import Calendar


def read(content):
    """The mail in these bytes."""
    return email.message_from_bytes(content, policy=email.policy.default)


def files_of(content):
    """The calendar files attached to a mail."""
    parts = [part for part in read(content).walk() if part.get_content_type() == "text/calendar"]
    return [Calendar.from_ical(part.get_payload(decode=True)) for part in parts]
