"""People are told at once of what concerns them, over a real mail server: exactly what they expect, and no more."""

import datetime as dt
from types import SimpleNamespace

import pytest
from icalendar import Calendar

from contacts.models import Person
from engagements.changes import EngagementChange
from engagements.models import Engagement, Participation
from engagements.operations.engagement import (
    add_people,
    cancel_engagement,
    change_engagement,
    delete_engagement,
    log_engagement,
    reinstate_engagement,
    take_attendance,
)
from engagements.operations.reply import give_reply
from reminders.deliveries import ledger
from reminders.models import CancellationNotice, Delivery
from reminders.operations.notifications import LastNotified, kind_for
from reminders.operations.sweeping import sweep
from reminders.queries import Reason
from tests.factories import PersonFactory
from tests.outbox.reading import files_of, read
from tests.reminders.conftest import NOW, make_rule

pytestmark = pytest.mark.usefixtures("clock")

TUESDAY, FRIDAY = dt.date(2026, 12, 8), dt.date(2026, 12, 11)


@pytest.fixture
def post(server):
    """A real mail server. ``post()`` sends what is due and gives what came since: ["Invitation to ana", ...]."""
    return SimpleNamespace(server=server, came=lambda now=None: came(server, now))


def came(server, now):
    """What the mail server got since the last look, sorted: the first word of the subject, and to whom."""
    server.received.clear()
    sweep(now or NOW)
    letters = [(read(content)["Subject"].split(":")[0], to.split("@")[0]) for to, content in server.received]
    return sorted(f"{subject} to {to}" for subject, to in letters)


@pytest.fixture
def people(cast):
    """Ana and Bo."""
    made = [PersonFactory(agreement=cast.agreement, name=n, email=f"{n.lower()}@people.example") for n in ("Ana", "Bo")]
    return SimpleNamespace(ana=made[0], bo=made[1], all=made)


@pytest.fixture
def meeting(cast, people):
    """A roundtable to come that the officer has just logged with Ana and Bo."""
    return log(cast, people.all)


def log(cast, people, **fields):
    facts = {"title": "AI roundtable", "kind": "roundtable", "starts_on": TUESDAY, "start_time": dt.time(14)} | fields
    notify = facts.pop("notify", True)
    engagement = Engagement(agreement=cast.agreement, **facts)
    return log_engagement(engagement, people=people, notify=notify, by=cast.officer)


def move(cast, meeting, notify=True, **fields):
    meeting.refresh_from_db()
    for name, value in (fields or {"starts_on": FRIDAY}).items():
        setattr(meeting, name, value)
    return change_engagement(meeting, notify=notify, by=cast.officer)


def fates(meeting):
    rows = Delivery.objects.filter(engagement=meeting).exclude(kind="reminder").order_by("id")
    return [(row.person.name, row.kind, row.state, row.reason) for row in rows.select_related("person")]


INVITED = ["Invitation to ana", "Invitation to bo"]


def test_whoever_is_added_to_something_to_come_is_invited_once_with_a_request_for_their_calendar(cast, meeting, post):
    assert post.came() == INVITED
    [file] = files_of(post.server.received[0][1])
    assert (file["METHOD"], file.walk("VEVENT")[0]["UID"]) == ("REQUEST", str(meeting.uid))
    assert post.came() == []
    cara = PersonFactory(agreement=cast.agreement, name="Cara", email="cara@people.example")
    add_people(meeting, [cara], by=cast.officer)
    assert post.came() == ["Invitation to cara"]


def test_of_something_logged_afterwards_nobody_is_told(cast, people, post):
    past = log(cast, people.all, starts_on=dt.date(2026, 11, 2))
    add_people(past, [PersonFactory(agreement=cast.agreement)], by=cast.officer)
    cancel_engagement(past, by=cast.officer)
    assert post.came() == []
    assert not Delivery.objects.exists()


