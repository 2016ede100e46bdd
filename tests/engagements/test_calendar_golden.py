"""Calendar files byte for byte, and read back by a second parser, which shares no code with the one that wrote them.

After a meant change: ``GOLDEN=write make test ARGS="-k golden"``, then look at the difference.
"""

import datetime as dt
import io
import os
import uuid
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil.tz import tzical
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from contacts.models import Organisation
from engagements.models import Engagement
from engagements.presenters.calendar_files import Invitation, calendar_of
from partnership.models import Agreement

FOLDER = Path(__file__).parent / "golden"
NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
LONDON = ZoneInfo("Europe/London")
AGREEMENT = Agreement(pk=1, name="LGA and techUK", slug="lga-techuk")

DAY = {"starts_on": dt.date(2026, 12, 8)}
AFTERNOON = DAY | {"start_time": dt.time(14), "end_time": dt.time(15, 30)}


def meeting(number=1, **fields):
    """An engagement that is in no database."""
    facts = {"kind": "roundtable", "status": "confirmed", "title": "AI procurement", "mode": "in_person"} | fields
    made = Engagement(
        pk=number,
        agreement=AGREEMENT,
        uid=uuid.UUID(int=number),
        created_at=NOW - dt.timedelta(days=30),
        updated_at=NOW - dt.timedelta(hours=1),
        **facts,
    )
    made._prefetched_objects_cache = {"hosts": [Organisation(name="Local Government Association", short_name="LGA")]}
    return made


def invitation(method, reply="", **fields):
    return Invitation(meeting(**fields), method).to("Zoë Müller", "zoe@council.example", role="speaker", reply=reply)


LONG = "Größere Änderungen der öffentlichen Beschaffung – für „kleine“ Anbieter, Räte; und alle 😀 übrigen Beteiligten"

FILES = {
    "file-timed": lambda: calendar_of([meeting(**AFTERNOON, venue="Smith Square, London")]),
    "file-whole-day": lambda: calendar_of([meeting(**DAY, status="planned")]),
    "file-several-days": lambda: calendar_of([meeting(**DAY, ends_on=dt.date(2026, 12, 10))]),
    "file-over-midnight": lambda: calendar_of(
        [meeting(**DAY, start_time=dt.time(22), ends_on=dt.date(2026, 12, 9), end_time=dt.time(1))]
    ),
    "file-other-zone": lambda: calendar_of([meeting(**AFTERNOON, time_zone="America/New_York", mode="online")]),
    "file-cancelled": lambda: calendar_of(
        [meeting(**AFTERNOON, status="cancelled", cancel_reason="Rail strike", sequence=2)]
    ),
    "file-long-words": lambda: calendar_of(
        [
            meeting(
                **AFTERNOON,
                title=LONG,
                venue="Rathaus\\Zimmer 5; 2. Stock, links",
                mode="hybrid",
                joining_link="https://meet.example/" + "x" * 90,
            )
        ]
    ),
    "mail-request": lambda: invitation("REQUEST", **AFTERNOON),
    "mail-request-moved-and-accepted": lambda: invitation("REQUEST", "accepted", **AFTERNOON, sequence=3),
    "mail-cancel": lambda: invitation(
        "CANCEL", "accepted", **AFTERNOON, status="cancelled", cancel_reason="Rail strike", sequence=4
    ),
    "feed": lambda: calendar_of(
        [meeting(**AFTERNOON), meeting(2, **DAY), meeting(3, **AFTERNOON, status="cancelled")],
        name="Concord: my meetings",
        alarms=False,
        poll=dt.timedelta(hours=1),
    ),
}


@pytest.fixture(autouse=True)
def fixed(settings, time_machine):
    time_machine.move_to(NOW, tick=False)
    settings.SITE_URL, settings.DEFAULT_FROM_EMAIL = "https://concord.example", "Concord <concord@concord.example>"


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_the_golden_one(name):
    content, golden = FILES[name](), FOLDER / f"{name}.ics"
    if os.environ.get("GOLDEN") == "write":
        golden.write_bytes(content)
    assert content == golden.read_bytes()


def test_no_golden_file_is_left_over():
    assert {path.stem for path in FOLDER.iterdir()} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_lines_that_end_as_they_must_and_are_short_enough(name):
    content = FILES[name]()
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 75
    for line in content.split(b"\r\n"):
        line.decode()  # no letter is cut in two


def read(content):
    """(the calendar, its events) by the second parser, which also validates it."""
    calendar = vobject.readOne(content.decode())
    calendar.validate(raiseException=True)
    return calendar, calendar.vevent_list


def only(content):
    """The one event of a file."""
    [event] = read(content)[1]
    return event


