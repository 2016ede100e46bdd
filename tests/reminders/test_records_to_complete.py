"""A record that lacks who came or what came of it: who logged it is told, later the other host, until it is whole."""

import datetime as dt
from itertools import product

import pytest
from django.utils import timezone

from engagements.models import Engagement, Participation
from reminders.deliveries.ledger import plan_all
from reminders.models import Delivery, Rule
from reminders.operations.sweeping import sweep
from reminders.planning.engagement_sql import LACKS
from tests.factories import EngagementFactory, ParticipationFactory, PersonFactory
from tests.reminders.conftest import NOW, outbox, saved
from tests.reminders.ruled import deliveries_of, html, live, on, plain, rule_about

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def rules(cast):
    """Who logged it after 2 and 7 days, the other host after 14."""
    rule_about(cast.agreement, "unrecorded", 2, 7, audience=["logger"], name="Records to complete")
    rule_about(cast.agreement, "unrecorded", 14, audience=["hosts"], name="Records left open")


@pytest.fixture
def officer(cast):
    return cast.agreement.people.get(user=cast.officer)


def make_held(cast, day=0, save=True, **fields):
    """A roundtable held so many days from that of ``NOW``, of which nothing more is known; hosted by both parties."""
    facts = {
        "kind": "roundtable",
        "status": "held",
        "starts_on": NOW.date() + dt.timedelta(days=day),
        "logged_by": cast.agreement.people.get(user=cast.officer),
    }
    engagement = EngagementFactory(agreement=cast.agreement, **facts | fields)
    for party in (cast.lga, cast.techuk):
        engagement.hosts.add(party.organisation, through_defaults={"agreement": cast.agreement})
    return saved(engagement) if save else engagement


LEADS = ["lead"] * 2


def test_who_logged_it_is_told_after_two_and_seven_days_then_the_leads(cast, rules, clock):
    make_held(cast)
    assert live(clock, since=0, until=40) == [(2, "officer"), (7, "officer"), (14, "lead"), (14, "lead")]


def test_organisers_of_the_other_host_come_before_the_leads(cast, rules, clock, officer):
    engagement = make_held(cast, save=False)
    for name, party in (("Theirs", cast.techuk), ("Ours", cast.lga)):
        person = PersonFactory(agreement=cast.agreement, name=name, email=f"{name.lower()}@people.example")
        facts = {"person": person, "organisation": party.organisation, "role": "organiser"}
        ParticipationFactory(engagement=engagement, **facts)
    officer.organisation = cast.lga.organisation
    officer.save()
    saved(engagement)
    assert live(clock, since=0, until=40) == [(2, "officer"), (7, "officer"), (14, "theirs")]


def test_days_are_counted_from_the_last_day(cast, rules, clock):
    make_held(cast, ends_on=NOW.date() + dt.timedelta(days=2))
    assert live(clock, since=2, until=9) == [(4, "officer"), (9, "officer")]


def test_it_stops_once_nothing_is_lacking(cast, rules, clock):
    engagement = make_held(cast)
    assert live(clock, since=0, until=6) == [(2, "officer")]
    Engagement.objects.filter(pk=engagement.pk).update(outcomes="A guide was agreed.", head_count=12)
    saved(engagement)
    assert live(clock, since=7, until=40) == []
    assert {row[2:] for row in deliveries_of("unrecorded") if row[1] != 2} == {("skipped", "its record lacks nothing")}


def test_what_lacks_nothing_any_more_is_seen_at_the_moment_of_sending(cast, rules, clock):
    make_held(cast)
    sweep()
    Engagement.objects.update(outcomes="A guide was agreed.", head_count=12)
    assert live(clock, since=2, until=2) == []


