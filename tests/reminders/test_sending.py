"""What is due goes, once, each recipient alone; what does not go says why."""

import datetime as dt

import pytest

from engagements.models import Participation
from engagements.operations.engagement import cancel_engagement, delete_engagement
from outbox.models import BadAddress, Message
from outbox.operations import messages
from outbox.operations.sending import BACK_OFF, send_due
from reminders.deliveries import ledger
from reminders.models import Delivery
from reminders.operations.rules import save_rule
from reminders.operations.sweeping import sweep
from tests.factories import ParticipationFactory, UserFactory
from tests.mailers import mail_by_smtp
from tests.reminders import conftest
from tests.reminders.conftest import NOW, ledger_of, made_on, outbox, saved

pytestmark = pytest.mark.usefixtures("clock")

LATER = NOW + dt.timedelta(days=5)
"""Sunday 6 December, noon: the step of two days before has come."""

OVERTAKEN = "overtaken by a later reminder"
PASSED = "its time had passed before this was planned"
BEFORE = NOW - dt.timedelta(days=1)
make_rule, make_meeting = made_on(BEFORE, conftest.make_rule), made_on(BEFORE, conftest.make_meeting)


@pytest.fixture
def rule(cast):
    return make_rule(cast.agreement, 7, 2)


def test_nothing_goes_before_its_time_and_once_it_has_come_it_goes_once(cast):
    make_rule(cast.agreement, 2)
    meeting = make_meeting(cast.agreement, "Ana", "Bo")
    nine = dt.datetime(2026, 12, 6, 9, tzinfo=dt.UTC)
    sweep(nine - dt.timedelta(seconds=1))
    assert outbox() == []
    assert sweep(nine) == {"sent": 2}
    assert sweep(nine) == {}
    assert sorted(letter["To"] for letter in outbox()) == ["Ana <ana@people.example>", "Bo <bo@people.example>"]
    assert ledger_of(meeting) == [("Ana", 2, "sent", ""), ("Bo", 2, "sent", "")]
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}


@pytest.mark.parametrize("hour", range(0, 24, 5))
def test_of_a_roundtable_dated_tomorrow_nobody_is_reminded_at_whatever_hour_it_is_logged(cast, rule, clock, hour):
    now = dt.datetime(2026, 12, 1, hour, tzinfo=dt.UTC)
    clock.move_to(now)
    meeting = conftest.make_meeting(cast.agreement, "Ana", starts_on=dt.date(2026, 12, 2))
    for minute in range(0, 60 * 24, 90):
        sweep(now + dt.timedelta(minutes=minute))
    assert outbox() == []
    assert ledger_of(meeting) == [("Ana", 7, "skipped", PASSED), ("Ana", 2, "skipped", PASSED)]


def test_a_missed_run_catches_up_with_the_latest_step_alone(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana", starts_on=dt.date(2026, 12, 9))
    sweep(LATER + dt.timedelta(days=2))
    assert ledger_of(meeting) == [("Ana", 7, "skipped", OVERTAKEN), ("Ana", 2, "sent", "")]
    assert len(outbox()) == 1


def test_steps_that_come_one_after_another_are_each_sent(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana", starts_on=dt.date(2026, 12, 9))
    for day in range(9):
        sweep(NOW + dt.timedelta(days=day))
    assert ledger_of(meeting) == [("Ana", 7, "sent", ""), ("Ana", 2, "sent", "")]


def test_of_several_rules_the_latest_reminder_alone_goes(cast, rule):
    make_rule(cast.agreement, 3, name="Papers")
    meeting = make_meeting(cast.agreement, "Ana")
    sweep(LATER)
    earlier = [("Ana", 7, "skipped", OVERTAKEN), ("Ana", 3, "skipped", OVERTAKEN)]
    assert ledger_of(meeting) == [*earlier, ("Ana", 2, "sent", "")]
    assert len(outbox()) == 1


def test_a_step_taken_out_and_put_back_does_not_tell_people_twice(cast, rule):
    make_meeting(cast.agreement, "Ana")
    sweep(LATER)
    step = rule.steps.get(days=-2)
    save_rule(rule, removed=[step], by=None)
    step.pk = None
    save_rule(rule, steps=[step], by=None)
    sweep(LATER + dt.timedelta(minutes=2))
    assert len(outbox()) == 1


def test_once_the_meeting_has_started_what_was_missed_expires(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana")
    assert sweep(dt.datetime(2026, 12, 8, 14, tzinfo=dt.UTC)) == {"expired": 2}
    assert ledger_of(meeting) == [("Ana", 7, "expired", "it had started"), ("Ana", 2, "expired", "it had started")]
    assert outbox() == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda meeting: Participation.objects.update(reply="declined"), "declined"),
        (lambda meeting: Participation.objects.all().delete(), "no longer takes part"),
        (lambda meeting: type(meeting).objects.update(status="cancelled"), "cancelled"),
        (lambda meeting: meeting.agreement.people.update(email=""), "no email address"),
        (lambda meeting: meeting.agreement.people.update(left_on=LATER.date()), "left their organisation"),
        (lambda meeting: meeting.agreement.people.filter(name="Ana").update(user=UserFactory()), "left the agreement"),
        (lambda meeting: meeting.agreement.reminder_rules.update(is_active=False), "the rule is paused"),
    ],
)
def test_all_is_looked_at_again_at_the_moment_of_sending(cast, rule, change, reason):
    """The changes here are made behind everybody's back: no signal, no planning."""
    meeting = make_meeting(cast.agreement, "Ana")
    change(meeting)
    send_due(LATER)
    assert outbox() == []
    assert ledger_of(meeting)[-1] == ("Ana", 2, "skipped", reason)