def test_who_does_it_is_not_told_of_it_but_of_what_others_do_afterwards(cast, people, post):
    mine = Person.objects.get(user=cast.officer)
    meeting = log(cast, [mine, people.ana])
    assert post.came() == ["Invitation to ana"]
    assert (mine.name, "invitation", "skipped", Reason.SELF) in fates(meeting)
    meeting.starts_on = FRIDAY
    change_engagement(meeting, by=cast.lead)
    assert post.came() == ["Moved to ana", "Moved to officer"]


def test_a_move_before_the_invitation_went_makes_it_one_invitation_to_the_new_date(cast, meeting, post):
    move(cast, meeting)
    assert post.came() == INVITED
    assert "11 December" in str(read(post.server.received[0][1])["Subject"])
    assert fates(meeting)[0] == ("Ana", "invitation", "superseded", Reason.NEWER)


def test_a_move_after_it_is_told_once_with_the_same_uid_and_a_higher_sequence(cast, meeting, post):
    post.came()
    [before] = [file.walk("VEVENT")[0] for file in files_of(post.server.received[0][1])]
    move(cast, meeting)
    move(cast, meeting, start_time=dt.time(15))
    assert post.came() == ["Moved to ana", "Moved to bo"]
    [after] = [file.walk("VEVENT")[0] for file in files_of(post.server.received[0][1])]
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTART"].dt.strftime("%d %H:%M") == "11 15:00"
    assert post.came() == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"venue": "Smith Square"}, ["Moved to ana", "Moved to bo"]),
        ({"joining_link": "https://meet.example/1"}, ["Moved to ana", "Moved to bo"]),
        ({"title": "AI and procurement"}, []),
        ({"summary": "What we talk about"}, []),
    ],
)
def test_another_place_is_a_move_another_title_is_none(cast, meeting, post, change, told):
    post.came()
    move(cast, meeting, **change)
    assert post.came() == told


def test_cancelled_before_the_invitation_went_neither_is_sent(cast, meeting, post):
    cancel_engagement(meeting, by=cast.officer)
    assert post.came() == []
    assert fates(meeting) == [(name, "invitation", "skipped", Reason.CANCELLED) for name in ("Ana", "Bo")]
    reinstate_engagement(meeting, by=cast.officer)
    assert post.came() == INVITED


def test_cancelled_after_it_takes_it_out_of_calendars_and_on_again_puts_it_back(cast, meeting, post):
    post.came()
    cancel_engagement(meeting, reason="The speaker is ill.", by=cast.officer)
    assert post.came() == ["Cancelled to ana", "Cancelled to bo"]
    content = post.server.received[0][1]
    [file] = files_of(content)
    assert (file["METHOD"], file.walk("VEVENT")[0]["STATUS"]) == ("CANCEL", "CANCELLED")
    assert "The speaker is ill." in read(content).get_body(("plain",)).get_content()
    reinstate_engagement(meeting, by=cast.officer)
    assert post.came() == ["On again to ana", "On again to bo"]
    assert post.came() == []


def test_on_again_before_the_cancellation_went_neither_is_sent(cast, meeting, post):
    post.came()
    cancel_engagement(meeting, by=cast.officer)
    reinstate_engagement(meeting, by=cast.officer)
    assert post.came() == []


def test_deleted_before_the_invitation_went_nothing_is_sent(cast, meeting, post):
    delete_engagement(meeting, by=cast.officer)
    assert post.came() == []


def test_deleted_after_it_everyone_hears_that_it_is_off_though_nothing_of_it_is_left(cast, meeting, post):
    post.came()
    uid = str(meeting.uid)
    delete_engagement(meeting, by=cast.officer)
    assert not Engagement.objects.exists()
    assert post.came() == ["Cancelled to ana", "Cancelled to bo"]
    [file] = files_of(post.server.received[0][1])
    event = file.walk("VEVENT")[0]
    assert (file["METHOD"], event["UID"], event["STATUS"]) == ("CANCEL", uid, "CANCELLED")
    assert post.came() == []


def test_what_was_kept_of_a_deleted_engagement_goes_once_it_is_mailed(cast, meeting, post):
    post.came()
    delete_engagement(meeting, by=cast.officer)
    ledger.purge(NOW)
    assert CancellationNotice.objects.exists()
    post.came()
    ledger.purge(NOW)
    assert not CancellationNotice.objects.exists()


