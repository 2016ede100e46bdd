"""The emails that one guest and one committee member get, subject by subject and day by day, by the standard rules."""

import datetime as dt

import pytest

from engagements.models import Engagement, Participation, Series
from engagements.operations.engagement import add_people, cancel_engagement, log_engagement
from engagements.operations.series import start_series
from reminders.models import Delivery, Rule, Step
from reminders.operations.rules import save_rule, standard_rules
from reminders.operations.sweeping import sweep
from reminders.rules.member_emails import MOST
from tests.factories import CommitteeFactory, OrganisationFactory, PersonFactory, SeatFactory
from tests.reminders.conftest import NOW, outbox

TUESDAY = NOW.date()


@pytest.fixture
def agreement(cast, clock):
    """With its standard rules, which were there long before."""
    clock.move_to(NOW - dt.timedelta(days=300))
    standard_rules(cast.agreement, by=None)
    clock.move_to(NOW)
    return cast.agreement


@pytest.fixture
def committee(agreement):
    """Its papers are due five working days before a meeting. Mo is a member; the officer's party hosts."""
    committee = CommitteeFactory(agreement=agreement, name="Digital Committee", papers_days=5)
    council = OrganisationFactory(agreement=agreement, name="A council")
    mo = PersonFactory(agreement=agreement, name="Mo", email="mo@council.example", organisation=council)
    SeatFactory(committee=committee, holder=mo, organisation=council)
    return committee


@pytest.fixture
def gus(agreement):
    return PersonFactory(agreement=agreement, name="Gus", email="gus@guest.example")


def call(cast, people=(), *, day, title="Digital Committee", kind="committee", **fields):
    """Have the officer log a meeting to come at 14:00."""
    facts = {"title": title, "kind": kind, "starts_on": day, "start_time": dt.time(14)} | fields
    return log_engagement(Engagement(agreement=cast.agreement, **facts), people=list(people), by=cast.officer)


def live(clock, days, *, since=TUESDAY, at=(9, 12)):
    """Let days pass, each with a sweep a minute past nine and at noon. Returns {reader: [(day, subject)]}."""
    found = {}
    for number in range(days + 1):
        for hour in at:
            moment = dt.datetime.combine(since + dt.timedelta(number), dt.time(hour, 1), dt.UTC)
            if moment < NOW:
                continue
            clock.move_to(moment)
            before = len(outbox())
            sweep()
            for letter in outbox()[before:]:
                subject = " ".join(letter["Subject"].split())
                found.setdefault(letter["To"].addresses[0].username, []).append((f"{moment:%a %-d %b}", subject))
    return found


def test_a_meeting_called_three_weeks_ahead(cast, committee, gus, clock):
    call(cast, [gus], day=dt.date(2026, 12, 22), committee=committee)
    told = live(clock, 22)
    assert told["gus"] == told["mo"]
    assert told["mo"] == [
        ("Tue 1 Dec", "Invitation: Digital Committee, Tuesday 22 December 2026, 14:00"),
        ("Tue 15 Dec", "Reminder: Digital Committee, Tuesday 22 December 2026, 14:00"),
        ("Fri 18 Dec", "Reminder: Digital Committee, Tuesday 22 December 2026, 14:00"),
    ]
    # Papers are asked of the one who owes them: nobody organises it, and nobody comes from the host.
    assert [day for day, subject in told["officer"] if subject.startswith("Papers are due")] == [
        "Fri 11 Dec",
        "Tue 15 Dec",
    ]


def test_a_meeting_called_in_five_days(cast, committee, gus, clock):
    call(cast, [gus], day=TUESDAY + dt.timedelta(days=5), committee=committee)
    told = live(clock, 6)
    assert told["gus"] == told["mo"]
    assert told["mo"] == [
        ("Tue 1 Dec", "Invitation: Digital Committee, Sunday 6 December 2026, 14:00"),
        ("Fri 4 Dec", "Reminder: Digital Committee, Sunday 6 December 2026, 14:00"),
    ]
    assert "officer" not in told


def test_a_monthly_series_with_a_month_skipped(cast, committee, gus, clock):
    first = call(cast, [gus], day=dt.date(2027, 1, 12), committee=committee)
    series = Series(agreement=cast.agreement, rule="FREQ=MONTHLY;BYDAY=2TU", count=4, skipped=[dt.date(2027, 2, 9)])
    start_series(series, first, by=cast.officer)
    told = live(clock, 140)
    assert told["gus"] == told["mo"]
    assert [row for row in told["mo"] if not row[1].startswith("Invitation")] == [
        ("Tue 5 Jan", "Reminder: Digital Committee, Tuesday 12 January 2027, 14:00"),
        ("Fri 8 Jan", "Reminder: Digital Committee, Tuesday 12 January 2027, 14:00"),
        ("Tue 2 Mar", "Reminder: Digital Committee, Tuesday 9 March 2027, 14:00"),
        ("Fri 5 Mar", "Reminder: Digital Committee, Tuesday 9 March 2027, 14:00"),
        ("Tue 6 Apr", "Reminder: Digital Committee, Tuesday 13 April 2027, 14:00"),
        ("Fri 9 Apr", "Reminder: Digital Committee, Tuesday 13 April 2027, 14:00"),
    ]
    assert {day for day, subject in told["mo"] if subject.startswith("Invitation")} == {"Tue 1 Dec"}


