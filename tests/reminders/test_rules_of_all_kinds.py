"""The pages of rules ask for what applies to what a rule reminds of, and show its mail."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from outbox.operations.sending import send_due
from reminders.models import Delivery, Rule, Step
from reminders.notification_types import by_rules, type_of
from reminders.operations.rules import save_rule
from reminders.operations.sweeping import sweep
from tests.factories import ActionFactory, CommitmentFactory, PersonFactory, WorkstreamFactory
from tests.reminders.conftest import NOW, make_rule, outbox
from tests.reminders.test_rules_pages import rule_form, rules

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def lead(cast, sign_in):
    return sign_in(cast.lead)


def actions_form(*steps, **fields):
    """What the form of a rule about actions sends: steps are (id, number, side, repeats every)."""
    data = {"name": "Due", "audience": ["owners"], "subject": "", "text": "", "on_working_days": "on"} | fields
    data |= {"steps-TOTAL_FORMS": len(steps), "steps-INITIAL_FORMS": sum(bool(step[0]) for step in steps)}
    for n, (pk, number, side, every) in enumerate(steps):
        data |= {f"steps-{n}-id": pk, f"steps-{n}-number": number, f"steps-{n}-side": side, f"steps-{n}-at": "09:00"}
        data |= {f"steps-{n}-repeats_every": every}
    return data


def test_first_it_asks_what_the_rule_is_to_remind_of(lead):
    page = lead.get(rules("new/")).content.decode()
    for one in by_rules():
        assert f'href="?kind={one.kind}"' in page
        assert one.rule.label in page
    assert "What should it remind of?" in lead.get(rules("new/?kind=gossip")).content.decode()


@pytest.mark.parametrize(
    ("about", "asked"),
    [
        ("reminder", {"engagement_kinds", "audience", "steps-0-number"}),
        ("action_due", {"audience", "steps-0-number", "steps-0-side", "steps-0-repeats_every"}),
        ("date", {"steps-0-number"}),
    ],
)
def test_what_does_not_apply_is_not_asked(lead, about, asked):
    page = lead.get(rules(f"new/?kind={about}")).content.decode()
    names = ("engagement_kinds", "audience", "steps-0-number", "steps-0-side", "steps-0-repeats_every")
    assert {name for name in names if f'name="{name}"' in page} == asked
    assert f"{Rule.Kind(about).label}. {type_of(about).rule.note}" in page


def test_a_rule_about_actions_is_added_and_says_when_in_words(cast, lead):
    steps = [("", 3, "before", ""), ("", 0, "before", ""), ("", 7, "after", 7)]
    page = lead.post(rules("new/?kind=action_due"), actions_form(*steps), follow=True).content.decode()
    rule = Rule.objects.get()
    assert (rule.kind, rule.engagement_kinds, rule.on_working_days) == ("action_due", [], True)
    assert list(rule.steps.values_list("days", "repeats_every")) == [(-3, None), (0, None), (7, 7)]
    for words in ("3 days before, at 09:00", "On the day, at 09:00", "7 days after, at 09:00, then every 7 days"):
        assert words in page
    assert "The person who owns it" in page
    assert "On working days only" in page


@pytest.mark.parametrize(
    ("steps", "fields", "words"),
    [
        ([("", 3, "before", 7)], {}, "Only a time on the day or after it can be repeated."),
        ([("", 3, "after", 0)], {}, "Give a number from 1 up."),
        ([("", 3, "sideways", "")], {}, "Choose one of those shown."),
        ([("", 0, "before", ""), ("", 0, "after", "")], {}, "Two lead times are the same"),
        ([("", 3, "after", "")], {"text": "Come to {where}"}, "{where} is not among the placeholders."),
        ([("", 3, "after", "")], {"audience": ["participants"]}, "Choose one of those shown."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(lead, steps, fields, words):
    page = lead.post(rules("new/?kind=action_due"), {"text": "Kept"} | actions_form(*steps, **fields))
    assert words in page.content.decode()
    assert fields.get("text", "") in page.content.decode()
    assert not Rule.objects.exists()


def test_the_mail_is_shown_and_sent_as_a_test_for_each_thing(cast, lead):
    ana = PersonFactory(agreement=cast.agreement, name="Ana")
    action = ActionFactory(
        agreement=cast.agreement,
        title="Send the slides",
        due_on=NOW.date() - dt.timedelta(days=9),
        owner_person=ana,
        owner_organisation=None,
    )
    end = cast.agreement.dates.create(kind="end", on=NOW.date() + dt.timedelta(days=6))
    words = "{title} is {late}, see {record}"
    late = Rule(
        agreement=cast.agreement, name="Due", kind="action_due", audience=["owners"], on_working_days=False, text=words
    )
    save_rule(late, steps=[Step(days=3)], by=None)
    date = save_rule(
        Rule(agreement=cast.agreement, name="Dates", kind="date", audience=["leads"], on_working_days=False),
        steps=[Step(days=-7)],
        by=None,
    )
    page = lead.get(rules(f"{late.pk}/")).content.decode()
    assert "9 days overdue: Send the slides" in page
    assert "Send the slides is 9 days overdue, see http" in page
    assert "End of the agreement: 7 December 2026, in 6 days" in lead.get(rules(f"{date.pk}/")).content.decode()
    lead.post(rules(f"{late.pk}/test/"), {"of": action.pk})
    lead.post(rules(f"{date.pk}/test/"), {"of": end.pk})
    assert [letter["Subject"] for letter in outbox()] == [
        "Test: 9 days overdue: Send the slides",
        "Test: End of the agreement: 7 December 2026, in 6 days",
    ]


def test_without_anything_to_show_the_page_says_so(cast, lead):
    rule = Rule(agreement=cast.agreement, name="Due", kind="action_due", audience=["owners"], on_working_days=False)
    save_rule(rule, steps=[Step(days=3)], by=None)
    assert "No action with a date is open" in lead.get(rules(f"{rule.pk}/")).content.decode()


def test_history_says_when_in_words(cast, lead):
    rule = Rule(agreement=cast.agreement, name="Due", kind="action_due", audience=["owners"], on_working_days=False)
    save_rule(rule, steps=[Step(days=-3)], by=cast.lead)
    step = rule.steps.get()
    lead.post(rules(f"{rule.pk}/edit/"), actions_form((step.pk, 5, "after", "")))
    page = lead.get(rules(f"{rule.pk}/")).content.decode()
    assert "3 days before" in page
    assert "5 days after" in page


def test_two_leads_who_edit_one_rule_lose_nothing(cast, sign_in):
    rule = make_rule(cast.agreement, 7, name="Roundtables")
    step = rule.steps.get()
    seen = {"seen": sign_in(cast.lead).get(rules(f"{rule.pk}/edit/")).context["form"]["seen"].value()}
    other = sign_in(cast.techuk_lead)
    other.post(rules(f"{rule.pk}/edit/"), rule_form((step.pk, 5, False), name="Theirs", engagement_kinds=["workshop"]))
    form = rule_form((step.pk, 3, False), name="Mine", text="Typed") | seen
    response = sign_in(cast.lead).post(rules(f"{rule.pk}/edit/"), form)
    page = response.content.decode()
    assert "while you were editing it" in page
    assert [each.label for each in response.context["form"].conflict.differences] == ["Name", "Lead times"]
    assert "Typed" in page
    rule.refresh_from_db()
    assert rule.name == "Theirs"
    seen = {"seen": response.context["form"]["seen"].value()}
    sign_in(cast.lead).post(rules(f"{rule.pk}/edit/"), form | seen)
    rule.refresh_from_db()
    assert (rule.name, rule.text, rule.steps.get().days) == ("Mine", "Typed", -3)


def test_a_time_that_somebody_else_took_out_meanwhile_is_told(cast, lead):
    rule = make_rule(cast.agreement, 7, 2)
    first, second = rule.steps.all()
    key = first.pk
    first.delete()
    page = lead.post(rules(f"{rule.pk}/edit/"), rule_form((key, 7, False), (second.pk, 3, False)))
    assert "taken this lead time out meanwhile" in page.content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "action_due", "engagement_kinds": ["workshop"], "audience": ["owners"]},
        {"kind": "action_due", "engagement_kinds": [], "audience": ["participants"]},
        {"kind": "date", "engagement_kinds": [], "audience": ["owners"]},
        {"kind": "reminder", "engagement_kinds": [], "audience": ["participants"]},
        {"kind": "gossip", "engagement_kinds": [], "audience": ["leads"]},
    ],
)
def test_the_database_keeps_what_a_rule_may_say(cast, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Rule.objects.create(agreement=cast.agreement, name="R", **fields)


def test_each_delivery_leads_to_what_it_is_about(cast, lead):
    ana = PersonFactory(agreement=cast.agreement, name="Ana")
    action = ActionFactory(agreement=cast.agreement)
    stream = WorkstreamFactory(agreement=cast.agreement, slug="cyber")
    commitment = CommitmentFactory(agreement=cast.agreement)
    date = cast.agreement.dates.create(kind="end", on=dt.date(2027, 3, 31))
    for kind, link in (
        ("action", {"action": action}),
        ("date", {"date": date}),
        ("rhythm", {"commitment": commitment}),
        ("quiet", {"workstream": stream}),
    ):
        Delivery.objects.create(
            agreement=cast.agreement, kind=kind, person=ana, title=kind, due_at=NOW, expires_at=NOW, **link
        )
    page = lead.get("/agreements/lga-techuk/reminders/").content.decode()
    for address in (
        f"/agreements/lga-techuk/actions/?just={action.pk}#action-{action.pk}",
        f"/agreements/lga-techuk/commitments/{commitment.pk}/",
        "/agreements/lga-techuk/workstreams/cyber/",
        cast.agreement.get_absolute_url(),
    ):
        assert f'href="{address}"' in page


def test_a_lead_sends_one_now_and_skips_another(cast, lead):
    people = [PersonFactory(agreement=cast.agreement, name=name) for name in ("Ana", "Bo")]
    rule = Rule(agreement=cast.agreement, name="Due", kind="action_due", audience=["owners"], on_working_days=False)
    save_rule(rule, steps=[Step(days=0)], by=None)
    for person in people:
        ActionFactory(
            agreement=cast.agreement,
            due_on=NOW.date() + dt.timedelta(days=9),
            owner_person=person,
            owner_organisation=None,
        )
    sweep()
    first, second = Delivery.objects.order_by("person__name")
    lead.post(f"/agreements/lga-techuk/reminders/{first.pk}/send-now/")
    lead.post(f"/agreements/lga-techuk/reminders/{second.pk}/skip/")
    send_due()
    sweep(plan_everything=True)
    assert list(Delivery.objects.order_by("person__name").values_list("state", "reason")) == [
        ("sent", ""),
        ("skipped", "skipped by a lead"),
    ]
