"""Sends emails over one persistent connection to the mail server, and interprets its answers.

``smtplib`` speaks SMTP. The three commands of an email are called one by one, to know whether its bytes were being sent
when the connection broke. Only before that may the email be sent over another connection.
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
"""Characters, including a name. On much longer text Python's address parser recurses too deeply."""


@dataclass(frozen=True)
class Outcome:
    """The outcome of an attempt: whether it was sent, else why not (``error``) and whether to retry (``is_temporary``).

    ``is_bad_address``: the address will never accept email, so somebody has to correct it. ``is_refusal``: the server
    refuses us or the email for good, whatever the address; the email waits until somebody has corrected the server.
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
    """An attempt to send ``message``: its email (None where there is none to send), and the outcome once known."""

    message: object
    email: object = None
    outcome: Outcome | None = None


class SmtpSender:
    """Sends emails one after another over one connection, and opens it again after it was lost.

    No error that a mail server or an address can cause is raised: it becomes the ``Outcome``. ``unreached`` is the
    outcome of all further emails once the server has not answered or has refused us.
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
        """Yield each ``SendAttempt`` once it has its outcome. The next is sent when the caller asks for it."""
        for attempt in attempts:
            attempt.outcome = attempt.outcome or self.send(attempt.email)
            yield attempt

    def send(self, email) -> Outcome:
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
            # Many servers accept a limited number of emails per connection, and then hang up.
            if code_of(error) not in (None, 421) or not has_taken_some:
                raise
            self._close()
            if not self._opened():
                return self.unreached
            self._envelope(address, len(email.content))
        self._content(email.content)
        return SENT

    def _opened(self):
        """Open the connection unless it is open. Returns whether it is open."""
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
        """Send the sender and the recipient. Raises SMTPException where the server refuses either.

        Both are checked already, so they need not be parsed again, as ``smtplib`` would for each email.
        """
        smtp = self.backend.connection
        option = f" SIZE={size}" if smtp.has_extn("size") else ""
        code, words = smtp.docmd("MAIL", f"FROM:<{self.sender}>{option}")
        if code != 250:
            self._reset()
            raise smtplib.SMTPSenderRefused(code, words, self.sender)
        code, words = smtp.docmd("RCPT", f"TO:<{address}>")
        if code not in (250, 251):
            self._reset()
            raise smtplib.SMTPRecipientsRefused({address: (code, words)})

    def _content(self, content):
        """Send the bytes. Raises SMTPDataError where the server does not accept them."""
        try:
            code, words = self.backend.connection.data(content)
            if code != 250:
                raise smtplib.SMTPDataError(code, words)
        except smtplib.SMTPDataError:
            self._reset()
            raise
        self.taken += 1

    def _reset(self):
        """Make the server forget the refused envelope: Postfix accepts no other before that."""
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
    """Return the address without a name, its domain in ASCII. Raises ValueError where it is invalid."""
    if "\r" in address or "\n" in address:
        raise ValueError("An email address must be on one line.")
    if len(address) > LONGEST_ADDRESS:
        raise ValueError("The email address is too long.")
    mailbox, _, domain = parseaddr(address)[1].rpartition("@")
    if not (mailbox and domain and mailbox.isascii()):
        raise ValueError(f"“{address}” is not an address that we can send email to.")
    return f"{mailbox}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"


def outcome_of(error):
    """Return the outcome of an email that was not accepted: ``error`` is of the connection or from the server."""
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
    """Describe an error, in the server's words where it gave any."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {as_text(words)}" for code, words in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {as_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def as_text(words):
    """A server's reply as text, whatever bytes it is made of."""
    return words.decode(errors="replace") if isinstance(words, bytes) else str(words)
