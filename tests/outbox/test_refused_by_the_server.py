"""A mail server that refuses us is not a bad address: emails wait, nobody's address is blamed, and somebody is told.

The answers are those of Postfix 3.7 in Debian 12, word for word; ``test_postfix.py`` asks it again.
"""

import datetime as dt

import pytest

from outbox import delivery_health
from outbox.backends import name_for_helo
from outbox.models import BadAddress, Message
from outbox.operations.heartbeats import note_alive
from outbox.operations.sending import BACK_OFF
from reminders.models import Delivery
from reminders.operations.sweeping import sweep
from tests.mailers import mail_by_smtp
from tests.reminders.conftest import NOW, ledger_of, make_meeting, make_rule

pytestmark = pytest.mark.usefixtures("clock", "_watched")

LATER = NOW + dt.timedelta(days=5)
"""Sunday 6 December, noon: the step of two days before has come."""

RELAY = "554 5.7.1 <{to}>: Relay access denied"
AT_RCPT = {
    "relay": RELAY,
    "helo": "504 5.5.2 <web-1>: Helo command rejected: need fully-qualified hostname",
    "sender": "554 5.7.1 <concord@localhost>: Sender address rejected: blocked",
    "sender's domain": "550 5.1.8 <concord@localhost>: Sender address rejected: Domain not found",
    "sender unknown": "550 5.1.0 <concord@localhost>: Sender address rejected: User unknown in local recipient table",
    "client": "554 5.7.1 <web-1[192.0.2.7]>: Client host rejected: Access denied",
    "recipients": "554 5.7.1 <{to}>: Recipient address rejected: Access denied",
    "system": "550 5.3.0 <{to}>: unavailable",
    "routing": "554 5.4.6 <{to}>: mail loop",
}
AT_DATA = {
    "client": "554 5.7.1 <web-1[192.0.2.7]>: Client host rejected: Access denied",
    "header": "550 5.7.1 no such subjects",
    "size": "552 5.3.4 Error: message file too big",
    "bare": "554 looks like spam",
}


@pytest.fixture
def _watched(settings):
    settings.WATCH_SILENCE = True
    delivery_health._memory.update(until=0.0, sentence="")
    yield
    delivery_health._memory.update(until=0.0, sentence="")


@pytest.fixture
def guests(cast):
    """Seven people of whom five are to be reminded on 6 December; the server comes later."""
    make_rule(cast.agreement, 2)
    return make_meeting(cast.agreement, "Ana", "Bo", "Cy", "Di", "Ed", title="Roundtable")


def refuse(server, at_rcpt=None, at_data=None):
    server.trouble = lambda address: at_rcpt.format(to=address) if at_rcpt else ""
    names = [f"{name}@people.example" for name in ("ana", "bo", "cy", "di", "ed")] if at_data else []
    server.content_replies = dict.fromkeys(names, at_data)


def mail_of(client):
    note_alive("worker")
    note_alive("beat")
    response = client.get("/health/ready")
    return response.status_code, response.json()["checks"]["mail"]


CASES = [pytest.param(words, None, id=f"rcpt-{name}") for name, words in AT_RCPT.items()]
CASES += [pytest.param(None, words, id=f"data-{name}") for name, words in AT_DATA.items()]


@pytest.mark.parametrize(("at_rcpt", "at_data"), CASES)
def test_everything_waits_and_goes_once_the_server_takes_it(cast, guests, server, clock, at_rcpt, at_data):
    clock.move_to(LATER)
    refuse(server, at_rcpt, at_data)
    assert sweep() == {"waiting": 5}
    assert not BadAddress.objects.exists()
    codes = " ".join((at_rcpt or at_data).split()[:2]) if "bare" not in str(at_data) else "554"
    codes = codes if codes[4:5] == "5" else codes[:3]
    sentence = f"The mail server is refusing our emails ({codes}). They are kept and tried again every hour."
    assert delivery_health.check().sentence == sentence
    refuse(server)
    clock.shift(BACK_OFF[0])
    assert sweep() == {"sent": 5}
    assert {state for _, _, state, _ in ledger_of(guests)} == {"sent"}
    assert delivery_health.check().sentence == ""


def test_monitors_are_told_until_it_goes(transactional_db, cast, guests, server, clock, client):
    clock.move_to(LATER)
    assert mail_of(client) == (200, True)
    refuse(server, RELAY)
    sweep()
    sentence = "The mail server is refusing our emails (554 5.7.1). They are kept and tried again every hour."
    assert mail_of(client) == (503, sentence)
    refuse(server)
    clock.shift(BACK_OFF[0])
    sweep()
    assert mail_of(client) == (200, True)


