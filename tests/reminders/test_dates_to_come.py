"""Those who lead are told before the agreement is reviewed and before it ends; then no mail says it any more."""

import datetime as dt

import pytest

from partnership.models import Agreement
from partnership.operations import save_agreement, save_date
from reminders.models import Delivery, Rule, Step
from reminders.operations.rules import save_rule, standard_rules
from reminders.operations.sweeping import sweep
from tests.reminders.conftest import NOW, make_rule, outbox

pytestmark = pytest.mark.usefixtures("clock")

END = NOW.date() + dt.timedelta(days=100)


@pytest.fixture
def rule(cast):
    rule = Rule(agreement=cast.agreement, name="Dates", kind="date", audience=["leads"], on_working_days=False)
    return save_rule(rule, steps=[Step(days=-days) for days in (90, 30, 7)], by=None)


@pytest.fixture
def end(cast, rule):
    return cast.agreement.dates.create(kind="end", on=END)


def live(clock, *, since, until):
    """Let the days pass, ``since`` days before the end ``until`` so many. Returns on which of them mail went."""
    seen = []
    for days in range(since, until - 1, -1):
        clock.move_to(dt.datetime.combine(END - dt.timedelta(days=days), dt.time(9, 1), dt.UTC))
        before = len(outbox())
        sweep()
        seen += [days] * (len(outbox()) > before)
    return seen


def test_both_leads_are_told_ninety_thirty_and_seven_days_before_and_not_after(cast, end, clock):
    assert live(clock, since=99, until=-20) == [90, 30, 7]
    assert [letter["Subject"] for letter in outbox()[::2]] == [
        "End of the agreement: 11 March 2027, in 90 days",
        "End of the agreement: 11 March 2027, in 30 days",
        "End of the agreement: 11 March 2027, in 7 days",
    ]
    assert {letter["To"].addresses[0].addr_spec for letter in outbox()} == {"lead@lga.example", "lead@techuk.example"}


def test_a_date_entered_late_tells_the_latest_once(cast, end, clock):
    assert live(clock, since=20, until=6) == [20, 7]


def test_a_date_that_was_changed_plans_anew(cast, end, clock):
    assert live(clock, since=99, until=60) == [90]
    end.on += dt.timedelta(days=365)
    save_date(end, by=cast.lead)
    assert live(clock, since=59, until=0) == []
    assert set(Delivery.objects.filter(state="superseded").values_list("reason", flat=True)) == {"moved"}
    assert Delivery.objects.filter(state="planned").count() == 6


@pytest.mark.parametrize("kind", ["signed", "effective"])
def test_what_lies_behind_by_its_nature_tells_nobody(cast, rule, kind):
    cast.agreement.dates.filter(kind=kind).delete()
    cast.agreement.dates.create(kind=kind, on=END)
    sweep(plan_everything=True)
    assert not Delivery.objects.exists()


def test_of_an_agreement_that_has_ended_nobody_is_told(cast, end, clock):
    sweep()
    cast.agreement.status = Agreement.Status.ENDED
    save_agreement(cast.agreement, by=cast.administrator)
    assert live(clock, since=99, until=0) == []
    assert set(Delivery.objects.values_list("reason", flat=True)) == {"the agreement is not in force"}


def test_a_new_agreement_has_its_standard_rules(cast):
    agreement = Agreement(name="New", slug="new", status=Agreement.Status.IN_FORCE)
    save_agreement(agreement, by=cast.administrator)
    rules = {rule.name: [str(step) for step in rule.steps.all()] for rule in Rule.objects.filter(agreement=agreement)}
    assert rules == {
        "Committee meetings": ["7 days before, at 09:00", "2 days before, at 09:00"],
        "Roundtables": ["7 days before, at 09:00", "2 days before, at 09:00"],
        "Actions due": [
            "3 days before, at 09:00",
            "on the day, at 09:00",
            "3 days after, at 09:00",
            "7 days after, at 09:00, then every 7 days",
        ],
        "Actions long overdue": ["14 days after, at 09:00, then every 7 days"],
        "Dates of the agreement": ["90 days before, at 09:00", "30 days before, at 09:00", "7 days before, at 09:00"],
        "Replies": ["7 days before, at 09:00", "2 days before, at 09:00"],
        "Papers": ["3 days before, at 09:00", "on the day, at 09:00"],
        "Records to complete": ["2 days after, at 09:00", "7 days after, at 09:00"],
        "Records left open": ["14 days after, at 09:00"],
        "Commitments that slip": ["on the day, at 09:00"],
        "Nothing held for long": ["180 days after, at 09:00"],
    }
    assert standard_rules(agreement, by=None) == []


def test_what_there_is_a_rule_about_gets_no_standard_ones(cast):
    make_rule(cast.agreement, 2, name="Actions due")
    names = [rule.name for rule in standard_rules(cast.agreement, by=None)]
    assert names[:3] == ["Actions due (standard)", "Actions long overdue", "Dates of the agreement"]
    assert not {"Committee meetings", "Roundtables"} & set(names)