def test_cancelled_and_then_deleted_is_told_once(cast, meeting, post):
    post.came()
    cancel_engagement(meeting, by=cast.officer)
    assert post.came() == ["Cancelled to ana", "Cancelled to bo"]
    delete_engagement(meeting, by=cast.officer)
    assert post.came() == []


def test_added_and_removed_before_the_invitation_went_nothing_is_sent(cast, meeting, people, post):
    take_off(cast, meeting, people.bo)
    assert post.came() == ["Invitation to ana"]
    assert ("Bo", "invitation", "skipped", Reason.REMOVED) in fates(meeting)


def test_removed_after_it_is_told_and_added_again_is_invited_again(cast, meeting, people, post):
    post.came()
    take_off(cast, meeting, people.bo)
    assert post.came() == ["No longer invited to bo"]
    add_people(meeting, [people.bo], by=cast.officer)
    assert post.came() == ["Invitation to bo"]
    take_off(cast, meeting, people.bo)
    add_people(meeting, [people.bo], by=cast.officer)
    assert post.came() == []


def take_off(cast, meeting, person):
    rows = list(Participation.objects.filter(engagement=meeting, person=person))
    take_attendance(meeting, [], removed=rows, by=cast.officer)


def test_of_a_move_those_hear_too_who_had_declined_the_old_date_of_a_cancellation_they_do_not(cast, meeting, post):
    """Having declined the new date as well: what they said to the old one says nothing of it."""
    post.came()
    Participation.objects.filter(person__name="Bo").update(reply="declined")
    move(cast, meeting)
    assert post.came() == ["Moved to ana", "Moved to bo"]
    place = Participation.objects.get(person__name="Bo")
    give_reply(place, "declined", version=place.engagement.schedule_version, by=None)
    cancel_engagement(meeting, by=cast.officer)
    assert post.came() == ["Cancelled to ana"]


@pytest.mark.parametrize("act", ["log", "move", "cancel", "reinstate", "delete"])
def test_saved_without_telling_anyone_nobody_is_told_and_the_ledger_says_so(cast, people, post, act):
    meeting = log(cast, people.all, notify=act != "log")
    if act != "log":
        assert post.came() == INVITED
    if act == "move":
        move(cast, meeting, notify=False)
    if act == "reinstate":
        cancel_engagement(meeting, by=cast.officer)
        post.came()
        reinstate_engagement(meeting, notify=False, by=cast.officer)
    if act == "cancel":
        cancel_engagement(meeting, notify=False, by=cast.officer)
    if act == "delete":
        delete_engagement(meeting, notify=False, by=cast.officer)
    assert post.came() == []
    assert Delivery.objects.filter(state="skipped", reason=Reason.SILENT).count() == 2


def test_saved_quietly_before_the_invitation_went_it_goes_with_what_is_so_now(cast, meeting, post):
    move(cast, meeting, notify=False)
    assert post.came() == INVITED
    assert "11 December" in str(read(post.server.received[0][1])["Subject"])


def test_who_was_invited_quietly_hears_of_a_move(cast, people, post):
    meeting = log(cast, people.all, notify=False)
    move(cast, meeting)
    assert post.came() == ["Moved to ana", "Moved to bo"]


def test_who_took_part_before_people_were_told_at_once_hears_of_changes_as_who_was_invited(cast, meeting, post):
    Delivery.objects.all().delete()
    cancel_engagement(meeting, by=cast.officer)
    reinstate_engagement(meeting, by=cast.officer)
    assert post.came() == []
    cancel_engagement(meeting, by=cast.officer)
    assert post.came() == ["Cancelled to ana", "Cancelled to bo"]


def test_whose_invitation_waits_for_the_mail_server_is_not_told_of_a_cancellation(cast, meeting, post):
    post.server.replies["ana@people.example"] = "451 try later"
    assert post.came() == ["Invitation to bo"]
    post.server.replies.clear()
    cancel_engagement(meeting, by=cast.officer)
    assert post.came(NOW + dt.timedelta(minutes=2)) == ["Cancelled to bo"]


