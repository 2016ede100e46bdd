"""Engagements as calendar files (RFC 5545)."""

import datetime as dt
import re
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone
from icalendar import Alarm, Calendar, Event, vCalAddress, vDuration, vText, vUri
from icalendar.parser import Contentline

from engagements.rules.timezones import instant, is_shown_once, vtimezone
from engagements.rules.words import place_in_words

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
    zones = zones_of(engagements)
    for zone in zones.values():
        calendar.add_component(zone)
    now = timezone.now().astimezone(dt.UTC)
    for engagement in engagements:
        reply = (replies or {}).get(engagement.pk, "")
        calendar.add_component(event_of(engagement, now, zones, method=method, alarms=alarms, reply=reply))
    return calendar.to_ical()


def zones_of(engagements):
    """{name: VTIMEZONE} of the zones in which some of ``engagements`` have a time, where one can be written."""
    timed = [one for one in engagements if one.start_time]
    found = {}
    for name in sorted({one.time_zone for one in timed}):
        days = [day for one in timed if one.time_zone == name for day in (one.starts_on, one.last_day)]
        found[name] = vtimezone(name, min(days).year, max(days).year)
    return {name: zone for name, zone in found.items() if zone}


def event_of(engagement, now, zones, *, method, alarms, reply=""):
    """One engagement as a VEVENT. Its UID stays; its SEQUENCE rises with each change that calendars must be told.

    ``zones`` are those that the file describes; a time in another is written in UTC.
    """
    event = Event()
    event.add("uid", str(engagement.uid))
    event.add("sequence", engagement.sequence)
    event.add("dtstamp", now)
    event.add("created", engagement.created_at.astimezone(dt.UTC))
    event.add("last-modified", engagement.updated_at.astimezone(dt.UTC))
    add_times(event, engagement, zones)
    # RFC 5546, 3.2.5: who is merely taken off the list is sent a CANCEL that says nothing of the event itself.
    if method != "CANCEL" or engagement.is_off:
        event.add("status", STATUS[engagement.status])
    event.add("summary", text(title_of(engagement, method)))
    event.add("description", text(description(engagement, reply)))
    if place := place_in_words(engagement):
        event.add("location", text(place[:1].upper() + place[1:]))
    event.add("url", vUri(settings.SITE_URL + engagement.get_absolute_url()))
    event.add("categories", [engagement.get_kind_display()])
    event.add("organizer", organizer())
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
        # Where no mailbox is read, people reply by the links in the mail alone.
        attendee.params["RSVP"] = vText("TRUE" if settings.BOUNCE_ADDRESS else "FALSE")
        line = Contentline.from_parts("ATTENDEE", attendee.params, attendee)
        return b"\r\n".join([self.head, line.to_ical(), b"UID:" + self.tail])


def add_times(event, engagement, zones):
    """DTSTART and DTEND: whole days with an exclusive end; no DTEND where no end is known.

    A time stands in its zone; in UTC where ``zones`` lacks that, or the clocks do not show the time exactly once.
    """
    day_after = engagement.last_day + dt.timedelta(days=1)
    if engagement.start_time is None:
        event.add("dtstart", engagement.starts_on)
        event.add("dtend", day_after)
        return
    zone = engagement.time_zone
    times = {"dtstart": instant(engagement.starts_on, engagement.start_time, zone)}
    if engagement.end_time:
        times["dtend"] = instant(engagement.last_day, engagement.end_time, zone)
    elif engagement.ends_on:
        times["dtend"] = instant(day_after, dt.time(), zone)
    in_utc = zone not in zones or not all(is_shown_once(moment) for moment in times.values())
    for name, moment in times.items():
        event.add(name, moment.astimezone(dt.UTC) if in_utc else moment)


def organizer():
    """Where calendar programs mail replies: to the mailbox that ``manage.py read_bounces`` reads."""
    name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return address(name, settings.BOUNCE_ADDRESS or sender)


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


class Text(vText):
    r"""A text in a calendar file (RFC 5545, section 3.3.11).

    icalendar's own takes the characters ``\N`` for a new line, so that ``C:\News`` came out on two.
    """

    def to_ical(self):
        """The bytes, escaped."""
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode(self.encoding)


def text(words):
    """A text without the characters that a calendar file cannot hold."""
    return Text(NOT_ALLOWED.sub("", words.replace("\r\n", "\n").replace("\r", "\n")))
