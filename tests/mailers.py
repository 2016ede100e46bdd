"""How emails leave in a test that wants another way than Django's ``mail.outbox``, and what those in it say."""

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage

from django.core import mail

from outbox.operations.sending import send_due


def mail_by(settings, backend, **options):
    """Have emails go by this backend, given these options."""
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}


def mail_by_smtp(settings, port=9, timeout=5):
    """Have emails go to the mail server at this port of the loopback; at 9 there is none."""
    mail_by(settings, "outbox.backends.SmtpBackend", host="127.0.0.1", port=port, timeout=timeout)


def mail_into(settings, folder):
    """Have emails go into this folder."""
    mail_by(settings, "outbox.backends.EmlBackend", folder=folder)


@dataclass(frozen=True)
class Sent:
    """An email that was sent, as its reader's program reads it."""

    message: EmailMessage

    @property
    def to(self):
        """The address that it went to."""
        return self.message["To"].addresses[0].addr_spec

    @property
    def subject(self):
        """Its subject line."""
        return self.message["Subject"]

    @property
    def body(self):
        """The plain text."""
        return self.message.get_body(["plain"]).get_content()

    @property
    def html(self):
        """The same as HTML."""
        return self.message.get_body(["html"]).get_content()


def emails():
    """Have all that is due sent; the emails sent so far."""
    send_due()
    return [Sent(email.message_from_bytes(one.content, policy=email.policy.default)) for one in mail.outbox]
