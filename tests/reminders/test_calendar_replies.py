"""Replies from calendars, in the manner of several programs, read by the command that reads bounces."""

import datetime as dt
from contextlib import suppress

import pytest

from contacts.models import Person
from engagements.models import Engagement, Participation
from engagements.operations.engagement import cancel_engagement, change_engagement, log_engagement
from engagements.presenters.calendar_files import Invitation
from engagements.presenters.calendar_replies import LONGEST, read_calendar_reply
from outbox.bounces.reports import NotAReportError
from records.history import HistorySource, changes_of
from tests.factories import PersonFactory

pytestmark = pytest.mark.usefixtures("clock")

DAY = dt.date(2026, 12, 8)


@pytest.fixture
def meeting(cast):
    """A roundtable on 8 December at 14:00 in London, to which Ana and Bo are invited."""
    people = [
        PersonFactory(agreement=cast.agreement, name=name, email=f"{name}@people.example") for name in ("Ana", "Bo")
    ]
    facts = {"starts_on": DAY, "start_time": dt.time(14), "end_time": dt.time(15), "status": "planned"}
    engagement = Engagement(agreement=cast.agreement, title="AI", kind="roundtable", **facts)
    return log_engagement(engagement, people=people, by=cast.officer)


def google(uid, answer, *, sequence=0, start="DTSTART:20261208T140000Z", address="ana@people.example"):
    """As Google Calendar writes it: the time in UTC, the file beside the text and attached once more."""
    return f"""BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REPLY
BEGIN:VEVENT
{start}
DTEND:20261208T150000Z
DTSTAMP:20261202T090000Z
ORGANIZER;CN=Concord:mailto:bounces@concord.example
UID:{uid}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={answer};CN=Ana;X-NUM-GUESTS=0:mailto:{address}
SEQUENCE:{sequence}
STATUS:CONFIRMED
SUMMARY:AI
END:VEVENT
END:VCALENDAR
"""


def outlook(uid, answer, *, sequence=0):
    """As Exchange writes it: a zone of its own by a name of its own, the address in capitals, a comment, no CN."""
    return f"""BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:GMT Standard Time
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;PARTSTAT={answer}:MAILTO:Ana@People.example
COMMENT;LANGUAGE=en-GB:I will be ten minutes late.\\n
UID:{uid}
SUMMARY;LANGUAGE=en-GB:Accepted: AI
DTSTART;TZID=GMT Standard Time:20261208T140000
DTEND;TZID=GMT Standard Time:20261208T150000
CLASS:PUBLIC
PRIORITY:5
DTSTAMP:20261202T090000Z
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:{sequence}
X-MICROSOFT-CDO-APPT-SEQUENCE:{sequence}
END:VEVENT
END:VCALENDAR
"""


def apple(uid, answer, *, sequence=0):
    """As little as RFC 5546 (3.2.3) asks for: no times, no summary."""
    attendee = f'ATTENDEE;CN="Ana";EMAIL="ana@people.example";PARTSTAT={answer}:mailto:ana@people.example'
    event = f"BEGIN:VEVENT\n{attendee}\nDTSTAMP:20261202T090000Z\nORGANIZER:mailto:b@c.example\nUID:{uid}\n"
    event += f"SEQUENCE:{sequence}\nEND:VEVENT\n"
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Apple//\nMETHOD:REPLY\n{event}END:VCALENDAR\n"


def mail(file, sender="Ana <ana@people.example>", kind="text/calendar; charset=UTF-8; method=REPLY"):
    """The mail in which a calendar program sends a file."""
    return (
        f"From: {sender}\nTo: bounces@concord.example\nSubject: Accepted: AI\nMIME-Version: 1.0\n"
        'Content-Type: multipart/alternative; boundary="b"\n\n'
        "--b\nContent-Type: text/plain; charset=UTF-8\n\nAna has accepted.\n"
        f"--b\nContent-Type: {kind}\nContent-Transfer-Encoding: 8bit\n\n{file}\n--b--\n"
    ).encode()


def reply_of(name="Ana"):
    return Participation.objects.get(person__name=name).reply