@pytest.mark.parametrize("name", FILES)
def test_a_second_parser_finds_each_file_valid_and_what_must_be_in_it(name):
    calendar, events = read(FILES[name]())
    assert calendar.method.value == (name.split("-")[1].upper() if name.startswith("mail") else "PUBLISH")
    for number, event in enumerate(events, 1):
        assert event.uid.value == str(uuid.UUID(int=number))
        assert event.dtstamp.value == NOW
        assert event.last_modified.value == NOW - dt.timedelta(hours=1)
        assert event.organizer.value == "mailto:concord@concord.example"
        assert event.url.value == f"https://concord.example/agreements/lga-techuk/engagements/{number}/"


def test_a_second_parser_finds_the_times():
    timed = only(FILES["file-timed"]())
    assert (timed.dtstart.value, timed.dtend.value) == (
        dt.datetime(2026, 12, 8, 14, tzinfo=LONDON), dt.datetime(2026, 12, 8, 15, 30, tzinfo=LONDON),
    )  # fmt: skip
    days = only(FILES["file-several-days"]())
    assert (days.dtstart.value, days.dtend.value) == (dt.date(2026, 12, 8), dt.date(2026, 12, 11))
    abroad = only(FILES["file-other-zone"]())
    assert abroad.dtstart.value == dt.datetime(2026, 12, 8, 19, tzinfo=dt.UTC)
    night = only(FILES["file-over-midnight"]())
    assert night.dtend.value - night.dtstart.value == dt.timedelta(hours=3)


def test_a_second_parser_finds_words_of_any_letters():
    event = only(FILES["file-long-words"]())
    assert event.summary.value == LONG
    assert event.location.value == "Rathaus\\Zimmer 5; 2. Stock, links and online"
    assert event.description.value.splitlines() == [
        "Roundtable, LGA and techUK", "Hosts: LGA", "Join: https://meet.example/" + "x" * 90,
    ]  # fmt: skip


def test_a_second_parser_finds_the_one_whom_a_mail_is_for():
    event = only(FILES["mail-request-moved-and-accepted"]())
    assert [attendee.value for attendee in event.attendee_list] == ["mailto:zoe@council.example"]
    assert event.attendee.params == {
        "CN": ["Zoë Müller"], "CUTYPE": ["INDIVIDUAL"], "PARTSTAT": ["ACCEPTED"], "ROLE": ["REQ-PARTICIPANT"],
        "RSVP": ["FALSE"],
    }  # fmt: skip
    assert event.sequence.value == "3"
    assert event.valarm.trigger.value == dt.timedelta(minutes=-15)


def test_a_second_parser_finds_a_feed_with_what_is_off_marked_so():
    calendar, events = read(FILES["feed"]())
    assert [(event.status.value, event.summary.value) for event in events] == [
        ("CONFIRMED", "AI procurement"), ("CONFIRMED", "AI procurement"), ("CANCELLED", "Cancelled: AI procurement"),
    ]  # fmt: skip
    assert calendar.contents["x-wr-calname"][0].value == calendar.contents["name"][0].value == "Concord: my meetings"
    assert calendar.contents["refresh-interval"][0].value == calendar.contents["x-published-ttl"][0].value == "PT1H"
    assert "valarm" not in events[0].contents


CLOCK_CHANGES = [dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2027, 3, 28), dt.date(2027, 10, 31)]


@hypothesis_settings(deadline=None)
@given(
    change=st.sampled_from(CLOCK_CHANGES),
    days=st.integers(-2, 2),
    start=st.integers(0, 24 * 60 - 1),
    lasts=st.integers(1, 40 * 60),
)
def test_around_each_change_of_the_clocks_a_second_parser_finds_the_moments_that_the_zone_has(
    change, days, start, lasts
):
    """By the VTIMEZONE in the file alone. A time that the clocks show twice or never is written in UTC."""
    begins = dt.datetime.combine(change + dt.timedelta(days=days), dt.time()) + dt.timedelta(minutes=start)
    ends = begins + dt.timedelta(minutes=lasts)
    when = {"starts_on": begins.date(), "start_time": begins.time(), "ends_on": ends.date(), "end_time": ends.time()}
    made = meeting(**when, time_zone="Europe/London")
    content = calendar_of([made])
    event, zone = only(content), tzical(io.StringIO(content.decode())).get("Europe/London")
    for found, meant in zip((event.dtstart.value, event.dtend.value), made.instants(), strict=True):
        own_words = found if found.tzinfo == vobject.icalendar.utc else found.replace(tzinfo=zone)
        assert own_words.astimezone(dt.UTC) == meant.astimezone(dt.UTC)
