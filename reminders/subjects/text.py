"""What a mail says, before it is anybody's."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from django.conf import settings

from accounts.mail import AUTOMATIC
from reminders.mail_headers import subject_header
from reminders.unsubscribe import PLACE

CHOOSE = f"Choose what you are told, how often, or nothing at all:\n{PLACE}\n"
"""How each text ends; the HTML has the same from ``reminders/mail/letter.html``."""


@dataclass(frozen=True)
class Text:
    """What all readers of a kind get: the subject line, the text, the same as HTML, and a calendar file or "".

    In a digest it is a line: what it is about (else its subject line), ``detail`` (when and where), and ``links``,
    pairs of words and an address. ``gathered`` are those that a digest tells.
    """

    subject: str
    plain: str
    html: str
    calendar: str = ""
    calendar_method: str = ""
    line: str = ""
    detail: str = ""
    links: tuple[tuple[str, str], ...] = ()
    gathered: tuple["Text", ...] = ()

    @property
    def files(self):
        """(name, calendar file, method) of each that goes with it."""
        texts = [text for text in (self, *self.gathered) if text.calendar]
        names = ["invite.ics"] if len(texts) == 1 else [f"invite-{place}.ics" for place in range(1, len(texts) + 1)]
        return [(name, text.calendar, text.calendar_method) for name, text in zip(names, texts, strict=True)]

    def as_bytes(self) -> bytes:
        """The mail but for the headers that name one reader, which stand before it."""
        mail = EmailMessage(policy=SMTP)
        mail["From"] = settings.DEFAULT_FROM_EMAIL
        for name, value in AUTOMATIC.items():
            mail[name] = value
        mail.set_content(f"{self.plain.rstrip()}\n{CHOOSE}", cte="quoted-printable")
        mail.add_alternative(self.html, subtype="html", cte="quoted-printable")
        for name, calendar, method in self.files:
            params = {"method": method}
            mail.add_attachment(calendar, subtype="calendar", params=params, cte="base64", filename=name)
        return subject_header(self.subject).encode("ascii") + bytes(mail)
