"""Papers of a committee's meeting: who has a seat, and the hosts, are told before they are due, until there are any."""

import datetime as dt

import pytest

from engagements.models import Committee, Engagement
from engagements.operations.committee import save_committee
from reminders.deliveries.ledger import plan_all
from reminders.operations.sweeping import sweep
from tests.factories import CommitteeFactory, DocumentFactory, ParticipationFactory, PersonFactory, SeatFactory
from tests.reminders.conftest import NOW, make_meeting, outbox, saved
from tests.reminders.ruled import deliveries_of, live, on, plain, rule_about

pytestmark = pytest.mark.usefixtures("clock")


def person(cast, name):
    return PersonFactory(agreement=cast.agreement, name=name, email=f"{name.lower()}@people.example")


@pytest.fixture
def committee(cast):
    """Papers are due five working days before. Chris holds a seat, Dee stands in for Chris; Eve alone has another."""
    committee = CommitteeFactory(agreement=cast.agreement, papers_days=5)
    chris, dee, eve = (person(cast, name) for name in ("Chris", "Dee", "Eve"))
    SeatFactory(committee=committee, holder=chris, deputy=dee)
    SeatFactory(committee=committee, holder=None, deputy=eve, organisation=cast.lga.organisation)
    SeatFactory(committee=committee, holder=person(cast, "Gone"), ends_on=NOW.date())
    return committee


@pytest.fixture
def meeting(cast, committee):
    """On Thursday 17 December: papers are due on Thursday 10 December, nine days from now."""
    rule_about(cast.agreement, "papers", -3, 0, audience=["seats", "hosts"])
    facts = {"kind": "committee", "committee": committee, "starts_on": dt.date(2026, 12, 17)}
    meeting = make_meeting(cast.agreement, save=False, **facts)
    ParticipationFactory(engagement=meeting, person=person(cast, "Host"), role="organiser")
    ParticipationFactory(engagement=meeting, person=person(cast, "Guest"))
    return saved(meeting)


EVERYBODY = ["chris", "eve", "host"]


def test_seats_and_hosts_are_told_three_days_before_and_on_the_day(meeting, clock):
    told = live(clock, since=0, until=16)
    assert sorted(told) == [(day, name) for day in (6, 9) for name in EVERYBODY]
    assert [letter["Subject"].split(":")[0] for letter in outbox()] == [
        *["Papers are due on Thursday 10 December 2026"] * 3,
        *["Papers are due today"] * 3,
    ]


def test_the_mail_says_the_day_and_where_to_put_them(cast, meeting, clock):
    lead = cast.agreement.people.get(user=cast.lead)
    SeatFactory(committee=Committee.objects.get(), holder=lead)
    live(clock, since=6, until=6)
    by_name = {letter["To"].addresses[0].username: plain(letter) for letter in outbox()}
    assert "Papers due: Thursday 10 December 2026" in by_name["chris"]
    assert "Reply to this email with your papers." in by_name["chris"]
    assert f"/engagements/{meeting.pk}/documents/new/" in by_name["lead"]


def test_it_is_silent_once_there_are_papers_that_all_may_read(cast, meeting, clock):
    sweep()
    DocumentFactory(engagement=meeting, party=cast.lga)
    assert len(live(clock, since=6, until=6)) == 3
    paper = DocumentFactory(engagement=meeting)
    assert live(clock, since=9, until=9) == []
    assert {row[2:] for row in deliveries_of("papers") if row[1] == 0} == {("skipped", "papers are there")}
    paper.delete()
    clock.move_to(on(9, 9, 5))
    sweep()
    assert len(outbox()) == 6


def test_the_day_follows_the_meeting_and_the_committee(meeting, clock):
    sweep()
    committee = Committee.objects.get()
    committee.papers_days = 3
    save_committee(committee, by=None)
    assert {day for day, _ in live(clock, since=1, until=11)} == {10}
    Engagement.objects.filter(pk=meeting.pk).update(starts_on=dt.date(2026, 12, 24), schedule_version=2)
    meeting.refresh_from_db()
    saved(meeting)
    assert {day for day, _ in live(clock, since=12, until=23)} == {17, 20}


def test_over_christmas_the_days_off_do_not_count(committee, meeting, clock):
    Engagement.objects.filter(pk=meeting.pk).update(starts_on=dt.date(2027, 1, 4), schedule_version=2)
    meeting.refresh_from_db()
    saved(meeting)
    # 1 January, the weekends, and the two days of Christmas, of which one is moved, are off.
    assert meeting.papers_due_on == dt.date(2026, 12, 23)
    assert {day for day, _ in live(clock, since=0, until=33)} == {19, 22}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda meeting: Engagement.objects.update(status="cancelled"), "cancelled"),
        (lambda meeting: Engagement.objects.update(status="held"), "already held"),
        (lambda meeting: Committee.objects.update(papers_days=None), "its committee sets no day for papers"),
        (lambda meeting: meeting.participations.update(reply="declined"), "declined"),
    ],
)
def test_why_it_does_not_go_is_seen_at_the_moment_of_sending(meeting, clock, change, reason):
    sweep()
    change(meeting)
    live(clock, since=6, until=6)
    assert ("Host", -3, "skipped", reason) in deliveries_of("papers")


def test_a_committee_that_sets_no_day_tells_nobody(cast, clock):
    rule_about(cast.agreement, "papers", -3, 0, audience=["seats", "hosts"])
    committee = CommitteeFactory(agreement=cast.agreement)
    SeatFactory(committee=committee, holder=person(cast, "Chris"))
    make_meeting(cast.agreement, "Ana", kind="committee", committee=committee)
    make_meeting(cast.agreement, "Bo")
    sweep()
    assert deliveries_of("papers") == []


def test_planned_twice_it_is_there_once(meeting):
    sweep()
    before = deliveries_of("papers")
    assert not +plan_all(NOW)
    assert deliveries_of("papers") == before
    assert len(before) == 6
