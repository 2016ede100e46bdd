"""Leads word the rules on pages of their own, look at the mail before it goes, and may send or skip one by hand."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from partnership.operations import give_role
from reminders.models import Delivery, Preference, Rule
from reminders.notifications.placeholders import check, check_subject, fill
from reminders.operations.sweeping import sweep
from reminders.queries import Reason
from tests.factories import ActionFactory, CommitteeFactory, PersonFactory, SeatFactory
from tests.reminders.conftest import NOW, ledger_of, make_meeting, make_rule, outbox, saved

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def lead(cast, sign_in):
    return sign_in(cast.lead)


def rules(path=""):
    return f"/agreements/lga-techuk/reminders/rules/{path}"


def rule_form(*steps, **fields):
    """What the form sends: steps are (id, days before, whether it is to go)."""
    data = {
        "name": "Roundtables",
        "engagement_kinds": ["roundtable"],
        "audience": ["participants"],
        "subject": "",
        "text": "",
    }
    data |= fields | {"steps-TOTAL_FORMS": len(steps), "steps-INITIAL_FORMS": sum(bool(step[0]) for step in steps)}
    for number, (pk, days, is_to_go) in enumerate(steps):
        data |= {f"steps-{number}-id": pk, f"steps-{number}-number": days, f"steps-{number}-at": "09:00"}
        data |= {f"steps-{number}-DELETE": "on"} if is_to_go else {}
    return data


def test_a_rule_is_added_and_plans_in_its_own_words(cast, lead):
    meeting = make_meeting(cast.agreement, "Ana", title="AI roundtable")
    words = {"subject": "{lead}: {title}", "text": "Dear all,\n\nwe meet {where} on {date}."}
    page = lead.post(rules("new/?kind=reminder"), rule_form(("", 6, False), ("", 2, False), **words), follow=True)
    assert "Rule saved." in page.content.decode()
    sweep()
    assert ledger_of(meeting) == [("Ana", 6, "planned", ""), ("Ana", 2, "planned", "")]
    sweep(NOW + dt.timedelta(days=5))
    [letter] = outbox()
    assert letter["Subject"] == "2 days before: AI roundtable"
    assert "on Tuesday 8 December 2026." in letter.get_body(("plain",)).get_content()
    assert Rule.pgh_event_model.objects.get().pgh_context.metadata["verb"] == "save rule"


def test_a_rule_is_changed_and_a_lead_time_taken_out(cast, lead):
    rule = make_rule(cast.agreement, 6, 2)
    meeting = make_meeting(cast.agreement, "Ana")
    first, second = rule.steps.all()
    assert lead.get(rules(f"{rule.pk}/edit/")).status_code == 200
    lead.post(rules(f"{rule.pk}/edit/"), rule_form((first.pk, 6, True), (second.pk, 3, False)))
    sweep()
    assert [row[1:3] for row in ledger_of(meeting)] == [(None, "skipped"), (3, "planned")]


@pytest.mark.parametrize(
    ("fields", "steps", "words"),
    [
        ({"name": ""}, [("", 2, False)], "Name: "),
        ({"name": "x" * 121}, [("", 2, False)], "at most 120 are possible"),
        ({"name": "Nul\0"}, [("", 2, False)], "NUL"),
        ({"engagement_kinds": []}, [("", 2, False)], "Choose at least one kind of engagement."),
        ({"audience": ["everyone"]}, [("", 2, False)], "Choose one of those shown."),
        ({"text": "On {day} at {hour}"}, [("", 2, False)], "{day}, {hour} are not among the placeholders."),
        ({"text": "A {brace"}, [("", 2, False)], "A brace { or } stands alone."),
        ({"subject": "See you soon"}, [("", 2, False)], "The subject must hold {title}"),
        ({"subject": "{title}\nBcc: eve@people.example"}, [("", 2, False)], "The subject must be on one line."),
        ({}, [], "Give at least one lead time"),
        ({}, [("", "", False)], "Give at least one lead time"),
        ({}, [("", 10**30, False)], "At most 366 is possible."),
        ({}, [("", "-1", False)], "Give a number from 0 up."),
        ({}, [("", 2, False), ("", 2, False)], "Two lead times are the same"),
        ({"name": "Taken"}, [("", 2, False)], "Another rule has this name."),
    ],
)
def test_what_is_wrong_is_said_in_words_and_nothing_is_lost(cast, lead, fields, steps, words):
    make_rule(cast.agreement, 9, name="Taken")
    response = lead.post(rules("new/?kind=reminder"), {"text": "Kept as typed"} | rule_form(*steps, **fields))
    page = response.content.decode()
    assert response.status_code == 200
    assert words in page.replace("&#x27;", "'")
    assert "Nothing is saved yet" in page
    assert fields.get("text", "") in page
    assert Rule.objects.count() == 1


@pytest.mark.parametrize(
    "broken", [{"steps-TOTAL_FORMS": "x"}, {"steps-TOTAL_FORMS": "9" * 40}, {"engagement_kinds": "\0"}]
)
def test_a_form_that_was_tampered_with_is_no_stack_trace(lead, broken):
    assert lead.post(rules("new/?kind=reminder"), rule_form(("", 2, False)) | broken).status_code == 200


def test_rows_of_another_rule_cannot_be_changed_through_this_one(cast, lead):
    mine, other = make_rule(cast.agreement, 6), make_rule(cast.elsewhere, 7)
    step = other.steps.get()
    lead.post(rules(f"{mine.pk}/edit/"), rule_form((step.pk, 1, False)))
    step.refresh_from_db()
    assert step.days == -7
    assert lead.get(rules(f"{other.pk}/")).status_code == 404


def test_a_template_is_checked_and_filled_by_a_closed_list():
    check("{title} {{in braces}} {record}")
    for wrong in ("{title.upper}", "{title!r}", "{title:>99}", "{}", "{0}", "{title[0]}"):
        with pytest.raises(ValidationError):
            check(wrong)
    with pytest.raises(ValidationError):
        check_subject("")
    assert fill("{{x}} {title} {gone}", {"title": "{where}"}) == "{x} {where} {gone}"


def test_the_page_of_a_rule_shows_the_mail_and_sends_a_test_to_whoever_asks(cast, lead):
    rule = make_rule(cast.agreement, 6, 2)
    first = make_meeting(cast.agreement, "Ana", title="First one")
    second = make_meeting(cast.agreement, title="Second one")
    assert "Reminder: First one" in lead.get(rules(f"{rule.pk}/")).content.decode()
    assert "Reminder: Second one" in lead.get(rules(f"{rule.pk}/?of={second.pk}")).content.decode()
    for odd in ("x", "9" * 40, "-1"):
        assert lead.get(rules(f"{rule.pk}/?of={odd}")).status_code == 200
        assert lead.post(rules(f"{rule.pk}/test/"), {"of": odd}).status_code == 302
    lead.post(rules(f"{rule.pk}/test/"), {"of": first.pk})
    [letter] = outbox()
    assert (letter["To"], letter["Subject"].split(":")[:2]) == ("Lead <lead@lga.example>", ["Test", " Reminder"])
    assert not Delivery.objects.filter(state="sent").exists()


def test_a_paused_rule_sends_nothing_until_it_is_resumed(cast, lead):
    rule = make_rule(cast.agreement, 2)
    make_meeting(cast.agreement, "Ana")
    lead.post(rules(f"{rule.pk}/pause/"))
    sweep(NOW + dt.timedelta(days=5))
    assert outbox() == []
    assert "Paused" in lead.get(rules()).content.decode()
    lead.post(rules(f"{rule.pk}/resume/"))
    sweep(NOW + dt.timedelta(days=5))
    assert len(outbox()) == 1


def test_one_is_skipped_by_hand_and_another_sent_at_once(cast, lead):
    make_rule(cast.agreement, 2)
    meeting = make_meeting(cast.agreement, "Ana", "Bo")
    ana, bo = Delivery.objects.order_by("person__name")
    lead.post(f"/agreements/lga-techuk/reminders/{ana.pk}/skip/")
    lead.post(f"/agreements/lga-techuk/reminders/{bo.pk}/send-now/")
    saved(meeting)
    lead.post(f"/agreements/lga-techuk/reminders/{bo.pk}/send-now/")
    sweep(NOW)
    sweep(NOW + dt.timedelta(days=5))
    assert ledger_of(meeting) == [("Ana", 2, "skipped", Reason.BY_HAND), ("Bo", 2, "sent", "")]
    page = lead.post(f"/agreements/lga-techuk/reminders/{bo.pk}/skip/", follow=True).content.decode()
    assert "It has gone already" in page


@pytest.mark.parametrize(
    "chosen",
    [
        {"meetings": "daily"},
        {"meetings": "weekly"},
        {"quiet_from": dt.time(9), "quiet_to": dt.time(18)},
        {"paused_until": dt.date(2026, 12, 20)},
        {"paused_until": dt.date(2026, 12, 3)},
    ],
)
def test_sent_now_it_goes_at_once_whatever_puts_it_off(cast, lead, chosen):
    make_rule(cast.agreement, 2)
    meeting = make_meeting(cast.agreement, "Ana", save=False)
    delivery = planned_for(meeting)
    Preference.objects.create(agreement=cast.agreement, person=delivery.person, **chosen)
    page = lead.post(f"/agreements/lga-techuk/reminders/{delivery.pk}/send-now/", follow=True).content.decode()
    assert "Ana is told now." in page
    sweep(NOW)
    assert ledger_of(meeting) == [("Ana", 2, "sent", "")]
    assert len(outbox()) == 1


def test_sent_now_within_a_batch_of_a_pause_it_is_not_planned_away_before_it_goes(cast, lead):
    make_rule(cast.agreement, 2)
    meeting = make_meeting(cast.agreement, "Ana", save=False)
    delivery = planned_for(meeting)
    Preference.objects.create(agreement=cast.agreement, person=delivery.person, paused_until=dt.date(2026, 12, 20))
    lead.post(f"/agreements/lga-techuk/reminders/{delivery.pk}/send-now/")
    saved(meeting)
    sweep(NOW)
    assert ledger_of(meeting) == [("Ana", 2, "sent", "")]


def test_what_somebody_has_opted_out_of_is_not_sent_by_hand_either(cast, lead):
    make_rule(cast.agreement, 2)
    meeting = make_meeting(cast.agreement, "Ana", save=False)
    delivery = planned_for(meeting)
    Preference.objects.create(agreement=cast.agreement, person=delivery.person, meetings="off")
    page = lead.post(f"/agreements/lga-techuk/reminders/{delivery.pk}/send-now/", follow=True).content.decode()
    assert "Ana has opted out of reminders of meetings, so it is not sent." in page
    sweep(NOW)
    assert outbox() == []


def planned_for(meeting):
    """The one delivery of a meeting, planned before its reader chose anything."""
    saved(meeting)
    return Delivery.objects.select_related("person").get(engagement=meeting)


def test_a_rule_tells_each_group_and_nobody_twice(cast):
    committee = CommitteeFactory(agreement=cast.agreement)
    holder, deputy, owner = (PersonFactory(agreement=cast.agreement, name=name) for name in ("Holder", "Dep", "Owner"))
    SeatFactory(agreement=cast.agreement, committee=committee, holder=holder, deputy=deputy)
    rule = make_rule(cast.agreement, 2, kinds=["committee"], name="All")
    rule.audience = Rule.Audience.values
    rule.save()
    meeting = make_meeting(cast.agreement, "Ana", kind="committee", committee=committee, save=False)
    meeting.logged_by = cast.agreement.people.get(user=cast.officer)
    meeting.save()
    ActionFactory(agreement=cast.agreement, engagement=meeting, owner_person=owner, owner_organisation=None)
    saved(meeting)
    names = ["Ana", "Dep", "Holder", "Lead", "Lead", "Officer", "Owner"]
    assert [row[0] for row in ledger_of(meeting)] == names
    sweep(NOW + dt.timedelta(days=5))
    assert {row[2] for row in ledger_of(meeting)} == {"sent"}
    texts = {letter["To"]: letter.get_body(("plain",)).get_content() for letter in outbox()}
    assert all(("because a reminder rule includes you" in text) == ("Ana" not in to) for to, text in texts.items())


def test_a_seat_or_a_role_that_is_given_later_is_planned_by_the_next_sweep(cast):
    committee = CommitteeFactory(agreement=cast.agreement)
    rule = make_rule(cast.agreement, 2, kinds=["committee"], name="All")
    rule.audience = ["seats", "leads"]
    rule.save()
    meeting = make_meeting(cast.agreement, kind="committee", committee=committee)
    seat = SeatFactory(
        agreement=cast.agreement, committee=committee, holder=PersonFactory(agreement=cast.agreement, name="Holder")
    )
    give_role(cast.agreement, email="new@lga.example", role="lead", party=cast.lga, name="New", by=None)
    sweep()
    assert [row[0] for row in ledger_of(meeting)] == ["Holder", "Lead", "Lead", "New"]
    seat.delete()
    sweep()
    assert ledger_of(meeting)[0] == ("Holder", 2, "skipped", Reason.NOT_FOR_THEM)


def test_whoever_a_rule_tells_no_more_is_skipped_with_the_reason(cast):
    rule = make_rule(cast.agreement, 2)
    rule.audience = ["participants", "leads"]
    rule.save()
    meeting = make_meeting(cast.agreement, "Ana")
    rule.audience = ["leads"]
    rule.save()
    saved(meeting)
    fates = {(name, state, reason) for name, _, state, reason in ledger_of(meeting)}
    assert fates == {("Ana", "skipped", Reason.NOT_FOR_THEM), ("Lead", "planned", "")}


@pytest.mark.parametrize("path", ["", "new/", "{pk}/", "{pk}/edit/"])
def test_each_page_costs_a_few_queries(cast, lead, path, django_assert_max_num_queries):
    for number in range(5):
        rule = make_rule(cast.agreement, 6, 2, 1, name=f"Rule {number}")
        make_meeting(cast.agreement, f"Ana{number}")
    lead.get(rules(path.format(pk=rule.pk)))
    with django_assert_max_num_queries(12):
        lead.get(rules(path.format(pk=rule.pk)))


def test_the_time_zone_of_the_site_is_named_and_no_other(cast, sign_in, settings):
    settings.TIME_ZONE = "Europe/Dublin"
    page = reverse("reminders:new_rule", args=[cast.agreement.slug])
    assert "In Dublin time." in sign_in(cast.lead).get(f"{page}?kind=action_due").content.decode()
    mine = sign_in(cast.lead).get(reverse("reminders:mine", args=[cast.agreement.slug])).content.decode()
    assert "(Dublin time)" in mine
