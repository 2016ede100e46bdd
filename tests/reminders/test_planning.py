"""What is planned, for whom and for when."""

import datetime as dt

import pytest
from django.db import OperationalError, connection
from django.db.models import RestrictedError

from contacts.models import Person
from contacts.operations import save_person
from engagements.models import Engagement, Participation
from engagements.operations.engagement import cancel_engagement, change_engagement, log_engagement, reinstate_engagement
from outbox.models import Heartbeat, Message
from reminders.deliveries import ledger
from reminders.models import Delivery, ReplanRequest
from reminders.operations.planning import queue_replan
from reminders.operations.rules import save_rule
from reminders.operations.sweeping import CHECK_EVERY, check_all, sweep
from tests.factories import EngagementFactory, ParticipationFactory, PersonFactory
from tests.reminders.conftest import ledger_of, make_meeting, make_rule, saved

DAY = dt.date(2026, 12, 8)

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def rule(cast):
    """Roundtables: 7 and 2 days before, at 09:00. The seven days are over at NOW, the two are to come."""
    return make_rule(cast.agreement, 6, 2)


def test_each_step_is_planned_for_each_person_who_takes_part(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana", "Bo")
    assert ledger_of(meeting) == [
        ("Ana", 6, "planned", ""),
        ("Ana", 2, "planned", ""),
        ("Bo", 6, "planned", ""),
        ("Bo", 2, "planned", ""),
    ]
    first = Delivery.objects.filter(engagement=meeting).earliest("due_at")
    assert first.due_at == dt.datetime(2026, 12, 2, 9, tzinfo=dt.UTC)
    assert first.expires_at == dt.datetime(2026, 12, 8, 14, tzinfo=dt.UTC)
    assert (first.agreement, first.rule, first.title) == (cast.agreement, rule, meeting.title)


def test_planning_again_adds_nothing_and_changes_nothing(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana", "Bo")
    before = list(Delivery.objects.values())
    saved(meeting)
    assert sweep(plan_everything=True) == {}
    assert list(Delivery.objects.values()) == before


@pytest.mark.parametrize("fields", [{"kind": "workshop"}, {"status": "held"}, {"status": "cancelled"}])
def test_nothing_is_planned_for_what_the_rule_does_not_name_or_is_not_to_come(cast, rule, fields):
    assert ledger_of(make_meeting(cast.agreement, "Ana", **fields)) == []


def test_nothing_is_planned_once_it_has_started(cast, rule):
    assert ledger_of(make_meeting(cast.agreement, "Ana", starts_on=dt.date(2026, 12, 1), start_time=dt.time(11))) == []


def test_a_rule_is_for_its_own_agreement(cast):
    make_rule(cast.elsewhere, 2)
    assert ledger_of(make_meeting(cast.agreement, "Ana")) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"reply": "declined"}, "declined"),
        ({"attendance": "apologies"}, "sent apologies"),
        ({"person__email": ""}, "no email address"),
        ({"person__left_on": dt.date(2026, 12, 1)}, "left their organisation"),
    ],
)
def test_who_is_not_to_be_told_is_shown_as_skipped_with_the_reason_and_told_once_it_is_gone(cast, rule, change, reason):
    meeting = make_meeting(cast.agreement, save=False)
    part = ParticipationFactory(engagement=meeting, person__name="Ana", **change)
    saved(meeting)
    assert ledger_of(meeting) == [("Ana", 6, "skipped", reason), ("Ana", 2, "skipped", reason)]
    Participation.objects.update(reply="accepted", attendance="")
    Person.objects.filter(pk=part.person_id).update(email="ana@people.example", left_on=None)
    sweep(plan_everything=True)
    assert ledger_of(meeting) == [("Ana", 6, "planned", ""), ("Ana", 2, "planned", "")]


