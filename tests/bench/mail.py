"""Mails a second through the whole path, as a ratio to a bare loop over ``smtplib`` that sends the same bytes.

The path is claim, look again, render with the calendar file, send, record; the bare loop has the bytes in its memory
and one kept connection. Both talk to the same server, a process of its own: aiosmtpd, which speaks the whole of SMTP,
with the time that a mail server takes to keep a mail (RFC 5321, section 6.1), a millisecond, less, or none; and then
the few lines of our own tests, which take several times as many mails a second, so that our own work stands out. Each
says that it takes commands together (RFC 2920), as the mail servers in use do. The bare loop's own mails a second are
printed beside. Each is run three times in turn, and the medians are compared. A mail that comes twice ends the run.
"""

import asyncio
import multiprocessing
import selectors
import smtplib
import socket
import statistics
import threading
import time
from functools import partial

from tests.mailers import mail_by_smtp
from tests.outbox.smtp import MailServer

ENGAGEMENTS, PEOPLE, RUNS = 20, 100, 3
SPAWN = multiprocessing.get_context("spawn")

MAKE = """
SET session_replication_role = replica;
INSERT INTO contacts_person (agreement_id, name, title, honours, email, job_title)
SELECT %(agreement)s, 'Person ' || n, '', '', 'person' || n || '@bench.example', 'Officer'
FROM generate_series(1, %(people)s) n;
INSERT INTO engagements_engagement (agreement_id, title, kind, status, starts_on, start_time, time_zone, mode, venue,
    joining_link, summary, outcomes, chatham_house, is_public_event, source_url, cancel_reason, uid, sequence,
    schedule_version, revision, created_at, updated_at)
SELECT %(agreement)s, 'Roundtable ' || n, 'roundtable', 'planned', current_date + 2, '10:00', 'Europe/London', 'online',
    'Room ' || n, 'https://meet.example/' || n, 'What councils and suppliers ask of each other', '', false, false, '',
    '', gen_random_uuid(), 0, 1, 1, now(), now()
FROM generate_series(1, %(engagements)s) n;
INSERT INTO engagements_participation (agreement_id, engagement_id, person_id, role, reply, attendance, note,
    sent_apologies, deputy, earlier_reply)
SELECT %(agreement)s, e.id, p.id, 'participant', 'accepted', '', '', false, '', ''
FROM engagements_engagement e, contacts_person p
WHERE e.agreement_id = %(agreement)s AND p.agreement_id = %(agreement)s AND p.job_title = 'Officer';
SET session_replication_role = DEFAULT;
"""


def main():
    """Measure, and print the two ratios."""
    prepare()
    print(f"mails a second as x a bare smtplib loop, {ENGAGEMENTS * PEOPLE:,} mails, median of {RUNS}; none came twice")
    print(f"  {'':24}{'bare a second':>14}{'one worker':>14}{'two workers':>14}")
    for name, serve in SERVERS.items():
        rate, one, two = compare(serve)
        print(f"  {name:24}{rate:14,.0f}{one:14.2f}{two:14.2f}")


def compare(serve):
    """The mails a second of the bare loop to the server that ``serve`` starts; the ratios of one worker and of two."""
    with ServerApart(serve) as server:
        bare, one, two = [], [], []
        letters = None
        for _ in range(RUNS):
            one.append(whole_path(1, server))
            letters = letters or server.take()
            server.clear()
            two.append(whole_path(2, server))
            server.clear()
            bare.append(bare_loop(server.port, letters))
            server.clear()
    base = statistics.median(bare)
    return ENGAGEMENTS * PEOPLE / base, base / statistics.median(one), base / statistics.median(two)


def prepare():
    """Roundtables in two days with people, and a rule of two days before: all are due at once."""
    import datetime as dt

    from django.core.management import call_command
    from django.db import connection

    from partnership.models import Agreement
    from reminders.deliveries import ledger
    from reminders.models import Rule, Step
    from reminders.operations.rules import save_rule
    from tests.bench.__main__ import fresh_database

    fresh_database()
    call_command("migrate", verbosity=0)
    agreement = Agreement.objects.create(name="Bench", slug="bench", status=Agreement.Status.IN_FORCE)
    steps = [Step(days=-2, at=dt.time(0))]
    save_rule(
        Rule(agreement=agreement, name="Roundtables", engagement_kinds=["roundtable"], on_working_days=False),
        steps=steps,
        by=None,
    )
    # As if it had been there before the roundtables: nothing goes by a rule whose time was past when it was made.
    Step.objects.update(counts_from=ledger.EVER)
    with connection.cursor() as cursor:
        cursor.execute(MAKE, {"agreement": agreement.pk, "people": PEOPLE, "engagements": ENGAGEMENTS})
        cursor.execute("VACUUM ANALYZE")
    from django.utils import timezone

    ledger.plan_all(timezone.now())
    connection.close()


