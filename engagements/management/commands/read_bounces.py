"""``manage.py read_bounces``: mails that came back, and replies that calendar programs have sent."""

import sys
from collections import Counter

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError

from engagements.operations.engagement import NotPossibleError
from engagements.operations.reply import MovedError, give_calendar_reply
from engagements.presenters.calendar_replies import is_same_start, read_calendar_reply
from outbox.bounces.mailboxes import mails_in, mails_of
from outbox.bounces.reports import NotAReportError, read_returned
from outbox.operations.bounces import find_message, in_one_line, note_bounce, note_complaint

NOTHING_READ, NO_FILE, TRY_AGAIN = 65, 66, 75
"""Exit statuses as mail servers read them (sysexits.h): a 75 has them try the same mail again later."""


class Command(BaseCommand):
    """Read mails that came back, and replies from calendars, from files, Maildirs or standard input, and record them.

    A sentence for each mail: on standard output what was written down, on standard error what was not, and why. The
    exit status is 0 where any was read, 65 where none was, 66 where a file cannot be opened, 75 where the database is
    away.
    Nothing is moved or deleted, and reading the same mail twice changes nothing.
    """

    help = "Read mails that came back and replies from calendars (a file, mbox, Maildir, or - for standard input)."

    def add_arguments(self, parser):
        """Which mails."""
        parser.add_argument(
            "files", nargs="+", metavar="FILE", help="A mail, an mbox file, a Maildir, or - for standard input."
        )

    def handle(self, *args, files, **options):
        """Read them all."""
        counts = Counter()
        try:
            for name in files:
                for content in mails_of(sys.stdin.buffer) if name == "-" else mails_in(name):
                    counts[self.read(content)] += 1
        except OSError as error:
            self.stderr.write(f"{error.strerror or error}: {error.filename or name}")
            sys.exit(NO_FILE)
        except (OperationalError, InterfaceError) as error:
            self.stderr.write(f"The database cannot be reached: {in_one_line(error)}")
            sys.exit(TRY_AGAIN)
        if not counts[True]:
            if not counts[False]:
                self.stderr.write("There was no mail to read.")
            sys.exit(NOTHING_READ)

    def read(self, content) -> bool:
        """Read one mail, and say in a sentence what it told; whether it told anything of a mail of ours."""
        try:
            reply = read_calendar_reply(content)
            if reply:
                return self.take(reply)
            report = read_returned(content)
        except NotAReportError as error:
            self.stderr.write(f"Nothing was read: {error}.")
            return False
        message = find_message(report.ids)
        if message is None:
            self.stderr.write(f"It reports on a mail that Concord has not sent: {in_one_line(report.reason)}")
            return False
        self.stdout.write(f"{self.note(report, message)}: “{message.subject}” to {message.address}. {report.reason}")
        return True

    def take(self, reply) -> bool:
        """Record a reply from a calendar, and say so; whether it could be recorded."""

        def is_current(engagement):
            return reply.sequence >= engagement.sequence or is_same_start(reply.start, engagement)

        try:
            place = give_calendar_reply(
                reply.uid, reply.address, reply.answer, is_current=is_current, by=None, note=reply.note
            )
        except MovedError:
            self.stderr.write(f"{reply.address} replied to an earlier date, so nothing was recorded.")
            return False
        except (NotPossibleError, ValidationError) as error:
            why = str(error) if isinstance(error, NotPossibleError) else "It is to an event that is not Concord's."
            self.stderr.write(f"The calendar reply of {reply.address} was not recorded. {why}")
            return False
        title = in_one_line(place.engagement.title)
        self.stdout.write(f"{place.get_reply_display()}: {reply.address}, “{title}”.")
        return True

    def note(self, report, message):
        """Write down what was reported; returns it in words."""
        if report.is_complaint:
            return "Opted out" if note_complaint(message, by=None) else "Opted out before"
        if not report.is_final:
            return "Late, and still tried by the mail server"
        facts = {"at": report.at, "is_bad_address": report.is_bad_address}
        is_news = note_bounce(message, report.reason, **facts, by=None)
        return "Bounced" if is_news else "Known already"