def test_it_waits_from_friday_evening_until_monday_morning(cast, server, clock):
    make_rule(cast.agreement, 2)
    make_meeting(cast.agreement, "Ana", starts_on=dt.date(2026, 12, 20))
    refuse(server, RELAY)
    friday = dt.datetime(2026, 12, 18, 18, tzinfo=dt.UTC)
    moment = friday
    while moment < friday + dt.timedelta(hours=42):
        sweep(moment)
        moment += dt.timedelta(minutes=30)
    assert Delivery.objects.get().state == "claimed"
    refuse(server)
    assert sweep(moment + dt.timedelta(hours=1))["sent"] == 1


def test_a_refusal_at_hello_stops_the_sweep_after_one_attempt(cast, guests, server, clock):
    clock.move_to(LATER)
    server.hello_reply = "550 5.7.1 go away"
    assert sweep() == {"waiting": 5, "unreached": 1}
    assert server.connections == 1
    assert not BadAddress.objects.exists()
    assert delivery_health.check().unsent == "550 5.7.1 go away"


def test_those_whom_the_server_does_take_get_theirs(cast, guests, server):
    server.trouble = lambda address: "" if address.startswith("cy") else RELAY.format(to=address)
    assert sweep(LATER) == {"waiting": 4, "sent": 1}
    assert server.addresses == ["cy@people.example"]


def test_only_the_address_is_blamed_where_the_server_blames_it(cast, guests, server):
    server.replies["bo@people.example"] = "550 5.1.1 <bo@people.example>: Recipient address rejected: User unknown"
    server.replies["cy@people.example"] = RELAY.format(to="cy@people.example")
    assert sweep(LATER) == {"sent": 3, "failed": 1, "waiting": 1}
    assert [bad.address for bad in BadAddress.objects.all()] == ["bo@people.example"]


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        ("454 4.7.1 <{to}>: Relay access denied", "The mail server is not taking our emails (454 4.7.1)."),
        ("451 try later", "The mail server is not taking our emails (451)."),
        ("452 4.2.2 <{to}>: mailbox full", ""),
    ],
)
def test_what_is_put_off_becomes_a_banner_at_the_third_attempt(cast, guests, server, clock, reply, sentence):
    clock.move_to(LATER)
    refuse(server, reply)
    for wait in BACK_OFF[:2]:
        sweep()
        assert delivery_health.check().sentence == ""
        clock.shift(wait)
    sweep()
    assert delivery_health.check().sentence == (
        f"{sentence} They are kept and tried again every hour." if sentence else ""
    )


def test_a_server_that_cannot_be_reached_becomes_a_banner(cast, guests, settings, clock):
    mail_by_smtp(settings)
    clock.move_to(LATER)
    for wait in BACK_OFF[:2]:
        sweep()
        clock.shift(wait)
    sweep()
    assert (
        delivery_health.check().sentence
        == "The mail server cannot be reached. Emails are kept and tried again every hour."
    )


def test_nobody_is_named_where_other_agreements_and_strangers_read(cast, guests, server, clock, client, sign_in):
    clock.move_to(LATER)
    refuse(server, RELAY)
    sweep()
    page = sign_in(cast.lead).get("/agreements/lga-techuk/").content.decode()
    assert "The mail server is refusing our emails (554 5.7.1)." in page
    assert "@people.example" not in client.get("/health/ready").content.decode()
    assert "is refusing" not in sign_in(cast.officer).get("/agreements/lga-techuk/").content.decode()


@pytest.mark.parametrize(
    ("host", "hello"),
    [
        ("concord.example", "concord.example"),
        ("localhost", "localhost"),
        ("192.0.2.7", "[192.0.2.7]"),
        ("2001:db8::7", "[IPv6:2001:db8::7]"),
        ("köln.example", "xn--kln-sna.example"),
    ],
)
def test_a_host_is_said_as_mail_servers_read_it(host, hello):
    assert name_for_helo(host) == hello


def test_we_introduce_ourselves_by_the_name_of_the_site(cast, guests, server, settings):
    settings.SITE_HOST = "concord.example"
    sweep(LATER)
    assert server.hellos == ["concord.example"]
    assert Message.objects.filter(state="sent").count() == 5
