"""A reply belongs to the date it was given for."""

import datetime as dt

import pytest
from django.db import IntegrityError
from django.urls import reverse
from icalendar import Calendar

from engagements.models import Engagement, Participation
from engagements.operations.engagement import (
    cancel_engagement,
    change_engagement,
    reinstate_engagement,
    take_attendance,
)
from engagements.operations.reply import give_reply
from engagements.presenters.replies import reply_path
from reminders.notifications.notices import calendar_file
from tests.engagements.pages import address, day, planned
from tests.factories import ParticipationFactory, PersonFactory
from tests.markup import one_line

REPLIES = {"Ana": "accepted", "Bo": "tentative", "Cy": "declined", "Di": ""}
MOVES = {
    "another day": {"starts_on": day(15)},
    "another hour": {"start_time": dt.time(13)},
    "a later end": {"end_time": dt.time(17)},
    "another zone": {"time_zone": "Europe/Brussels"},
    "no time any more": {"start_time": None, "end_time": None},
}


@pytest.fixture
def meeting(cast):
    """A workshop in a week, to which three of four have replied."""
    meeting = planned(cast, title="AI procurement", start_time=dt.time(14), end_time=dt.time(15, 30))
    for name, reply in REPLIES.items():
        person = PersonFactory(agreement=cast.agreement, name=name, email=f"{name}@council.example")
        place = ParticipationFactory(engagement=meeting, person=person)
        if reply:
            give_reply(place, reply, version=1, note=f"From {name}", by=None)
    return meeting


def change(meeting, **fields):
    meeting = Engagement.objects.get(pk=meeting.pk)
    for name, value in fields.items():
        setattr(meeting, name, value)
    return change_engagement(meeting, by=None)


def replies(field="reply"):
    return dict(Participation.objects.values_list("person__name", field))


def place_of(name):
    return Participation.objects.select_related("person").get(person__name=name)


@pytest.mark.parametrize("fields", MOVES.values(), ids=MOVES)
def test_after_a_move_all_are_asked_again(meeting, fields):
    change(meeting, **fields)
    assert set(replies().values()) == {""}
    assert replies("earlier_reply") == REPLIES


@pytest.mark.parametrize("fields", [{"venue": "Smith Square"}, {"title": "Procurement"}, {"mode": "online"}])
def test_any_other_change_leaves_the_replies(meeting, fields):
    change(meeting, **fields)
    assert replies() == REPLIES


def test_moved_back_each_has_the_reply_to_that_date_and_one_given_meanwhile_is_to_the_other(meeting):
    change(meeting, starts_on=day(15))
    give_reply(place_of("Bo"), "declined", version=2, by=None)
    change(meeting, starts_on=meeting.starts_on)
    assert replies() == REPLIES | {"Bo": ""}
    assert replies("earlier_reply") == {"Ana": "", "Bo": "declined", "Cy": "", "Di": ""}
    assert place_of("Ana").note == "From Ana"


def test_called_off_and_on_again_on_the_same_date_the_replies_stand(meeting):
    cancel_engagement(meeting, by=None)
    reinstate_engagement(Engagement.objects.get(pk=meeting.pk), by=None)
    assert replies() == REPLIES


def test_the_times_of_a_meeting_that_is_over_are_put_right_without_asking_anybody(cast):
    held = planned(cast, status="held", starts_on=day(-2), start_time=dt.time(14))
    ParticipationFactory(engagement=held, reply="accepted")
    change(held, start_time=dt.time(13))
    assert list(Participation.objects.values_list("reply", "earlier_reply")) == [("accepted", "")]


def test_calendars_are_told_that_an_answer_is_needed(meeting):
    moved = change(meeting, starts_on=day(15))
    place = place_of("Ana")
    [event] = Calendar.from_ical(calendar_file(moved, place.person, "REQUEST", {"reply": place.reply}).content).events
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"


def test_pages_say_what_was_said_to_the_earlier_date(cast, meeting, client, sign_in):
    change(meeting, starts_on=day(15))
    page = sign_in(cast.officer).get(meeting.get_absolute_url()).content.decode()
    for words in ("Said yes to the earlier date", "Said maybe to the earlier date", "Said no to the earlier date"):
        assert words in page
    sheet = sign_in(cast.officer).get(address("attendance", meeting)).content.decode()
    assert "Said yes to the earlier date" in sheet
    mine = client.get(reply_path(place_of("Ana").pk, 2, "accepted")).content.decode()
    assert "You said yes to the earlier date" in mine
    assert f"{meeting.starts_on:%A %-d %B %Y}, 14:00" in mine


def test_whoever_signs_in_is_asked_again_on_the_record_and_in_their_week(cast, meeting, sign_in):
    person = cast.agreement.people.get(user=cast.viewer)
    give_reply(ParticipationFactory(engagement=meeting, person=person), "accepted", version=1, by=None)
    change(meeting, starts_on=day(5))
    client = sign_in(cast.viewer)
    assert "You said yes to the earlier date." in one_line(client.get(meeting.get_absolute_url()).content.decode())
    week = client.get(reverse("dashboards:my_week", args=[cast.agreement.slug]))
    assert [each.title for each in week.context["unanswered"]] == ["AI procurement"]


def test_a_new_reply_takes_the_place_of_the_earlier_one(meeting):
    change(meeting, starts_on=day(15))
    give_reply(place_of("Ana"), "declined", version=2, sent_apologies=True, deputy="Ed", by=None)
    row = place_of("Ana")
    assert (row.reply, row.earlier_reply, row.note, row.deputy) == ("declined", "", "", "Ed")
    row.record_reply("accepted", row.replied_at)
    take_attendance(meeting, [row], by=None)
    assert (place_of("Ana").sent_apologies, place_of("Ana").deputy) == (False, "")


@pytest.mark.parametrize(
    "fields",
    [
        {"earlier_reply": "accepted"},
        {"reply": "accepted", "sent_apologies": True},
        {"reply": "", "deputy": "Ed"},
    ],
)
def test_the_database_refuses_half_a_reply(meeting, fields):
    with pytest.raises(IntegrityError):
        Participation.objects.filter(person__name="Di").update(**fields)
