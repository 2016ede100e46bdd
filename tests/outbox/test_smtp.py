"""Emails go one after another over one connection."""

import datetime as dt
import socket

import pytest

from outbox.content import RenderedEmail
from outbox.models import Message
from outbox.operations import messages, sending
from outbox.operations.sending import send_due
from outbox.smtp import SendAttempt, SmtpSender, envelope_address
from reminders.deliveries import ledger
from reminders.models import Delivery
from reminders.operations.sweeping import sweep
from tests.reminders.conftest import NOW, make_meeting, make_rule

WAYS = {"plain": [], "with a size": ["PIPELINING", "SIZE 1000000"]}


@pytest.fixture(params=WAYS)
def post(request, server):
    """A mail server with one of these manners."""
    server.extensions = WAYS[request.param]
    return server


def letter_to(name, body=b"Hello\r\n"):
    """A letter that says little."""
    to = name if "@" in name else f"{name}@people.example"
    return RenderedEmail(to, "Reminder", b"Subject: Reminder\r\n\r\n" + body, "concord@example.org")


def carry(*letters):
    """The outcomes of these letters in words, in order: "" for one that was sent."""
    with SmtpSender() as carrier:
        return [post.outcome.error for post in carrier.carry([SendAttempt(None, letter) for letter in letters])]


def test_each_is_sent_once_in_turn_over_one_connection(post):
    names = [f"p{n}" for n in range(30)]
    assert carry(*map(letter_to, names)) == [""] * 30
    assert post.addresses == [f"{name}@people.example" for name in names]
    assert post.connections == 1


def test_what_arrives_is_what_was_written(post):
    body = b".\r\n..\r\n.hidden\r\nA line\r\nand no end"
    assert carry(letter_to("ana", body)) == [""]
    assert post.received[0][1] == b"Subject: Reminder\r\n\r\n" + body + b"\r\n"


@pytest.mark.parametrize("is_naive", [False, True])
@pytest.mark.parametrize("reply", ["550 no such mailbox", "451 try later"])
def test_a_refused_address_gets_nothing_and_the_others_do(post, reply, is_naive):
    post.replies["bo@people.example"], post.is_naive = reply, is_naive
    assert carry(letter_to("ana"), letter_to("bo"), letter_to("cy")) == ["", reply, ""]
    assert (post.addresses, post.connections) == (["ana@people.example", "cy@people.example"], 1)
    assert set(post.emptied) <= {b""}


def test_a_letter_that_is_refused_whole_leaves_the_next_alone(post):
    post.content_replies["bo@people.example"] = "554 looks like spam"
    assert carry(letter_to("ana"), letter_to("bo"), letter_to("cy")) == ["", "554 looks like spam", ""]
    assert (post.addresses, post.connections) == (["ana@people.example", "cy@people.example"], 1)


@pytest.mark.parametrize("refused", ["ana", "bo", "cy"])
def test_a_server_that_holds_what_it_refused_is_told_to_forget_it(post, refused):
    post.content_replies[f"{refused}@people.example"], post.holds_what_it_refused = "554 looks like spam", True
    names = ["ana", "bo", "cy"]
    assert carry(*map(letter_to, names)) == ["554 looks like spam" if name == refused else "" for name in names]
    assert post.addresses == [f"{name}@people.example" for name in names if name != refused]
    assert (post.connections, post.emptied) == (1, [])


def test_where_the_server_refuses_and_holds_all_each_is_told_why(post):
    post.content_replies = dict.fromkeys([f"{name}@people.example" for name in ("ana", "bo")], "554 looks like spam")
    post.holds_what_it_refused = True
    assert carry(letter_to("ana"), letter_to("bo")) == ["554 looks like spam"] * 2


@pytest.mark.parametrize("is_naive", [False, True])
def test_a_refused_sender_stops_nobody_for_good(post, is_naive):
    post.sender_reply, post.is_naive = "550 relaying denied", is_naive
    with SmtpSender() as carrier:
        outcomes = [
            each.outcome
            for each in carrier.carry([SendAttempt(None, letter_to("ana")), SendAttempt(None, letter_to("bo"))])
        ]
    assert [(outcome.is_temporary, outcome.is_bad_address) for outcome in outcomes] == [(True, False)] * 2
    assert post.received == []


