"""Rules are edited in Django admin, through their verb; the ledger is there to read."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.urls import reverse

from outbox.models import Quota
from outbox.operations import messages
from outbox.operations.heartbeats import note_alive
from reminders.deliveries import ledger
from reminders.models import ReplanRequest, Rule
from reminders.operations.sweeping import sweep
from tests.reminders.conftest import NOW, ledger_of, make_meeting, make_rule

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def admin(cast, sign_in):
    return sign_in(cast.administrator)


def rule_form(agreement, *steps, **fields):
    """What the form of a rule sends: steps are (id, days before, to be deleted)."""
    data = {
        "agreement": agreement.pk,
        "kind": "reminder",
        "name": "Roundtables",
        "engagement_kinds": ["roundtable"],
        "is_active": "on",
    }
    data |= {"audience": ["participants"]} | fields
    kept = [step for step in steps if step[0]]
    data |= {"steps-TOTAL_FORMS": len(steps), "steps-INITIAL_FORMS": len(kept)}
    for number, (pk, days, is_deleted) in enumerate(steps):
        data |= {f"steps-{number}-id": pk, f"steps-{number}-number": days, f"steps-{number}-at": "09:00"}
        data |= {f"steps-{number}-DELETE": "on"} if is_deleted else {}
    return data


def test_a_rule_is_added_with_its_steps_and_planned_by_the_next_sweep(cast, admin):
    meeting = make_meeting(cast.agreement, "Ana")
    response = admin.post(
        reverse("admin:reminders_rule_add"), rule_form(cast.agreement, ("", 6, False), ("", 2, False))
    )
    assert response.status_code == 302
    sweep()
    assert ledger_of(meeting) == [("Ana", 6, "planned", ""), ("Ana", 2, "planned", "")]
    assert Rule.pgh_event_model.objects.get().pgh_context.metadata["verb"] == "save rule"


def test_a_rule_is_changed_and_a_step_taken_out(cast, admin):
    rule = make_rule(cast.agreement, 6, 2)
    meeting = make_meeting(cast.agreement, "Ana")
    first, second = rule.steps.all()
    change = reverse("admin:reminders_rule_change", args=[rule.pk])
    assert admin.get(change).status_code == 200
    admin.post(change, rule_form(cast.agreement, (first.pk, 6, True), (second.pk, 3, False)))
    sweep()
    assert ledger_of(meeting) == [
        ("Ana", None, "skipped", "its step was taken out of the rule"),
        ("Ana", 3, "planned", ""),
    ]


@pytest.mark.parametrize(
    ("fields", "steps", "words"),
    [
        ({"engagement_kinds": []}, [], "Choose at least one kind of engagement."),
        ({"engagement_kinds": ["party"]}, [], "party is not one of the available choices"),
        ({"name": ""}, [], "This field is required."),
        ({}, [("", 400, False)], "At most 366 is possible."),
        ({}, [("", 2, False), ("", 2, False)], "Please correct the duplicate"),
    ],
)
def test_a_mistake_in_a_rule_is_said(cast, admin, fields, steps, words):
    response = admin.post(reverse("admin:reminders_rule_add"), rule_form(cast.agreement, *steps, **fields))
    assert words in response.content.decode()
    assert not Rule.objects.exists()


def test_a_rule_of_a_name_that_is_there_is_refused(cast, admin):
    make_rule(cast.agreement, 2)
    response = admin.post(reverse("admin:reminders_rule_add"), rule_form(cast.agreement))
    assert "already exists" in response.content.decode()


def test_a_deleted_rule_plans_nothing_and_what_was_sent_by_it_stays(cast, admin, clock):
    clock.move_to(NOW - dt.timedelta(days=1))
    rule = make_rule(cast.agreement, 7, 2)
    meeting = make_meeting(cast.agreement, "Ana", starts_on=dt.date(2026, 12, 8))
    clock.move_to(NOW)
    sweep(NOW)
    admin.post(reverse("admin:reminders_rule_delete", args=[rule.pk]), {"post": "yes"})
    sweep()
    assert [row[2:] for row in ledger_of(meeting)] == [("sent", ""), ("skipped", "its step was taken out of the rule")]


LISTS = [
    *("reminders_rule", "reminders_delivery", "reminders_replanrequest"),
    *(f"outbox_{name}" for name in ("message", "heartbeat", "badaddress", "tally", "quota", "receipt")),
]


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("people", [1, 3])
def test_each_list_costs_a_fixed_number_of_queries(cast, admin, django_assert_max_num_queries, model, people):
    make_rule(cast.agreement, 7)
    make_meeting(cast.agreement, *(f"P{n}" for n in range(people)))
    sweep(NOW)
    with django_assert_max_num_queries(9):
        response = admin.get(reverse(f"admin:{model}_changelist"), {"q": "P"} if model == "reminders_delivery" else {})
    assert response.status_code == 200


def test_the_ledger_is_read_only(cast, admin, clock):
    clock.move_to(NOW - dt.timedelta(days=1))
    make_rule(cast.agreement, 7)
    meeting = make_meeting(cast.agreement, "Ana")
    clock.move_to(NOW)
    sweep(NOW)
    note_alive("beat")
    delivery = meeting.deliveries.get()
    messages.receive(NOW, SimpleNamespace(message_id=1), "Reminder")
    ledger.queue_replan(NOW, "person", [1])
    Quota.objects.create(name="mail", minute=NOW, taken=3)
    rows = [
        ("reminders_delivery", delivery.pk),
        ("outbox_message", delivery.message.pk),
        ("outbox_heartbeat", "beat"),
        ("outbox_tally", "sent"),
    ]
    rows += [
        ("outbox_receipt", 1),
        ("outbox_quota", "mail"),
        ("reminders_replanrequest", ReplanRequest.objects.latest("pk").pk),
    ]
    for model, key in rows:
        assert admin.get(reverse(f"admin:{model}_change", args=[key])).status_code == 200
        assert admin.post(reverse(f"admin:{model}_change", args=[key]), {}).status_code == 403
        assert admin.post(reverse(f"admin:{model}_delete", args=[key]), {"post": "yes"}).status_code == 403
        assert admin.get(reverse(f"admin:{model}_add")).status_code == 403
