"""What the provider tells by webhook: in the formats of two providers, as HTTP posts to the running application."""

import base64
import datetime as dt
import hashlib
import hmac
import json

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from outbox.models import BadAddress, Message, Tally
from outbox.operations.bounces import find_message, note_bounce
from outbox.operations.sending import send_due
from reminders.deliveries import ledger
from reminders.models import Delivery, Preference
from reminders.operations.sweeping import sweep
from tests.mailers import mail_by
from tests.reminders.conftest import NOW, make_meeting, make_rule, outbox

pytestmark = pytest.mark.usefixtures("clock")

SECRET, SIGNING_KEY = "provider:a-long-password", "key-of-the-signatures"
LATER = NOW + dt.timedelta(days=5, minutes=10)


@pytest.fixture
def sent(cast, clock):
    """A reminder that was sent to Ana five days later; its message."""
    make_rule(cast.agreement, 2)
    make_meeting(cast.agreement, "Ana", title="AI roundtable")
    clock.move_to(LATER)
    sweep(LATER)
    return Message.objects.get()


@pytest.fixture
def postmark(settings, client):
    """Posts as Postmark does: ``postmark({...})``."""
    settings.MAIL_PROVIDER, settings.ANYMAIL = "postmark", {"WEBHOOK_SECRET": SECRET}
    return lambda event, secret=SECRET: post(client, event, secret)


@pytest.fixture
def mailgun(settings, client):
    """Posts as Mailgun does, signed: ``mailgun({...})``."""
    settings.MAIL_PROVIDER = "mailgun"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING_KEY}

    def notify(event, key=SIGNING_KEY, secret=SECRET):
        stamp, token = str(int(LATER.timestamp())), "token"
        signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
        signed = {"signature": {"timestamp": stamp, "token": token, "signature": signature}, "event-data": event}
        return post(client, signed, secret)

    return notify


def post(client, event, secret):
    headers = {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()} if secret else {}
    body = event if isinstance(event, str) else json.dumps(event)
    return client.post("/mail/events/", body, "application/json", headers=headers)


def id_of(message):
    """The Message-ID as it stood in the mail, read from the mail itself."""
    return next(letter["Message-ID"] for letter in outbox() if message.address in str(letter["To"]))


def by_postmark(message, **event):
    """A bounce as Postmark tells it. Its own id is another; ours comes back as metadata."""
    return {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "TypeCode": 1,
        "MessageID": "00000000-0000-0000-0000-000000000000",
        "Metadata": {"message": id_of(message).strip("<>").partition("@")[0]},
        "Email": message.address,
        "BouncedAt": LATER.isoformat(),
        "Description": "The server was unable to deliver your message.",
        "Details": "smtp;550 5.1.1 no such user",
    } | event


def by_mailgun(message, event="failed", **facts):
    """An event as Mailgun tells it."""
    return {
        "event": event,
        "severity": "permanent",
        "reason": "bounce",
        "timestamp": LATER.timestamp(),
        "recipient": message.address,
        "message": {"headers": {"message-id": id_of(message).strip("<>"), "to": message.address}},
        "delivery-status": {"code": 550, "message": "5.1.1 no such user", "description": ""},
    } | facts


def outcome():
    """(state, reason) of the one delivery, and the state of its message."""
    delivery = Delivery.objects.select_related("message").get()
    return delivery.state, delivery.reason, delivery.message.state


SENT = ("sent", "", "sent")


def test_a_bounce_marks_message_and_delivery_with_its_reason_and_time_and_flags_the_address(sent, postmark):
    assert postmark(by_postmark(sent)).status_code == 200
    assert outcome() == ("bounced", "smtp;550 5.1.1 no such user", "bounced")
    sent.refresh_from_db()
    assert (sent.state_at, sent.error) == (LATER, "smtp;550 5.1.1 no such user")
    [bad] = BadAddress.objects.in_use()
    assert (bad.address, bad.error, bad.came_back) == ("ana@people.example", "smtp;550 5.1.1 no such user", True)
    assert Tally.objects.get(name="bounced").count == 1


def test_the_same_by_another_provider_which_signs_what_it_tells(sent, mailgun):
    assert mailgun(by_mailgun(sent)).status_code == 200
    assert outcome() == ("bounced", "5.1.1 no such user", "bounced")
    assert BadAddress.objects.count() == 1


def test_told_twice_it_is_noted_once(sent, postmark):
    postmark(by_postmark(sent))
    before = list(Message.objects.values()), list(BadAddress.objects.values())
    assert postmark(by_postmark(sent, Details="something else")).status_code == 200
    assert (list(Message.objects.values()), list(BadAddress.objects.values())) == before
    assert Tally.objects.get(name="bounced").count == 1


def test_a_delivery_that_is_told_after_the_bounce_changes_nothing(sent, mailgun):
    mailgun(by_mailgun(sent))
    earlier = (LATER - dt.timedelta(minutes=1)).timestamp()
    assert mailgun(by_mailgun(sent, "delivered", timestamp=earlier)).status_code == 200
    assert outcome()[0] == "bounced"
    assert BadAddress.objects.exists()


def test_told_that_it_arrived_and_then_that_it_bounced_it_bounced(sent, mailgun):
    mailgun(by_mailgun(sent, "delivered"))
    assert outcome() == SENT
    mailgun(by_mailgun(sent))
    assert outcome()[0] == "bounced"


