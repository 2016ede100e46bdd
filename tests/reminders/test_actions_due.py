"""Actions are reminded of before their day, on it, and after it until they are done."""

import datetime as dt

import pytest

from engagements.operations.action import change_action, finish_action, reopen_action
from reminders.models import Delivery, Preference, Rule, Step
from reminders.operations.rules import save_rule
from reminders.operations.sweeping import sweep
from tests.factories import ActionFactory, PersonFactory
from tests.reminders.conftest import NOW, ledger_of, make_meeting, make_rule, outbox

pytestmark = pytest.mark.usefixtures("clock")

DUE = NOW.date()
"""A Tuesday. Noon of it is when the tests begin."""


def make_rule_of_actions(agreement, *steps, audience=("owners",), name="Actions due", **fields):
    """A rule about actions: its steps are (days, repeats every), at 09:00 on any day."""
    fields = {"on_working_days": False} | fields
    rule = Rule(agreement=agreement, name=name, kind="action_due", audience=list(audience), **fields)
    return save_rule(rule, steps=[Step(days=days, repeats_every=every) for days, every in steps], by=None)


LADDER = [(-3, None), (0, None), (3, None), (7, 7)]


@pytest.fixture
def rule(cast):
    return make_rule_of_actions(cast.agreement, *LADDER)


@pytest.fixture
def ana(cast):
    return PersonFactory(agreement=cast.agreement, name="Ana", email="ana@people.example")


@pytest.fixture
def make(cast, ana):
    """Makes an action that Ana owns, of which she was not told at once."""

    def make(due_on, **fields):
        owner = {"owner_person": ana, "owner_organisation": None}
        facts = {"agreement": cast.agreement, "title": "Send the slides", "due_on": due_on} | owner | fields
        return ActionFactory(**facts)

    return make


def at(day, hour=9, minute=1):
    """A minute past nine on a day after ``DUE``."""
    return dt.datetime.combine(DUE + dt.timedelta(days=day), dt.time(hour, minute), dt.UTC)


def live(clock, *, until, since=0):
    """Let the days pass, each with a sweep at 09:01. Returns the days on which mail went, and to whom."""
    seen = []
    for day in range(since, until + 1):
        clock.move_to(at(day))
        before = len(outbox())
        sweep()
        seen += [(day, letter["To"].addresses[0].addr_spec) for letter in outbox()[before:]]
    return seen


def test_the_ladder(cast, rule, make, clock):
    clock.move_to(at(-6))
    make(DUE)
    days = [day for day, _ in live(clock, since=-6, until=30)]
    assert days == [-3, 0, 3, 7, 14, 21, 28]


def test_the_mail_says_how_it_stands(cast, rule, make, clock):
    clock.move_to(at(-6))
    make(DUE)
    live(clock, since=-6, until=14)
    assert [letter["Subject"] for letter in outbox()] == [
        "Due in 3 days: Send the slides",
        "Due today: Send the slides",
        "3 days overdue: Send the slides",
        "7 days overdue: Send the slides",
        "14 days overdue: Send the slides",
    ]
    text = outbox()[-1].get_body(("plain",)).get_content()
    assert "Tuesday 1 December 2026, 14 days overdue" in text
    assert "You got this email because this action is assigned to you." in text


def test_leads_are_told_from_fourteen_days_on(cast, rule, make, clock):
    make_rule_of_actions(cast.agreement, (14, 7), audience=["leads"], name="Actions long overdue")
    clock.move_to(at(-6))
    make(DUE)
    told = live(clock, since=-6, until=29)
    assert [day for day, who in told if who == "lead@lga.example"] == [14, 21, 28]
    assert [day for day, who in told if who == "ana@people.example"] == [-3, 0, 3, 7, 14, 21, 28]
    letter = next(letter for letter in outbox() if letter["To"].addresses[0].addr_spec == "lead@lga.example")
    assert "Owner: Ana" in letter.get_body(("plain",)).get_content()


def test_a_lead_who_owns_it_gets_one_mail_not_two(cast, rule, make, clock):
    make_rule_of_actions(cast.agreement, (14, 7), audience=["leads"], name="Actions long overdue")
    make(DUE, owner_person=cast.agreement.people.get(user=cast.lead))
    told = live(clock, until=22)
    assert [day for day, who in told if who == "lead@lga.example"] == [3, 7, 14, 21]


def test_what_an_organisation_owns_tells_no_owner_but_the_leads(cast, rule, make, clock):
    make_rule_of_actions(cast.agreement, (14, 7), audience=["leads"], name="Actions long overdue")
    make(DUE, owner_person=None, owner_organisation=cast.lga.organisation)
    assert live(clock, until=15) == [(14, "lead@lga.example"), (14, "lead@techuk.example")]


