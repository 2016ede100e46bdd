"""Silence is noticed: a banner for those who can do something about it, and figures for a monitor."""

import datetime as dt

import pytest

from outbox import delivery_health
from outbox.models import Heartbeat, Message
from outbox.operations.bounces import note_bounce
from outbox.operations.heartbeats import note_alive
from reminders.models import Delivery
from reminders.operations.sweeping import sweep
from tests.reminders.conftest import NOW, make_meeting, make_rule

pytestmark = pytest.mark.usefixtures("clock")

LATER = NOW + dt.timedelta(days=5)
DASHBOARD = "/agreements/lga-techuk/"


@pytest.fixture(autouse=True)
def _watched(settings):
    settings.WATCH_SILENCE = True
    delivery_health._memory.update(until=0.0, sentence="")
    yield
    delivery_health._memory.update(until=0.0, sentence="")


def test_all_is_well_while_sweeps_come_and_nothing_is_late(cast):
    assert delivery_health.check().sentence == ""
    make_rule(cast.agreement, 2)
    make_meeting(cast.agreement, "Ana")
    sweep()
    assert delivery_health.check().sentence == ""


def test_five_minutes_without_a_sweep_are_silence(cast, clock):
    sweep()
    clock.shift(dt.timedelta(minutes=5))
    assert delivery_health.check().sentence == ""
    clock.shift(dt.timedelta(seconds=1))
    since = "No emails have been sent since 1 December 2026 at 12:00."
    assert delivery_health.check().sentence == f"{since} The worker and the beat have stopped."
    note_alive("worker")
    assert delivery_health.check().sentence == f"{since} The beat has stopped."
    note_alive("beat")
    assert delivery_health.check().sentence == f"{since} The worker is running but does not finish its work."
    Heartbeat.objects.filter(name="worker").delete()
    assert delivery_health.check().sentence == f"{since} The worker has stopped."


def test_a_delivery_that_is_overdue_is_silence_although_sweeps_come(cast, clock):
    make_rule(cast.agreement, 2)
    make_meeting(cast.agreement, "Ana")
    clock.move_to(dt.datetime(2026, 12, 6, 9, 5, 1, tzinfo=dt.UTC))
    Heartbeat.objects.create(name="sweep", at=dt.datetime(2026, 12, 6, 9, 5, tzinfo=dt.UTC))
    assert delivery_health.check().sentence == "Emails are late. The oldest was due on 6 December 2026 at 09:00."


@pytest.mark.parametrize(
    ("who", "address", "is_told"),
    [
        ("lead", DASHBOARD, True),
        ("officer", DASHBOARD, False),
        ("viewer", DASHBOARD, False),
        ("administrator", "/admin/", True),
    ],
)
def test_leads_and_administrators_are_told(cast, sign_in, who, address, is_told):
    Heartbeat.objects.create(name="sweep", at=NOW - dt.timedelta(minutes=6))
    page = sign_in(getattr(cast, who)).get(address).content.decode()
    assert ("No emails have been sent since" in page) is is_told


def test_the_pages_of_leads_ask_once_in_half_a_minute(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert delivery_health.sentence_of_late() == delivery_health.sentence_of_late() == ""


def figures(client, token="secret"):
    response = client.get("/metrics", headers={"Authorization": f"Bearer {token}"})
    return response.status_code, response.content.decode()


def test_figures_are_off_without_a_token_and_need_it(client, cast, settings):
    assert figures(client)[0] == 404
    settings.METRICS_TOKEN = "secret"
    assert client.get("/metrics").status_code == 401
    assert figures(client, "wrong")[0] == figures(client, "sécret")[0] == 401
    assert figures(client)[0] == 200


def test_figures_say_what_is_due_sent_failed_and_how_late(client, cast, clock, settings):
    settings.METRICS_TOKEN = "secret"
    make_rule(cast.agreement, 2)
    make_meeting(cast.agreement, "Ana", "Bo")
    cast.agreement.people.filter(name="Bo").update(email="bo@@people.example")
    sweep(LATER)
    make_meeting(cast.agreement, "Cy", "Di")
    clock.move_to(dt.datetime(2026, 12, 6, 9, 1, tzinfo=dt.UTC))
    _, text = figures(client)
    found = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert found["concord_reminders_deliveries_due"] == "2"
    assert found["concord_reminders_deliveries_sent_total"] == "1"
    assert found["concord_reminders_deliveries_failed_total"] == "1"
    assert found["concord_reminders_deliveries_bounced_total"] == "0"
    note_bounce(Message.objects.get(state="sent"), "550 no such user", by=None)
    assert "concord_reminders_deliveries_bounced_total 1\n" in figures(client)[1]
    assert found["concord_reminders_lag_seconds"] == "60"
    assert 'concord_reminders_heartbeat_age_seconds{of="sweep"}' in found
    for name in {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}:
        assert f"# HELP {name} " in text
    assert Delivery.objects.filter(state="planned").count() == 2