def test_the_mail_says_what_is_lacking_and_leads_to_where_it_is_filled_in(cast, rules, clock, settings):
    settings.SITE_URL = "https://concord.example"
    engagement = make_held(cast, title="Market day")
    there = f"https://concord.example/agreements/lga-techuk/engagements/{engagement.pk}"
    live(clock, since=2, until=2)
    [letter] = outbox()
    assert letter["Subject"] == "The record is not complete: Market day, 1 December 2026"
    for words in ("Outcomes are not written yet", "Who came is not recorded yet", f"{there}/edit/#id_outcomes"):
        assert words in plain(letter)
        assert words in html(letter)
    assert f"{there}/people/" in plain(letter)
    Engagement.objects.update(outcomes="Much")
    live(clock, since=7, until=7)
    assert "Outcomes" not in plain(outbox()[-1])
    assert f"{there}/people/" in plain(outbox()[-1])


def test_the_statement_and_the_pages_agree_on_what_is_lacking(cast, db):
    for outcomes, head_count, attendance, public in product(("", "Much"), (None, 3), ("", "came"), (False, True)):
        facts = {"outcomes": outcomes, "head_count": head_count, "is_public_event": public, "status": "held"}
        engagement = EngagementFactory(agreement=cast.agreement, **facts)
        ParticipationFactory(engagement=engagement, attendance=attendance)
    by_pages = set(Engagement.objects.lacking(timezone.now()).values_list("pk", flat=True))
    by_statement = {
        row.pk for row in Engagement.objects.raw(f"SELECT e.id FROM engagements_engagement e WHERE {LACKS}")
    }
    assert by_statement == by_pages
    assert len(by_pages) == 5


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, True),
        ({"status": "cancelled"}, False),
        ({"status": "planned"}, False),
        ({"is_public_event": True}, False),
        ({"outcomes": "Much"}, True),
        ({"head_count": 5}, True),
        ({"outcomes": "Much", "head_count": 5}, False),
        ({"logged_by": None}, False),
    ],
)
def test_who_is_told_of_what(cast, clock, fields, told):
    rule_about(cast.agreement, "unrecorded", 2, audience=["logger"])
    make_held(cast, **fields)
    assert live(clock, since=0, until=3) == ([(2, "officer")] if told else [])


def test_attendance_of_one_person_is_attendance(cast, rules, clock):
    engagement = make_held(cast, save=False, outcomes="Much")
    ParticipationFactory(engagement=engagement, attendance="came")
    saved(engagement)
    assert live(clock, since=0, until=6) == []
    Participation.objects.update(attendance="")
    saved(engagement)
    assert live(clock, since=7, until=8) == [(7, "officer")]


# No flood


def test_what_was_past_when_the_rule_is_made_is_told_to_nobody(cast, clock):
    for day in (-400, -100, -61, -60):
        make_held(cast, day=day, created_at=None)
    Engagement.objects.update(created_at=NOW - dt.timedelta(days=500))
    rule_about(cast.agreement, "unrecorded", 2, 7, audience=["logger"])
    sweep(plan_everything=True)
    assert {(delivery.engagement.starts_on, delivery.state) for delivery in Delivery.objects.all()} == {
        (NOW.date() - dt.timedelta(days=60), "skipped")
    }
    assert live(clock, since=1, until=9, plan=True) == []


def test_what_was_over_for_sixty_days_when_it_is_logged_is_told_to_nobody(cast, clock):
    Rule.objects.all().delete()
    rule_about(cast.agreement, "unrecorded", 2, 7, audience=["logger"])
    Rule.objects.update(made_at=NOW - dt.timedelta(days=900))
    for day in range(-300, -60, 5):
        make_held(cast, day=day)
    assert live(clock, since=0, until=9, plan=True) == []
    assert not Delivery.objects.exists()


def test_a_rule_is_told_of_what_is_held_from_then_on_for_as_long_as_it_takes(cast, clock):
    rule_about(cast.agreement, "unrecorded", 90, audience=["logger"])
    make_held(cast)
    assert live(clock, since=85, until=95) == [(90, "officer")]


def test_planned_twice_it_is_there_once(cast, rules, clock):
    make_held(cast)
    sweep()
    before = deliveries_of("unrecorded")
    assert not +plan_all(NOW)
    assert deliveries_of("unrecorded") == before
    assert len(before) == 4
    clock.move_to(on(3))
    sweep()
    assert not +plan_all(on(3))