def test_a_later_mail_that_arrives_takes_the_flag_off_and_one_that_is_only_taken_does_not(cast, sent, mailgun, clock):
    mailgun(by_mailgun(sent))
    later = LATER + dt.timedelta(days=1)
    make_meeting(cast.agreement, starts_on=dt.date(2026, 12, 9), save=False)
    other = make_meeting(cast.agreement, starts_on=dt.date(2026, 12, 9), save=False)
    other.participations.create(agreement=cast.agreement, person=sent.person)
    ledger.plan(LATER, [other.pk])
    clock.move_to(later)
    mail.outbox.clear()
    send_due(later)
    [second] = Message.objects.exclude(pk=sent.pk)
    assert second.state == "sent"
    assert BadAddress.objects.exists()
    mailgun(by_mailgun(second, "delivered", timestamp=later.timestamp()))
    assert not BadAddress.objects.exists()


def test_a_mail_that_is_only_late_changes_nothing(sent, mailgun):
    assert mailgun(by_mailgun(sent, severity="temporary")).status_code == 200
    assert outcome() == SENT
    assert not BadAddress.objects.exists()


def test_given_up_after_many_attempts_it_bounced_but_the_address_may_be_right(sent):
    note_bounce(sent, "4.4.7 gave up", is_bad_address=False, by=None)
    assert outcome()[0] == "bounced"
    assert not BadAddress.objects.exists()


@pytest.mark.parametrize("provider", ["postmark", "mailgun"])
def test_a_complaint_opts_out_of_the_topic_of_that_mail_and_of_nothing_else(sent, provider, request):
    notify = request.getfixturevalue(provider)
    event = (
        by_postmark(sent, RecordType="SpamComplaint", Type="SpamComplaint")
        if provider == "postmark"
        else by_mailgun(sent, "complained")
    )
    assert notify(event).status_code == 200
    chosen = Preference.objects.get(person__name="Ana")
    assert (chosen.meetings, chosen.invitations, chosen.records) == ("off", "on", "on")
    assert outcome() == SENT
    assert notify(event).status_code == 200
    assert Preference.pgh_event_model.objects.count() == 1


def test_what_the_provider_did_not_even_try_since_they_had_complained_is_both(sent, postmark):
    postmark(by_postmark(sent, Type="Unsubscribe"))
    assert Preference.objects.get().meetings == "off"


@pytest.mark.parametrize(
    "other", ["20261206091000000000.1", "20269999999999999999.1", "20261206091000000000.99999999999999999999", "x", ""]
)
def test_of_a_mail_that_is_not_ours_nothing_is_noted(sent, postmark, other):
    assert postmark(by_postmark(sent, Metadata={"message": other})).status_code == 200
    assert outcome() == SENT


@pytest.mark.parametrize("secret", ["", "provider:wrong-password-here", "x"])
def test_who_does_not_know_the_secret_is_not_believed(sent, postmark, secret):
    assert postmark(by_postmark(sent), secret=secret).status_code == 400
    assert outcome() == SENT


def test_a_forged_signature_is_not_believed_even_with_the_secret(sent, mailgun):
    assert mailgun(by_mailgun(sent), key="guessed").status_code == 400
    assert mailgun(by_mailgun(sent), secret="").status_code == 400
    assert outcome() == SENT


@pytest.mark.parametrize("body", ["", "no json", "[1]", "null", "[" * 100_000, '{"a": "\\ud800"'])
def test_what_is_no_report_is_refused(sent, postmark, body):
    assert postmark(body).status_code == 400


def test_without_a_provider_there_is_no_such_page(sent, settings, client):
    settings.MAIL_PROVIDER = ""
    assert post(client, by_postmark(sent), SECRET).status_code == 404


def test_a_reason_full_of_nonsense_is_kept_as_one_short_line(sent, postmark):
    postmark(by_postmark(sent, Details="550\r\n no\x00 such\u2028user " + "x" * 5000))
    assert outcome()[1].startswith("550 no such user xxx")
    assert len(outcome()[1]) == 200


def test_a_clock_that_is_wrong_elsewhere_makes_nothing_older_than_the_mail_or_newer_than_now(sent, postmark):
    postmark(by_postmark(sent, BouncedAt="2031-01-01T00:00:00Z"))
    sent.refresh_from_db()
    assert sent.state_at == LATER


class FastBounces(EmailBackend):
    """A mail server that takes each mail and says in the same moment that it came back."""

    def send_messages(self, messages):
        for letter in messages:
            note_bounce(find_message(letter.content.decode()), "550 no such user", by=None)
        return super().send_messages(messages)


def test_a_bounce_that_is_faster_than_the_worker_who_writes_down_that_it_was_sent_stays_one(cast, clock, settings):
    mail_by(settings, f"{__name__}.FastBounces")
    make_rule(cast.agreement, 2)
    make_meeting(cast.agreement, "Ana", "Bo")
    clock.move_to(LATER)
    sweep(LATER)
    sweep(LATER)
    assert len(mail.outbox) == 2
    for model in (Delivery, Message):
        assert set(model.objects.values_list("state", flat=True)) == {"bounced"}
    assert BadAddress.objects.count() == 2


def test_a_message_that_was_about_to_be_tried_again_is_not_once_it_came_back(sent):
    Message.objects.update(state="waiting", retry_at=LATER)
    Delivery.objects.update(state="claimed")
    assert note_bounce(sent, "550 no such user", by=None)
    mail.outbox.clear()
    sweep(LATER)
    assert outcome()[0] == "bounced"
    assert mail.outbox == []


def test_the_mail_tells_a_provider_with_ids_of_its_own_which_one_it_is(cast, clock, settings):
    settings.MAIL_PROVIDER = "postmark"
    make_rule(cast.agreement, 2)
    make_meeting(cast.agreement, "Ana")
    clock.move_to(LATER)
    sweep(LATER)
    [letter] = outbox()
    assert letter["X-PM-KeepID"] == "true"
    assert letter["Message-ID"].startswith(f"<{letter['X-PM-Metadata-message']}@")