def test_a_week_off_makes_one_mail(cast, rule, make, clock):
    clock.move_to(at(-6))
    make(DUE)
    sweep()
    clock.move_to(at(8))
    sweep()
    assert [letter["Subject"] for letter in outbox()] == ["8 days overdue: Send the slides"]
    states = Delivery.objects.order_by("due_at").values_list("step__days", "round", "state", "reason")
    assert list(states) == [
        (-3, 0, "skipped", "overtaken by a later reminder"),
        (0, 0, "skipped", "overtaken by a later reminder"),
        (3, 0, "skipped", "overtaken by a later reminder"),
        (7, 0, "sent", ""),
        (7, 1, "planned", ""),
    ]


def test_long_overdue_when_the_rule_is_made_it_goes_by_its_next_rounds(cast, make, clock):
    clock.move_to(at(25))
    make(DUE)
    make_rule_of_actions(cast.agreement, *LADDER)
    assert [day for day, _ in live(clock, since=25, until=36)] == [28, 35]


def test_planning_again_adds_nothing_and_changes_nothing(cast, rule, make):
    make(DUE)
    sweep(plan_everything=True)
    before = list(Delivery.objects.values())
    assert sweep(plan_everything=True) == {}
    assert list(Delivery.objects.values()) == before


def test_done_is_told_no_more_and_open_again_goes_on(cast, rule, make, clock):
    clock.move_to(at(-6))
    action = make(DUE)
    live(clock, since=-6, until=-3)
    finish_action(action, by=cast.officer)
    sweep()
    assert set(Delivery.objects.exclude(state="sent").values_list("state", "reason")) == {("skipped", "done already")}
    assert live(clock, since=-2, until=2) == []
    reopen_action(action, by=cast.officer)
    assert [day for day, _ in live(clock, since=2, until=7)] == [2, 3, 7]


def test_another_owner_takes_over_and_the_first_is_told_no_more(cast, rule, make, clock):
    clock.move_to(at(-6))
    action = make(DUE)
    live(clock, since=-6, until=-3)
    action.owner_person = PersonFactory(agreement=cast.agreement, name="Bo", email="bo@people.example")
    change_action(action, notify=False, by=cast.officer)
    assert live(clock, since=-2, until=3) == [(0, "bo@people.example"), (3, "bo@people.example")]
    reasons = Delivery.objects.filter(person__name="Ana", state="skipped").values_list("reason", flat=True)
    assert set(reasons) == {"somebody else owns it now"}


def test_a_new_day_supersedes_and_plans_anew_and_the_old_one_put_back_goes_on(cast, rule, make, clock):
    clock.move_to(at(-6))
    action = make(DUE)
    sweep()
    action.due_on = DUE + dt.timedelta(days=10)
    change_action(action, by=cast.officer)
    sweep()
    old = Delivery.objects.filter(kind="action_due", occurrence=(DUE - dt.date(2000, 1, 1)).days)
    assert set(old.values_list("state", "reason")) == {("superseded", "moved")}
    assert live(clock, since=-5, until=2) == []
    action.due_on = DUE
    change_action(action, by=cast.officer)
    assert [day for day, _ in live(clock, since=2, until=3)] == [2, 3]


def test_whoever_was_told_of_it_at_once_is_not_told_of_what_was_past(cast, rule, make, ana, clock):
    action = make(DUE + dt.timedelta(days=1), owner_person=None, owner_organisation=cast.lga.organisation)
    action.owner_person, action.owner_organisation = ana, None
    change_action(action, by=cast.officer)
    sweep()
    assert [letter["Subject"] for letter in outbox()] == ["An action for you: Send the slides"]
    assert Delivery.objects.get(step__days=-3).reason == "its time had passed before this was planned"


def test_a_rule_that_is_paused_tells_nothing_and_goes_on_with_the_next(cast, rule, make, clock):
    clock.move_to(at(-6))
    make(DUE)
    rule.is_active = False
    save_rule(rule, by=cast.lead)
    assert live(clock, since=-6, until=4) == []
    rule.is_active = True
    save_rule(rule, by=cast.lead)
    assert [day for day, _ in live(clock, since=4, until=7)] == [7]


def test_who_wants_none_of_it_gets_none(cast, rule, make, ana, clock):
    Preference.objects.create(agreement=cast.agreement, person=ana, actions="off")
    make(DUE)
    assert live(clock, until=8) == []
    assert set(Delivery.objects.values_list("reason", flat=True)) >= {"opted out of your actions"}


def test_without_a_day_nothing_is_planned(cast, rule, make):
    make(None)
    sweep(plan_everything=True)
    assert not Delivery.objects.exists()


def test_a_rule_of_meetings_knows_nothing_of_actions_and_the_other_way_round(cast, make):
    make_rule(cast.agreement, 2)
    make_rule_of_actions(cast.agreement, *LADDER)
    meeting = make_meeting(cast.agreement, "Bo")
    make(DUE + dt.timedelta(days=30))
    sweep()
    assert ledger_of(meeting) == [("Bo", 2, "planned", "")]
    assert set(Delivery.objects.filter(action__isnull=False).values_list("kind", flat=True)) == {"action_due"}
