"""Engagements as calendar files (RFC 5545)."""

import datetime as dt
import re
from email.utils import parseaddr
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress, vDuration, vText, vUri
from icalendar.parser import Contentline

from engagements.words import place_in_words

NOT_ALLOWED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""Control characters: RFC 5545, section 3.1, has no place for them in a text."""

STATUS = {"planned": "TENTATIVE", "confirmed": "CONFIRMED", "held": "CONFIRMED", "cancelled": "CANCELLED"}
PARTSTAT = {"": "NEEDS-ACTION", "accepted": "ACCEPTED", "tentative": "TENTATIVE", "declined": "DECLINED"}
ROLE = {
    "chair": "CHAIR",
    "speaker": "REQ-PARTICIPANT",
    "participant": "REQ-PARTICIPANT",
    "organiser": "REQ-PARTICIPANT",
    "observer": "OPT-PARTICIPANT",
}


def calendar_of(engagements, *, method="PUBLISH", name="", alarms=True, poll=None, replies=None) -> bytes:
    """The calendar file of ``engagements``, which come with ``agreement`` and ``hosts`` as the caller has read them.

    ``method`` is "PUBLISH" for files and feeds; "REQUEST" and "CANCEL" are for mails, see ``Invitation``. A feed has
    a ``name`` and says after how long (``poll``, a timedelta) to look again.
    The file of one person may say what they have replied: ``replies`` is {key: words}. Nobody who takes part is named.
    """
    engagements = list(engagements)
    calendar = Calendar()
    calendar.add("prodid", "-//Concord//Engagements//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        # Apple and Outlook know the older name of each, RFC 7986 has the newer.
        calendar.add("name", text(name))
        calendar.add("x-wr-calname", text(name))
    if poll:
        calendar.add("refresh-interval", poll, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(poll).to_ical().decode())
    for zone in sorted({one.time_zone for one in engagements if one.start_time} - {"UTC"}):
        days = [one.starts_on for one in engagements if one.time_zone == zone]
        last_days = [one.last_day for one in engagements if one.time_zone == zone]
        calendar.add_component(zone_of_years(zone, min(days).year, max(last_days).year))
    now = timezone.now().astimezone(dt.UTC)
    for engagement in engagements:
        reply = (replies or {}).get(engagement.pk, "")
        calendar.add_component(event_of(engagement, now, method=method, alarms=alarms, reply=reply))
    return calendar.to_ical()


def event_of(engagement, now, *, method, alarms, reply=""):
    """One engagement as a VEVENT. Its UID stays; its SEQUENCE rises with each change that calendars must hear of."""
    event = Event()
    event.add("uid", str(engagement.uid))
    event.add("sequence", engagement.sequence)
    event.add("dtstamp", now)
    event.add("created", engagement.created_at.astimezone(dt.UTC))
    event.add("last-modified", engagement.updated_at.astimezone(dt.UTC))
    add_times(event, engagement)
    # RFC 5546, 3.2.5: who is merely taken off the list is sent a CANCEL that says nothing of the event itself.
    if method != "CANCEL" or engagement.is_off:
        event.add("status", STATUS[engagement.status])
    event.add("summary", text(title_of(engagement, method)))
    event.add("description", text(description(engagement, reply)))
    if place := place_in_words(engagement):
        event.add("location", text(place[:1].upper() + place[1:]))
    event.add("url", vUri(settings.SITE_URL + engagement.get_absolute_url()))
    event.add("categories", [engagement.get_kind_display()])
    event.add("organizer", address(*parseaddr(settings.DEFAULT_FROM_EMAIL)))
    if alarms and engagement.status in ("planned", "confirmed"):
        event.add_component(alarm_of(engagement))
    return event


def title_of(engagement, method):
    """The title; in files and feeds, which many calendars read without the status, with "Cancelled: " before it."""
    return f"Cancelled: {engagement.title}" if engagement.is_off and method == "PUBLISH" else engagement.title


def alarm_of(engagement):
    """A quarter of an hour before it begins; of whole days, at 09:00 on the day before."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text(engagement.title))
    alarm.add("trigger", dt.timedelta(minutes=-15) if engagement.start_time else dt.timedelta(hours=-15))
    return alarm


class Invitation:
    """What calendars are sent by mail about one engagement: METHOD "REQUEST" to take part, "CANCEL" to do so no more.

    Its bytes are made once; ``to`` puts in the one person whom a mail is for, and nobody else is ever named.
    """

    def __init__(self, engagement, method="REQUEST"):
        content = calendar_of([engagement], method=method)
        self.head, self.tail = content.split(b"\r\nUID:", 1)

    def to(self, name, email, *, role, reply) -> bytes:
        """The file for one person, with their role and reply as ``Participation`` has them."""
        attendee = address(name, email)
        attendee.params["CUTYPE"] = vText("INDIVIDUAL")
        attendee.params["PARTSTAT"] = vText(PARTSTAT[reply])
        attendee.params["ROLE"] = vText(ROLE[role])
        # Nobody reads the replies that calendars mail: one replies by the links in the mail.
        attendee.params["RSVP"] = vText("FALSE")
        line = Contentline.from_parts("ATTENDEE", attendee.params, attendee)
        return b"\r\n".join([self.head, line.to_ical(), b"UID:" + self.tail])


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


def description(engagement, reply=""):
    """What a calendar entry says beside when and where. Nobody who takes part is named."""
    hosts = ", ".join(str(host) for host in engagement.hosts.all())
    lines = [f"{engagement.get_kind_display()}, {engagement.agreement.name}"]
    lines += [f"Hosts: {hosts}"] * bool(hosts)
    lines += [f"Join: {engagement.joining_link}"] * bool(engagement.joining_link)
    lines += [f"Your reply: {reply}"] * bool(reply)
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
