"""What is done to many dates of a series at once is told each person in one mail, over a real mail server."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from icalendar import Calendar

from engagements.models import Engagement, Participation, Series
from engagements.operations.engagement import cancel_engagement, delete_engagement, log_engagement
from engagements.operations.series import (
    cancel_this_and_later,
    change_series,
    change_this_and_later,
    extend_all_series,
    put_back_date,
    start_series,
    stop_series,
)
from outbox.models import Message
from outbox.operations.sending import send_due
from reminders.models import Delivery, Preference
from reminders.operations.sweeping import sweep
from reminders.queries import Reason
from tests.factories import PersonFactory
from tests.outbox.reading import files_of, read
from tests.reminders.conftest import NOW, make_rule

pytestmark = pytest.mark.usefixtures("clock")

TUESDAY = dt.date(2026, 12, 8)


@pytest.fixture
def post(server):
    """A real mail server. ``post.came()`` sends what is due and gives the subjects that came, by reader."""
    return SimpleNamespace(server=server, came=lambda now=None: came(server, now))


def came(server, now):
    server.received.clear()
    sweep(now or NOW)
    return sorted((to.split("@")[0], str(read(content)["Subject"]).strip()) for to, content in server.received)


@pytest.fixture
def people(cast):
    names = ("Ana", "Bo")
    return [PersonFactory(agreement=cast.agreement, name=n, email=f"{n.lower()}@people.example") for n in names]


def log(cast, people, **fields):
    facts = {"title": "Catch-up", "kind": "bilateral", "starts_on": TUESDAY, "start_time": dt.time(14)} | fields
    return log_engagement(Engagement(agreement=cast.agreement, **facts), people=people, by=cast.officer)


def start(cast, first, rule="FREQ=WEEKLY;BYDAY=TU", count=6, notify=True):
    """A series of six Tuesdays."""
    series = Series(agreement=cast.agreement, rule=rule, count=count)
    return start_series(series, first, notify=notify, by=cast.officer)


@pytest.fixture
def series(cast, people, post):
    """Six Tuesdays from 8 December on, of which Ana and Bo have heard."""
    series = start(cast, log(cast, people))
    post.came()
    return series


def dates(series):
    return list(Engagement.objects.filter(series=series).order_by("starts_on"))


def text_of(content):
    return read(content).get_body(("plain",)).get_content()


def events_of(content):
    """(methods, {uid: event}) of the calendar files of a mail, each of which has one event."""
    files = files_of(content)
    events = [event for file in files for event in file.walk("VEVENT")]
    assert len(files) == len(events)
    return {str(file["METHOD"]) for file in files}, {str(event["UID"]): event for event in events}


def both(subject):
    return [("ana", subject), ("bo", subject)]


def test_starting_a_series_invites_each_person_by_one_mail_that_lists_its_dates(cast, people, post):
    first = log(cast, people)
    assert post.came() == both("Invitation: Catch-up, Tuesday 8 December 2026, 14:00")
    series = start(cast, first)
    assert post.came() == both("Invitation: Catch-up, 5 dates from Tuesday 15 December 2026, 14:00")
    content = post.server.received[0][1]
    words = text_of(content)
    assert "You are invited to these 5 meetings." in words
    for day in ("15 December 2026", "22 December 2026", "29 December 2026", "5 January 2027", "12 January 2027"):
        assert words.count(f"* Tuesday {day}, from 14:00") == 1
    methods, events = events_of(content)
    later = dates(series)[1:]
    assert methods == {"REQUEST"}
    assert set(events) == {str(each.uid) for each in later}
    assert post.came() == []


def test_in_the_ledger_each_date_has_a_delivery_of_its_own_in_one_message(series):
    rows = Delivery.objects.filter(kind="invitation", person__name="Ana", batch_id__isnull=False)
    assert rows.count() == 5
    assert set(rows.values_list("state", flat=True)) == {"sent"}
    assert len(set(rows.values_list("message", flat=True))) == 1


def test_the_dates_that_are_added_night_by_night_tell_nobody(cast, people, post, clock):
    start(cast, log(cast, people), count=None)
    post.came()
    later = NOW + dt.timedelta(days=40)
    clock.move_to(later)
    assert extend_all_series() > 0
    assert post.came(later) == []


def test_this_and_later_at_another_time_is_one_mail_with_old_and_new(cast, series, post):
    third = dates(series)[2]
    third.start_time = dt.time(16)
    change_this_and_later(third, by=cast.officer)
    assert post.came() == both("Moved: Catch-up, 4 dates from Tuesday 22 December 2026, 16:00")
    content = post.server.received[0][1]
    words = " ".join(text_of(content).split())
    assert "* Tuesday 22 December 2026, from 16:00 (London time) was Tuesday 22 December 2026, from 14:00" in words
    _, events = events_of(content)
    moved = dates(series)[2:]
    assert {uid: int(event["SEQUENCE"]) for uid, event in events.items()} == {
        str(each.uid): each.sequence for each in moved
    }
    assert all(each.sequence > 0 for each in moved)


def test_this_and_later_on_another_weekday_says_each_old_date(cast, series, post):
    third = dates(series)[2]
    third.starts_on += dt.timedelta(days=1)
    change_this_and_later(third, by=cast.officer)
    assert post.came() == both("Moved: Catch-up, 4 dates from Wednesday 23 December 2026, 14:00")
    words = " ".join(text_of(post.server.received[0][1]).split())
    assert "* Wednesday 6 January 2027, from 14:00 (London time) was Tuesday 5 January 2027, from 14:00" in words


def test_this_and_later_cancelled_is_one_mail_that_takes_all_out_of_the_calendar(cast, series, post):
    cancel_this_and_later(dates(series)[2], reason="The group is wound up.", by=cast.officer)
    assert post.came() == both("Cancelled: Catch-up, 4 dates from Tuesday 22 December 2026, 14:00")
    content = post.server.received[0][1]
    assert "These 4 meetings have been cancelled. The group is wound up." in text_of(content)
    _, events = events_of(content)
    assert {str(event["STATUS"]) for event in events.values()} == {"CANCELLED"}
    assert len(events) == 4
    assert "/reply/" not in text_of(content)


def test_somebody_added_to_this_and_later_is_invited_once_and_nobody_else_hears_of_it(cast, people, series, post):
    cara = PersonFactory(agreement=cast.agreement, name="Cara", email="cara@people.example")
    third = dates(series)[2]
    change_this_and_later(third, people=[*people, cara], by=cast.officer)
    assert post.came() == [("cara", "Invitation: Catch-up, 4 dates from Tuesday 22 December 2026, 14:00")]
    assert Participation.objects.filter(person=cara).count() == 4


def test_somebody_taken_off_this_and_later_hears_it_once(cast, people, series, post):
    third = dates(series)[2]
    change_this_and_later(third, people=people[:1], by=cast.officer)
    assert post.came() == [("bo", "No longer invited: Catch-up, 4 dates from Tuesday 22 December 2026, 14:00")]
    methods, events = events_of(post.server.received[0][1])
    assert (methods, len(events)) == ({"CANCEL"}, 4)
    assert all("STATUS" not in event for event in events.values())


def test_another_rule_is_one_mail_of_all_that_it_does(cast, series, post):
    """Every two weeks instead of every week: three dates stay, two go without a trace, new ones come."""
    series.rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"
    change_series(series, since=TUESDAY, by=cast.officer)
    told = post.came()
    assert [to for to, _ in told] == ["ana", "bo"]
    assert told[0][1].startswith("Changes: Catch-up, ")
    content = post.server.received[0][1]
    words = text_of(content)
    assert "These 3 meetings have been cancelled." in words
    assert "You are invited to these 3 meetings." in words
    methods, events = events_of(content)
    assert methods == {"REQUEST", "CANCEL"}
    states = [str(event["STATUS"]) for event in events.values()]
    assert (states.count("CANCELLED"), states.count("TENTATIVE")) == (3, 3)
    assert Engagement.objects.filter(series=series).count() == 6


def test_dates_that_went_without_a_trace_are_told_of_all_the_same(cast, series, post):
    uids = {str(each.uid) for each in dates(series)[3:]}
    series.count = 3
    change_series(series, since=TUESDAY, by=cast.officer)
    assert post.came() == both("Cancelled: Catch-up, 3 dates from Tuesday 29 December 2026, 14:00")
    content = post.server.received[0][1]
    words = text_of(content)
    assert "These 3 meetings have been cancelled." in words
    assert "* Tuesday 5 January 2027, from 14:00" in words
    assert "/reply/" not in words
    methods, events = events_of(content)
    assert (methods, set(events)) == ({"CANCEL"}, uids)
    for event in events.values():
        assert (str(event["STATUS"]), str(event["SUMMARY"])) == ("CANCELLED", "Catch-up")
        assert event["ATTENDEE"] == "mailto:ana@people.example"
    assert post.came() == []


def test_stopped_with_all_to_come_and_taken_up_again_is_one_mail_each(cast, series, post):
    stop_series(series, cancel_coming=True, reason="Enough.", by=cast.officer)
    assert post.came() == both("Cancelled: Catch-up, 6 dates from Tuesday 8 December 2026, 14:00")
    again = Series.objects.get()
    again.stopped_on, again.stop_reason = None, ""
    change_series(again, by=cast.officer)
    assert post.came() == both("On again: Catch-up, 6 dates from Tuesday 8 December 2026, 14:00")


def test_a_date_that_is_put_back_is_an_invitation_as_to_any_other(cast, series, post):
    delete_engagement(dates(series)[2], by=cast.officer)
    assert post.came() == both("Cancelled: Catch-up, Tuesday 22 December 2026, 14:00")
    put_back_date(Series.objects.get(), dt.date(2026, 12, 22), by=cast.officer)
    assert post.came() == both("Invitation: Catch-up, Tuesday 22 December 2026, 14:00")


@pytest.mark.parametrize("act", ["start", "move", "cancel", "people", "rule", "stop", "put back"])
def test_saved_without_telling_anyone_nobody_is_told_of_any_date(cast, people, post, act):
    first = log(cast, people)
    post.came()
    series = start(cast, first, notify=act != "start")
    assert len(post.came()) == (0 if act == "start" else 2)
    third = dates(series)[2]
    how = {"notify": False, "by": cast.officer}
    if act == "move":
        third.start_time = dt.time(16)
        change_this_and_later(third, **how)
    if act == "cancel":
        cancel_this_and_later(third, **how)
    if act == "people":
        change_this_and_later(third, people=people[:1], **how)
    if act == "rule":
        series.rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"
        change_series(series, since=TUESDAY, **how)
    if act == "stop":
        stop_series(series, cancel_coming=True, **how)
    if act == "put back":
        delete_engagement(third, **how)
        put_back_date(Series.objects.get(), dt.date(2026, 12, 22), **how)
    assert post.came() == []
    assert Delivery.objects.filter(state="skipped", reason=Reason.SILENT).exists()
    assert not Delivery.objects.filter(state="planned").exclude(kind="reminder").exists()


def test_a_date_that_was_cancelled_alone_before_the_mail_went_is_not_in_it(cast, people, post):
    first = log(cast, people)
    post.came()
    series = start(cast, first)
    cancel_engagement(dates(series)[2], by=cast.officer)
    assert post.came() == both("Invitation: Catch-up, 4 dates from Tuesday 15 December 2026, 14:00")
    assert set(events_of(post.server.received[0][1])[1]) == {
        str(each.uid) for each in dates(series)[1:] if each.status == "planned"
    }


def test_of_a_date_that_somebody_declined_they_do_not_hear_that_it_is_off(cast, series, post):
    third = dates(series)[2]
    Participation.objects.filter(person__name="Bo", engagement=third).update(reply="declined")
    cancel_this_and_later(third, by=cast.officer)
    assert post.came() == [
        ("ana", "Cancelled: Catch-up, 4 dates from Tuesday 22 December 2026, 14:00"),
        ("bo", "Cancelled: Catch-up, 3 dates from Tuesday 29 December 2026, 14:00"),
    ]


def test_more_dates_than_a_batch_takes_are_still_one_mail_each(cast, people, post, monkeypatch):
    from outbox.operations import sending

    monkeypatch.setattr(sending, "BATCH", (3, 3, 3))
    first = log(cast, people)
    start(cast, first, count=26)
    told = post.came()
    assert told == sorted(
        both("Invitation: Catch-up, Tuesday 8 December 2026, 14:00")
        + both("Invitation: Catch-up, 25 dates from Tuesday 15 December 2026, 14:00")
    )


def test_tried_again_it_is_the_same_mail_with_all_its_dates(cast, people, post, monkeypatch):
    from outbox.operations import sending

    monkeypatch.setattr(sending, "BATCH", (2, 2, 2))
    post.server.replies["ana@people.example"] = "451 later"
    start(cast, log(cast, people))
    post.came()
    post.server.replies.clear()
    told = post.came(NOW + dt.timedelta(minutes=2))
    assert told == [
        ("ana", "Invitation: Catch-up, 5 dates from Tuesday 15 December 2026, 14:00"),
        ("ana", "Invitation: Catch-up, Tuesday 8 December 2026, 14:00"),
    ]
    assert Message.objects.filter(person__name="Ana").count() == 2


def test_quiet_hours_put_off_all_of_it_or_nothing(cast, people, post, clock):
    Preference.objects.create(agreement=cast.agreement, person=people[0], quiet_from=dt.time(10), quiet_to=dt.time(18))
    start(cast, log(cast, people))
    assert {to for to, _ in post.came()} == {"bo"}
    evening = NOW + dt.timedelta(hours=6, minutes=1)
    clock.move_to(evening)
    assert post.came(evening) == [
        ("ana", "Invitation: Catch-up, 5 dates from Tuesday 15 December 2026, 14:00"),
        ("ana", "Invitation: Catch-up, Tuesday 8 December 2026, 14:00"),
    ]


def test_in_a_digest_the_dates_are_one_of_its_lines(cast, people, post, clock):
    Preference.objects.create(agreement=cast.agreement, person=people[0], invitations="daily")
    start(cast, log(cast, people))
    log(cast, people, title="Another thing", starts_on=dt.date(2026, 12, 17))
    assert {to for to, _ in post.came()} == {"bo"}
    morning = dt.datetime(2026, 12, 2, 8, tzinfo=dt.UTC)
    clock.move_to(morning)
    told = post.came(morning)
    assert [to for to, _ in told] == ["ana"]
    assert told[0][1].startswith("3 things from ")
    words = text_of(post.server.received[0][1])
    assert "* Invitation: Catch-up\r\n  5 dates from Tuesday 15 December 2026, from 14:00" in words


def test_who_wants_no_invitations_is_told_of_none_and_the_list_says_so_for_each(cast, people, post):
    Preference.objects.create(agreement=cast.agreement, person=people[0], invitations="off")
    start(cast, log(cast, people))
    assert {to for to, _ in post.came()} == {"bo"}
    rows = Delivery.objects.filter(person=people[0])
    assert set(rows.values_list("reason", flat=True)) == {"opted out of invitations and changes"}
    assert rows.count() == 6


def test_the_reminders_of_each_date_go_as_before(cast, people, post, clock):
    make_rule(cast.agreement, 2, kinds=("bilateral",))
    start(cast, log(cast, people))
    post.came()
    later = dt.datetime(2026, 12, 13, 9, tzinfo=dt.UTC)
    clock.move_to(later)
    assert [subject.split(":")[0] for _, subject in post.came(later)] == ["Reminder", "Reminder"]


def test_what_goes_in_one_mail_is_asked_for_in_a_handful_of_queries(cast, people, post, django_assert_max_num_queries):
    start(cast, log(cast, people), count=30)
    with django_assert_max_num_queries(60):
        send_due(NOW)
    assert len(post.server.received) == 4


def test_each_date_is_a_request_of_its_own_that_names_its_reader_alone(cast, people, post):
    """RFC 5546 has one UID in a REQUEST, and Outlook opens a file with several as another calendar."""
    start(cast, log(cast, people))
    post.came()
    to, content = max(post.server.received, key=lambda one: len(one[1]))
    parts = list(read(content).iter_attachments())
    assert [(part.get_content_type(), part.get_param("method")) for part in parts] == [("text/calendar", "REQUEST")] * 5
    assert [part.get_filename() for part in parts][:2] == ["2026-12-15.ics", "2026-12-22.ics"]
    for part in parts:
        [event] = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
        assert all(name in event for name in ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "ORGANIZER", "SEQUENCE"))
        assert event["ATTENDEE"] == f"mailto:{to}"


def test_dates_that_are_moved_together_keep_their_entries_in_calendars(cast, series, post):
    asked = {str(each.uid): each.sequence for each in dates(series)}
    third = dates(series)[2]
    third.starts_on += dt.timedelta(days=1)
    change_this_and_later(third, by=cast.officer)
    post.came()
    methods, events = events_of(post.server.received[0][1])
    assert (methods, len(events)) == ({"REQUEST"}, 4)
    for uid, event in events.items():
        assert event["SEQUENCE"] > asked[uid]
        assert event["DTSTART"].dt.strftime("%A") == "Wednesday"


def test_the_links_in_the_mail_reply_for_all_its_dates_at_once(client, series, post):
    to, content = next(one for one in post.server.received if "5 dates" in str(read(one[1])["Subject"]))
    links = dict(line.split(": ", 1) for line in text_of(content).splitlines() if "/reply/series/" in line)
    assert list(links) == ["Coming", "Maybe", "Not coming"]
    link = "/" + links["Coming"].strip().split("/", 3)[3]
    page = client.get(link)
    assert page.status_code == 200
    ticked = re.findall(r'name="dates" value="([^"]+)"[^>]* checked', page.content.decode())
    assert len(ticked) == 6
    client.post(link, {"reply": "accepted", "dates": ticked[1:]})
    replies = list(
        Participation.objects.filter(person__email=to).order_by("engagement__starts_on").values_list("reply")
    )
    assert replies == [("",)] + [("accepted",)] * 5
