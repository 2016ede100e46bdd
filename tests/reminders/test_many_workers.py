"""Many workers at once: nobody is missed, nobody gets two, and nobody waits for a worker."""

import datetime as dt
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.models import Count

from contacts.models import Person
from engagements.models import Action, Engagement, Participation, Series
from engagements.operations.engagement import add_people, change_engagement, log_engagement
from engagements.operations.series import start_series
from outbox.models import Message
from outbox.operations import messages
from outbox.operations.sending import settle
from outbox.smtp import SENT, SendAttempt
from reminders.deliveries import ledger, statements
from reminders.models import Delivery, Rule, Step
from reminders.operations.planning import plan_for
from reminders.operations.rules import save_rule
from reminders.operations.sweeping import sweep
from reminders.planning.database import run
from tests.bench.planning import idle_sweep
from tests.factories import EngagementFactory, PersonFactory
from tests.reminders.conftest import NOW, make_meeting, make_rule

LATER = NOW + dt.timedelta(days=5)


@pytest.fixture
def crowd(transactional_db, cast, clock):
    """Three roundtables with 100 people each, planned; two days before is due LATER."""
    make_rule(cast.agreement, 2)
    people = Person.objects.bulk_create(
        Person(agreement=cast.agreement, name=f"P{n}", email=f"p{n}@people.example") for n in range(100)
    )
    meetings = [make_meeting(cast.agreement, save=False) for _ in range(3)]
    Participation.objects.bulk_create(
        Participation(agreement=cast.agreement, engagement=meeting, person=person)
        for meeting in meetings
        for person in people
    )
    ledger.plan(NOW, [meeting.pk for meeting in meetings])
    return meetings


def at_once(*jobs):
    """Run the jobs in threads with connections of their own; gives their results, or raises their first error."""

    def run(job):
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result(30) for future in [pool.submit(run, job) for job in jobs]]


def test_no_delivery_is_claimed_twice_and_none_is_left(crowd):
    def claim_all():
        mine = []
        while batch := ledger.take(LATER, 7)[0]:
            mine += [one.message_id for one in batch]
        return mine

    claimed = [number for mine in at_once(*[claim_all] * 4) for number in mine]
    assert (len(claimed), len(set(claimed))) == (300, 300)
    assert not Delivery.objects.exclude(state="claimed", message__state="claimed").exists()


def test_four_sweeps_at_once_send_everything_once(crowd, mailoutbox):
    at_once(*[lambda: sweep(LATER, plan_everything=True)] * 4)
    assert len(mailoutbox) == 300
    assert Message.objects.filter(state="sent").count() == Delivery.objects.filter(state="sent").count() == 300


@pytest.mark.parametrize("is_tried_again", [False, True])
def test_what_is_told_together_goes_in_one_message_whoever_is_in_whose_way(
    transactional_db, cast, clock, is_tried_again
):
    """Four workers take three at a time of what six people are told of 25 dates each."""
    people = [PersonFactory(agreement=cast.agreement, email=f"p{n}@people.example") for n in range(6)]
    first = Engagement(agreement=cast.agreement, title="Catch-up", kind="bilateral", starts_on=dt.date(2026, 12, 8))
    first = log_engagement(first, people=people, notify=False, by=cast.officer)
    start_series(Series(rule="FREQ=WEEKLY;BYDAY=TU", count=26), first, by=cast.officer)
    if is_tried_again:
        while batch := ledger.take(NOW, 100)[0]:
            messages.record(NOW, batch, state="waiting", retry_at=NOW)
        ledger.retry(NOW)

    def claim_all():
        mine, patience = [], time.perf_counter() + 20
        while time.perf_counter() < patience and Delivery.objects.filter(state="planned").exists():
            mine += [(one.person_id, 1 + len(one.others)) for one in ledger.take(NOW, 3)[0]]
        return mine

    claimed = [each for mine in at_once(*[claim_all] * 4) for each in mine]
    assert sorted(claimed) == sorted((person.pk, 25) for person in people)
    assert Message.objects.count() == 6
    assert not Delivery.objects.filter(state="planned").exists()


