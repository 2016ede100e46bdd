"""The emails that were sent, as their readers' programs read them."""

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage

from django.core import mail

from outbox.operations.sending import send_due


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
