"""The records of the demonstration: what is fact stays fact, what is invented says so, and nothing is mailed."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from commitments.models import Commitment, Evidence, PlanNumber
from commitments.presenters.counting import standings
from commitments.presenters.year_plans import Plans
from contacts.models import Organisation, Person
from demo.load import load
from demo.sign_ins import PASSWORD, emails
from engagements.models import Action, Committee, Document, Engagement, Note, Participation
from outbox.models import Message
from partnership.models import Agreement, AgreementDate, Membership
from reminders.models import Delivery, Rule
from reminders.operations.sweeping import sweep

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 24, 14, 30, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demonstration, loaded once for this file, as of a Tuesday in November."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), media, transaction.atomic():
        with time_machine.travel(NOW, tick=False):
            load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(_loaded, db):
    """The main agreement of the demonstration, with the clock standing where it was loaded."""
    with time_machine.travel(NOW, tick=False):
        yield Agreement.objects.get(slug="lga-techuk")


@pytest.mark.parametrize(
    ("email", "lands_on"),
    [
        ("officer@lga.example", "/agreements/lga-techuk/"),
        ("lead@techuk.example", "/agreements/lga-techuk/"),
        ("member@committee.example", "/agreements/lga-techuk/"),
        ("outsider@elsewhere.example", "/agreements/elsewhere/"),
    ],
)
def test_each_demo_user_signs_in_and_lands_on_their_agreement(demo, email, lands_on):
    landed = Client().post(reverse("account_login"), {"login": email, "password": PASSWORD}, follow=True)
    assert landed.redirect_chain[-1][0] == lands_on


def test_roles_are_those_that_people_rely_on(demo):
    told = Membership.objects.values_list("user__email", "role", "party__short_name", "agreement__slug")
    assert set(told) == {
        ("lead@lga.example", "lead", "LGA", "lga-techuk"),
        ("lead@techuk.example", "lead", "techUK", "lga-techuk"),
        ("officer@lga.example", "editor", "LGA", "lga-techuk"),
        ("officer@techuk.example", "editor", "techUK", "lga-techuk"),
        ("member@committee.example", "viewer", None, "lga-techuk"),
        ("outsider@elsewhere.example", "editor", "Elsewhere Council", "elsewhere"),
    }
    administrators = get_user_model().objects.filter(is_superuser=True)
    assert [user.email for user in administrators] == ["admin@concord.example"]


def test_everyone_with_a_role_is_a_person_and_each_party_an_organisation(demo):
    for membership in Membership.objects.all():
        assert Person.objects.filter(agreement=membership.agreement, user=membership.user).count() == 1
    assert Organisation.objects.filter(party__isnull=False).count() == 4


def test_invented_people_have_addresses_that_lead_nowhere(demo):
    addresses = [*Person.objects.exclude(email="").values_list("email", flat=True), *emails()]
    assert [address for address in addresses if not address.endswith(".example")] == []


def test_facts_of_the_agreement_keep_their_dates_sources_and_certainty(demo):
    told = AgreementDate.objects.filter(agreement=demo).values_list("kind", "on", "certainty")
    assert set(told) == {
        ("effective", dt.date(2025, 4, 1), "stated"),
        ("review", dt.date(2026, 3, 31), "inferred"),
        ("end", dt.date(2027, 3, 31), "unclear"),
    }
    assert not AgreementDate.objects.filter(agreement=demo, source="").exists()
    assert not Commitment.objects.filter(source_url="").exists()
    assert not Commitment.objects.filter(measure="rhythm", is_illustrative=False).exists()


def test_how_often_the_committee_meets_is_not_invented(demo):
    committee = Committee.objects.get(agreement=demo)
    assert committee.how_often == ""
    seat = committee.seats.get(organisation__party__short_name="techUK")
    assert (seat.holder.user.email, seat.deputy.name) == ("lead@techuk.example", "Farah Siddiqui")


def test_public_events_of_the_parties_stand_apart(demo):
    events = Engagement.objects.filter(is_public_event=True)
    assert {(event.starts_on, event.status) for event in events} == {
        (dt.date(2025, 5, 6), "held"),
        (dt.date(2025, 5, 30), "held"),
    }
    assert not events.filter(source_url="").exists()


def test_it_covers_fifteen_months_back_and_four_ahead_on_working_days(demo):
    days = [e.starts_on for e in Engagement.objects.of(demo).under_agreement()]
    today = timezone.localdate()
    assert today - dt.timedelta(460) < min(days) < today - dt.timedelta(440)
    assert today + dt.timedelta(100) < max(days) < today + dt.timedelta(125)
    assert {day.weekday() for day in days} <= {0, 1, 2, 3, 4}


def test_there_is_something_of_everything_to_look_at(demo):
    rows, now = Engagement.objects.of(demo), timezone.now()
    assert set(rows.values_list("kind", flat=True)) == set(Engagement.Kind.values)
    assert set(rows.values_list("status", flat=True)) == set(Engagement.Status.values)
    flagged = rows.with_record_state(now)
    for lack in ("lacks_answer", "lacks_outcomes", "lacks_attendance"):
        assert flagged.filter(**{lack: True}).count() == 1, lack
    assert rows.filter(chatham_house=True).count() > 3
    assert rows.coming(now).filter(kind="committee", participations__reply="accepted").exists()
    actions = Action.objects.filter(agreement=demo)
    assert (actions.overdue(timezone.localdate()).count(), actions.done().count() > 20) == (4, True)
    assert set(Note.objects.values_list("party__short_name", flat=True)) == {None, "LGA", "techUK"}


def test_documents_are_what_they_say(demo):
    for document in Document.objects.all():
        with document.file.open() as file:
            content = file.read()
        assert len(content) == document.size
        assert content.startswith(b"%PDF-") is (document.content_type == "application/pdf")


def test_nothing_is_mailed_for_the_past_and_nothing_is_due(demo):
    assert mail.outbox == []
    assert set(Rule.objects.of(demo).values_list("kind", flat=True)) == set(Rule.Kind.values)
    deliveries = Delivery.objects.filter(due_at__lte=NOW)
    assert set(deliveries.values_list("state", flat=True)) == {"sent", "skipped"}
    assert deliveries.filter(state="sent").count() == Message.objects.filter(state="sent").count()
    reasons = set(deliveries.filter(state="skipped").values_list("reason", flat=True))
    others = {"another mail of these days asks for it", "overtaken by a later reminder"}
    assert reasons == {"declined", "has replied"} | others
    assert not sweep(NOW)
    assert mail.outbox == []


def test_people_were_reminded_as_things_were_on_that_day(demo):
    due = Delivery.objects.filter(kind="reminder", due_at__lte=NOW).select_related("engagement", "message")
    replies = {(row.engagement_id, row.person_id): row for row in Participation.objects.all()}
    for delivery in due:
        reply = replies[delivery.engagement_id, delivery.person_id]
        has_declined = reply.reply == "declined" and reply.replied_at <= delivery.due_at
        assert (delivery.state == "skipped") is has_declined
        assert delivery.due_at < delivery.engagement.starts_at
        assert delivery.message is None or delivery.message.created_at == delivery.due_at
    assert set(due.values_list("step__days", flat=True)) == {-14, -7, -2, -1}
    asked = Delivery.objects.filter(kind="reply", state="sent", due_at__lte=NOW)
    assert asked.exists()
    for delivery in asked:
        replied_at = replies[delivery.engagement_id, delivery.person_id].replied_at
        assert replied_at is None or replied_at > delivery.due_at


def test_what_is_to_come_is_planned_as_for_any_other_engagement(demo):
    planned = Delivery.objects.filter(state="planned")
    assert planned.exists()
    assert planned.earliest("due_at").due_at > NOW
    meetings = planned.filter(kind="reminder")
    assert not meetings.exclude(engagement__kind__in=["committee", "roundtable"]).exists()


def test_all_that_rules_tell_of_is_told_or_will_be(demo):
    there = Delivery.objects.filter(state__in=["planned", "sent"])
    assert set(there.values_list("kind", flat=True)) >= set(Rule.Kind.values)


def test_what_was_told_of_actions_is_not_told_again_and_goes_on(demo):
    sweep(NOW)
    assert mail.outbox == []
    told = Delivery.objects.filter(kind="action_due")
    assert {"sent", "planned"} <= set(told.values_list("state", flat=True))
    assert told.filter(state="planned").earliest("due_at").due_at > NOW


def test_records_begin_when_they_were_logged_not_when_they_were_loaded(demo):
    old = Engagement.objects.of(demo).under_agreement().earliest("starts_on")
    assert old.created_at < NOW - dt.timedelta(days=400)
    first = Engagement.pgh_event_model.objects.filter(pgh_obj_id=old.pk).get()
    assert first.pgh_created_at == old.created_at
    assert first.pgh_context.metadata["user"] == old.logged_by.user_id


def test_leads_have_said_of_some_engagements_that_they_count_or_do_not(demo):
    said = Evidence.objects.of(demo).select_related("added_by__user", "engagement")
    assert {one.counts for one in said} == {True, False}
    assert all(one.reason and one.added_by.user.email.startswith("lead@") for one in said)
    assert not any(one.engagement.is_public_event for one in said)


def test_the_plan_of_this_year_and_the_next_is_set_and_that_of_the_last_is_the_rhythms(demo):
    plans = Plans(get_user_model().objects.get(email="member@committee.example"), demo, timezone.localdate())
    assert [one.plan.is_set for one in plans.years] == [True, True, False]
    this = plans.numbered(plans.this.number)
    assert set(this.plan.by_kind) == set(Engagement.Kind.values)
    assert -5 < this.against.difference < 5
    assert {PlanNumber.pgh_event_model.objects.filter(year=year).count() for year in (2, 3)} == {7}


def test_what_was_promised_stands_in_more_than_one_way(demo):
    lead = get_user_model().objects.get(email="lead@lga.example")
    states = {one.standing.state for one in standings(lead, demo, NOW)}
    assert {"met", "on course", "slipping", "not measured"} <= states