def test_what_a_worker_held_when_its_connection_died_is_taken_by_the_next(crowd):
    def die():
        connection.set_autocommit(False)
        assert len(ledger.take(LATER, 1000)[0]) == 300
        connection.close()

    at_once(die)
    taken, patience = 0, time.perf_counter() + 10
    # The server lets go of the rows a moment after the connection is gone.
    while taken < 300 and time.perf_counter() < patience:
        taken += len(ledger.take(LATER, 1000)[0])
    assert taken == 300


def test_a_sweep_does_not_wait_for_somebody_who_is_saving_an_engagement(crowd, cast):
    saving, swept = threading.Event(), threading.Event()

    def save_slowly():
        with transaction.atomic():
            meeting = Engagement.objects.select_for_update().get(pk=crowd[0].pk)
            add_people(meeting, [PersonFactory(agreement=cast.agreement)], by=cast.officer)
            saving.set()
            assert swept.wait(10)

    def plan_meanwhile():
        assert saving.wait(10)
        new = EngagementFactory(
            agreement=cast.agreement, kind="roundtable", status="planned", starts_on=dt.date(2026, 12, 9)
        )
        Participation.objects.create(agreement=cast.agreement, engagement=new, person=Person.objects.first())
        started = time.perf_counter()
        counts = ledger.plan_all(LATER)
        swept.set()
        return counts, time.perf_counter() - started

    _, (counts, seconds) = at_once(save_slowly, plan_meanwhile)
    assert counts == {"planned": 1}
    assert seconds < 5
    assert Delivery.objects.filter(engagement=crowd[0], kind="reminder").count() == 101


def test_officers_and_workers_in_one_anothers_way_never_lock_up(crowd, cast):
    """Officers move meetings and workers plan and claim, for a moment, on the same rows; a deadlock would raise."""
    end = time.perf_counter() + 2

    def move(meeting):
        while time.perf_counter() < end:
            meeting = Engagement.objects.get(pk=meeting.pk)
            meeting.starts_on = dt.date(2026, 12, 8 + meeting.revision % 2)
            change_engagement(meeting, by=cast.officer)

    def work():
        while time.perf_counter() < end:
            ledger.plan_all(LATER)
            for message in ledger.take(LATER, 20)[0]:
                messages.receive(LATER, message, "")
            messages.apply_receipts()

    at_once(lambda: move(crowd[0]), lambda: move(crowd[1]), work, work)
    ledger.plan_all(LATER)
    version = Engagement.objects.get(pk=crowd[0].pk).schedule_version
    now = Delivery.objects.filter(engagement=crowd[0], kind="reminder", occurrence=version)
    assert now.count() == 100


def test_what_is_due_is_found_by_its_index_however_old_the_ledger_is(crowd):
    """10,000 deliveries of the past and as many of months to come: the plans that PostgreSQL chooses by itself."""
    sql = """
        INSERT INTO reminders_delivery (agreement_id, kind, rule_id, step_id, person_id, engagement_id, is_gone, title,
            occurrence, due_at, expires_at, state, reason, state_at)
        SELECT agreement_id, kind, rule_id, step_id, person_id, engagement_id, FALSE, title, 1000 + n,
            due_at + n * interval '1 day', expires_at + n * interval '1 day',
            CASE WHEN n < 0 THEN 'sent' ELSE 'planned' END, '', due_at
        FROM reminders_delivery, generate_series(-34, 34) n"""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("ANALYZE")
    [(plan,)] = run("EXPLAIN (FORMAT JSON) " + statements.DUE, now=NOW, limit=100)
    scans = scans_of_deliveries(plan[0]["Plan"])

    assert scans == {"reminders_delivery": "delivery_to_go"}