@pytest.mark.parametrize("goodbye", ["421 enough for now", ""])
def test_a_server_that_takes_few_mails_by_one_connection_gets_the_rest_by_others(post, goodbye):
    post.most, post.goodbye = 2, goodbye
    names = [f"p{n}" for n in range(7)]
    assert carry(*map(letter_to, names)) == [""] * 7
    assert (post.addresses, post.connections) == ([f"{name}@people.example" for name in names], 4)


def test_a_server_that_takes_none_is_asked_once_for_each_and_that_is_temporary(post):
    post.most = 0
    assert carry(letter_to("ana"), letter_to("bo")) == ["421 enough for now"] * 2
    assert post.connections == 2


def test_when_the_connection_breaks_over_a_letter_the_next_goes_by_another(post):
    post.hangs_up_on.add("bo@people.example")
    assert carry(letter_to("ana"), letter_to("bo"), letter_to("cy")) == ["", "Connection unexpectedly closed", ""]
    assert (post.addresses, post.connections) == (["ana@people.example", "cy@people.example"], 2)


@pytest.mark.parametrize(
    "address", ["bo@people\r\nRCPT TO:<eve@people.example>", "bø@\ud800.x", "bø@people.example", "bo@", "@x"]
)
def test_an_address_that_cannot_be_one_is_not_said_and_stops_nobody(post, address):
    first, wrong, last = carry(letter_to("ana"), letter_to(address), letter_to("cy"))
    assert (first, bool(wrong), last) == ("", True, "")
    assert (post.addresses, post.connections) == (["ana@people.example", "cy@people.example"], 1)


@pytest.mark.parametrize(
    ("address", "envelope"),
    [
        ("ana@people.example", "ana@people.example"),
        ("Ana Bo <ana@people.example>", "ana@people.example"),
        ('"Ana, née Bø" <ana@bücher.example>', "ana@xn--bcher-kva.example"),
        ('"ana bo"@people.example', '"ana bo"@people.example'),
    ],
)
def test_an_envelope_has_the_address_alone_in_ascii(address, envelope):
    assert envelope_address(address) == envelope


@pytest.fixture
def crowd(cast, clock):
    """Six people who are to be reminded now, by a rule that was there in time."""
    clock.move_to(NOW - dt.timedelta(days=14))
    make_rule(cast.agreement, 7)
    meeting = make_meeting(cast.agreement, *(f"P{n}" for n in range(6)))
    clock.move_to(NOW)
    return meeting


def test_each_is_written_down_before_the_next_is_begun(crowd, clock, post, monkeypatch):
    seen = []
    monkeypatch.setattr(messages, "receive", lambda *_: seen.append((len(post.received), len(post.senders))))
    sweep(NOW)
    assert seen == [(n, n) for n in range(1, 7)]


@pytest.mark.parametrize("extensions", [[], ["PIPELINING"]])
def test_what_cannot_be_written_down_ends_the_batch_with_nothing_more_sent(crowd, server, monkeypatch, extensions):
    server.extensions, server.is_naive = extensions, True

    def receive(now, message, subject):
        if len(server.received) == 2:
            raise RuntimeError("the database is gone")

    monkeypatch.setattr(messages, "receive", receive)
    with pytest.raises(RuntimeError):
        sweep(NOW)
    assert (len(server.received), server.emptied) == (2, [])
    assert Message.objects.filter(state="claimed").count() == 6


@pytest.mark.parametrize(("seconds", "sizes"), [(60, [1, 4, 4, 4]), (0, [3, 1, 1, 1, 1])], ids=["quickly", "slowly"])
def test_a_batch_is_as_many_as_go_in_about_a_second(crowd, clock, monkeypatch, seconds, sizes):
    asked, take = [], ledger.take

    def asking(now, limit, per_minute):
        asked.append(limit)
        return take(now, limit, per_minute)

    monkeypatch.setattr(ledger, "take", asking)
    monkeypatch.setattr(sending, "BATCH", (1, sizes[0], 4))
    monkeypatch.setattr(sending, "A_BATCH_TAKES", seconds)
    ledger.plan(NOW, [crowd.pk])
    assert send_due(NOW) == {"sent": 6}
    assert asked == sizes
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_a_server_that_hung_up_between_two_emails_gets_the_next_by_another_connection(post):
    with SmtpSender() as sender:
        assert sender.send(letter_to("ana")).is_sent
        sender.backend.connection.sock.shutdown(socket.SHUT_RDWR)
        outcomes = [sender.send(letter_to(name)).error for name in ("bo", "cy")]
    assert outcomes == ["", ""]
    assert post.addresses == ["ana@people.example", "bo@people.example", "cy@people.example"]
    assert post.connections == 2
