"""Whoever has not said whether they come is asked, with the links by which they answer."""

import datetime as dt

import pytest

from engagements.changes import EngagementChange
from engagements.models import Engagement, Participation
from engagements.operations.reply import give_reply
from engagements.presenters.replies import reply_links
from engagements.signals import engagement_saved
from reminders.deliveries.ledger import plan_all
from reminders.models import Delivery, Preference
from reminders.operations.rules import delete_rule, pause_rule, resume_rule
from reminders.operations.sweeping import sweep
from tests.factories import ParticipationFactory, PersonFactory
from tests.reminders.conftest import NOW, make_meeting, make_rule, outbox, saved
from tests.reminders.ruled import deliveries_of, html, live, on, plain, rule_about

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def rule(cast):
    return rule_about(cast.agreement, "reply", -7, -2, audience=["participants"])


@pytest.fixture
def meeting(cast, rule):
    """Next week's roundtable, to which Ana, Bo and Cy were invited long ago; nobody has replied yet."""
    return make_meeting(cast.agreement, "Ana", "Bo", "Cy", starts_on=NOW.date() + dt.timedelta(days=10))


def place(name):
    return Participation.objects.get(person__name=name)


def test_it_goes_seven_and_two_days_before_to_who_has_not_replied(meeting, clock):
    give_reply(place("Bo"), "accepted", version=1, by=None)
    give_reply(place("Cy"), "declined", version=1, by=None)
    assert live(clock, since=0, until=10) == [(3, "ana"), (8, "ana")]


def test_a_reply_in_between_stops_it(meeting, clock):
    assert live(clock, since=0, until=4) == [(3, "ana"), (3, "bo"), (3, "cy")]
    for name, reply in (("Ana", "accepted"), ("Bo", "tentative")):
        give_reply(place(name), reply, version=1, by=None)
    assert live(clock, since=5, until=10) == [(8, "cy")]
    assert deliveries_of("reply")[:4] == [
        ("Ana", -7, "sent", ""),
        ("Ana", -2, "skipped", "has replied"),
        ("Bo", -7, "sent", ""),
        ("Bo", -2, "skipped", "has replied"),
    ]


def test_a_reply_that_nobody_told_of_is_seen_at_the_moment_of_sending(meeting, clock):
    sweep()
    Participation.objects.filter(person__name="Ana").update(reply="accepted")
    assert live(clock, since=3, until=3) == [(3, "bo"), (3, "cy")]
    assert ("Ana", -7, "skipped", "has replied") in deliveries_of("reply")


def test_the_mail_has_the_links_of_its_reader_and_says_when_and_where(meeting, clock, settings):
    settings.SITE_URL = "https://concord.example"
    live(clock, since=3, until=3)
    ana = next(letter for letter in outbox() if letter["To"].addresses[0].username == "ana")
    assert ana["Subject"] == f"Will you be there? {meeting.title}, Friday 11 December 2026, 14:00"
    for link in reply_links(place("Ana").pk, meeting.schedule_version).values():
        assert link in plain(ana)
        assert link in html(ana)
    assert "When: Friday 11 December 2026, from 14:00" in plain(ana)
    assert "You got this email because you are invited" in plain(ana)
    assert "reply.invalid" not in plain(ana) + html(ana)


def test_who_was_invited_within_the_last_day_is_not_asked_so_soon(cast, rule, clock):
    meeting = make_meeting(cast.agreement, save=False, starts_on=NOW.date() + dt.timedelta(days=8))
    ana = PersonFactory(agreement=cast.agreement, name="Ana", email="ana@people.example")
    ParticipationFactory(engagement=meeting, person=ana)
    engagement_saved.send(sender=Engagement, engagement=meeting, change=EngagementChange(added=frozenset([ana.pk])))
    sweep()
    assert [letter["Subject"].split(":")[0] for letter in outbox()] == ["Invitation"]
    assert deliveries_of("reply") == [
        ("Ana", -7, "skipped", "another mail of these days asks for it"),
        ("Ana", -2, "planned", ""),
    ]
    assert live(clock, since=1, until=8) == [(6, "ana")]


def test_a_reminder_of_the_same_day_asks_for_it_so_there_is_one_mail(cast, meeting, clock):
    make_rule(cast.agreement, 2)
    assert live(clock, since=4, until=10) == [(4, "ana"), (4, "bo"), (4, "cy"), (8, "ana"), (8, "bo"), (8, "cy")]
    assert {letter["Subject"].split(":")[0] for letter in outbox()[3:]} == {"Reminder"}


@pytest.mark.parametrize(
    ("fields", "reason"), [({"status": "cancelled"}, "cancelled"), ({"status": "held"}, "already held")]
)
def test_nobody_is_asked_of_what_is_off_or_was_held(meeting, clock, fields, reason):
    sweep()
    Engagement.objects.filter(pk=meeting.pk).update(**fields)
    assert live(clock, since=3, until=3) == []
    assert {row[3] for row in deliveries_of("reply") if row[1] == -7} == {reason}


def test_a_moved_meeting_is_asked_about_anew(meeting, clock):
    assert len(live(clock, since=0, until=3)) == 3
    Engagement.objects.filter(pk=meeting.pk).update(starts_on=NOW.date() + dt.timedelta(days=20), schedule_version=2)
    meeting.refresh_from_db()
    saved(meeting)
    two_days_before = {row[2:] for row in deliveries_of("reply") if row[1] == -2 and row[2] != "planned"}
    assert two_days_before == {("superseded", "moved")}
    assert {day for day, _ in live(clock, since=4, until=20)} == {13, 18}


def test_whoever_wants_none_gets_none(meeting, clock):
    Preference.objects.create(agreement=meeting.agreement, person=place("Ana").person, replies="off")
    assert live(clock, since=3, until=3) == [(3, "bo"), (3, "cy")]
    assert ("Ana", -7, "skipped", "opted out of replies that you owe") in deliveries_of("reply")


def test_planned_twice_it_is_there_once(meeting):
    sweep()
    before = deliveries_of("reply")
    assert not +plan_all(NOW)
    assert deliveries_of("reply") == before
    assert Delivery.objects.count() == 6


def test_a_week_off_is_made_up_for_with_one_mail(meeting, clock):
    sweep()
    clock.move_to(on(9))
    sweep()
    assert [letter["To"].addresses[0].username for letter in outbox()] == ["ana", "bo", "cy"]
    assert ("Ana", -7, "skipped", "overtaken by a later reminder") in deliveries_of("reply")


def test_of_a_rule_that_is_deleted_or_paused_nothing_goes(meeting, rule, clock):
    sweep()
    pause_rule(rule, by=None)
    sweep()
    assert {row[2:] for row in deliveries_of("reply")} == {("skipped", "the rule is paused")}
    resume_rule(rule, by=None)
    sweep()
    assert {row[2] for row in deliveries_of("reply")} == {"planned"}
    delete_rule(rule, by=None)
    sweep()
    assert {row[2:] for row in deliveries_of("reply")} == {("skipped", "its step was taken out of the rule")}
    assert live(clock, since=1, until=10) == []
