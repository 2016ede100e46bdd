"""Emails about a change wait ten minutes: they are joined, shown, sent at once or undone. Over a real mail server."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.models import Action, Engagement, Participation, Series
from engagements.operations.action import add_action
from engagements.operations.engagement import (
    add_people,
    cancel_engagement,
    change_engagement,
    delete_engagement,
    log_engagement,
    reinstate_engagement,
    take_attendance,
)
from engagements.operations.series import change_this_and_later, start_series
from reminders.deliveries.pending import send_at
from reminders.models import Delivery
from reminders.operations.notifications import send_record
from reminders.operations.sweeping import sweep
from reminders.queries import Reason
from tests.factories import PersonFactory
from tests.outbox.reading import files_of, read
from tests.reminders.conftest import NOW, make_rule

pytestmark = pytest.mark.usefixtures("clock", "_ten_minutes")

TUESDAY, FRIDAY, MONDAY = (dt.date(2026, 12, day) for day in (8, 11, 14))
LEAD = "/agreements/lga-techuk"


@pytest.fixture
def _ten_minutes(settings):
    settings.NOTIFY_AFTER_MINUTES = 10


@pytest.fixture
def post(server, clock):
    """``post.at(minutes)`` moves the clock to so long after noon and gives the (reader, subject) that came by then."""

    def at(minutes):
        clock.move_to(NOW + dt.timedelta(minutes=minutes))
        server.received.clear()
        sweep()
        return sorted((to.split("@")[0], str(read(content)["Subject"])) for to, content in server.received)

    return SimpleNamespace(at=at, content=lambda: server.received[0][1])


@pytest.fixture
def people(cast):
    names = ("Ana", "Bo")
    return [PersonFactory(agreement=cast.agreement, name=n, email=f"{n.lower()}@people.example") for n in names]


def log(cast, people, **fields):
    facts = {"title": "AI", "kind": "roundtable", "starts_on": TUESDAY, "start_time": dt.time(14)} | fields
    return log_engagement(Engagement(agreement=cast.agreement, **facts), people=people, by=cast.officer)


def change(cast, meeting, verb=change_engagement, **fields):
    meeting = Engagement.objects.get(pk=meeting.pk)
    for name, value in fields.items():
        setattr(meeting, name, value)
    return verb(meeting, by=cast.officer)


def fates(**which):
    return sorted(Delivery.objects.exclude(kind="reminder").filter(**which).values_list("kind", "state", "reason"))


INVITED = "Invitation: AI, Tuesday 8 December 2026, 14:00"


@pytest.fixture
def told(cast, people, post):
    """A meeting to which Ana and Bo were invited; it is noon and eleven minutes."""
    meeting = log(cast, people)
    assert post.at(11) == [("ana", INVITED), ("bo", INVITED)]
    return meeting


def test_an_invitation_goes_ten_minutes_after_it_was_saved(cast, people, post):
    log(cast, people)
    assert post.at(9) == []
    assert post.at(10) == [("ana", INVITED), ("bo", INVITED)]
    assert post.at(30) == []


def test_moved_twice_within_ten_minutes_is_one_email_with_the_final_date(cast, told, post):
    change(cast, told, starts_on=FRIDAY)
    assert post.at(17) == []
    change(cast, told, starts_on=MONDAY, start_time=dt.time(9))
    assert post.at(20) == []
    moved = "Moved: AI, Monday 14 December 2026, 09:00"
    assert post.at(21) == [("ana", moved), ("bo", moved)]
    assert "was Tuesday 8 December 2026" in read(post.content()).get_body(("plain",)).get_content()
    assert post.at(40) == []


def test_changes_saved_again_and_again_do_not_put_the_first_email_off(cast, told, post):
    for minutes in (12, 15, 18, 20):
        post.at(minutes)
        change(cast, told, start_time=dt.time(15, minutes))
    assert [subject for _, subject in post.at(22)] == ["Moved: AI, Tuesday 8 December 2026, 15:20"] * 2


def test_invited_and_removed_within_ten_minutes_is_no_email_at_all(cast, people, post):
    meeting = log(cast, people[:1])
    add_people(meeting, people[1:], by=cast.officer)
    post.at(5)
    bo = Participation.objects.filter(engagement=meeting, person=people[1])
    take_attendance(meeting, [], removed=list(bo), by=cast.officer)
    assert post.at(30) == [("ana", INVITED)]


def test_cancelled_before_the_invitation_went_nobody_hears_of_it(cast, people, post):
    meeting = log(cast, people)
    post.at(5)
    cancel_engagement(meeting, by=cast.officer)
    assert post.at(30) == []


def test_cancelled_and_reinstated_within_ten_minutes_is_no_email(cast, told, post):
    cancel_engagement(told, by=cast.officer)
    post.at(15)
    reinstate_engagement(told, by=cast.officer)
    assert post.at(40) == []


@pytest.mark.parametrize(
    ("before", "after", "waits"),
    [
        (None, dt.timedelta(hours=2), True),
        (None, dt.timedelta(minutes=50), False),
        (dt.timedelta(days=3), dt.timedelta(minutes=50), False),
        (dt.timedelta(minutes=50), dt.timedelta(days=3), False),
        (None, dt.timedelta(hours=-3), False),
    ],
)
def test_what_starts_within_the_hour_or_was_to_start_goes_at_once(before, after, waits):
    starts = [NOW + after, before and NOW + before]
    assert send_at(NOW, *starts) == (NOW + dt.timedelta(minutes=10) if waits else NOW)


def test_a_meeting_moved_to_start_within_the_hour_is_told_at_once(cast, told, post):
    change(cast, told, starts_on=NOW.date(), start_time=dt.time(12, 40))
    assert len(post.at(11)) == 2


def test_three_actions_from_one_engagement_are_one_email_to_their_owner(cast, people, post):
    ana, bo = people
    past = log(cast, people, starts_on=dt.date(2026, 11, 24))
    for title, owner in (("Write", ana), ("Print", ana), ("Post", bo)):
        add_action(Action(agreement=cast.agreement, engagement=past, title=title, owner_person=owner), by=cast.officer)
    post.at(6)
    late = Action(agreement=cast.agreement, engagement=past, title="File", owner_person=ana)
    add_action(late, by=cast.officer)
    came = post.at(10)
    assert came == [("ana", "3 actions for you: AI"), ("bo", "An action for you: Post")]
    words = read(post.content()).get_body(("plain",)).get_content()
    assert [words.count(title) for title in ("Write", "Print", "File", "Post")] == [1, 1, 1, 0]
    assert "because they are all from “AI”" in words
    assert post.at(40) == []


def test_actions_from_different_engagements_are_emails_of_their_own(cast, people, post):
    ana = people[0]
    for title in ("One", "Two"):
        past = log(cast, people, title=title, starts_on=dt.date(2026, 11, 24))
        add_action(Action(agreement=cast.agreement, engagement=past, title="Do", owner_person=ana), by=cast.officer)
    assert [reader for reader, _ in post.at(10)] == ["ana", "ana"]


def test_the_record_takes_along_the_actions_that_wait_and_keeps_its_own_text(cast, people, post):
    past = log(cast, people, starts_on=dt.date(2026, 11, 24), outcomes="We agreed on a plan.")
    action = Action(agreement=cast.agreement, engagement=past, title="Write", owner_person=people[0])
    add_action(action, by=cast.officer)
    post.at(3)
    send_record(past, by=cast.officer)
    came = dict(post.at(4))
    assert came == {
        "ana": "Record: AI, 24 November 2026, and 1 more thing",
        "bo": "Record: AI, 24 November 2026",
    }
    letter = read(post.content())
    for part in ("plain", "html"):
        words = letter.get_body((part,)).get_content()
        assert "We agreed on a plan." in words
        assert "An action for you: Write" in words
        assert "also -->" not in words
    assert post.at(40) == []


def test_an_invitation_that_takes_an_action_along_is_still_a_calendar_request(cast, people, post):
    meeting = log(cast, people[:1])
    action = Action(agreement=cast.agreement, engagement=meeting, title="Prepare", owner_person=people[0])
    add_action(action, by=cast.officer)
    assert post.at(10) == [("ana", f"{INVITED}, and 1 more thing")]
    [file] = files_of(post.content())
    assert file["METHOD"] == "REQUEST"


def test_a_reminder_due_while_the_news_waits_goes_with_it(cast, people, post, clock):
    make_rule(cast.agreement, (0, dt.time(13)))
    meeting = log(cast, people[:1], starts_on=NOW.date(), start_time=dt.time(16))
    assert len(post.at(12)) == 1
    post.at(55)
    change(cast, meeting, venue="Smith Square")
    came = post.at(60) + post.at(65) + post.at(90)
    assert len(came) == 1, came


def test_starting_a_series_within_ten_minutes_of_its_first_date_is_one_invitation(cast, people, post):
    first = log(cast, people[:1])
    post.at(4)
    start_series(Series(agreement=cast.agreement, rule="FREQ=WEEKLY;BYDAY=TU", count=4), first, by=cast.officer)
    assert post.at(10) == [("ana", "Invitation: AI, 4 dates from Tuesday 8 December 2026, 14:00")]
    assert post.at(30) == []


def test_a_date_of_a_new_series_that_is_moved_goes_in_the_one_invitation(cast, people, post):
    series = start_series(
        Series(agreement=cast.agreement, rule="FREQ=WEEKLY;BYDAY=TU", count=4), log(cast, people[:1]), by=cast.officer
    )
    post.at(3)
    change(cast, Engagement.objects.get(series=series, series_date="2026-12-15"), starts_on=dt.date(2026, 12, 16))
    later = Engagement.objects.get(series=series, series_date="2026-12-22")
    change(cast, later, change_this_and_later, start_time=dt.time(10))
    assert len(post.at(10)) == 1
    words = read(post.content()).get_body(("plain",)).get_content()
    assert "Wednesday 16 December 2026" in words
    assert words.count("from 10:00") == 2
    assert post.at(30) == []


# What is shown, sent at once and undone


@pytest.fixture
def officer(cast, sign_in):
    return sign_in(cast.officer)


def press(officer, verb, about, pk):
    return officer.post(f"{LEAD}/reminders/pending/{about}/{pk}/{verb}/", follow=True).content.decode()


def test_the_record_shows_what_is_about_to_go_and_when(cast, people, officer, post):
    meeting = log(cast, people)
    page = officer.get(meeting.get_absolute_url()).content.decode()
    assert "2 emails go at 12:10." in page
    post.at(4)
    bo = PersonFactory(agreement=cast.agreement, name="Cy", email="cy@people.example")
    add_people(meeting, [bo], by=cast.officer)
    assert "3 emails go between 12:10 and 12:14." in officer.get(meeting.get_absolute_url()).content.decode()
    post.at(20)
    assert 'id="pending"' not in officer.get(meeting.get_absolute_url()).content.decode()


def test_a_viewer_is_shown_nothing_of_it(cast, people, sign_in):
    meeting = log(cast, people)
    assert 'id="pending"' not in sign_in(cast.viewer).get(meeting.get_absolute_url()).content.decode()


def test_send_now_sends_them_and_nothing_goes_twice(cast, people, officer, post):
    meeting = log(cast, people)
    post.at(2)
    assert "2 emails were sent now." in press(officer, "send", "engagement", meeting.pk)
    assert len(post.at(2)) == 2
    assert post.at(20) == []
    assert "they were sent or stopped" in press(officer, "send", "engagement", meeting.pk)


def test_undo_takes_back_the_emails_and_nothing_else(cast, people, officer, post):
    meeting = log(cast, people)
    assert "2 emails were stopped." in press(officer, "undo", "engagement", meeting.pk)
    assert fates() == [("invitation", "skipped", Reason.UNDONE)] * 2
    assert post.at(20) == []
    assert Participation.objects.filter(engagement=meeting).count() == 2
    assert "they were sent or stopped" in press(officer, "undo", "engagement", meeting.pk)


def test_who_was_not_invited_after_all_is_invited_when_it_is_moved(cast, people, officer, post):
    meeting = log(cast, people[:1])
    press(officer, "undo", "engagement", meeting.pk)
    change(cast, meeting, starts_on=FRIDAY)
    assert post.at(20) == [("ana", "Invitation: AI, Friday 11 December 2026, 14:00")]


def test_after_an_undone_move_the_next_one_says_when_its_reader_thinks_that_it_was(cast, told, officer, post):
    change(cast, told, starts_on=FRIDAY)
    press(officer, "undo", "engagement", told.pk)
    change(cast, told, starts_on=MONDAY)
    assert len(post.at(30)) == 2
    assert "was Tuesday 8 December 2026" in read(post.content()).get_body(("plain",)).get_content()


def test_what_is_undone_of_a_meeting_at_short_notice_is_not_made_up_for_by_an_old_reminder(cast, people, officer, post):
    make_rule(cast.agreement, 9)
    meeting = log(cast, people)
    press(officer, "undo", "engagement", meeting.pk)
    assert post.at(0) == []
    assert post.at(60) == []


def test_the_page_of_all_that_waits_has_each_thing_once(cast, people, officer, post):
    ana = people[0]
    log(cast, people, title="Alone")
    start_series(
        Series(agreement=cast.agreement, rule="FREQ=WEEKLY;BYDAY=TU", count=4),
        log(cast, people, title="Often"),
        by=cast.officer,
    )
    add_action(Action(agreement=cast.agreement, title="Free", owner_person=ana), by=cast.officer)
    with CaptureQueriesContext(connection) as few:
        page = officer.get(f"{LEAD}/reminders/pending/").content.decode()
    for title, sentence in (("Alone", "2 emails go"), ("Often", "2 emails go"), ("Free", "1 email goes")):
        assert page.count(f"<bdi>{title}</bdi>") == 1
        assert sentence in page
    for number in range(5):
        log(cast, people, title=f"More {number}")
    with CaptureQueriesContext(connection) as many:
        officer.get(f"{LEAD}/reminders/pending/")
    assert len(many) <= len(few)


def test_what_was_deleted_can_be_undone_there(cast, told, officer, post):
    delete_engagement(told, by=cast.officer)
    page = officer.get(f"{LEAD}/reminders/pending/").content.decode()
    assert "2 emails go at 12:21" in page
    gone = Delivery.objects.filter(is_gone=True, kind="cancelled").first()
    press(officer, "undo", "gone", gone.pk)
    assert post.at(30) == []


def test_somebody_elses_agreement_is_not_touched(cast, people, sign_in, post):
    meeting = log(cast, people)
    outsider = sign_in(cast.outsider)
    assert outsider.post(f"{LEAD}/reminders/pending/engagement/{meeting.pk}/undo/").status_code == 404
    elsewhere = outsider.post(f"/agreements/elsewhere/reminders/pending/engagement/{meeting.pk}/undo/")
    assert elsewhere.status_code == 302
    assert outsider.post(f"/agreements/elsewhere/reminders/pending/other/{meeting.pk}/undo/").status_code == 404
    assert len(post.at(10)) == 2