@pytest.mark.parametrize("heard", LastNotified)
def test_what_somebody_is_told_follows_from_what_they_have_heard(heard):
    knows = heard in (LastNotified.ON, LastNotified.UNKNOWN)
    assert kind_for(heard, EngagementChange(is_off=True)) == ("cancelled" if knows else None)
    assert kind_for(heard, EngagementChange(removed=frozenset([1])), is_removed=True) == ("removed" if knows else None)
    assert kind_for(heard, EngagementChange(is_moved=True)) == ("moved" if knows else "invitation")
    assert kind_for(heard, EngagementChange(is_on=True)) == (None if heard == LastNotified.ON else "invitation")
    assert kind_for(heard, EngagementChange(added=frozenset([1])), is_added=True) == (
        None if heard == LastNotified.ON else "invitation"
    )


REMINDED = NOW + dt.timedelta(days=5)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda cast, meeting: move(cast, meeting), ["Moved to ana", "Moved to bo"]),
        (lambda cast, meeting: cancel_engagement(meeting, by=cast.officer), ["Cancelled to ana", "Cancelled to bo"]),
        (lambda cast, meeting: delete_engagement(meeting, by=cast.officer), ["Cancelled to ana", "Cancelled to bo"]),
    ],
)
def test_after_the_reminder_went_too_one_mail_each_tells_of_the_change(cast, meeting, post, clock, change, told):
    make_rule(cast.agreement, 2)
    assert post.came() == INVITED
    clock.move_to(REMINDED)
    assert post.came(REMINDED) == ["Reminder to ana", "Reminder to bo"]
    change(cast, Engagement.objects.get())
    assert post.came(REMINDED) == told


@pytest.mark.parametrize(("notify", "told"), [(True, INVITED), (False, [])])
def test_of_a_meeting_tomorrow_the_invitation_is_the_only_mail_and_none_where_nobody_is_to_be_told(
    cast, people, post, notify, told
):
    make_rule(cast.agreement, 7, 2)
    log(cast, people.all, starts_on=NOW.date() + dt.timedelta(days=1), notify=notify)
    assert post.came() == told
    assert post.came(NOW + dt.timedelta(hours=12)) == []


def test_moved_to_tomorrow_it_is_told_once_and_not_reminded_of_in_the_same_minute(cast, meeting, post):
    make_rule(cast.agreement, 2)
    post.came()
    move(cast, meeting, starts_on=NOW.date() + dt.timedelta(days=1))
    assert post.came() == ["Moved to ana", "Moved to bo"]
    assert post.came() == []


def test_before_the_reminder_went_a_moved_meeting_is_reminded_of_by_its_new_date_alone(cast, meeting, post, clock):
    make_rule(cast.agreement, 2)
    post.came()
    move(cast, meeting)
    assert post.came() == ["Moved to ana", "Moved to bo"]
    clock.move_to(REMINDED)
    assert post.came(REMINDED) == []
    later = NOW + dt.timedelta(days=8)
    clock.move_to(later)
    assert post.came(later) == ["Reminder to ana", "Reminder to bo"]


def test_the_calendar_file_stands_beside_the_words_where_outlook_and_google_look_and_is_attached(meeting, post):
    post.came()
    letter = read(post.server.received[0][1])
    words, attached = letter.get_payload()
    assert words.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in words.get_payload()] == ["text/plain", "text/html", "text/calendar"]
    beside = words.get_payload()[-1]
    assert (beside.get_param("method"), beside.get_content_charset()) == ("REQUEST", "utf-8")
    assert beside.get_content_disposition() is None
    assert (attached.get_content_type(), attached.get_filename()) == ("application/ics", "invite.ics")
    assert attached.get_payload(decode=True) == beside.get_payload(decode=True)


def test_the_file_names_its_reader_and_nobody_else(meeting, post):
    post.came()
    for to, content in post.server.received:
        [file] = files_of(content)
        assert isinstance(file, Calendar)
        attendees = file.walk("VEVENT")[0].get("ATTENDEE")
        assert str(attendees).lower() == f"mailto:{to}"
