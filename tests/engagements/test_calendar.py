"""Calendar files, read back by a parser."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from engagements.models import Engagement
from engagements.presenters.calendar_files import Invitation, calendar_of
from tests.factories import EngagementFactory, OrganisationFactory, ParticipationFactory, PersonFactory

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def make(cast):
    """``make(**fields)`` gives a roundtable of 8 December 2026, 14:00 to 15:30, as a view reads it."""

    def meeting(**fields):
        facts = {
            "kind": "roundtable",
            "status": "planned",
            "starts_on": dt.date(2026, 12, 8),
            "start_time": dt.time(14),
            "end_time": dt.time(15, 30),
        } | fields
        made = EngagementFactory(agreement=cast.agreement, **facts)
        return Engagement.objects.select_related("agreement").prefetch_related("hosts").get(pk=made.pk)

    return meeting


def event_in(content):
    [event] = Calendar.from_ical(content).events
    return event


def test_it_says_what_when_and_where(make, settings):
    settings.SITE_URL, settings.DEFAULT_FROM_EMAIL = "https://concord.example", "Concord <concord@concord.example>"
    meeting = make(title="AI procurement", venue="Smith Square", joining_link="https://meet.example/1")
    meeting.hosts.add(
        OrganisationFactory(agreement=meeting.agreement, name="techUK Ltd"),
        through_defaults={"agreement": meeting.agreement},
    )
    meeting = Engagement.objects.get(pk=meeting.pk)
    event = event_in(calendar_of([meeting]))
    assert (event.start, event.end) == (
        dt.datetime(2026, 12, 8, 14, tzinfo=LONDON),
        dt.datetime(2026, 12, 8, 15, 30, tzinfo=LONDON),
    )
    assert (event["SUMMARY"], event["LOCATION"]) == ("AI procurement", "Smith Square")
    assert event["DESCRIPTION"] == "Roundtable, LGA and techUK\nHosts: techUK Ltd\nJoin: https://meet.example/1"
    assert event["URL"] == f"https://concord.example/agreements/lga-techuk/engagements/{meeting.pk}/"
    assert event["CATEGORIES"].to_ical() == b"Roundtable"
    assert (event["ORGANIZER"], event["ORGANIZER"].params["CN"]) == ("mailto:concord@concord.example", "Concord")


def test_it_is_known_by_its_uid_and_a_change_by_its_sequence(make):
    meeting = make()
    first = event_in(calendar_of([meeting]))
    Engagement.objects.update(sequence=3, starts_on=dt.date(2026, 12, 9))
    second = event_in(calendar_of([Engagement.objects.get()]))
    assert first["UID"] == second["UID"] == str(meeting.uid)
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 3)
    assert second["LAST-MODIFIED"].dt == meeting.updated_at.replace(microsecond=0)


@pytest.mark.parametrize(
    ("status", "word"),
    [("planned", "TENTATIVE"), ("confirmed", "CONFIRMED"), ("held", "CONFIRMED"), ("cancelled", "CANCELLED")],
)
def test_its_status_is_one_that_calendars_know(make, status, word):
    assert event_in(calendar_of([make(status=status)]))["STATUS"] == word


def test_whole_days_have_no_time_and_an_exclusive_end(make):
    meeting = make(start_time=None, end_time=None, ends_on=dt.date(2026, 12, 9))
    content = calendar_of([meeting])
    assert (event_in(content)["DTSTART"].dt, event_in(content)["DTEND"].dt) == (
        dt.date(2026, 12, 8),
        dt.date(2026, 12, 10),
    )
    assert b"DTSTART;VALUE=DATE:20261208" in content
    assert b"VTIMEZONE" not in content


def test_a_start_without_an_end_has_none(make):
    assert "DTEND" not in event_in(calendar_of([make(end_time=None)]))


def test_a_start_on_one_day_and_a_last_day_later_end_with_that_day(make):
    event = event_in(calendar_of([make(end_time=None, ends_on=dt.date(2026, 12, 9))]))
    assert event.end == dt.datetime(2026, 12, 10, tzinfo=LONDON)


@pytest.mark.parametrize(
    "day", [dt.date(2026, 3, 28), dt.date(2026, 3, 29), dt.date(2026, 10, 24), dt.date(2026, 10, 25)]
)
@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Sydney"])
def test_its_zone_comes_with_it_so_that_the_moment_is_right_for_a_parser_that_knows_no_zones(make, day, zone):
    meeting = make(starts_on=day, start_time=dt.time(9), end_time=dt.time(10), time_zone=zone)
    calendar = Calendar.from_ical(calendar_of([meeting]))
    [found] = calendar.timezones
    assert found.tz_name == zone
    own_words = found.to_tz(lookup_tzid=False)
    start = calendar.events[0].start.replace(tzinfo=None)
    start = own_words.localize(start) if hasattr(own_words, "localize") else start.replace(tzinfo=own_words)
    assert start == meeting.starts_at


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata"])
def test_in_a_zone_without_a_yearly_rule_it_stands_in_utc(make, zone):
    content = calendar_of([make(time_zone=zone)])
    assert b"VTIMEZONE" not in content
    assert b"TZID" not in content
    assert event_in(content).start == make(time_zone=zone).starts_at


def test_nobody_who_takes_part_is_named_but_the_one_whose_file_it_is(make):
    meeting = make(chatham_house=True)
    ana, bo = (
        PersonFactory(agreement=meeting.agreement, name=name, email=f"{name}@people.example") for name in ("ana", "bo")
    )
    for person in (ana, bo):
        ParticipationFactory(engagement=meeting, person=person)
    request = Invitation(meeting).to("ana", "ana@people.example", role="chair", reply="tentative")
    [attendee] = [event_in(request)["ATTENDEE"]]
    assert attendee == "mailto:ana@people.example"
    assert dict(attendee.params) == {
        "CN": "ana", "CUTYPE": "INDIVIDUAL", "PARTSTAT": "TENTATIVE", "ROLE": "CHAIR", "RSVP": "FALSE",
    }  # fmt: skip
    assert b"people.example" not in request.replace(b"ana@people.example", b"")
    assert b"ATTENDEE" not in calendar_of([meeting])


def test_who_is_taken_off_the_list_is_told_nothing_of_the_event_itself(make):
    of_one_that_is_on, of_one_that_is_off = (
        event_in(Invitation(make(status=status), "CANCEL").to("Ana", "ana@people.example", role="observer", reply=""))
        for status in ("confirmed", "cancelled")
    )
    assert "STATUS" not in of_one_that_is_on
    assert of_one_that_is_off["STATUS"] == "CANCELLED"


@pytest.mark.parametrize("name", ['Zoë: Müller; \\ "Nan"', "Ж" * 120, "x\r\nBEGIN:VEVENT", "\r\nUID:no"])
def test_any_name_stays_within_its_line(make, name):
    content = Invitation(make(title="END:VEVENT\r\nUID:x")).to(name, "a@people.example", role="speaker", reply="")
    event = event_in(content)
    assert event["ATTENDEE"] == "mailto:a@people.example"
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_an_alarm_rings_before_what_is_to_come_and_for_nothing_else(make):
    def triggers(**fields):
        return [alarm["TRIGGER"].dt for alarm in event_in(calendar_of([make(**fields)])).walk("VALARM")]

    assert triggers() == [dt.timedelta(minutes=-15)]
    assert triggers(start_time=None, end_time=None) == [dt.timedelta(hours=-15)]
    assert triggers(status="held") == triggers(status="cancelled") == []


def test_one_that_is_off_says_so_in_its_title_where_calendars_may_not_read_its_status(make):
    meeting = make(title="AI procurement", status="cancelled", cancel_reason="Rail strike")
    assert event_in(calendar_of([meeting]))["SUMMARY"] == "Cancelled: AI procurement"
    cancelled = Invitation(meeting, "CANCEL").to("Ana", "ana@people.example", role="speaker", reply="accepted")
    assert event_in(cancelled)["SUMMARY"] == "AI procurement"
    assert "Called off: Rail strike" in event_in(cancelled)["DESCRIPTION"]


def test_a_message_names_its_method_and_is_stamped_now(make):
    content = calendar_of([make()])
    calendar = Calendar.from_ical(content)
    assert calendar["METHOD"] == "PUBLISH"
    assert timezone.now() - calendar.events[0]["DTSTAMP"].dt < dt.timedelta(minutes=1)


def test_several_share_a_file_and_a_zone(make):
    calendar = Calendar.from_ical(
        calendar_of([make(), make(starts_on=dt.date(2027, 5, 4)), make(start_time=None, end_time=None)])
    )
    assert (len(calendar.events), len(calendar.timezones)) == (3, 1)


def test_it_costs_no_query_for_an_engagement(make, django_assert_num_queries):
    meetings = [make(), make(), make()]
    with django_assert_num_queries(0):
        calendar_of(meetings)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=200))
@example("C:\\News\\new; a, b")
def test_any_title_comes_back_as_it_was_and_makes_no_line_too_long(title):
    """Without the control characters that RFC 5545 forbids."""
    meeting = Engagement(
        pk=1,
        title=title,
        kind="roundtable",
        status="planned",
        starts_on=dt.date(2026, 12, 8),
        created_at=timezone.now(),
        agreement_id=1,
    )
    meeting._prefetched_objects_cache = {"hosts": []}
    meeting.agreement = Engagement._meta.get_field("agreement").related_model(pk=1, name="A; B, C\\D", slug="a")
    content = calendar_of([meeting])
    back = event_in(content)["SUMMARY"]
    expected = "".join(
        c for c in title.replace("\r\n", "\n").replace("\r", "\n") if c in "\n\t" or (ord(c) >= 32 and ord(c) != 127)
    )
    assert str(back) == expected
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
