"""Calendar files as other programs read them: each reader gives the same ``Entry`` for each event."""

import datetime as dt
import json
import subprocess
from functools import partial
from pathlib import Path
from typing import NamedTuple

import ics
import vobject
from dateutil.rrule import rrulestr
from icalendar import Calendar

from tests.markup import node

ICAL_JS = Path(__file__).with_name("read_calendars.mjs")


class Entry(NamedTuple):
    """An event: its moments in UTC, or days where it has no time. ``end`` is None where the file gives none."""

    uid: str
    title: str
    sequence: int
    start: dt.datetime | dt.date
    end: dt.datetime | dt.date | None


def in_utc(moment):
    """A moment in UTC; a day as it is."""
    return moment.astimezone(dt.UTC) if isinstance(moment, dt.datetime) else moment


def by_icalendar(content):
    """icalendar (PyPI), with the zones as the file describes them."""
    calendar = Calendar.from_ical(content)
    zones = {zone.tz_name: zone.to_tz(lookup_tzid=False) for zone in calendar.timezones}
    return [entry_of(event, partial(_in_own_zone, zones=zones)) for event in calendar.events]


def _in_own_zone(found, zones):
    zone, moment = zones.get(found.params.get("TZID")), found.dt
    if zone is None:
        return in_utc(moment)
    wall = moment.replace(tzinfo=None)
    return in_utc(zone.localize(wall) if hasattr(zone, "localize") else wall.replace(tzinfo=zone))


def entry_of(event, read):
    """The entry of an event that icalendar has taken apart; ``read`` gives the moment of a property."""
    end = read(event["DTEND"]) if "DTEND" in event else None
    return Entry(str(event["UID"]), str(event["SUMMARY"]), event["SEQUENCE"], read(event["DTSTART"]), end)


def by_vobject(content):
    """vobject (PyPI)."""
    events = vobject.readOne(content.decode()).contents.get("vevent", [])
    return [
        Entry(
            event.uid.value,
            event.summary.value,
            int(event.sequence.value),
            in_utc(event.dtstart.value),
            in_utc(event.dtend.value) if "dtend" in event.contents else None,
        )
        for event in events
    ]


def by_ics(content):
    """ics.py (PyPI). Of a day it makes its midnight in UTC, and the end of what lasts days the day after."""
    return [
        Entry(
            event.uid,
            event.name,
            next(int(line.value) for line in event.extra if line.name == "SEQUENCE"),
            event.begin.date() if event.all_day else event.begin.to("utc").datetime,
            None if not event.has_end() else event.end.date() if event.all_day else event.end.to("utc").datetime,
        )
        for event in ics.Calendar(content.decode()).events
    ]


def by_ical_js(content, folder):
    """ical.js (npm), the parser of Thunderbird."""
    path = folder / "read.ics"
    path.write_bytes(content)
    done = subprocess.run([node(), ICAL_JS, path], capture_output=True, text=True, check=True)
    return [
        Entry(event["uid"], event["title"], event["sequence"], _of_js(event["start"]), _of_js(event["end"]))
        for event in json.loads(done.stdout)[0]
    ]


def _of_js(moment):
    if isinstance(moment, str):
        return dt.date.fromisoformat(moment)
    return None if moment is None else dt.datetime.fromtimestamp(moment, dt.UTC)


def by_outlook(content, which):
    """By the published rules of Outlook (MS-OXCICAL, 2.1.3.1.1.19): a zone is one change to standard time and one to
    daylight time, and an RDATE is not looked at.

    Of several parts of a kind, ``which`` is taken: "largest" has the latest DTSTART, "first" stands first. "year" is
    what public reports saw: a part without a rule counts for the year of its DTSTART, and other years have standard
    time.
    """
    calendar = Calendar.from_ical(content)
    zones = {
        str(zone["TZID"]): (_parts(zone, "STANDARD", which), _parts(zone, "DAYLIGHT", which))
        for zone in calendar.timezones
    }

    def read(found):
        name, moment = found.params.get("TZID"), found.dt
        if name is None:
            return in_utc(moment)
        wall = moment.replace(tzinfo=None)
        return (wall - _offset(wall, *zones[name], which)).replace(tzinfo=dt.UTC)

    return [entry_of(event, read) for event in calendar.events]


def _parts(zone, name, which):
    """(the part that is taken of a kind, the years that have one); (None, …) where there is none."""
    parts = [part for part in zone.subcomponents if part.name == name]
    years = {part["DTSTART"].dt.year for part in parts}
    if not parts:
        return None, years
    return (parts[0] if which == "first" else max(parts, key=lambda part: part["DTSTART"].dt)), years


def _offset(wall, standard, daylight, which):
    """The offset from UTC that a wall-clock time is taken to have."""
    (winter, _), (summer, years) = standard, daylight
    if summer is None or (which == "year" and "RRULE" not in summer and wall.year not in years):
        return winter["TZOFFSETTO"].td
    forward, back = _change(summer, wall.year), _change(winter, wall.year)
    is_summer = forward <= wall < back if forward < back else not back <= wall < forward
    return (summer if is_summer else winter)["TZOFFSETTO"].td


def _change(part, year):
    """When a part begins in a year: by its rule, or on the same weekday of the month as in the year of its DTSTART."""
    start = part["DTSTART"].dt
    if "RRULE" in part:
        rule = part["RRULE"].to_ical().decode()
    else:
        week = -1 if (start + dt.timedelta(days=7)).month != start.month else (start.day + 6) // 7
        rule = f"FREQ=YEARLY;BYMONTH={start.month};BYDAY={week}{start:%a}".upper()[:-1]
    return next(iter(rrulestr(rule, dtstart=dt.datetime.combine(dt.date(year, 1, 1), start.time()))))


READERS = {
    "icalendar": by_icalendar,
    "vobject": by_vobject,
    "ics": by_ics,
    "outlook, the latest part": partial(by_outlook, which="largest"),
    "outlook, the first part": partial(by_outlook, which="first"),
    "outlook, by year": partial(by_outlook, which="year"),
}
"""All but ical.js, which needs a folder to hand it the file."""


def read_by_all(content, folder):
    """{name of a reader: what it finds, by UID}."""
    found = {name: read(content) for name, read in READERS.items()} | {"ical.js": by_ical_js(content, folder)}
    return {name: sorted(entries) for name, entries in found.items()}
