"""Handing letters to the mail server over one kept connection, and what its answers mean."""

import logging
import smtplib
from dataclasses import dataclass

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

from records.mailers import default_mailer
from reminders.handover import AtOnce, Handover, envelope_address
from reminders.refusals import is_about_address

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of one letter: sent, or not, with the reason; and whether to try again.

    ``is_bad_address``: the address takes no mail for good, so somebody has to correct it. ``is_refusal``: the server
    refuses us or the letter for good, whatever the address; it waits until somebody has put the server right.
    """

    is_sent: bool
    error: str = ""
    is_bad_address: bool = False
    is_temporary: bool = False
    is_refusal: bool = False


SENT = Outcome(is_sent=True)
WITHDRAWN = Outcome(is_sent=False, error="withdrawn: there is nothing to tell any more")


@dataclass
class Post:
    """A letter on its way: of which message, the letter (None where none could be written), what became of it."""

    message: object
    letter: object = None
    outcome: Outcome | None = None


class Carrier:
    """Sends letters one after another over one connection, which is opened anew once it has been lost.

    Nothing that a mail server or an address can cause is raised: it is the ``Outcome``.
    """

    def __init__(self):
        self.connection = default_mailer()
        self.sender = envelope_address(settings.BOUNCE_ADDRESS or settings.DEFAULT_FROM_EMAIL)
        self.handover, self.unreached = None, None

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self._hang_up()

    def send(self, letter) -> Outcome:
        """Send one letter."""
        [post] = self.carry([Post(None, letter)])
        return post.outcome

    def carry(self, posts):
        """Yield each of these ``Post`` once it has its outcome.

        One letter at a time is in the hands of the server, and the next goes into them when the caller has come back
        for it. It was written while the server had the one before, and its envelope has gone ahead.
        """
        under_way = None
        for post in posts:
            if under_way and not self._goes_ahead():
                self._step(under_way, self._end)
            self._step(post, self._begin)
            if under_way:
                self._step(under_way, self._end)
                yield under_way
            self._step(post, self._put)
            under_way = post
        if under_way:
            self._step(under_way, self._end)
            yield under_way

    def _goes_ahead(self):
        return self.handover and self.handover.is_pipelined

    def _step(self, post, step):
        """Take the next step with a letter, unless it has come to an end before."""
        if post.outcome:
            return
        try:
            step(post)
        except smtplib.SMTPException as error:
            post.outcome = self._refused(error)
        except OSError as error:
            self._hang_up()
            post.outcome = Outcome(False, in_words(error), is_temporary=True)
        except Exception as error:
            logger.exception("A reminder could not be handed over.")
            self._hang_up()
            post.outcome = Outcome(False, in_words(error))

    def _begin(self, post):
        if self.handover and self.handover.is_lost:
            self._hang_up()
        if not (self.unreached or self.handover):
            self._call()
        if self.unreached:
            post.outcome = self.unreached
            return
        try:
            self.handover.begin(post.letter)
        except ValueError as error:
            post.outcome = Outcome(False, in_words(error), is_bad_address=True)

    def _call(self):
        """Open the connection. Where nobody answers, or the server refuses us, the letters to come are not tried."""
        is_smtp = isinstance(self.connection, EmailBackend)
        try:
            self.connection.open()
            self.handover = Handover(self.connection.connection, self.sender) if is_smtp else AtOnce(self.connection)
        except OSError as error:
            self._hang_up()
            self.unreached = outcome_of(error)

    def _put(self, post):
        """Send a letter; by a new connection where the server has had enough of this one, as many have at times."""
        handover = self.handover
        if handover and handover.begun is post.letter:
            try:
                handover.put(post.letter)
                return
            except smtplib.SMTPException as error:
                if not handover.has_had_enough(code_of(error)):
                    raise
                self._hang_up()
        self._begin(post)
        if not post.outcome:
            self.handover.put(post.letter)

    def _end(self, post):
        self.handover.end()
        post.outcome = SENT

    def _refused(self, error):
        if code_of(error) in (None, 421):
            self._hang_up()
        return outcome_of(error)

    def _hang_up(self):
        if self.handover:
            self.handover.drop()
        self.handover = None
        try:
            self.connection.close()
        except (OSError, smtplib.SMTPException):
            logger.debug("The mail server did not say goodbye.", exc_info=True)


def outcome_of(error):
    """What an error of the connection or an answer of the server means for the letter, which was not taken."""
    code, words = code_of(error), in_words(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        [(address, (_, said))] = error.recipients.items()
        if is_about_address(code, as_text(said), address.strip("<>")):
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
