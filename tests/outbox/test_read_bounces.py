"""What comes back by mail: reports in the manner of several mail servers, and much else, from files and from a pipe."""

import datetime as dt
import io
import mailbox
import random

import pytest

from outbox.bounces.mailboxes import mails_of
from outbox.bounces.reports import MOST, NotAReportError, read_returned
from outbox.models import BadAddress, Message
from reminders.models import Delivery, Preference
from reminders.operations.sweeping import sweep
from tests.outbox.reading import read
from tests.reminders.conftest import NOW, make_meeting, make_rule, outbox

pytestmark = pytest.mark.usefixtures("clock")

LATER = NOW + dt.timedelta(days=5)


@pytest.fixture
def sent(cast, clock):
    """The Message-ID of a reminder that was sent to Ana, a quarter of an hour ago."""
    make_rule(cast.agreement, 2)
    make_meeting(cast.agreement, "Ana", title="AI roundtable")
    clock.move_to(LATER)
    sweep(LATER)
    clock.move_to(LATER + dt.timedelta(minutes=15))
    return str(outbox()[0]["Message-ID"])


def report(message_id, *, action="failed", status="5.1.1", said="smtp; 550 5.1.1 <ana@people.example>: unknown", **how):
    """A delivery status notification by RFC 3464. ``how``: whether the head alone is returned, a second recipient."""
    head = f"From: concord@example.org\nTo: ana@people.example\nMessage-ID: {message_id}\nSubject: Reminder\n"
    kind = "text/rfc822-headers" if how.get("returned") == "head" else "message/rfc822"
    recipients = [f"Final-Recipient: rfc822; ana@people.example\nAction: {action}\nStatus: {status}\n"]
    recipients[0] += f"Diagnostic-Code: {said}\n" if said else ""
    recipients += [how["second"]] if "second" in how else []
    words = [
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: bounces@example.org\nSubject: Undelivered Mail",
        "Auto-Submitted: auto-replied\nDate: Sun, 06 Dec 2026 12:10:00 +0000\nMIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n',
        "--b\nContent-Type: text/plain\n\nI am sorry to have to inform you.\n",
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{chr(10).join(recipients)}",
        f"--b\nContent-Type: {kind}\n\n{head}" + ("" if how.get("returned") == "head" else "\nThe text.\n"),
        "--b--\n",
    ]
    return "\n".join(words).encode()


def state_of_the_email():
    delivery = Delivery.objects.select_related("message").get()
    return delivery.state, delivery.reason, delivery.message.state


SENT, UNKNOWN = ("sent", "", "sent"), "550 5.1.1 <ana@people.example>: unknown"


@pytest.mark.parametrize("returned", ["head", "mail"])
def test_a_report_of_a_permanent_failure_marks_the_mail_and_flags_the_address(sent, command, returned):
    done = command(report(sent, returned=returned))
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(
        "Bounced: “Reminder: AI roundtable, Tuesday 8 December 2026, 14:00” to ana@people.example."
    )
    assert state_of_the_email() == ("bounced", UNKNOWN, "bounced")
    assert Message.objects.get().state_at == dt.datetime(2026, 12, 6, 12, 10, tzinfo=dt.UTC)
    assert BadAddress.objects.get().error == UNKNOWN


def test_read_twice_it_is_noted_once(sent, command):
    command(report(sent))
    done = command(report(sent), report(sent, said="smtp; 550 another"))
    assert done.status == 0
    assert done.out.count("Known already") == 2
    assert state_of_the_email() == ("bounced", UNKNOWN, "bounced")


@pytest.mark.parametrize(
    "how",
    [
        {"action": "delayed", "status": "4.4.1", "said": "smtp; connection timed out"},
        {"action": "delayed", "status": "5.0.0"},
        {"action": "", "status": "4.2.2", "said": "smtp; 452 mailbox full"},
    ],
)
def test_what_is_only_late_is_said_and_changes_nothing(sent, command, how):
    done = command(report(sent, **how))
    assert (done.status, state_of_the_email()) == (0, SENT)
    assert done.out.startswith("Late, and still tried by the mail server")
    assert not BadAddress.objects.exists()


def test_what_was_given_up_after_days_of_trying_bounced_but_the_address_may_be_right(sent, command):
    command(report(sent, status="4.4.7", said="smtp; 451 4.4.7 message expired"))
    assert state_of_the_email() == ("bounced", "451 4.4.7 message expired", "bounced")
    assert not BadAddress.objects.exists()


def test_that_a_mail_was_delivered_is_no_bounce(sent, command):
    done = command(report(sent, action="delivered", status="2.0.0", said="smtp; 250 ok"))
    assert (done.status, state_of_the_email()) == (65, SENT)
    assert done.err == "Nothing was read: it says that a mail was delivered.\n"


def test_of_several_recipients_the_one_that_failed_counts(sent, command):
    second = (
        "\nFinal-Recipient: rfc822; b@people.example\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 full\n"
    )
    command(report(sent, action="delayed", status="4.0.0", second=second))
    assert state_of_the_email()[:2] == ("bounced", "552 full")


QMAIL = """Return-Path: <>
From: MAILER-DAEMON@post.example
To: bounces@example.org
Subject: failure notice

Hi. This is the qmail-send program at post.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ana@people.example>:
203.0.113.5 does not like recipient.
Remote host said: 550 5.1.1 no such user here

--- Below this line is a copy of the message.

Return-Path: <bounces@example.org>
Message-ID: {}
Subject: Reminder
"""


