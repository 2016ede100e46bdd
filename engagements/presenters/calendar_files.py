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
"""Control characters, which RFC 5545, section 3.1, does not allow in a text."""

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
    """Return ``engagements`` as a calendar file. The caller has read their ``agreement`` and ``hosts``.

    ``method`` is "PUBLISH" for files and feeds; "REQUEST" and "CANCEL" are for emails, see ``Invitation``. A feed has a
    ``name``, and says after how long (``poll``, a timedelta) programs should read it again. The file of one person may
    show their replies: ``replies`` is {key of an engagement: words}. Nobody who takes part is named.
    """
    engagements = list(engagements)
    calendar = Calendar()
    calendar.add("prodid", "-//Concord//Engagements//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        # Apple and Outlook read the older name of each property; RFC 7986 defines the newer one.
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
    """Return {name: VTIMEZONE} of the zones in which ``engagements`` have a time.

    A zone that ``vtimezone`` cannot describe is missing.
    """
    timed = [one for one in engagements if one.start_time]
    found = {}
    for name in sorted({one.time_zone for one in timed}):
        days = [day for one in timed if one.time_zone == name for day in (one.starts_on, one.last_day)]
        found[name] = vtimezone(name, min(days).year, max(days).year)
    return {name: zone for name, zone in found.items() if zone}


def event_of(engagement, now, zones, *, method, alarms, reply=""):
    """Return one engagement as a VEVENT. Its UID stays; its SEQUENCE rises with each change that calendars need.

    ``zones`` are those that the file describes; a time in another is written in UTC.
    """
    event = Event()
    event.add("uid", str(engagement.uid))
    event.add("sequence", engagement.sequence)
    event.add("dtstamp", now)
    event.add("created", engagement.created_at.astimezone(dt.UTC))
    event.add("last-modified", engagement.updated_at.astimezone(dt.UTC))
    add_times(event, engagement, zones)
    # RFC 5546, 3.2.5: a person who is only taken off the list gets a CANCEL without the status of the event.
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
    """Return the title, which begins with "Cancelled: " in files and feeds for a cancelled engagement.

    Many calendars do not show the status.
    """
    return f"Cancelled: {engagement.title}" if engagement.is_off and method == "PUBLISH" else engagement.title


def alarm_of(engagement):
    """Return an alarm 15 minutes before the engagement begins; for whole days, at 09:00 on the day before."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text(engagement.title))
    alarm.add("trigger", dt.timedelta(minutes=-15) if engagement.start_time else dt.timedelta(hours=-15))
    return alarm


class Invitation:
    """The calendar file of one engagement for emails: "REQUEST" puts it in a person's calendar, "CANCEL" takes it out.

    The file is built once. ``to`` adds the one person who gets the email; nobody else is ever named.
    """

    def __init__(self, engagement, method="REQUEST"):
        content = calendar_of([engagement], method=method)
        self.head, self.tail = content.split(b"\r\nUID:", 1)

    def to(self, name, email, *, role, reply) -> bytes:
        """Return the file for one person. ``role`` and ``reply`` are values of ``Participation``."""
        attendee = address(name, email)
        attendee.params["CUTYPE"] = vText("INDIVIDUAL")
        attendee.params["PARTSTAT"] = vText(PARTSTAT[reply])
        attendee.params["ROLE"] = vText(ROLE[role])
        # Where no mailbox is read, people can reply only by the links in the email.
        attendee.params["RSVP"] = vText("TRUE" if settings.BOUNCE_ADDRESS else "FALSE")
        line = Contentline.from_parts("ATTENDEE", attendee.params, attendee)
        return b"\r\n".join([self.head, line.to_ical(), b"UID:" + self.tail])


def add_times(event, engagement, zones):
    """Add DTSTART and DTEND: whole days with an exclusive end; no DTEND where no end is known.

    A time is written in its zone, or in UTC where that is not in ``zones`` or the clocks do not show the time exactly
    once.
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
    """The address to which calendar programs send replies.

    It is the mailbox that ``manage.py read_bounces`` reads, or without one the sender of Concord's emails.
    """
    name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return address(name, settings.BOUNCE_ADDRESS or sender)


def description(engagement, reply=""):
    """Return the text of a calendar entry, without date and place. Nobody who takes part is named."""
    hosts = ", ".join(str(host) for host in engagement.hosts.all())
    lines = [f"{engagement.get_kind_display()}, {engagement.agreement.name}"]
    lines += [f"Hosts: {hosts}"] * bool(hosts)
    lines += [f"Join: {engagement.joining_link}"] * bool(engagement.joining_link)
    lines += [f"Your reply: {reply}"] * bool(reply)
    lines += [f"Called off: {engagement.cancel_reason}"] * bool(engagement.is_off and engagement.cancel_reason)
    return "\n".join(lines)


def address(name, email):
    """Return a calendar address with the name to show for it."""
    found = vCalAddress(f"mailto:{email}")
    # A parameter may hold neither quotation marks nor line breaks.
    found.params["CN"] = vText(text(name).replace('"', "'").replace("\n", " ") or email)
    return found


class Text(vText):
    r"""A text in a calendar file (RFC 5545, section 3.3.11).

    icalendar's own class reads the characters ``\N`` as a line break, which would split ``C:\News`` over two lines.
    """

    def to_ical(self):
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode(self.encoding)


def text(words):
    """Return ``words`` without the characters that a calendar file cannot hold."""
    return Text(NOT_ALLOWED.sub("", words.replace("\r\n", "\n").replace("\r", "\n")))