def whole_path(workers, server):
    """Seconds in which so many worker processes, which are up and connected, send all that is due."""
    from django.db import connection

    from outbox.models import Message
    from reminders.models import Delivery

    Message.objects.all().delete()
    Delivery.objects.update(state="planned", message=None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE reminders_delivery, outbox_message")
    connection.close()
    ready, ends = SPAWN.Barrier(workers + 1), SPAWN.SimpleQueue()
    started = [SPAWN.Process(target=work, args=(ready, ends, server.port)) for _ in range(workers)]
    for process in started:
        process.start()
    ready.wait()
    begin = time.monotonic()
    taken = max(ends.get() for _ in started) - begin
    for process in started:
        process.join()
    if Delivery.objects.exclude(state="sent").exists() or server.count() != ENGAGEMENTS * PEOPLE:
        raise SystemExit("Not each of the mails was sent exactly once.")
    connection.close()
    return taken


def work(ready, ends, port):
    """A worker process: everything is loaded before the clock starts, as in a worker that has been up for a while.

    It says when it is done, since its own end, which takes longer than many a mail, is none of a worker that stays up.
    """
    import django

    django.setup()
    from django.conf import settings

    from outbox.operations.sending import send_due

    mail_by_smtp(settings, port)
    warm_up()
    ready.wait()
    send_due()
    ends.put(time.monotonic())


def warm_up():
    """Take and write an email, and forget that it was taken."""
    from django.db import transaction
    from django.utils import timezone

    from outbox.operations import messages
    from reminders.deliveries import ledger
    from reminders.deliveries.rendering import NotificationRenderer

    now = timezone.now()
    with transaction.atomic():
        [claimed], _ = ledger.take(now, 1)
        email = NotificationRenderer([claimed]).render(claimed, now)
        messages.receive(now, claimed, email.subject)
        messages.apply_receipts()
        transaction.set_rollback(True)


def bare_loop(port, letters):
    """Seconds in which a process of its own sends these letters over one connection."""
    pipe, other = SPAWN.Pipe()
    process = SPAWN.Process(target=send_bare, args=(port, letters, other))
    process.start()
    taken = pipe.recv()
    process.join()
    return taken


def send_bare(port, letters, pipe):
    """Send the letters, and say how many seconds it took."""
    with smtplib.SMTP("127.0.0.1", port) as connection:
        connection.ehlo()
        begin = time.perf_counter()
        for address, content in letters:
            connection.sendmail("concord@localhost", [address], content)
        pipe.send(time.perf_counter() - begin)


class ServerApart:
    """A mail server in a process of its own, which runs ``serve``."""

    def __init__(self, serve):
        self.serve = serve

    def __enter__(self):
        self.pipe, other = SPAWN.Pipe()
        self.process = SPAWN.Process(target=self.serve, args=(other,), daemon=True)
        self.process.start()
        other.close()
        self.port = self.pipe.recv()
        return self

    def __exit__(self, *exception):
        self.process.terminate()

    def ask(self, question):
        """What the process answers."""
        self.pipe.send(question)
        return self.pipe.recv()

    def take(self):
        """(address, bytes) of all that came."""
        return self.ask("take")

    def count(self):
        """How many different mails came, or 0 where one came twice."""
        return self.ask("count")

    def clear(self):
        """Forget what came."""
        return self.ask("clear")


class Inbox:
    """What aiosmtpd hands each mail to."""

    def __init__(self, seconds):
        self.received, self.seconds = [], seconds

    async def handle_EHLO(self, server, session, envelope, hostname, responses):  # noqa: N802  (aiosmtpd calls it so)
        """Say that commands may come together: aiosmtpd takes them so, but does not say it."""
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  (aiosmtpd calls it so)
        """Keep it in memory, which takes so many ``seconds``."""
        if self.seconds:
            await asyncio.sleep(self.seconds)
        self.received.append((envelope.rcpt_tos[0], envelope.content))
        return "250 taken"


def serve_whole(pipe, seconds):
    """Receive by aiosmtpd, which takes so many ``seconds`` to keep a mail."""
    from aiosmtpd.controller import Controller

    inbox = Inbox(seconds)
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    # Of the ways to wait that there are, this one knows less than a millisecond.
    loop = asyncio.SelectorEventLoop(selectors.SelectSelector())
    Controller(inbox, hostname="127.0.0.1", port=port, loop=loop).start()
    answer(pipe, port, inbox.received)


def serve_bare(pipe):
    """Receive by the server of the tests."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        answer(pipe, server.port, server.received)


SERVERS = {
    "aiosmtpd, 1 ms a mail": partial(serve_whole, seconds=0.001),
    "aiosmtpd, 0.4 ms a mail": partial(serve_whole, seconds=0.0004),
    "aiosmtpd": partial(serve_whole, seconds=0),
    "bare": serve_bare,
}


def answer(pipe, port, received):
    """Say the port, and then what the questions of ``ServerApart`` ask of what was received."""
    pipe.send(port)
    while question := pipe.recv():
        if question == "clear":
            received.clear()
            pipe.send(None)
        elif question == "take":
            pipe.send(list(received))
        else:
            ids = {content.split(b"Message-ID: ")[1].split(b"\r\n")[0] for _, content in received}
            pipe.send(len(ids) if len(ids) == len(received) else 0)