def test_a_workshop_asks_for_a_reply_until_there_is_one(cast, agreement, gus, clock):
    meeting = call(cast, [gus], day=dt.date(2026, 12, 15), kind="workshop", title="Skills")
    told = live(clock, 8)["gus"]
    assert told == [
        ("Tue 1 Dec", "Invitation: Skills, Tuesday 15 December 2026, 14:00"),
        ("Tue 8 Dec", "Will you be there? Skills, Tuesday 15 December 2026, 14:00"),
    ]
    Participation.objects.filter(engagement=meeting).update(reply="accepted")
    assert live(clock, 6, since=TUESDAY + dt.timedelta(days=9)) == {}


SOON = [
    ("workshop", 1), ("workshop", 5), ("bilateral", 3), ("roundtable", 5), ("roundtable", 1), ("roundtable", 2),
    ("webinar", 6), ("committee", 0), ("committee", 1), ("committee", 3), ("committee", 6),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "days"), SOON)
def test_an_invitation_at_short_notice_is_one_email(cast, committee, gus, clock, kind, days):
    facts = {"committee": committee} if kind == "committee" else {}
    call(cast, [gus], day=TUESDAY + dt.timedelta(days=days), kind=kind, start_time=dt.time(18), **facts)
    sweep()
    readers = ["gus", "mo"] if facts else ["gus"]
    assert sorted(letter["To"].addresses[0].username for letter in outbox()) == readers
    sweep(plan_everything=True)
    clock.move_to(NOW + dt.timedelta(hours=5))
    sweep(plan_everything=True)
    assert len(outbox()) == len(readers)


@pytest.mark.parametrize("notify", [True, False])
def test_who_is_added_late_gets_the_invitation_and_what_is_still_ahead(cast, committee, gus, clock, notify):
    meeting = call(cast, [], day=dt.date(2026, 12, 9), committee=committee)
    clock.move_to(dt.datetime(2026, 12, 4, 12, tzinfo=dt.UTC))
    sweep()
    add_people(meeting, [gus], notify=notify, by=cast.officer)
    told = live(clock, 6, since=dt.date(2026, 12, 4))["gus"]
    assert [day for day, _ in told] == ["Fri 4 Dec"] * notify + ["Mon 7 Dec"]
    skipped = Delivery.objects.filter(person=gus, state="skipped", step__days=-7).values_list("reason", flat=True)
    assert set(skipped) == {"its time had passed before this was planned"}


@pytest.mark.parametrize("days", [1, 3, 8, 18, 45])
def test_past_meetings_logged_late_send_nothing_at_once(cast, agreement, gus, clock, days):
    day = TUESDAY - dt.timedelta(days=days)
    for number in range(5):
        call(cast, [gus], day=day, kind="workshop", title=f"Late {number}")
    sweep(plan_everything=True)
    assert outbox() == []
    told = live(clock, 15)
    # What a record lacks is said some days after it was logged: to who logged it, and at last to the leads.
    assert {day for day, _ in told["officer"]} == {"Thu 3 Dec", "Tue 8 Dec"}
    assert {day for day, _ in told["lead"]} == {"Tue 15 Dec"}
    assert "gus" not in told


def test_a_member_gets_four_emails_at_most_whatever_they_do_not_do(cast, committee, gus, clock):
    """Nobody replies, and no papers are added."""
    for kind, day in (("committee", dt.date(2027, 1, 20)), ("roundtable", dt.date(2027, 1, 26))):
        call(cast, [gus], day=day, kind=kind, title=kind, committee=committee if kind == "committee" else None)
    told = live(clock, 60)
    for name in ("gus", "mo"):
        for kind in ("committee", "roundtable"):
            assert len([subject for _, subject in told[name] if f": {kind}," in subject]) <= MOST


def test_two_rules_of_one_moment_are_one_reminder(cast, agreement, gus, clock):
    rule = Rule(agreement=cast.agreement, name="Of our own", engagement_kinds=["roundtable"], text="Bring a question.")
    save_rule(rule, steps=[Step(days=-7)], by=None)
    call(cast, [gus], day=dt.date(2026, 12, 15), kind="roundtable", title="AI")
    assert len(live(clock, 7)["gus"]) == 2


def test_called_off_in_between_nothing_but_that_follows(cast, committee, gus, clock):
    meeting = call(cast, [gus], day=dt.date(2026, 12, 22), committee=committee)
    live(clock, 15)
    cancel_engagement(meeting, by=cast.officer)
    told = live(clock, 6, since=dt.date(2026, 12, 17))
    assert [subject.split(":")[0] for _, subject in told["gus"]] == ["Cancelled"]
