"""Engagements as calendar files (RFC 5545)."""

import datetime as dt
import re
from email.utils import parseaddr
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, Timezone, vCalAddress, vText, vUri

from engagements.words import place_in_words

NOT_ALLOWED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""Control characters: RFC 5545, section 3.1, has no place for them in a text."""

STATUS = {"planned": "TENTATIVE", "confirmed": "CONFIRMED", "held": "CONFIRMED", "cancelled": "CANCELLED"}


def calendar_of(engagements, *, for_person=None, method=None) -> bytes:
    """The calendar file of ``engagements``, which come with ``agreement`` and ``hosts`` as the caller has read them.

    ``method`` ("PUBLISH", "REQUEST", "CANCEL") makes it an iTIP message. The only one ever named as taking part is
    ``for_person``, and not under PUBLISH, which knows no attendees.
    """
    engagements = list(engagements)
    calendar = Calendar()
    calendar.add("prodid", "-//Concord//Engagements//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    for zone in sorted({one.time_zone for one in engagements if one.start_time} - {"UTC"}):
        days = [one.starts_on for one in engagements if one.time_zone == zone]
        last_days = [one.last_day for one in engagements if one.time_zone == zone]
        calendar.add_component(zone_of_years(zone, min(days).year, max(last_days).year))
    for engagement in engagements:
        event = event_of(engagement, is_message=bool(method))
        if for_person and method != "PUBLISH":
            event.add("attendee", address(for_person.name, for_person.email))
        calendar.add_component(event)
    return calendar.to_ical()


def event_of(engagement, *, is_message):
    """One engagement as a VEVENT. Its UID stays; its SEQUENCE rises with each change that calendars must hear of."""
    event = Event()
    event.add("uid", str(engagement.uid))
    event.add("sequence", engagement.sequence)
    event.add("dtstamp", (timezone.now() if is_message else engagement.updated_at).astimezone(dt.UTC))
    event.add("created", engagement.created_at.astimezone(dt.UTC))
    event.add("last-modified", engagement.updated_at.astimezone(dt.UTC))
    add_times(event, engagement)
    event.add("status", STATUS[engagement.status])
    event.add("summary", text(engagement.title))
    event.add("description", text(description(engagement)))
    if place := place_in_words(engagement):
        event.add("location", text(place[:1].upper() + place[1:]))
    event.add("url", vUri(settings.SITE_URL + engagement.get_absolute_url()))
    event.add("categories", [engagement.get_kind_display()])
    event.add("organizer", address(*parseaddr(settings.DEFAULT_FROM_EMAIL)))
    return event


def add_times(event, engagement):
    """DTSTART and DTEND: whole days with an exclusive end; a time with its zone; no DTEND where no end is known."""
    day_after = engagement.last_day + dt.timedelta(days=1)
    if engagement.start_time is None:
        event.add("dtstart", engagement.starts_on)
        event.add("dtend", day_after)
        return
    zone = ZoneInfo(engagement.time_zone)
    event.add("dtstart", dt.datetime.combine(engagement.starts_on, engagement.start_time, zone))
    if engagement.end_time:
        event.add("dtend", dt.datetime.combine(engagement.last_day, engagement.end_time, zone))
    elif engagement.ends_on:
        event.add("dtend", dt.datetime.combine(day_after, dt.time(), zone))


def description(engagement):
    """What a calendar entry says beside when and where. Nobody who takes part is named."""
    hosts = ", ".join(str(host) for host in engagement.hosts.all())
    lines = [f"{engagement.get_kind_display()}, {engagement.agreement.name}"]
    lines += [f"Hosts: {hosts}"] * bool(hosts)
    lines += [f"Join: {engagement.joining_link}"] * bool(engagement.joining_link)
    lines += [f"Called off: {engagement.cancel_reason}"] * bool(engagement.is_off and engagement.cancel_reason)
    return "\n".join(lines)


def address(name, email):
    """A calendar address with the name that it is shown by."""
    found = vCalAddress(f"mailto:{email}")
    # A parameter may hold neither quotation marks nor line breaks.
    found.params["CN"] = vText(text(name).replace('"', "'").replace("\n", " ") or email)
    return found


def text(words):
    """A text without the characters that a calendar file cannot hold."""
    return NOT_ALLOWED.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))


@lru_cache(maxsize=64)
def zone_of_years(name, first_year, last_year):
    """The VTIMEZONE of a zone, with the changes of its clocks in these years only."""
    found = Timezone.from_tzinfo(ZoneInfo(name), name, dt.date(first_year, 1, 1), dt.date(last_year + 1, 1, 2))
    del found["COMMENT"]
    for change in found.subcomponents:
        # The library names the first moment after a change by the new clock; RFC 5545, 3.6.5, wants it by the old one.
        forward = change.TZOFFSETTO - change.TZOFFSETFROM
        if forward > dt.timedelta(0):
            change.DTSTART -= forward
            later = [moment.dt - forward for moment in change["RDATE"].dts] if "RDATE" in change else []
            change.pop("RDATE", None)
            if later:
                change.add("rdate", later)
    return found
