"""What a mail says, before it is anybody's."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from django.conf import settings


@dataclass(frozen=True)
class Text:
    """What all readers of a kind get: the subject line, the text, the same as HTML, and a calendar file or ""."""

    subject: str
    plain: str
    html: str
    calendar: str = ""
    calendar_method: str = ""

    def as_bytes(self) -> bytes:
        """The mail but for the headers that name one reader, which stand before it."""
        mail = EmailMessage(policy=SMTP)
        mail["Subject"] = self.subject
        mail["From"] = settings.DEFAULT_FROM_EMAIL
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(self.plain, cte="quoted-printable")
        mail.add_alternative(self.html, subtype="html", cte="quoted-printable")
        if self.calendar:
            method = {"method": self.calendar_method}
            mail.add_attachment(self.calendar, subtype="calendar", params=method, cte="base64", filename="invite.ics")
        return bytes(mail)
