"""The content of an email, which its readers share, and the finished email of one reader."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from django.conf import settings

from outbox.headers import subject_header
from outbox.reply_to import html_with, plain_with, reply_to

ALSO = "<!-- also -->"
"""Marks the place in the HTML for other notifications in the same email."""


AUTOMATIC = {
    "Auto-Submitted": "auto-generated",
    # Every value of MS-OXCMAIL 2.2.3.2.14 except "All" and "NDR": undeliverable emails must come back.
    "X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply",
}
"""Headers that stop other programs from replying automatically (RFC 3834; Exchange reads only the second)."""


@dataclass(frozen=True)
class CalendarFile:
    """A calendar file (RFC 5545) that is sent with an email, and its METHOD.

    It has one UID. Outlook opens a file with several as a separate calendar and does not change the reader's own.
    """

    content: str
    method: str
    name: str = "invite"


@dataclass(frozen=True)
class EmailContent:
    """The content that all readers of a kind share: subject line, plain text, HTML and calendar files.

    A digest shows it as one item: ``line`` (what it is about; "" for the subject line), ``detail`` (when and where) and
    ``links``, pairs of a label and an address. ``gathered`` is the content that this email combines.
    """

    subject: str
    plain: str
    html: str
    calendars: tuple[CalendarFile, ...] = ()
    line: str = ""
    detail: str = ""
    links: tuple[tuple[str, str], ...] = ()
    gathered: tuple["EmailContent", ...] = ()

    @property
    def files(self):
        """{file name: ``CalendarFile``} of all calendar files of the email. Each name is unique."""
        files, found = [file for text in (self, *self.gathered) for file in text.calendars], {}
        for file in files:
            name, number = f"{file.name}.ics", 1
            while name in found:
                number += 1
                name = f"{file.name}-{number}.ics"
            found[name] = file
        return found

    def as_bytes(self, contact=None, ending="") -> bytes:
        """Return the email without the headers that name one reader, which the caller puts in front.

        ``contact`` gets the replies, and ``ending`` ends the plain text.

        A single calendar file of the content itself is an alternative to text and HTML, where Outlook and Google look
        for it. It is attached too, for programs that show only attachments. Other files are only attached.
        """
        mail = EmailMessage(policy=SMTP)
        mail["From"] = settings.DEFAULT_FROM_EMAIL
        for name, value in AUTOMATIC.items():
            mail[name] = value
        mail.set_content(f"{plain_with(self.plain, contact).rstrip()}\n{ending}", cte="quoted-printable")
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


@dataclass
class RenderedEmail:
    """One email, ready to send. Django's email backends accept it, without the cost of a message object for each."""

    to: str
    subject: str
    content: bytes
    from_email: str
    encoding = None

    def recipients(self):
        return [self.to]

    def message(self, **kwargs):
        """Return itself: backends call ``as_bytes`` on the result."""
        return self

    def as_bytes(self, *args, **kwargs):
        """Return the whole email, with the line endings of SMTP."""
        return self.content

    def get_charset(self):
        """Return None: the parts name their charset. The console backend calls this."""


LINE = 72


def insert_link(content, place, link) -> bytes:
    """Return a quoted-printable email (bytes) with ``link`` instead of ``place``, in lines of at most ``LINE``."""
    link = link.encode("ascii").replace(b"=", b"=3D")
    pieces = [link[start : start + LINE] for start in range(0, len(link), LINE)]
    return content.replace(place.encode(), b"=\r\n".join([b"", *pieces, b""]))
