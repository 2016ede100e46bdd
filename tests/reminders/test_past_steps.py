"""A step whose time was past when its subject or rule came to be does not go; a new rule says how many those are."""

import datetime as dt

import pytest

from engagements.operations.action import change_action
from engagements.operations.engagement import record_as_held
from partnership.operations import give_role
from reminders.deliveries.ledger import plan_all
from reminders.models import Delivery, Rule, Step
from reminders.operations.rules import pause_rule, resume_rule, save_rule
from reminders.operations.sweeping import sweep
from reminders.rules.forecast import past_emails
from tests.factories import ActionFactory, CommitmentFactory, EngagementFactory, PersonFactory
from tests.reminders.conftest import NOW, ledger_of, make_meeting, make_rule, outbox, saved
from tests.reminders.ruled import deliveries_of, live, on, rule_about
from tests.reminders.test_rules_pages import rule_form, rules

pytestmark = pytest.mark.usefixtures("clock")

PASSED = "its time had passed before this was planned"


@pytest.fixture
def lead(cast, sign_in):
    return sign_in(cast.lead)


@pytest.fixture
def ana(cast):
    return PersonFactory(agreement=cast.agreement, name="Ana", email="ana@people.example")


def action(cast, ana, day, **fields):
    facts = {"owner_person": ana, "owner_organisation": None, "due_on": NOW.date() + dt.timedelta(days=day)}
    return ActionFactory(agreement=cast.agreement, title="Send the slides", **facts | fields)


def test_an_action_with_a_day_of_the_past_is_told_of_from_the_next_step_on(cast, ana, clock):
    rule_about(cast.agreement, "action_due", -3, 0, 3, 7, audience=["owners", "leads"])
    action(cast, ana, -1)
    told = live(clock, since=0, until=6)
    assert [(day, name) for day, name in told if name == "ana"] == [(2, "ana"), (6, "ana")]
    assert {day for day, name in told if name == "lead"} == {2, 6}


def test_another_due_date_is_told_of_at_once_since_nothing_else_tells_it(cast, ana, clock):
    rule_about(cast.agreement, "action_due", -3, 0, audience=["owners"])
    mine = action(cast, ana, 20)
    sweep()
    mine.due_on = NOW.date() + dt.timedelta(days=2)
    change_action(mine, by=cast.officer)
    sweep()
    assert [letter["Subject"] for letter in outbox()] == ["Due in 2 days: Send the slides"]


def test_what_fell_due_while_the_worker_was_away_is_late_and_goes(cast, ana, clock):
    """The action waited in the queue, with the moment at which it was made."""
    rule_about(cast.agreement, "action_due", -3, 0, audience=["owners"])
    sweep()
    action(cast, ana, 2)
    clock.move_to(on(2, 11))
    sweep()
    assert [letter["Subject"] for letter in outbox()] == ["Due today: Send the slides"]
    assert deliveries_of("action_due") == [("Ana", -3, "skipped", PASSED), ("Ana", 0, "sent", "")]


def test_a_new_lead_is_not_told_of_what_was_past_before(cast, ana, clock):
    rule_about(cast.agreement, "action_due", 1, audience=["leads"])
    rule_about(cast.agreement, "rhythm", 0, audience=["leads"])
    Rule.objects.update(made_at=NOW - dt.timedelta(days=900))
    Step.objects.update(counts_from=NOW - dt.timedelta(days=900))
    action(cast, ana, 0)
    promise = CommitmentFactory(agreement=cast.agreement, measure="due", due_on=NOW.date() - dt.timedelta(days=1))
    type(promise).objects.update(created_at=NOW - dt.timedelta(days=300))
    clock.move_to(on(2))
    sweep(plan_everything=True)
    assert len(outbox()) == 4
    clock.move_to(on(3))
    give_role(cast.agreement, email=cast.officer.email, role="lead", party=cast.lga, by=cast.lead)
    sweep(plan_everything=True)
    assert len(outbox()) == 4
    mine = Delivery.objects.filter(person__user=cast.officer).values_list("state", "reason")
    assert set(mine) == {("skipped", PASSED)}


def test_a_slip_that_is_found_days_later_is_told_and_one_that_was_there_before_the_rule_is_not(cast, clock):
    promise = {"measure": "due", "due_on": NOW.date() - dt.timedelta(days=10)}
    old = CommitmentFactory(agreement=cast.agreement, title="Old", **promise)
    type(old).objects.update(created_at=NOW - dt.timedelta(days=300))
    rule_about(cast.agreement, "rhythm", 0, audience=["leads"])
    sweep(plan_everything=True)
    assert outbox() == []
    new = CommitmentFactory(
        agreement=cast.agreement, title="New", measure="due", due_on=NOW.date() + 90 * dt.timedelta(1)
    )
    type(new).objects.update(created_at=NOW - dt.timedelta(days=300))
    clock.move_to(on(5))
    type(new).objects.filter(pk=new.pk).update(due_on=NOW.date() + dt.timedelta(days=4))
    sweep(plan_everything=True)
    assert [letter["Subject"] for letter in outbox()] == ["Late: New"] * 2


def test_a_record_confirmed_late_is_asked_for_some_days_after_that(cast, clock):
    rule_about(cast.agreement, "unrecorded", 2, 7, audience=["logger"])
    officer = cast.agreement.people.get(user=cast.officer)
    facts = {"status": "planned", "starts_on": NOW.date() - dt.timedelta(days=12), "logged_by": officer}
    meeting = saved(EngagementFactory(agreement=cast.agreement, kind="roundtable", **facts))
    record_as_held(meeting, by=cast.officer)
    assert live(clock, since=0, until=10, plan=True) == [(2, "officer"), (7, "officer")]