def test_a_mail_server_with_a_manner_of_its_own_is_understood(sent, command):
    done = command(QMAIL.format(sent).encode())
    assert (done.status, done.err) == (0, "")
    assert state_of_the_email() == ("bounced", "Remote host said: 550 5.1.1 no such user here", "bounced")


COMPLAINT = """From: feedback@provider.example
To: bounces@example.org
Subject: Complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is a complaint.
--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Provider/1.0
Version: 1

--b
Content-Type: message/rfc822

From: concord@example.org
Message-ID: {}
Subject: Reminder

Text
--b--
"""


def test_a_complaint_by_mail_opts_out_of_the_topic(sent, command):
    done = command(COMPLAINT.format(sent).encode())
    assert (done.status, done.out.split(":")[0]) == (0, "Opted out")
    assert Preference.objects.get().meetings == "off"
    assert command(COMPLAINT.format(sent).encode()).out.startswith("Opted out before")


AUTOMATIC = "From: ana@people.example\nSubject: Away\nAuto-Submitted: auto-replied\nIn-Reply-To: {}\n\nI am away.\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (AUTOMATIC, "it is an automatic reply"),
        ("From: ana@people.example\nSubject: Hi\nReferences: {}\n\nThank you!\n", "it is a mail that reports nothing"),
        ("no mail at all", "it is no mail"),
        ("\x00\xff" * 100, "it is no mail"),
        ("", "There was no mail to read"),
    ],
)
def test_what_is_no_report_is_said_in_a_sentence_and_changes_nothing(sent, command, content, words):
    done = command(content.format(sent).encode("latin-1") if "{}" in content else content.encode("latin-1"))
    assert (done.status, done.out, state_of_the_email()) == (65, "", SENT)
    assert words in done.err
    assert done.err.count("\n") == 1


def test_a_report_of_a_mail_that_is_not_ours_is_said(sent, command):
    done = command(report("<20261206091000000000.77@concord.example>"), report("<other@elsewhere.example>"))
    assert (done.status, state_of_the_email()) == (65, SENT)
    assert done.err.count("It reports on a mail that Concord has not sent") == 2


def test_one_that_can_be_read_among_others_makes_it_a_success(sent, command):
    done = command(b"garbage", report(sent))
    assert done.status == 0
    assert "Nothing was read" in done.err
    assert state_of_the_email()[0] == "bounced"


def test_from_a_pipe_as_a_mail_server_gives_it(sent, command):
    assert command("-", stdin=b"From MAILER-DAEMON Sun Dec  6 12:10:00 2026\n" + report(sent)).status == 0
    assert state_of_the_email()[0] == "bounced"


def test_an_mbox_file_holds_many(sent, command):
    line = b"From MAILER-DAEMON Sun Dec  6 12:10:00 2026\n"
    away = AUTOMATIC.format(sent).encode()
    done = command(b"\n".join([line + away, line + report(sent), line + away]))
    assert (done.status, done.out.count("\n"), done.err.count("\n")) == (0, 1, 2)


def test_a_maildir_holds_many_and_is_left_as_it_is(sent, command, tmp_path):
    box = mailbox.Maildir(tmp_path / "box")
    box.add(report(sent))
    box.add(b"From: x@y.example\n\nHello\n")
    done = command(tmp_path / "box")
    assert (done.status, done.out.count("\n"), done.err.count("\n")) == (0, 1, 1)
    assert len(mailbox.Maildir(tmp_path / "box")) == 2


@pytest.mark.parametrize("name", ["nowhere", "folder"])
def test_a_file_that_is_not_there_or_a_folder_that_is_no_maildir_is_said(command, tmp_path, name):
    (tmp_path / "folder").mkdir()
    done = command(tmp_path / name)
    assert done.status == 66
    assert name in done.err
    assert done.err.count("\n") == 1


def test_a_huge_mail_is_read_at_its_beginning_alone_and_the_pipe_to_its_end(sent, command):
    file = io.BytesIO(report(sent, returned="head") + b"x" * (5 * MOST) + b"\n" + b"y\n" * MOST)
    [content] = mails_of(file)
    assert len(content) <= MOST + 2**16
    assert file.read() == b""
    assert read_returned(content).is_final


def outcome(content):
    """The report that a mail is, or the sentence that says why it is none; anything else fails the test."""
    try:
        return read_returned(content)
    except NotAReportError as error:
        return str(error)


def test_a_mail_that_is_made_to_break_a_parser_breaks_nothing():
    nested = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(5000))
    rows = b"Content-Type: message/delivery-status\n\n" + b"Action: failed\n\n" * 50_000
    bombs = [nested, rows, b"A: b\n" * 200_000, b"Content-Type: message/rfc822\n\n" * 5000]
    bombs += [b'Content-Type: multipart/report; boundary="' + b"b" * 100_000 + b'"\n\n', b"From: x\n\n" + b"<" * MOST]
    for content in bombs:
        assert outcome(content)


def test_no_change_of_single_bytes_makes_it_fail():
    chance, content = random.Random(1), report("<20261206091000000000.77@concord.example>")
    for _ in range(300):
        broken = bytearray(content)
        for _ in range(12):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        assert outcome(bytes(broken))


def test_the_envelope_sender_is_the_address_to_which_bounces_go(cast, clock, settings, server):
    make_rule(cast.agreement, 2)
    make_meeting(cast.agreement, "Ana")
    clock.move_to(LATER)
    settings.BOUNCE_ADDRESS = "bounces@concord.example"
    sweep(LATER)
    assert server.senders == ["bounces@concord.example"]
    assert str(read(server.received[0][1])["From"]) == settings.DEFAULT_FROM_EMAIL
