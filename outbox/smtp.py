"""Sending emails over one kept connection to the mail server, and what its answers mean.

``smtplib`` speaks SMTP. The three commands of an email are called one by one, so that it is known whether its bytes
were on their way when the connection broke: only before that may it go by another connection.
"""

import logging
import smtplib
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

from outbox.headers import PLAIN_ADDRESS
from outbox.mailers import default_mailer
from outbox.refusals import is_about_address

logger = logging.getLogger(__name__)

LONGEST_ADDRESS = 600
"""Characters, with a name beside it. On much longer text Python's parser of addresses recurses too deeply."""


@dataclass(frozen=True)
class Outcome:
    """What became of one email: sent, or not, with the reason; and whether to try again.

    ``is_bad_address``: the address takes no mail for good, so somebody has to correct it. ``is_refusal``: the server
    refuses us or the email for good, whatever the address; it waits until somebody has put the server right.
    """

    is_sent: bool
    error: str = ""
    is_bad_address: bool = False
    is_temporary: bool = False
    is_refusal: bool = False


SENT = Outcome(is_sent=True)
WITHDRAWN = Outcome(is_sent=False, error="withdrawn: there is nothing to tell any more")


@dataclass
class SendAttempt:
    """An email on its way: of which message, the email (None where none could be written), what became of it."""

    message: object
    email: object = None
    outcome: Outcome | None = None


class SmtpSender:
    """Sends emails one after another over one connection, which is opened anew once it has been lost.

    Nothing that a mail server or an address can cause is raised: it is the ``Outcome``. ``unreached`` is that of all
    emails to come, once nobody has answered or the server has refused us.
    """

    def __init__(self):
        self.backend = default_mailer()
        self.sender = envelope_address(settings.BOUNCE_ADDRESS or settings.DEFAULT_FROM_EMAIL)
        self.is_open, self.taken, self.unreached = False, 0, None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._close()

    def carry(self, attempts):
        """Yield each of these ``SendAttempt`` once it has its outcome; the next is sent when the caller comes back."""
        for attempt in attempts:
            attempt.outcome = attempt.outcome or self.send(attempt.email)
            yield attempt

    def send(self, email) -> Outcome:
        """Send one email."""
        try:
            return self._send(email)
        except smtplib.SMTPException as error:
            if code_of(error) in (None, 421):
                self._close()
            return outcome_of(error)
        except OSError as error:
            self._close()
            return Outcome(False, in_words(error), is_temporary=True)
        except Exception as error:
            logger.exception("An email could not be sent.")
            self._close()
            return Outcome(False, in_words(error))

    def _send(self, email):
        if not self._opened():
            return self.unreached
        if not isinstance(self.backend, EmailBackend):
            self.backend.send_messages([email])
            return SENT
        try:
            address = email.to if PLAIN_ADDRESS.fullmatch(email.to) else envelope_address(email.to)
        except ValueError as error:
            return Outcome(False, in_words(error), is_bad_address=True)
        has_taken_some = self.taken > 0
        try:
            self._envelope(address, len(email.content))
        except (smtplib.SMTPException, BrokenPipeError, ConnectionResetError) as error:
            # Many servers take only so many emails by one connection, and then hang up.
            if code_of(error) not in (None, 421) or not has_taken_some:
                raise
            self._close()
            if not self._opened():
                return self.unreached
            self._envelope(address, len(email.content))
        self._content(email.content)
        return SENT

    def _opened(self):
        """Open the connection if it is not. Returns whether it is open."""
        if self.unreached or self.is_open:
            return self.is_open
        try:
            self.backend.open()
            if isinstance(self.backend, EmailBackend):
                self.backend.connection.ehlo_or_helo_if_needed()
            self.is_open = True
        except OSError as error:
            self._close()
            self.unreached = outcome_of(error)
        return self.is_open

    def _envelope(self, address, size):
        """Say from whom and to whom it is. SMTPException where the server refuses either."""
        smtp = self.backend.connection
        code, words = smtp.mail(self.sender, [f"SIZE={size}"] if smtp.has_extn("size") else [])
        if code != 250:
            self._reset()
            raise smtplib.SMTPSenderRefused(code, words, self.sender)
        code, words = smtp.rcpt(address)
        if code not in (250, 251):
            self._reset()
            raise smtplib.SMTPRecipientsRefused({address: (code, words)})

    def _content(self, content):
        """Send the bytes. SMTPDataError where the server does not take them."""
        try:
            code, words = self.backend.connection.data(content)
            if code != 250:
                raise smtplib.SMTPDataError(code, words)
        except smtplib.SMTPDataError:
            self._reset()
            raise
        self.taken += 1

    def _reset(self):
        """Have the server forget the envelope that it has refused: Postfix takes no other before that."""
        try:
            self.backend.connection.rset()
        except (OSError, smtplib.SMTPException):
            self._close()

    def _close(self):
        self.is_open, self.taken = False, 0
        try:
            self.backend.close()
        except (OSError, smtplib.SMTPException):
            logger.debug("The mail server did not say goodbye.", exc_info=True)


def envelope_address(address):
    """The address alone, without a name beside it, and its domain in ASCII. ValueError where it cannot be one."""
    if "\r" in address or "\n" in address:
        raise ValueError("An email address must be on one line.")
    if len(address) > LONGEST_ADDRESS:
        raise ValueError("The email address is too long.")
    mailbox, _, domain = parseaddr(address)[1].rpartition("@")
    if not (mailbox and domain and mailbox.isascii()):
        raise ValueError(f"“{address}” is not an address that we can send email to.")
    return f"{mailbox}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"


def outcome_of(error):
    """What an error of the connection or an answer of the server means for the email, which was not taken."""
    code, words = code_of(error), in_words(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        [(address, (_, said))] = error.recipients.items()
        if is_about_address(code, as_text(said), address):
            return Outcome(False, words, is_bad_address=True)
    return Outcome(False, words, is_temporary=True, is_refusal=code is not None and code >= 500)


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