def test_a_step_that_is_added_or_changed_sends_nothing_for_what_is_past(cast, clock):
    rule = make_rule(cast.agreement, 2)
    meeting = make_meeting(cast.agreement, "Ana")
    [step] = rule.steps.all()
    step.days = -9
    save_rule(rule, steps=[step, Step(days=-8)], by=None)
    sweep()
    assert outbox() == []
    assert ledger_of(meeting) == [("Ana", 9, "skipped", PASSED), ("Ana", 8, "skipped", PASSED)]
    step.days = -3
    save_rule(rule, steps=[step], by=None)
    sweep()
    assert ("Ana", 3, "planned", "") in ledger_of(meeting)


def test_a_rule_for_more_people_or_kinds_sends_nothing_for_what_is_past(cast, clock):
    rule = make_rule(cast.agreement, 8, kinds=["workshop"])
    meeting = make_meeting(cast.agreement, "Ana")
    rule.engagement_kinds, rule.audience = ["workshop", "roundtable"], ["participants", "leads"]
    save_rule(rule, by=None)
    sweep()
    assert outbox() == []
    assert {row[2:] for row in ledger_of(meeting)} == {("skipped", PASSED)}


def test_a_rule_that_is_resumed_sends_nothing_for_the_time_it_was_paused(cast, clock):
    rule = make_rule(cast.agreement, 4, 2)
    meeting = make_meeting(cast.agreement, "Ana")
    pause_rule(rule, by=None)
    sweep()
    clock.move_to(on(4))
    resume_rule(rule, by=None)
    sweep()
    assert outbox() == []
    assert ledger_of(meeting) == [("Ana", 4, "skipped", PASSED), ("Ana", 2, "planned", "")]


def test_planning_again_keeps_what_was_past(cast, clock):
    make_rule(cast.agreement, 8, 2)
    meeting = make_meeting(cast.agreement, "Ana")
    before = ledger_of(meeting)
    assert not +plan_all(NOW)
    saved(meeting)
    assert ledger_of(meeting) == before == [("Ana", 8, "skipped", PASSED), ("Ana", 2, "planned", "")]


# In advance


def make_past(cast):
    """Two people at one meeting, one of them without an address, and one meeting whose times are still ahead."""
    make_meeting(cast.agreement, "Ana", "Bo", title="Soon")
    cast.agreement.people.filter(name="Bo").update(email="")
    make_meeting(cast.agreement, "Cy", title="Later", starts_on=NOW.date() + dt.timedelta(days=30))


def draft(cast, **fields):
    facts = {
        "agreement": cast.agreement,
        "name": "R",
        "engagement_kinds": ["roundtable"],
        "on_working_days": False,
    } | fields
    return Rule(**facts)


def test_a_rule_is_counted_in_advance_and_nothing_of_that_is_saved(cast):
    make_past(cast)
    assert past_emails(draft(cast), steps=[Step(days=-9), Step(days=-8), Step(days=-2)]) == 1
    assert past_emails(draft(cast), steps=[Step(days=-2)]) == 0
    assert past_emails(draft(cast, audience=["leads"]), steps=[Step(days=-9)]) == 2
    assert not Rule.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("number", [1, 4])
def test_of_records_actions_and_replies_too(cast, ana, number):
    officer = cast.agreement.people.get(user=cast.officer)
    for place in range(number):
        action(cast, ana, -place - 1)
        held = {"status": "held", "starts_on": NOW.date() - dt.timedelta(days=9), "logged_by": officer}
        record = EngagementFactory(agreement=cast.agreement, kind="roundtable", **held)
        type(record).objects.filter(pk=record.pk).update(created_at=NOW - dt.timedelta(days=9))
        make_meeting(cast.agreement, f"P{place}")
    every = {"kind": "action_due", "engagement_kinds": [], "audience": ["owners"]}
    assert past_emails(draft(cast, **every), steps=[Step(days=0)]) == number
    every = {"kind": "unrecorded", "audience": ["logger"]}
    assert past_emails(draft(cast, **every), steps=[Step(days=2), Step(days=7)]) == number
    every = {"kind": "reply", "audience": ["participants"]}
    assert past_emails(draft(cast, **every), steps=[Step(days=-10)]) == number


def test_the_form_says_so_before_it_is_saved_and_after_and_sends_none(cast, lead):
    make_past(cast)
    form = rule_form(("", 9, False), ("", 2, False))
    said = "The time for 1 email has already passed. It will not be sent."
    page = lead.post(rules("new/?kind=reminder"), form | {"forecast": "1"})
    assert said in page.content.decode()
    assert not Rule.objects.exists()
    part = lead.post(rules("new/?kind=reminder"), form | {"forecast": "1"}, headers={"HX-Request": "true"})
    assert said in part.content.decode()
    assert "<html" not in part.content.decode()
    nothing = lead.post(rules("new/?kind=reminder"), rule_form(("", 2, False)) | {"forecast": "1"})
    assert "No email is for a time that has already passed." in nothing.content.decode()
    page = lead.post(rules("new/?kind=reminder"), form, follow=True)
    assert said in page.content.decode()
    sweep()
    assert outbox() == []


def test_what_is_wrong_in_the_form_is_said_instead(cast, lead):
    part = lead.post(
        rules("new/?kind=reminder"), rule_form(("", "x", False)) | {"forecast": "1"}, headers={"HX-Request": "true"}
    )
    assert part.status_code == 200
    assert "passed" not in part.content.decode()


def test_counting_costs_as_many_queries_for_many_meetings(cast, django_assert_max_num_queries):
    for number in range(12):
        make_meeting(cast.agreement, f"P{number}")
    with django_assert_max_num_queries(30):
        assert past_emails(draft(cast), steps=[Step(days=-9)]) == 12
