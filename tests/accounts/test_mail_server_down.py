"""The mail server is away while somebody asks for a link: the same page for all, and the email is sent later."""

import datetime as dt
import re
import socket

import pytest
import time_machine
from django.utils import timezone

from outbox.models import Message, QueuedEmail
from outbox.operations.sending import send_due
from tests.emails import emails
from tests.factories import PASSWORD
from tests.mailers import mail_by_smtp
from tests.outbox.smtp import mail_server

RESET = "/accounts/password/reset/"
STRANGER = "nobody@elsewhere.example"


@pytest.fixture
def away(settings):
    """``away()`` has the mail server be away, ``away(False)`` has it back."""
    there = settings.MAILERS

    def be(is_away=True):
        if is_away:
            mail_by_smtp(settings)
        else:
            settings.MAILERS = there

    return be


def ask(client, email):
    """The page that somebody sees who asks for a link, without what differs from one request to the next."""
    response = client.post(RESET, {"email": email}, follow=True)
    assert response.status_code == 200
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "", response.content.decode())


def later(minutes):
    """In so many minutes, beat has what waits sent."""
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=minutes)):
        send_due()


def waiting():
    """The messages that wait for the mail server."""
    return Message.objects.filter(state=Message.State.WAITING)


def test_known_and_unknown_addresses_are_told_the_same_whether_it_is_away_or_not(cast, client, away):
    pages = {ask(client, cast.officer.email), ask(client, STRANGER)}
    away()
    pages |= {ask(client, cast.techuk_officer.email), ask(client, "another@elsewhere.example")}
    assert len(pages) == 1
    assert "If there is an account with that address, a link is on its way." in pages.pop()


def test_what_waited_is_sent_once_with_a_link_that_works(cast, client, away):
    away()
    ask(client, cast.officer.email.upper())
    ask(client, STRANGER)
    send_due()
    assert waiting().count() == 2
    away(False)
    later(10)
    later(20)
    assert not waiting().exists()
    to_officer, to_stranger = sorted(emails(), key=lambda message: message.to == STRANGER)
    assert (to_officer.to, to_stranger.to) == (cast.officer.email, STRANGER)
    assert "There is no account with it." in to_stranger.body
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", to_officer.body)[1]
    assert "Choose" in client.get(link, follow=True).content.decode()


def test_what_waits_holds_no_link_and_what_is_sent_holds_nothing(cast, client):
    ask(client, cast.officer.email)
    queued = QueuedEmail.objects.get()
    assert queued.data == {
        "template": "account/email/password_reset_key",
        "to": cast.officer.email,
        "user_id": cast.officer.pk,
    }
    send_due()
    queued.refresh_from_db()
    assert (queued.message.state, queued.data) == ("sent", {})


def test_asked_for_three_times_it_is_sent_once(cast, client, away):
    away()
    for _ in range(3):
        ask(client, cast.officer.email)
        send_due()
    away(False)
    later(2)
    assert len(emails()) == 1


def test_attempts_come_further_and_further_apart_and_end_after_a_day(cast, client, away):
    away()
    began, waits = timezone.now(), []
    with time_machine.travel(began, tick=False) as clock:
        ask(client, cast.officer.email)
        for minutes in (0, 1, 6, 31):
            clock.move_to(began + dt.timedelta(minutes=minutes))
            send_due()
            waits.append((waiting().get().retry_at - began) / dt.timedelta(minutes=1))
        assert waits == [1, 6, 31, 91]
        clock.move_to(began + dt.timedelta(hours=24, minutes=1))
        away(False)
        send_due()
    assert [message.state for message in Message.objects.all()] == ["withdrawn"]
    assert emails() == []


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": "another@lga.example"}])
def test_who_may_not_sign_in_any_more_or_has_another_address_gets_none(cast, client, change):
    ask(client, cast.officer.email)
    type(cast.officer).objects.filter(pk=cast.officer.pk).update(**change)
    assert emails() == []
    assert Message.objects.get().state == "withdrawn"


def test_a_server_that_refuses_the_address_tells_nobody_which_are_known(cast, client, settings):
    with mail_server() as server:
        mail_by_smtp(settings, server.port)
        server.trouble = lambda address: "550 5.1.1 no such mailbox" if address == STRANGER else ""
        assert ask(client, STRANGER) == ask(client, cast.officer.email)
        send_due()
    assert [message.state for message in Message.objects.order_by("pk")] == ["failed", "sent"]


def test_a_server_that_hangs_keeps_nobody_waiting(cast, client, settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mail_by_smtp(settings, silent.getsockname()[1], timeout=1)
        assert ask(client, STRANGER) == ask(client, cast.officer.email)
        assert send_due()["unreached"] == 1
    assert waiting().count() == 2


def test_who_signs_in_with_an_address_that_is_not_confirmed_gets_the_link_later(cast, client, away):
    cast.officer.forget_confirmation()
    away()
    answer = client.post("/accounts/login/", {"login": cast.officer.email, "password": PASSWORD}, follow=True)
    assert answer.status_code == 200
    send_due()
    assert waiting().get().queued.data["template"] == "confirm_email"
    away(False)
    later(2)
    assert [message.to for message in emails()] == [cast.officer.email]
    assert not waiting().exists()
