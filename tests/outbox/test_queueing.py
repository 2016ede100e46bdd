"""Emails that any room has sent: ``enqueue``."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from accounts.operations import send_password_link
from contacts.models import Person
from contacts.operations import delete_person
from outbox.models import BadAddress, Message, QueuedEmail
from outbox.operations.deleting import delete_old_emails
from outbox.operations.queueing import Content, enqueue
from outbox.operations.sending import BACK_OFF, send_due
from partnership.operations import give_role, invite, remove_role
from tests.emails import emails
from tests.factories import PersonFactory
from tests.mailers import mail_by_smtp
from tests.reminders.conftest import NOW


def greeting(*, words):
    """Writes an email of these words; none of none."""
    return (f"About {words}", f"Hello, {words}.", f"<p>Hello, {words}.</p>") if words else None


def poisoned():
    """Cannot be written."""
    raise RuntimeError("no such template")


def hello(words="Ana"):
    return Content(greeting, {"words": words})


@pytest.fixture
def ana(cast, clock):
    return PersonFactory(agreement=cast.agreement, name="Ana", email="ana@people.example")


def states():
    return list(Message.objects.order_by("pk").values_list("address", "state"))


def test_it_goes_to_the_person_with_an_id_of_its_own_and_replies_to_whom_it_names(ana, cast):
    message = enqueue(ana, hello(), key="a", reply_to=cast.lead)
    [sent] = emails()
    assert (sent.to, sent.subject, sent.body.strip()) == ("ana@people.example", "About Ana", "Hello, Ana.")
    assert sent.html.strip() == "<p>Hello, Ana.</p>"
    assert sent.message["To"].addresses[0].display_name == "Ana"
    assert sent.message["Reply-To"].addresses[0].addr_spec == cast.lead.email
    assert sent.message["Message-ID"] == f"<20261201120000000000.{message.pk}@localhost>"
    message.refresh_from_db()
    assert (message.state, message.subject, message.agreement) == ("sent", "About Ana", cast.agreement)


def test_the_same_key_is_one_email_before_it_is_sent_and_after(ana):
    first = enqueue(ana, hello(), key="a")
    assert enqueue(ana, hello("Ana again"), key="a") == first
    assert len(emails()) == 1
    assert enqueue(ana, hello(), key="a") == first
    assert len(emails()) == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_the_same_moment_is_one_email(ana):
    def ask(_):
        try:
            return enqueue(ana, hello(), key="a").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(ask, range(4)))) == 1
    assert Message.objects.count() == 1


def test_it_does_not_go_where_what_it_is_about_is_taken_back(ana):
    with transaction.atomic():
        enqueue(ana, hello(), key="a")
        transaction.set_rollback(True)
    assert (emails(), states()) == ([], [])


def test_it_waits_until_its_time(ana, clock):
    enqueue(ana, hello(), key="a", not_before=NOW + dt.timedelta(hours=1))
    assert emails() == []
    clock.move_to(NOW + dt.timedelta(hours=1))
    assert len(emails()) == 1


def test_too_late_it_does_not_go_and_is_forgotten(ana, clock):
    enqueue(ana, hello(), key="a", expires_at=NOW + dt.timedelta(hours=1))
    clock.move_to(NOW + dt.timedelta(hours=1))
    assert send_due()["expired"] == 1
    assert (emails(), states()) == ([], [("ana@people.example", "withdrawn")])
    assert QueuedEmail.objects.get().data == {}


def test_it_goes_to_the_address_that_the_person_has_by_then(ana):
    enqueue(ana, hello(), key="a")
    type(ana).objects.filter(pk=ana.pk).update(email="new@people.example")
    assert [sent.to for sent in emails()] == ["new@people.example"]
    assert states() == [("new@people.example", "sent")]


def test_what_there_is_nothing_to_say_of_is_withdrawn_and_what_cannot_be_written_stops_no_other(ana):
    enqueue(ana, hello(""), key="a")
    enqueue(ana, Content(poisoned), key="b")
    enqueue(ana, hello(), key="c")
    assert len(emails()) == 1
    assert [state for _, state in states()] == ["withdrawn", "failed", "sent"]


def test_tried_again_it_is_the_same_email_and_once(ana, server, clock):
    server.replies["ana@people.example"] = "451 later"
    enqueue(ana, hello(), key="a")
    assert send_due()["waiting"] == 1
    server.replies.clear()
    send_due()
    assert server.received == []
    clock.shift(BACK_OFF[0])
    send_due()
    send_due()
    assert server.addresses == ["ana@people.example"]


def test_an_address_that_takes_none_is_noted_for_a_person_and_for_nobody_else(ana, server, settings):
    server.replies |= dict.fromkeys(["ana@people.example", "nobody@people.example"], "550 5.1.1 no such mailbox")
    enqueue(ana, hello(), key="a")
    enqueue(None, Content(greeting, {"words": "you"}, to="nobody@people.example"), key="b")
    send_due()
    assert [state for _, state in states()] == ["failed", "failed"]
    assert [bad.person for bad in BadAddress.objects.all()] == [ana]


def test_who_has_no_address_is_an_error_of_the_caller(ana):
    with pytest.raises(ValueError, match="needs an address"):
        enqueue(None, hello(), key="a")
    ana.email = ""
    with pytest.raises(ValueError, match="needs an address"):
        enqueue(ana, hello(), key="a")


def test_no_more_go_in_a_minute_than_may(ana, settings, clock):
    settings.MAIL_PER_MINUTE = 2
    for key in "abc":
        enqueue(ana, hello(), key=key)
    assert len(emails()) == 2
    clock.shift(dt.timedelta(minutes=1))
    assert len(emails()) == 3


def test_two_workers_send_each_once(ana, settings, transactional_db):
    for number in range(30):
        enqueue(ana, hello(), key=str(number))

    def send(_):
        try:
            return send_due()["sent"]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(send, range(2))) == 30
    assert len(emails()) == 30


def test_administrators_see_them_and_leads_do_not(ana, cast):
    enqueue(ana, hello(), key="a")
    assert Message.objects.visible_to(cast.administrator).count() == 1
    assert not Message.objects.visible_to(cast.lead).exists()


def test_a_month_later_it_is_forgotten_who_in_no_address_book_got_one(ana, clock):
    enqueue(ana, hello(), key="a")
    enqueue(None, Content(greeting, {"words": "you"}, to="you@people.example"), key="b")
    enqueue(None, Content(greeting, {"words": "you"}, to="you@people.example"), key="c", not_before=NOW + BACK_OFF[-1])
    assert len(emails()) == 2
    clock.shift(dt.timedelta(days=31))
    assert delete_old_emails() == 1
    assert states() == [("ana@people.example", "sent"), ("you@people.example", "waiting")]


def test_somebody_who_was_only_invited_can_be_deleted_with_their_messages(cast, clock):
    membership = give_role(cast.agreement, email="slip@lga.example", role="viewer", name="Slip", by=cast.lead)
    invite(membership, by=cast.lead)
    assert len(emails()) == 1
    remove_role(membership, by=cast.lead)
    delete_person(Person.objects.get(user=membership.user), by=cast.administrator)
    assert (states(), QueuedEmail.objects.count()) == ([], 0)


def test_a_new_email_about_an_account_takes_back_the_one_that_waits_and_nobody_elses(cast, clock, settings):
    mail_by_smtp(settings)
    for user in (cast.officer, cast.viewer, cast.officer):
        send_password_link(user)
    assert [state for _, state in states()] == ["withdrawn", "waiting", "waiting"]
