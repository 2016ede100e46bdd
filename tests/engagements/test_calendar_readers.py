"""Every reader of calendar files that can be had finds each event at its moment.

The readers: ical.js (Thunderbird), icalendar, vobject, ics.py, and Outlook by Microsoft's published rules in the three
ways in which they can be taken.
"""

import datetime as dt

import pytest
from django.utils import timezone

from engagements.models import Engagement, Feed, Series
from engagements.operations.engagement import cancel_engagement
from engagements.operations.feeds import make_feed
from engagements.operations.series import start_series
from engagements.presenters.calendar_files import Invitation, calendar_of
from engagements.rules.recurrence import rule_for
from tests.engagements.calendar_readers import Entry, by_outlook, read_by_all
from tests.engagements.test_calendar_golden import FILES, meeting
from tests.factories import EngagementFactory

ZONES = [
    *("Europe/London", "Europe/Berlin", "America/New_York", "America/Havana", "Australia/Sydney", "Pacific/Auckland"),
    *("Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca", "Asia/Jerusalem", "America/Santiago", "UTC"),
]
"""Clocks that change north and south of the equator, by an hour and by half of one, at midnight, by rules that no
calendar program knows, and never. Not Dublin: dateutil, by which ics.py knows zones, is an hour out there for one hour
a year.
"""


def meant(engagement):
    """The entry that an engagement is to be read as."""
    title = f"Cancelled: {engagement.title}" if engagement.is_off else engagement.title
    if engagement.start_time:
        start, end = (moment.astimezone(dt.UTC) for moment in engagement.instants())
        end = end if engagement.end_time or engagement.ends_on else None
    else:
        start, end = engagement.starts_on, engagement.last_day + dt.timedelta(days=1)
    return Entry(str(engagement.uid), title, engagement.sequence, start, end)


def disagreeing(content, engagements, folder):
    """{reader: what it finds that is not so}: nothing."""
    expected = set(map(meant, engagements))
    return {
        name: set(found) ^ expected for name, found in read_by_all(content, folder).items() if set(found) != expected
    }


def a_year_in(zone):
    """A meeting each week of a year, at 09:30, and at each hour of the days on which the clocks of London change."""
    weeks = [dt.datetime.combine(dt.date(2027, 1, 3), dt.time(9, 30)) + dt.timedelta(weeks=week) for week in range(52)]
    nights = [
        dt.datetime.combine(dt.date(2027, month, day), dt.time(hour, 30))
        for month, day in ((3, 28), (4, 4), (10, 31))
        for hour in range(6)
    ]
    return [
        meeting(
            number, starts_on=at.date(), start_time=at.time(), end_time=at.replace(minute=55).time(), time_zone=zone
        )
        for number, at in enumerate([*weeks, *nights], 1)
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_all_readers_find_each_meeting_of_a_year_at_its_moment(zone, tmp_path):
    meetings = a_year_in(zone)
    assert disagreeing(calendar_of(meetings), meetings, tmp_path) == {}


def test_all_readers_find_meetings_of_several_zones_and_years_in_one_file(tmp_path):
    meetings = [
        meeting(
            number, starts_on=dt.date(year, month, 15), start_time=dt.time(14), end_time=dt.time(15), time_zone=zone
        )
        for number, (year, month, zone) in enumerate(
            ((year, month, zone) for year in (2019, 2026, 2031) for month in (1, 7) for zone in ZONES), 1
        )
    ]
    assert disagreeing(calendar_of(meetings), meetings, tmp_path) == {}


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("mail")])
def test_all_readers_find_the_file_of_a_mail(name, tmp_path, settings):
    found = read_by_all(FILES[name](), tmp_path)
    moment = dt.datetime(2026, 12, 8, 14, tzinfo=dt.UTC)
    assert {entry.start for entries in found.values() for entry in entries} == {moment}
    assert len({tuple(entries) for entries in found.values()}) == 1


@pytest.mark.parametrize(
    "when", [{"start_time": dt.time(22), "ends_on": dt.date(2027, 3, 28), "end_time": dt.time(3)}, {}]
)
def test_all_readers_find_an_invitation_over_the_night_of_the_change_and_one_for_a_whole_day(when, tmp_path):
    engagement = meeting(starts_on=dt.date(2027, 3, 27), **when)
    content = Invitation(engagement).to("Ana", "ana@people.example", role="speaker", reply="")
    assert disagreeing(content, [engagement], tmp_path) == {}


@pytest.fixture
def series(cast):
    """A meeting each month at 18:00 in New York, begun a month ago; the third one is off."""
    start = timezone.localdate() + dt.timedelta(days=3)
    facts = {"start_time": dt.time(18), "end_time": dt.time(19, 30), "time_zone": "America/New_York"}
    first = EngagementFactory(agreement=cast.agreement, title="Call", status="planned", starts_on=start, **facts)
    started = start_series(Series(rule=rule_for("month", "weekday", start)), first, by=cast.officer)
    cancel_engagement(started.engagements.order_by("starts_on")[2], by=cast.officer)
    for zone in ("Europe/London", "Australia/Sydney", "Asia/Kolkata"):
        EngagementFactory(agreement=cast.agreement, status="planned", starts_on=start, **facts | {"time_zone": zone})
    EngagementFactory(agreement=cast.agreement, status="planned", starts_on=start, start_time=None, end_time=None)
    return started


def test_all_readers_find_each_event_of_a_feed_and_of_an_export(series, cast, sign_in, client, tmp_path):
    engagements = list(Engagement.objects.all())
    feed = make_feed(cast.agreement, what=Feed.What.AGREEMENT, committee=None, by=cast.officer)
    assert disagreeing(client.get(feed.path).content, engagements, tmp_path) == {}
    export = sign_in(cast.officer).get("/agreements/lga-techuk/engagements/export.ics")
    assert disagreeing(export.content, engagements, tmp_path) == {}
    for engagement in engagements:
        stored = engagement.starts_at, engagement.ends_at
        assert stored == tuple(moment.astimezone(dt.UTC) for moment in engagement.instants())


def test_outlook_is_read_as_wrong_as_it_is_where_a_zone_has_no_rule():
    """The reader itself: of a zone with an RDATE, it reads all later summers an hour late."""
    content = calendar_of([meeting(starts_on=dt.date(2027, 7, 6), start_time=dt.time(14), end_time=dt.time(15))])
    content = content.replace(b"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", b"RDATE:20270328T010000")
    [entry] = by_outlook(content, "year")
    assert entry.start == dt.datetime(2027, 7, 6, 14, tzinfo=dt.UTC)