@pytest.mark.parametrize("program", [google, outlook, apple])
@pytest.mark.parametrize(
    ("partstat", "reply"), [("ACCEPTED", "accepted"), ("TENTATIVE", "tentative"), ("DECLINED", "declined")]
)
def test_what_a_calendar_program_replies_is_recorded(meeting, command, program, partstat, reply):
    done = command(mail(program(meeting.uid, partstat)))
    assert (done.status, done.err) == (0, "")
    assert done.out == f"{Participation.Reply(reply).label}: ana@people.example, “AI”.\n"
    assert (reply_of(), reply_of("Bo")) == (reply, "")


def test_the_history_says_who_replied_and_the_record_was_not_edited(meeting, command):
    before = Engagement.objects.values_list("revision", "updated_at").get()
    command("-", stdin=mail(google(meeting.uid, "ACCEPTED")))
    assert Engagement.objects.values_list("revision", "updated_at").get() == before
    events = Participation.pgh_event_model.objects.filter(engagement=meeting)
    entries = changes_of(HistorySource(events, "person", "person"), people=Person.objects.all())
    assert [entry.who for entry in entries if entry.verb != "logged engagement"] == ["Ana"]


def test_to_our_own_request_as_a_program_answers_it(meeting, command, settings):
    """The organizer is the mailbox that the command reads, and a reply is asked for."""
    settings.BOUNCE_ADDRESS, settings.DEFAULT_FROM_EMAIL = "bounces@c.example", "Concord <concord@c.example>"
    request = Invitation(Engagement.objects.get()).to("Ana", "ana@people.example", role="participant", reply="")
    lines = request.decode().replace("\r\n ", "").splitlines()
    assert "ORGANIZER;CN=Concord:mailto:bounces@c.example" in lines
    assert any("RSVP=TRUE" in line for line in lines if line.startswith("ATTENDEE"))
    answer = request.replace(b"METHOD:REQUEST", b"METHOD:REPLY").replace(b"NEEDS-ACTION", b"TENTATIVE")
    assert command(mail(answer.decode().replace("\r\n", "\n"))).status == 0
    assert reply_of() == "tentative"
    settings.BOUNCE_ADDRESS = ""
    request = Invitation(Engagement.objects.get()).to("Ana", "ana@people.example", role="participant", reply="")
    assert b"RSVP=FALSE" in request
    assert b"mailto:concord@c.example" in request


def test_a_reply_to_an_earlier_date_is_not_taken_for_the_new_one(meeting, command, cast):
    meeting.starts_on = dt.date(2026, 12, 10)
    change_engagement(meeting, by=cast.officer)
    for program in (google, outlook, apple):
        done = command(mail(program(meeting.uid, "ACCEPTED")))
        assert (done.status, done.err) == (
            65, "ana@people.example replied to an earlier date, so nothing was recorded.\n",
        )  # fmt: skip
    assert reply_of() == ""
    assert command(mail(google(meeting.uid, "ACCEPTED", sequence=1, start="DTSTART:20261210T140000Z"))).status == 0
    assert reply_of() == "accepted"


def test_a_new_title_leaves_a_reply_to_the_same_time_good(meeting, command, cast):
    meeting.title = "AI in councils"
    change_engagement(meeting, by=cast.officer)
    assert command(mail(outlook(meeting.uid, "DECLINED"))).status == 0
    assert reply_of() == "declined"


def test_whole_days_are_compared_by_their_day(meeting, command, cast):
    Engagement.objects.update(start_time=None, end_time=None, sequence=3)
    for day, status in (("20261209", 65), ("20261208", 0)):
        assert command(mail(google(meeting.uid, "ACCEPTED", start=f"DTSTART;VALUE=DATE:{day}"))).status == status


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sender": "Bo <bo@people.example>"}, "somebody else has sent"),
        ({"sender": "Eve <eve@elsewhere.example>"}, "somebody else has sent"),
        ({"sender": ""}, "somebody else has sent"),
    ],
)
def test_nobody_replies_for_somebody_else(meeting, command, change, said):
    done = command(mail(google(meeting.uid, "ACCEPTED"), **change))
    assert done.status == 65
    assert said in done.err
    assert reply_of() == ""


def note_of(name="Ana"):
    return Participation.objects.get(person__name=name).note