def test_the_claim_itself_looks_at_everything_again(cast, rule):
    make_meeting(cast.agreement, "Ana", "Bo")
    Participation.objects.filter(person__name="Bo").update(reply="declined")
    claimed, settled = ledger.take(LATER, 10)
    assert ([one.name for one in claimed], settled) == (["Ana"], {"skipped": 3})
    assert ledger.take(LATER, 10) == ([], {})


def test_who_accepts_after_all_is_told_at_once(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana")
    Participation.objects.update(reply="declined")
    sweep(LATER)
    Participation.objects.update(reply="accepted")
    saved(meeting)
    sweep(LATER + dt.timedelta(minutes=2))
    assert len(outbox()) == 1


def test_a_late_addition_is_told_at_once_and_the_others_are_not_told_again(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana")
    sweep(LATER)
    ParticipationFactory(engagement=meeting, person__name="Bo", person__email="bo@people.example")
    saved(meeting)
    sweep(LATER + dt.timedelta(hours=1))
    assert [letter["To"].addresses[0].addr_spec for letter in outbox()] == ["ana@people.example", "bo@people.example"]


def test_a_deleted_meeting_leaves_the_ledger_and_nothing_more_goes(cast, rule, clock):
    meeting = make_meeting(cast.agreement, "Ana", starts_on=dt.date(2026, 12, 9), title="By mistake")
    sweep(NOW + dt.timedelta(days=2))
    delete_engagement(meeting, notify=False, by=cast.officer)
    sweep(LATER + dt.timedelta(days=2))
    rows = (
        Delivery.objects.filter(kind="reminder")
        .order_by("due_at")
        .values_list("title", "state", "reason", "engagement", "is_gone")
    )
    assert list(rows) == [("By mistake", "sent", "", None, True), ("By mistake", "skipped", "deleted", None, True)]
    assert len(outbox()) == 1


def test_what_is_sent_while_its_meeting_is_deleted_is_still_recorded_as_sent(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana")
    sweep(NOW)
    claimed, _ = ledger.take(LATER, 10)
    delete_engagement(meeting, by=cast.officer)
    assert Delivery.objects.get(step__days=-2).reason == "deleted"
    messages.receive(LATER, claimed[0], "Reminder")
    messages.apply_receipts()
    assert Delivery.objects.get(step__days=-2).state == "sent"


def test_one_refused_address_stops_nobody(cast, rule, server):
    server.replies["bo@people.example"] = "550 no such mailbox"
    meeting = make_meeting(cast.agreement, "Ana", "Bo", "Cy")
    assert sweep(LATER) == {"skipped": 3, "sent": 2, "failed": 1}
    assert sorted(server.addresses) == ["ana@people.example", "cy@people.example"]
    assert ("Bo", 2, "failed", "550 no such mailbox") in ledger_of(meeting)
    assert server.connections == 1
    sweep(LATER + dt.timedelta(days=1))
    assert len(server.received) == 2


def test_an_address_that_cannot_be_one_stops_nobody(cast, rule, server):
    meeting = make_meeting(cast.agreement, "Ana", "Bo", save=False)
    meeting.agreement.people.filter(name="Ana").update(email="ana@@people\n.example")
    saved(meeting)
    assert sweep(LATER)["sent"] == 1
    assert [row[2] for row in ledger_of(meeting)] == ["skipped", "failed", "skipped", "sent"]


def test_a_temporary_refusal_is_tried_again_with_longer_and_longer_waits_under_one_message_id(cast, server):
    make_rule(cast.agreement, 6)
    make_meeting(cast.agreement, "Ana")
    server.replies["ana@people.example"] = "451 try later"
    now = LATER
    for wait in BACK_OFF[:2]:
        assert sweep(now) == {"waiting": 1}
        assert sweep(now + wait - dt.timedelta(seconds=1)) == {}
        now += wait
    server.replies.clear()
    assert sweep(now) == {"sent": 1}
    message = Message.objects.get()
    assert (message.state, message.attempts, message.error) == ("sent", 3, "")


def test_after_the_last_wait_four_days_later_it_has_failed(cast, server):
    make_rule(cast.agreement, 6)
    meeting = make_meeting(cast.agreement, "Ana", starts_on=dt.date(2026, 12, 12))
    server.replies["ana@people.example"] = "451 try later"
    now = LATER
    for wait in BACK_OFF:
        sweep(now)
        now += wait
    assert dt.timedelta(days=4) < now - LATER < dt.timedelta(days=4, hours=1)
    assert sweep(now) == {"failed": 1}
    assert ledger_of(meeting) == [("Ana", 6, "failed", "451 try later")]


def test_what_waits_is_withdrawn_when_it_is_not_wanted_any_more(cast, server):
    make_rule(cast.agreement, 6)
    meeting = make_meeting(cast.agreement, "Ana")
    server.replies["ana@people.example"] = "451 try later"
    sweep(LATER)
    cancel_engagement(meeting, notify=False, by=cast.officer)
    sweep(LATER + BACK_OFF[0])
    assert Message.objects.get().state == "withdrawn"
    assert ledger_of(meeting) == [("Ana", 6, "skipped", "cancelled")]


def test_a_lost_connection_is_opened_again_for_the_others(cast, rule, server):
    server.hangs_up_on.add("bo@people.example")
    make_meeting(cast.agreement, "Ana", "Bo", "Cy")
    counts = sweep(LATER)
    assert (counts["sent"], counts["waiting"]) == (2, 1)
    assert (sorted(server.addresses), server.connections) == (["ana@people.example", "cy@people.example"], 2)
    server.hangs_up_on.clear()
    assert sweep(LATER + BACK_OFF[0])["sent"] == 1


def test_a_refused_sender_is_our_trouble_and_is_tried_again(cast, rule, server):
    server.sender_reply = "550 relaying denied"
    make_meeting(cast.agreement, "Ana")
    assert sweep(LATER)["waiting"] == 1


def test_a_mail_server_that_is_not_there_puts_off_what_was_claimed_and_leaves_the_rest(cast, rule, settings):
    mail_by_smtp(settings)
    make_meeting(cast.agreement, "Ana", "Bo")
    counts = sweep(LATER)
    assert (counts["waiting"], counts["unreached"]) == (2, 1)
    assert set(Message.objects.values_list("state", "error")) == {("waiting", "[Errno 111] Connection refused")}


def test_what_a_killed_worker_had_claimed_goes_after_ten_minutes_under_the_same_message(cast):
    make_rule(cast.agreement, 6)
    make_meeting(cast.agreement, "Ana")
    [claimed], _ = ledger.take(LATER, 10)
    assert sweep(LATER + dt.timedelta(minutes=10)) == {}
    sweep(LATER + dt.timedelta(minutes=10, seconds=1))
    message = Message.objects.get()
    assert (message.pk, message.state, message.attempts) == (claimed.message_id, "sent", 2)
    [letter] = outbox()
    assert letter["Message-ID"] == f"<20261206120000000000.{message.pk}@localhost>"


def test_who_comes_too_late_to_the_end_of_a_claim_finds_it_taken_over(cast):
    make_rule(cast.agreement, 6)
    make_meeting(cast.agreement, "Ana")
    slow, _ = ledger.take(LATER, 10)
    assert messages.still_mine(LATER, slow) == {slow[0].message_id}
    later = LATER + dt.timedelta(minutes=11)
    messages.reopen(later, since=later - dt.timedelta(minutes=10), limit=6, error="")
    ledger.retry(later)
    ledger.take(later, 10)
    assert messages.still_mine(later, slow) == set()
    messages.record(later, slow, state="failed")
    assert Message.objects.get().state == "claimed"


def test_more_than_a_batch_goes_in_one_sweep(cast, rule):
    make_meeting(cast.agreement, *(f"P{n}" for n in range(120)))
    assert sweep(LATER)["sent"] == 120
    assert len({letter["Message-ID"] for letter in outbox()}) == 120


def test_a_batch_costs_a_query_for_each_message_and_few_besides(cast, rule, django_assert_num_queries):
    conftest.make_meeting(cast.agreement, "Ana")
    with django_assert_num_queries(38):
        send_due(LATER)
    conftest.make_meeting(cast.agreement, "Bo", "Cy", "Di")
    with django_assert_num_queries(40):
        send_due(LATER)


def test_a_permanent_refusal_flags_the_address_until_it_is_changed_or_works(cast, server):
    make_rule(cast.agreement, 6)
    make_meeting(cast.agreement, "Ana", "Bo")
    server.replies |= {f"{name}@people.example": "550 no such mailbox" for name in ("ana", "bo")}
    assert sweep(LATER) == {"failed": 2}
    flagged = BadAddress.objects.in_use().order_by("address")
    assert [str(bad) for bad in flagged] == [
        "ana@people.example: 550 no such mailbox",
        "bo@people.example: 550 no such mailbox",
    ]
    cast.agreement.people.filter(name="Ana").update(email="ana@elsewhere.example")
    assert [bad.person.name for bad in flagged.all()] == ["Bo"]
    server.replies.clear()
    bo = cast.agreement.people.get(name="Bo")
    another = make_meeting(cast.agreement, save=False, title="Another")
    ParticipationFactory(engagement=another, person=bo)
    saved(another)
    assert sweep(LATER) == {"sent": 1}
    assert not flagged.all()


def test_a_temporary_refusal_flags_nobody(cast, server):
    make_rule(cast.agreement, 6)
    make_meeting(cast.agreement, "Ana")
    server.replies["ana@people.example"] = "451 try later"
    sweep(LATER)
    assert not BadAddress.objects.exists()


def test_leads_see_refused_addresses_beside_what_failed(cast, server, sign_in):
    make_rule(cast.agreement, 6)
    make_meeting(cast.agreement, "Ana")
    server.replies["ana@people.example"] = "550 no such mailbox"
    sweep(LATER)
    page = sign_in(cast.lead).get("/agreements/lga-techuk/reminders/?state=failed").content.decode()
    assert "ana@people.example, 6 December 2026: 550 no such mailbox" in page
    ana = cast.agreement.people.get(name="Ana")
    words = "Refused by the mail server: 550 no such mailbox"
    assert words in sign_in(cast.officer).get(ana.get_absolute_url()).content.decode()
    assert words not in sign_in(cast.viewer).get(ana.get_absolute_url()).content.decode()


def test_no_more_than_the_limit_go_in_a_minute(cast, settings):
    settings.MAIL_PER_MINUTE = 3
    make_rule(cast.agreement, 6)
    make_meeting(cast.agreement, *(f"P{n}" for n in range(8)))
    sent = [sweep(LATER + dt.timedelta(seconds=20 * n))["sent"] for n in range(9)]
    assert sent == [3, 0, 0, 3, 0, 0, 2, 0, 0]


def test_what_waits_for_another_attempt_expires_when_its_time_is_over(cast, server):
    make_rule(cast.agreement, 6)
    meeting = make_meeting(cast.agreement, "Ana")
    server.replies["ana@people.example"] = "451 try later"
    sweep(dt.datetime(2026, 12, 8, 13, 59, 30, tzinfo=dt.UTC))
    assert sweep(dt.datetime(2026, 12, 8, 14, tzinfo=dt.UTC)) == {"expired": 1}
    assert ledger_of(meeting) == [("Ana", 6, "expired", "it had started")]


def test_a_receipt_that_a_killed_worker_left_counts_as_sent(cast):
    make_rule(cast.agreement, 6)
    meeting = make_meeting(cast.agreement, "Ana")
    [claimed], _ = ledger.take(LATER, 10)
    messages.receive(LATER, claimed, "Reminder")
    assert sweep(LATER + dt.timedelta(minutes=11)) == {}
    assert ledger_of(meeting) == [("Ana", 6, "sent", "")]
    assert outbox() == []
