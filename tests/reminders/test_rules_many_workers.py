"""What rules tell besides meetings, with many workers at once: nobody gets two, and nothing locks up."""

import datetime as dt
import time
from collections import Counter

import pytest
import time_machine

from commitments.models import Commitment
from contacts.models import Person
from engagements.models import Engagement, Participation
from engagements.operations.engagement import change_engagement
from engagements.operations.reply import give_reply
from outbox.operations import messages
from reminders.deliveries import ledger
from reminders.models import Delivery, Rule, Step
from reminders.operations.rules import standard_rules
from reminders.operations.sweeping import sweep
from tests.factories import (
    CommitmentFactory,
    CommitteeFactory,
    EngagementFactory,
    ParticipationFactory,
    SeatFactory,
    WorkstreamFactory,
)
from tests.reminders.conftest import NOW, make_meeting
from tests.reminders.test_many_workers import at_once

LATER = NOW + dt.timedelta(days=5)


@pytest.fixture
def crowd(transactional_db, cast):
    """Of each kind something is due LATER: replies of 40 people to two workshops, papers, records, rhythms, quiet."""
    with time_machine.travel(NOW, tick=True):
        agreement = cast.agreement
        agreement.workstreams.all().delete()
        standard_rules(agreement, by=None)
        Rule.objects.filter(kind="papers").update(audience=["seats"])
        Step.objects.update(counts_from=NOW - dt.timedelta(days=400))
        people = Person.objects.bulk_create(
            Person(agreement=agreement, name=f"P{n}", email=f"p{n}@people.example") for n in range(40)
        )
        meetings = [make_meeting(agreement, save=False, kind="workshop") for _ in range(2)]
        committee = CommitteeFactory(agreement=agreement, papers_days=1)
        facts = {"kind": "committee", "committee": committee}
        meetings.append(make_meeting(agreement, save=False, starts_on=dt.date(2026, 12, 9), **facts))
        for person in people[:10]:
            SeatFactory(committee=committee, holder=person)
        Participation.objects.bulk_create(
            Participation(agreement=agreement, engagement=meeting, person=person)
            for meeting in meetings[:2]
            for person in people
        )
        for person in people[:5]:
            EngagementFactory(agreement=agreement, status="held", starts_on=dt.date(2026, 12, 1), logged_by=person)
        due = {"measure": "due", "due_on": dt.date(2026, 12, 10)}
        CommitmentFactory(agreement=agreement, **due)
        Commitment.objects.update(created_at=NOW - dt.timedelta(days=60))
        for _ in range(2):
            WorkstreamFactory(agreement=agreement, created_at=NOW - dt.timedelta(days=400))
        yield meetings


EACH = {"reply": 80, "papers": 10, "unrecorded": 5, "rhythm": 2, "quiet": 4}
"""How many deliveries of each kind go: two leads are told of the commitment, and of two workstreams."""


def test_four_sweeps_at_once_tell_everybody_once(crowd, mailoutbox):
    at_once(*[lambda: sweep(LATER, plan_everything=True)] * 4)
    sweep(LATER, plan_everything=True)
    sent = Delivery.objects.filter(state="sent")
    assert Counter(sent.values_list("kind", flat=True)) == EACH
    assert len(mailoutbox) == sum(EACH.values())
    told = [(letter.to, letter.subject) for letter in mailoutbox]
    assert max(Counter(told).values()) <= 2
    assert not Delivery.objects.filter(state__in=["claimed", "failed"]).exists()
    assert not +sweep(LATER, plan_everything=True)


def move(meeting, by, end):
    """Move a meeting to and fro."""
    while time.perf_counter() < end:
        meeting = Engagement.objects.get(pk=meeting.pk)
        meeting.starts_on = dt.date(2026, 12, 9 + meeting.revision % 2)
        change_engagement(meeting, by=by)


def complete(record, by, end):
    """Complete a record, and take it back."""
    while time.perf_counter() < end:
        record = Engagement.objects.get(pk=record.pk)
        record.outcomes, record.head_count = ("", None) if record.outcomes else ("Much", 3)
        change_engagement(record, by=by)


def reply(places, end):
    """Have one after another accept, as long as there is time."""
    for place in places:
        if time.perf_counter() < end:
            give_reply(place, "accepted", version=1, by=None)


def work(end):
    """Plan and claim."""
    while time.perf_counter() < end:
        ledger.plan_all(LATER)
        for message in ledger.take(LATER, 20)[0]:
            messages.receive(LATER, message, "")
        messages.apply_receipts()


def test_people_and_workers_in_one_anothers_way_never_lock_up(crowd, cast):
    """Some move meetings and reply, workers plan and claim, for a moment, on the same rows; a deadlock would raise."""
    end = time.perf_counter() + 3
    places = list(Participation.objects.filter(engagement=crowd[1]).order_by("pk"))
    lacking = Engagement.objects.filter(status="held").first()
    people = (
        lambda: move(crowd[0], cast.officer, end),
        lambda: move(crowd[2], cast.officer, end),
        lambda: complete(lacking, cast.officer, end),
        lambda: reply(places, end),
    )
    at_once(*people, lambda: work(end), lambda: work(end))
    ledger.plan_all(LATER)
    replied = Participation.objects.filter(engagement=crowd[1]).exclude(reply="")
    waiting = Delivery.objects.filter(kind="reply", engagement=crowd[1], state="planned")
    assert replied.exists()
    assert not waiting.filter(person__in=replied.values("person")).exists()


def test_a_person_added_while_workers_plan_is_asked_once(crowd, cast):
    engagement = crowd[0]

    def add():
        for _ in range(5):
            ParticipationFactory(engagement=engagement)

    at_once(add, *[lambda: ledger.plan_all(NOW)] * 3)
    ledger.plan_all(NOW)
    asked = Delivery.objects.filter(kind="reply", engagement=engagement)
    assert asked.count() == 90
    assert asked.values("person", "step").distinct().count() == 90
