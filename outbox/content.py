"""What an email says before it is anybody's, and the email of one reader."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from django.conf import settings

from outbox.headers import subject_header
from outbox.reply_to import html_with, plain_with, reply_to

ALSO = "<!-- also -->"
"""Where what goes along stands in the HTML."""


AUTOMATIC = {
    "Auto-Submitted": "auto-generated",
    # Every value of MS-OXCMAIL 2.2.3.2.14 but "All" and "NDR": an email that cannot be delivered has to come back.
    "X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply",
}
"""Headers by which other programs send no automatic reply (RFC 3834; Exchange reads the second only)."""


@dataclass(frozen=True)
class CalendarFile:
    """A calendar file (RFC 5545) that goes with an email, and the METHOD in it.

    It has one UID: Outlook opens a file with several as another calendar, and changes nothing in the reader's own.
    """

    content: str
    method: str
    name: str = "invite"


@dataclass(frozen=True)
class EmailContent:
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
    gathered: tuple["EmailContent", ...] = ()

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

    def as_bytes(self, contact=None, ending="") -> bytes:
        """The email but for the headers that name one reader, which stand before it.

        ``contact`` gets the replies, and ``ending`` is how the plain text ends.

        A calendar file that the whole email is about stands beside the text and the HTML, where Outlook and Google look
        for it, and is attached too, for programs that show attachments only. Others are attached.
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
    """One email, ready to go. It is what Django's mail backends take, without the cost of a message object each."""

    to: str
    subject: str
    content: bytes
    from_email: str
    encoding = None

    def recipients(self):
        """The one address that it goes to."""
        return [self.to]

    def message(self, **kwargs):
        """Itself: a backend asks this for ``as_bytes``."""
        return self

    def as_bytes(self, *args, **kwargs):
        """The whole email, its lines ended as SMTP has them."""
        return self.content

    def get_charset(self):
        """None: the charset is said in the parts. The console backend asks."""


LINE = 72


def insert_link(content, place, link) -> bytes:
    """The bytes of a quoted-printable email with ``link`` wherever ``place`` stands, in lines as long as may be."""
    link = link.encode("ascii").replace(b"=", b"=3D")
    pieces = [link[start : start + LINE] for start in range(0, len(link), LINE)]
    return content.replace(place.encode(), b"=\r\n".join([b"", *pieces, b""]))
