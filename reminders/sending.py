"""Handing letters to the mail server over one kept connection, and what its answers mean."""

import logging
import smtplib
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

logger = logging.getLogger(__name__)

OUR_TROUBLE = (
    smtplib.SMTPSenderRefused,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPHeloError,
    smtplib.SMTPConnectError,
)
"""Refusals that say nothing of the reader: whatever their code, another attempt may go through."""


@dataclass(frozen=True)
class Outcome:
    """What became of one letter: sent, or not, with the reason; whether to try again; whether the server is there.

    ``is_bad_address``: refused for good, so that somebody had better look at the address.
    """

    is_sent: bool
    error: str = ""
    is_bad_address: bool = False
    is_temporary: bool = False
    is_connected: bool = True


SENT = Outcome(is_sent=True)
WITHDRAWN = Outcome(is_sent=False, error="withdrawn: there is nothing to tell any more")


class Carrier:
    """Sends letters one after another over one connection, which is opened anew once it has been lost."""

    def __init__(self):
        self.connection = get_connection()
        self.sender = sanitize_address(settings.BOUNCE_ADDRESS or settings.DEFAULT_FROM_EMAIL, "utf-8")

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._hang_up()

    def send(self, letter) -> Outcome:
        """Send one letter. Raises nothing that a mail server or an address can cause."""
        try:
            self.connection.open()
        except OSError as error:
            self._hang_up()
            return Outcome(False, in_words(error), is_temporary=True, is_connected=False)
        try:
            self._hand_over(letter)
        except smtplib.SMTPException as error:
            return self._refused(error)
        except OSError as error:
            self._hang_up()
            return Outcome(False, in_words(error), is_temporary=True)
        except Exception as error:
            logger.exception("A reminder could not be handed over.")
            self._hang_up()
            return Outcome(False, in_words(error))
        return SENT

    def _hand_over(self, letter):
        """By SMTP at once: Django would take the addresses to pieces and the bytes for a message again."""
        if not isinstance(self.connection, EmailBackend):
            self.connection.send_messages([letter])
        elif letter.is_plain:
            self.connection.connection.sendmail(self.sender, [letter.to], letter.content)
        else:
            recipient = sanitize_address(letter.to, "utf-8")
            self.connection.connection.sendmail(self.sender, [recipient], letter.content)

    def _refused(self, error):
        code = code_of(error)
        if code in (None, 421):
            self._hang_up()
        is_refusal = code is not None and code >= 500 and not isinstance(error, OUR_TROUBLE)
        is_permanent = is_refusal or isinstance(error, smtplib.SMTPNotSupportedError)
        return Outcome(False, in_words(error), is_bad_address=is_refusal, is_temporary=not is_permanent)

    def _hang_up(self):
        try:
            self.connection.close()
        except (OSError, smtplib.SMTPException):
            logger.debug("The mail server did not say goodbye.", exc_info=True)


def code_of(error):
    """The reply code of an SMTP error, or None where the connection broke before one came."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(code for code, _ in error.recipients.values())
    return getattr(error, "smtp_code", None)


def in_words(error):
    """What went wrong, as the server said it."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {as_text(words)}" for code, words in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {as_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def as_text(words):
    """A server's reply as text, whatever bytes it is made of."""
    return words.decode(errors="replace") if isinstance(words, bytes) else str(words)