def index_of(node):
    """The first index that a scan reads, through whatever bitmaps."""
    return node.get("Index Name") or next(filter(None, map(index_of, node.get("Plans", []))), None)


def scans_of_deliveries(node):
    """By alias: the index through which a plan reads the ledger, or None where it reads the whole of it."""
    found = {}
    if node.get("Relation Name") == "reminders_delivery" and "Scan" in node["Node Type"]:
        found[node["Alias"]] = index_of(node)
    for child in node.get("Plans", []):
        found = scans_of_deliveries(child) | found
    return found


def test_what_was_sent_is_written_down_although_the_database_hung_up_meanwhile(crowd, mailoutbox):
    [message, *_], _ = ledger.take(LATER, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [number] = cursor.fetchone()
    hang_up = connection.copy()
    with hang_up.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [number])
    hang_up.close()
    settle(SendAttempt(message, outcome=SENT), LATER)
    messages.apply_receipts()
    assert Message.objects.get().state == "sent"


def test_planning_for_one_engagement_says_whether_anything_is_due(crowd, clock):
    assert plan_for(crowd[0]) is False
    clock.move_to(LATER)
    assert plan_for(crowd[0]) is True


def test_a_sweep_with_nothing_to_do_looks_at_few_pages_however_old_the_ledger_is(crowd):
    """The same plans as `make bench` shows for millions; a number of pages, since no other load changes it."""
    sql = """
        INSERT INTO reminders_delivery (agreement_id, kind, rule_id, step_id, person_id, engagement_id, is_gone, title,
            occurrence, due_at, expires_at, state, reason, state_at)
        SELECT agreement_id, kind, rule_id, step_id, person_id, engagement_id, FALSE, title, 1000 + n,
            due_at - n * interval '1 day', expires_at, 'sent', '', due_at
        FROM reminders_delivery, generate_series(1, 60) n"""
    mails = """
        INSERT INTO outbox_message (agreement_id, person_id, address, subject, state, attempts, error, created_at,
            state_at)
        SELECT agreement_id, person_id, 'p@people.example', title, 'sent', 1, '', due_at, due_at
        FROM reminders_delivery WHERE state = 'sent'"""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute(mails)
        cursor.execute("VACUUM ANALYZE reminders_delivery, outbox_message, reminders_replanrequest, outbox_receipt")
    pages, whole, _ = idle_sweep()
    assert (whole, pages < 200) == ([], True), pages


def test_two_workers_plan_and_tell_of_actions_once(transactional_db, cast, clock, mailoutbox):
    rule = Rule(agreement=cast.agreement, name="Due", kind="action_due", audience=["owners"], on_working_days=False)
    save_rule(rule, steps=[Step(days=0), Step(days=7, repeats_every=7)], by=None)
    Step.objects.update(counts_from=NOW - dt.timedelta(days=90))
    # The check of rules that repeat runs before the workers do: it would plan these actions, which bulk_create does not
    # queue, as if they were made at NOW, and skip their past steps.
    sweep(NOW)
    owners = Person.objects.bulk_create(
        Person(agreement=cast.agreement, name=f"P{n}", email=f"p{n}@people.example") for n in range(60)
    )
    Action.objects.bulk_create(
        Action(agreement=cast.agreement, title=f"A{n}", owner_person=owner, due_on=NOW.date() - dt.timedelta(days=15))
        for n, owner in enumerate(owners)
    )
    at_once(*[lambda: sweep(NOW, plan_everything=True)] * 2)
    sweep(NOW, plan_everything=True)
    assert sorted(letter.to for letter in mailoutbox) == sorted(owner.email for owner in owners)
    rows = Delivery.objects.order_by().values_list("step__days", "round", "state").annotate(count=Count("pk"))
    assert set(rows) == {(0, 0, "skipped", 60), (7, 1, "sent", 60), (7, 2, "planned", 60)}