def test_what_somebody_writes_beside_the_reply_is_its_note(meeting, command):
    command(mail(outlook(meeting.uid, "ACCEPTED")))
    assert note_of() == "I will be ten minutes late."
    command(mail(google(meeting.uid, "ACCEPTED")))
    assert note_of() == "I will be ten minutes late."
    command(mail(google(meeting.uid, "DECLINED")))
    assert note_of() == ""


@pytest.mark.parametrize(
    ("comments", "note"),
    [
        ("COMMENT:", ""),
        ("COMMENT;LANGUAGE=en-GB:\\n \\n", ""),
        ("COMMENT:On the 10:04\\, so\nCOMMENT:start without me", "On the 10:04, so start without me"),
        ("COMMENT:\u200bAna\u00a0B.\tCy\0", "Ana B. Cy"),
        ("COMMENT:" + "ab " * 200, ("ab " * 167)[:499] + "…"),
    ],
)
def test_a_note_is_one_line_of_a_length_that_is_kept(meeting, command, comments, note):
    file = google(meeting.uid, "TENTATIVE").replace("STATUS:CONFIRMED", comments)
    assert command(mail(file)).status == 0
    assert (reply_of(), note_of()) == ("tentative", note)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (lambda uid: google("not-a-uid", "ACCEPTED"), "not Concord's"),
        (lambda uid: google("7b0b6a4e-0000-4000-8000-000000000000", "ACCEPTED"), "Nobody with this address is invited"),
        (lambda uid: google(uid, "DELEGATED"), "neither accepts nor declines"),
        (lambda uid: google(uid, "NEEDS-ACTION"), "neither accepts nor declines"),
        (lambda uid: google(uid, "ACCEPTED").replace("METHOD:REPLY", "METHOD:COUNTER"), "proposes another time"),
        (lambda uid: google(uid, "ACCEPTED").replace("METHOD:REPLY", "METHOD:REQUEST"), "reports nothing"),
        (lambda uid: google(uid, "ACCEPTED") + "X" * LONGEST, "longer than any reply"),
        (lambda uid: google(uid, "ACCEPTED").replace("BEGIN:VEVENT", "BEGIN:"), "not one person's"),
        (lambda uid: google(uid, "ACCEPTED", start="DTSTART:yesterday", sequence=0), "cannot be read"),
        (lambda uid: google(uid, "ACCEPTED").replace("ATTENDEE;", "X-NOBODY;"), "not one person's"),
        (lambda uid: google(uid, "ACCEPTED").replace("SEQUENCE:0", "SEQUENCE:many"), "cannot be read"),
    ],
)
def test_what_cannot_be_taken_is_said_and_changes_nothing(meeting, command, file, said):
    done = command(mail(file(meeting.uid)))
    assert (done.status, done.out) == (65, "")
    assert said in done.err
    assert reply_of() == ""


def test_nobody_replies_to_what_is_off_or_over(meeting, command, cast, clock):
    clock.move_to(dt.datetime(2026, 12, 8, 23, 5, tzinfo=dt.UTC))
    assert "This meeting is over" in command(mail(google(meeting.uid, "ACCEPTED"))).err
    clock.move_to(dt.datetime(2026, 12, 2, tzinfo=dt.UTC))
    cancel_engagement(meeting, by=cast.officer)
    assert "cancelled" in command(mail(google(meeting.uid, "ACCEPTED", sequence=9))).err
    assert reply_of() == ""


def test_one_who_is_no_longer_invited_is_said_to_be_so(meeting, command):
    Participation.objects.filter(person__name="Ana").delete()
    assert "Nobody with this address is invited to it." in command(mail(google(meeting.uid, "ACCEPTED"))).err


def test_an_attached_file_of_another_type_and_several_mails_are_read_too(meeting, command):
    attached = mail(google(meeting.uid, "DECLINED"), kind='application/ics; name="invite.ics"')
    other = mail(google(meeting.uid, "ACCEPTED", address="bo@people.example"), sender="bo@people.example")
    done = command(attached, b"no mail", other)
    assert done.status == 0
    assert (reply_of(), reply_of("Bo")) == ("declined", "accepted")


def test_a_file_cut_off_anywhere_is_a_reply_or_a_sentence_and_never_a_failure():
    content = mail(outlook("7b0b6a4e-0000-4000-8000-000000000000", "ACCEPTED"))
    for end in range(0, len(content), 7):
        with suppress(NotAReportError):
            read_calendar_reply(content[:end])