def test_who_leaves_next_week_is_still_told_this_week(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana")
    Person.objects.update(left_on=dt.date(2026, 12, 2))
    saved(meeting)
    assert ledger_of(meeting) == [("Ana", 6, "planned", ""), ("Ana", 2, "planned", "")]


def test_who_no_longer_takes_part_is_not_told_unless_they_come_back(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana")
    part = Participation.objects.get()
    person = part.person
    part.delete()
    saved(meeting)
    gone = "no longer takes part"
    assert ledger_of(meeting) == [("Ana", 6, "skipped", gone), ("Ana", 2, "skipped", gone)]
    ParticipationFactory(engagement=meeting, person=person)
    saved(meeting)
    assert ledger_of(meeting) == [("Ana", 6, "planned", ""), ("Ana", 2, "planned", "")]


def test_a_moved_meeting_is_planned_anew_and_the_old_rows_are_superseded(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana")
    meeting.starts_on = dt.date(2026, 12, 15)
    change_engagement(meeting, by=cast.officer)
    assert ledger_of(meeting) == [
        ("Ana", 6, "superseded", "moved"),
        ("Ana", 6, "planned", ""),
        ("Ana", 2, "superseded", "moved"),
        ("Ana", 2, "planned", ""),
    ]
    old, new = Delivery.objects.filter(step__days=-2).order_by("occurrence").values_list("due_at", flat=True)
    assert (old.day, new.day) == (6, 13)


def test_a_new_title_is_taken_over_by_what_is_still_to_go(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana")
    meeting.title = "Buying AI safely"
    change_engagement(meeting, by=cast.officer)
    assert set(Delivery.objects.values_list("title", flat=True)) == {"Buying AI safely"}


def test_a_cancelled_meeting_is_skipped_and_a_reinstated_one_planned_anew(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana")
    cancel_engagement(meeting, notify=False, by=cast.officer)
    assert ledger_of(meeting) == [("Ana", 6, "skipped", "cancelled"), ("Ana", 2, "skipped", "cancelled")]
    reinstate_engagement(meeting, notify=False, by=cast.officer)
    rows = (
        Delivery.objects.filter(engagement=meeting, kind="reminder")
        .order_by("occurrence")
        .values_list("occurrence", "state")
    )
    assert list(rows) == [(1, "skipped"), (1, "skipped"), (2, "planned"), (2, "planned")]


def test_a_paused_rule_skips_and_a_resumed_one_plans(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana")
    rule.is_active = False
    save_rule(rule, by=cast.lead)
    sweep()
    assert ledger_of(meeting) == [("Ana", days, "skipped", "the rule is paused") for days in (6, 2)]
    rule.is_active = True
    save_rule(rule, by=cast.lead)
    sweep()
    assert ledger_of(meeting) == [("Ana", days, "planned", "") for days in (6, 2)]


def test_a_step_taken_out_of_a_rule_is_skipped_and_a_changed_one_moves(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana")
    long_before, shortly_before = rule.steps.all()
    shortly_before.days = -1
    save_rule(rule, steps=[shortly_before], removed=[long_before], by=cast.lead)
    sweep()
    assert ledger_of(meeting) == [
        ("Ana", None, "skipped", "its step was taken out of the rule"),
        ("Ana", 1, "planned", ""),
    ]
    assert Delivery.objects.get(state="planned").due_at.day == 7


def test_a_rule_that_is_no_longer_for_the_kind_skips(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana")
    rule.engagement_kinds = ["committee"]
    save_rule(rule, by=cast.lead)
    sweep()
    assert {reason for *_, reason in ledger_of(meeting)} == {"the rule is no longer for this kind"}


def test_a_new_rule_reaches_the_meetings_that_are_there_already(cast):
    meeting = make_meeting(cast.agreement, "Ana")
    assert ledger_of(meeting) == []
    make_rule(cast.agreement, 2)
    sweep()
    assert ledger_of(meeting) == [("Ana", 2, "planned", "")]


def test_what_nobody_has_told_of_is_found_by_the_full_check_which_says_so(cast, rule, clock, caplog):
    assert check_all() == {}
    assert Heartbeat.objects.get(name="check").note == "nothing was missing"
    meeting = make_meeting(cast.agreement, "Ana", save=False)
    sweep()
    assert (check_all(), ledger_of(meeting)) == (None, [])
    clock.shift(CHECK_EVERY)
    assert check_all() == {"planned": 2}
    assert ledger_of(meeting) == [("Ana", 6, "planned", ""), ("Ana", 2, "planned", "")]
    assert Heartbeat.objects.get(name="check").note == "mended: 2 planned"
    assert "mended what nobody had told of: 2 planned" in caplog.text


def test_another_address_of_a_person_is_planned_by_the_next_sweep(cast, rule):
    meeting = make_meeting(cast.agreement, save=False)
    ana = ParticipationFactory(engagement=meeting, person__name="Ana", person__email="").person
    saved(meeting)
    sweep()
    assert ledger_of(meeting) == [("Ana", days, "skipped", "no email address") for days in (6, 2)]
    ana.email = "ana@people.example"
    save_person(ana, by=cast.officer)
    assert sweep() == {"planned": 2}


def test_a_changed_rule_reaches_many_meetings_in_batches(cast, django_assert_max_num_queries):
    meetings = Engagement.objects.bulk_create(
        EngagementFactory.build(agreement=cast.agreement, kind="roundtable", status="planned", starts_on=DAY)
        for _ in range(250)
    )
    ana = PersonFactory(agreement=cast.agreement, name="Ana")
    Participation.objects.bulk_create(
        Participation(agreement=cast.agreement, engagement=each, person=ana) for each in meetings
    )
    make_rule(cast.agreement, 6, 2)
    with django_assert_max_num_queries(64):
        assert sweep() == {"planned": 500}
    assert not ReplanRequest.objects.exists()
    assert sweep() == {}


def test_the_full_check_adds_nothing_to_what_is_there(cast, rule):
    make_meeting(cast.agreement, "Ana", "Bo")
    before = list(Delivery.objects.values())
    check_all()
    assert list(Delivery.objects.values()) == before


def test_a_reminder_on_the_day_that_would_come_after_the_start_is_skipped(cast):
    make_rule(cast.agreement, 0)
    assert ledger_of(make_meeting(cast.agreement, "Ana")) == [("Ana", 0, "planned", "")]
    all_day = make_meeting(cast.agreement, "Bo", start_time=None)
    assert ledger_of(all_day) == [("Bo", 0, "skipped", "its time would be after the start")]


def test_logging_plans_for_the_people_named(cast, rule):
    engagement = Engagement(
        agreement=cast.agreement, title="Round", kind="roundtable", status="", starts_on=dt.date(2026, 12, 8)
    )
    log_engagement(engagement, people=[PersonFactory(agreement=cast.agreement, name="Ana")], by=cast.officer)
    assert ledger_of(engagement) == [("Ana", 6, "planned", ""), ("Ana", 2, "planned", "")]


def test_an_agreement_goes_with_its_ledger(cast, rule, clock):
    make_meeting(cast.agreement, "Ana")
    sweep(dt.datetime(2026, 12, 6, 10, tzinfo=dt.UTC))
    cast.agreement.delete()
    connection.check_constraints()
    assert not Delivery.objects.exists()
    assert not Message.objects.exists()


def test_a_person_who_was_told_cannot_be_deleted(cast, rule):
    make_meeting(cast.agreement, "Ana")
    Participation.objects.all().delete()
    with pytest.raises(RestrictedError):
        Person.objects.get(name="Ana").delete()


def test_planning_leaves_the_last_change_of_the_engagement_alone(cast, rule, clock):
    meeting = make_meeting(cast.agreement, "Ana")
    before = Engagement.objects.values().get()
    clock.move_to(dt.datetime(2026, 12, 6, 10, tzinfo=dt.UTC))
    sweep(plan_everything=True)
    assert ledger_of(meeting) == [
        ("Ana", 6, "skipped", "overtaken by a later reminder"),
        ("Ana", 2, "sent", ""),
    ]
    assert Engagement.objects.values().get() == before


def test_what_cannot_be_planned_stays_queued_and_stops_no_sending(cast, rule, clock, monkeypatch):
    make_meeting(cast.agreement, "Ana")
    queue_replan("agreement", cast.agreement.pk)

    def break_down(now, limit):
        raise OperationalError("deadlock detected")

    monkeypatch.setattr(ledger, "plan_queued", break_down)
    assert sweep(dt.datetime(2026, 12, 6, 9, tzinfo=dt.UTC)) == {"sent": 1, "skipped": 1}
    assert ReplanRequest.objects.filter(what="agreement").exists()
