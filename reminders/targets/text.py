"""What a mail says, before it is anybody's."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from django.conf import settings

from accounts.mail import AUTOMATIC
from outbox.headers import subject_header
from reminders.reply_to import html_with, plain_with, reply_to
from reminders.unsubscribe import PLACE

CHOOSE = f"Change your email settings or stop all emails:\n{PLACE}\n"
"""How each text ends; the HTML has the same from ``reminders/mail/letter.html``."""

ALSO = "<!-- also -->"
"""Where what goes along stands in the HTML; ``reminders/mail/letter.html`` has it."""


@dataclass(frozen=True)
class CalendarFile:
    """A calendar file (RFC 5545) that goes with a mail, and the METHOD in it. It has one UID: Outlook opens a file with
    several as another calendar, and changes nothing in the reader's own.
    """

    content: str
    method: str
    name: str = "invite"


@dataclass(frozen=True)
class Text:
    """What all readers of a kind get: the subject line, the text, the same as HTML, and its calendar files.

    In a digest it is a line: what it is about (else its subject line), ``detail`` (when and where), and ``links``,
    pairs of words and an address. ``gathered`` are those that a digest tells.
    """

    subject: str
    plain: str
    html: str
    calendars: tuple[CalendarFile, ...] = ()
    line: str = ""
    detail: str = ""
    links: tuple[tuple[str, str], ...] = ()
    gathered: tuple["Text", ...] = ()

    @property
    def files(self):
        """{file name: ``CalendarFile``} of all that go with it, no name twice."""
        files, found = [file for text in (self, *self.gathered) for file in text.calendars], {}
        for file in files:
            name, number = f"{file.name}.ics", 1
            while name in found:
                number += 1
                name = f"{file.name}-{number}.ics"
            found[name] = file
        return found

    def as_bytes(self, contact=None) -> bytes:
        """The mail but for the headers that name one reader, which stand before it. ``contact`` gets the replies.

        A calendar file that the whole mail is about stands beside the text and the HTML, where Outlook and Google look
        for it, and is attached too, for programs that show attachments only. Others are attached.
        """
        mail = EmailMessage(policy=SMTP)
        mail["From"] = settings.DEFAULT_FROM_EMAIL
        for name, value in AUTOMATIC.items():
            mail[name] = value
        mail.set_content(f"{plain_with(self.plain, contact).rstrip()}\n{CHOOSE}", cte="quoted-printable")
        mail.add_alternative(html_with(self.html.replace(ALSO, ""), contact), subtype="html", cte="quoted-printable")
        self._add_calendars(mail)
        return (subject_header(self.subject) + reply_to(contact)).encode("ascii") + bytes(mail)

    def _add_calendars(self, mail):
        if len(self.calendars) == 1:
            [file] = self.calendars
            mail.add_alternative(file.content, subtype="calendar", params={"method": file.method}, cte="base64")
            name = f"{file.name}.ics"
            mail.add_attachment(file.content.encode(), maintype="application", subtype="ics", filename=name)
            return
        for name, file in self.files.items():
            params = {"method": file.method}
            mail.add_attachment(file.content, subtype="calendar", params=params, cte="base64", filename=name)
