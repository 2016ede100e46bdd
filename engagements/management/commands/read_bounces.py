"""``manage.py read_bounces``: reads returned emails, and replies that calendar programs have sent."""

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
"""Exit statuses of sysexits.h. After a 75, mail servers try the same email again later."""


class Command(BaseCommand):
    """Record returned emails and replies from calendars, from files, Maildirs or standard input.

    Prints a sentence for each email: to standard output if it was recorded, else to standard error, with the reason.
    The exit status is 0 where any email was recorded, 65 where none was, 66 where a file cannot be opened, and 75 where
    the database cannot be reached. Nothing is moved or deleted, and reading the same email twice changes nothing.
    """

    help = "Read mails that came back and replies from calendars (a file, mbox, Maildir, or - for standard input)."

    def add_arguments(self, parser):
        parser.add_argument(
            "files", nargs="+", metavar="FILE", help="A mail, an mbox file, a Maildir, or - for standard input."
        )

    def handle(self, *args, files, **options):
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
        """Record one email (bytes) and print a sentence about it. False where nothing in it could be recorded."""
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
        """Record a reply from a calendar and print a sentence about it. Returns whether it could be recorded."""

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
        """Record a report on ``message``, an email of ours. Returns in words what it means."""
        if report.is_complaint:
            return "Opted out" if note_complaint(message, by=None) else "Opted out before"
        if not report.is_final:
            return "Late, and still tried by the mail server"
        facts = {"at": report.at, "is_bad_address": report.is_bad_address}
        is_news = note_bounce(message, report.reason, **facts, by=None)
        return "Bounced" if is_news else "Known already"
