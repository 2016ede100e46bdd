"""A delivery is about one thing, and is there once: the database says so."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from engagements.models import Action
from reminders.models import Delivery
from reminders.presenters.labels import batches_of, content_label
from tests.factories import EngagementFactory, PersonFactory
from tests.reminders.conftest import NOW, make_rule

TOMORROW = NOW + dt.timedelta(days=1)


@pytest.fixture
def notify(cast):
    """``tell(kind, **fields)`` writes a delivery to one person, at once."""
    person = PersonFactory(agreement=cast.agreement, name="Ana")

    def write(kind, **fields):
        with transaction.atomic():
            row = {"agreement": cast.agreement, "person": person, "title": "AI roundtable"}
            row |= {"due_at": NOW, "expires_at": TOMORROW} | fields
            return Delivery.objects.create(kind=kind, **row)

    return write


@pytest.fixture
def action(cast):
    return Action.objects.create(
        agreement=cast.agreement, title="Send the slides", owner_organisation=cast.lga.organisation
    )


def test_what_has_no_step_is_told_once_of_an_occurrence_whatever_it_is_about(cast, notify, action):
    meeting = EngagementFactory(agreement=cast.agreement)
    for about in ({"engagement": meeting}, {"action": action}):
        notify("record", **about)
        notify("action", **about)
        notify("record", **about, occurrence=2)
        with pytest.raises(IntegrityError, match="delivery_once_without_step"):
            notify("record", **about)


def test_a_step_is_told_once_and_its_rows_outlive_it(cast, notify):
    rule = make_rule(cast.agreement, 7, 2)
    meeting = EngagementFactory(agreement=cast.agreement)
    for step in rule.steps.all():
        notify("reminder", rule=rule, step=step, engagement=meeting)
    with pytest.raises(IntegrityError, match="delivery_once_engagement"):
        notify("reminder", rule=rule, step=step, engagement=meeting)
    rule.delete()
    assert Delivery.objects.filter(step=None, rule=None).count() == 2


def test_it_is_about_exactly_one_thing(cast, notify, action):
    meeting = EngagementFactory(agreement=cast.agreement)
    for about in ({}, {"engagement": meeting, "action": action}, {"action": action, "is_gone": True, "state": "sent"}):
        with pytest.raises(IntegrityError, match="delivery_one_subject"):
            notify("action", **about)


def test_a_kind_is_one_that_is_known_and_only_some_have_a_step(cast, notify, action):
    with pytest.raises(IntegrityError, match="delivery_kind_known"):
        notify("gossip", action=action)
    with pytest.raises(IntegrityError, match="delivery_without_step"):
        notify("action", action=action, rule=make_rule(cast.agreement, 2))


def test_it_cannot_be_about_a_thing_of_another_agreement(cast, notify):
    @transaction.atomic
    def tell_of_another():
        notify("date", date=cast.elsewhere.dates.create(kind="end", on=dt.date(2027, 3, 31)))
        connection.check_constraints()

    with pytest.raises(IntegrityError, match="delivery_date_same_agreement"):
        tell_of_another()


def test_what_it_was_about_can_be_deleted_and_the_ledger_keeps_the_title(notify, action):
    waiting, sent = notify("action", action=action), notify("action", action=action, occurrence=2, state="sent")
    action.delete()
    waiting.refresh_from_db()
    sent.refresh_from_db()
    assert (waiting.state, waiting.reason, waiting.title) == ("skipped", "deleted", "Send the slides")
    assert (sent.state, sent.target, sent.is_gone) == ("sent", None, True)


def test_on_the_page_each_thing_stands_apart_and_says_what_it_tells(cast, notify, action):
    rule = make_rule(cast.agreement, 7)
    meeting = EngagementFactory(agreement=cast.agreement)
    rows = [
        notify("invitation", engagement=meeting),
        notify("reminder", engagement=meeting, rule=rule, step=rule.steps.get()),
        notify("papers", engagement=meeting),
        notify("action", action=action),
    ]
    assert [content_label(batch.first) for batch in batches_of(rows)] == [
        "Invitation",
        "7 days before, at 09:00",
        "Papers are due: a step that is no more",
        "A new action",
    ]
