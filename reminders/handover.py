"""One mail handed to a mail server in three steps, between which there is time for something else.

``smtplib`` waits for the answer to each of four commands before it does anything. Here whoever sends has work to do
while the server has: the next letter is written while the server keeps this one, and what became of this one while the
envelope of the next is looked at. To a server that takes commands together (PIPELINING, RFC 2920) the whole envelope
goes ahead, so that a letter is one journey there and back instead of four.
"""

import smtplib
from contextlib import suppress
from email.utils import parseaddr

ACCEPTED = {"MAIL": (250,), "RCPT": (250, 251), "DATA": (354,)}
"""The replies (RFC 5321, section 4.3.2) to each command of an envelope with which the letter may go."""

LONGEST_ADDRESS = 600
"""Characters, with a name beside it. On much longer text Python's parser of addresses recurses too deeply."""


class Handover:
    """Hands letters over one connection of ``smtplib``, each in three steps: begin, put, end.

    A letter may begin before the last has ended, where the server takes commands together. After a refusal, which is
    raised as ``smtplib`` has it, the next may begin.
    """

    def __init__(self, smtp, sender):
        self.smtp, self.sender = smtp, smtplib.quoteaddr(sender)
        smtp.ehlo_or_helo_if_needed()
        self.is_pipelined, self.says_size = smtp.has_extn("pipelining"), smtp.has_extn("size")
        self.begun, self.recipient, self.envelope = None, "", {}
        self.is_awaited, self.is_broken, self.taken, self.has_refused = False, False, 0, False

    @property
    def is_lost(self):
        """Whether the connection is gone."""
        return self.smtp.sock is None

    def begin(self, letter):
        """Say from whom and to whom it goes; or just from whom, to a server that has to answer each command.

        ``begun`` is the letter then, unless the connection broke. ValueError where its address cannot be one.
        """
        self.recipient = bracketed(letter)
        size = f" SIZE={len(letter.content)}" if self.says_size else ""
        lines = f"MAIL FROM:{self.sender}{size}\r\n", f"RCPT TO:{self.recipient}\r\n", "DATA\r\n"
        lines = [line.encode("ascii") for line in lines]
        self.envelope = dict(zip(ACCEPTED, lines, strict=True))
        try:
            self.smtp.sock.sendall(b"".join(lines) if self.is_pipelined else lines[0])
            self.begun = letter
        except OSError:
            self.is_broken = True
            self._close_broken()

    def put(self, letter):
        """Send the bytes of the letter that has begun, once the server has agreed to take them."""
        if self.begun is not letter:
            raise smtplib.SMTPServerDisconnected("Connection lost before the letter was begun")
        replies = self._replies()
        refused = [name for name, (code, _) in replies.items() if code not in ACCEPTED[name]]
        if refused:
            self._give_up(replies.keys() - refused)
            raise self._error(refused[0], *replies[refused[0]])
        # A line that begins with a dot would end the mail (RFC 5321, section 4.5.2).
        content = letter.content.replace(b"\r\n.", b"\r\n..")
        self.begun, self.is_awaited, self.has_refused = None, True, False
        self.smtp.send(content + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"))

    def end(self):
        """Wait until the server has taken the letter that was put, which then is the server's to deliver."""
        code, words = self._reply()
        self.is_awaited = False
        self._close_broken()
        if code != 250:
            self.has_refused = True
            raise smtplib.SMTPDataError(code, words)
        self.taken += 1

    def has_had_enough(self, code):
        """Whether the server, by this reply (None: it hung up), takes no more by this connection than it has taken.

        Or it still holds the envelope of a letter that it has refused, as Postfix does until it is told to forget it:
        the next, which was begun before that was known, is one too many (503).
        """
        if code == 503:
            return self.has_refused
        return code in (None, 421) and self.taken > 0 and not self.is_awaited

    def drop(self):
        """Hang up without a word where one might be taken for a part of a letter that is under way."""
        if self.begun or self.is_awaited:
            self.smtp.close()

    def _close_broken(self):
        """Close a connection that broke; but not before what the server has said of the last letter was read."""
        if self.is_broken and not self.is_awaited:
            self.smtp.close()

    def _replies(self):
        """{command: (code, words)} of those that were said: after a refusal no more are, if they have to wait."""
        replies = {}
        for name, line in self.envelope.items():
            if replies and not self.is_pipelined:
                self.smtp.send(line)
            replies[name] = code, _ = self._reply()
            if self.is_lost or (code not in ACCEPTED[name] and not self.is_pipelined):
                break
        return replies

    def _reply(self):
        code, words = self.smtp.getreply()
        if code == 421:
            self.smtp.close()
        return code, words

    def _give_up(self, accepted):
        """Have the server forget an envelope of which it accepted these commands.

        One that waits for a letter to nobody gets an empty one (RFC 2920, section 3.1); but not where there is somebody
        to get it.
        """
        with suppress(smtplib.SMTPServerDisconnected):
            if {"RCPT", "DATA"} <= accepted:
                self.smtp.close()
            elif "DATA" in accepted:
                self.smtp.send(b".\r\n")
                self.smtp.getreply()
            self.smtp.rset()
        self.begun = None

    def _error(self, name, code, words):
        if name == "MAIL":
            return smtplib.SMTPSenderRefused(code, words, self.sender)
        if name == "RCPT":
            return smtplib.SMTPRecipientsRefused({self.recipient: (code, words)})
        return smtplib.SMTPDataError(code, words)


class AtOnce:
    """The same three steps for a backend of Django's that is not SMTP, which knows but one."""

    is_pipelined = is_lost = False

    def __init__(self, connection):
        self.connection, self.begun = connection, None

    def begin(self, letter):
        """Nothing: there is no envelope."""
        self.begun = letter

    def put(self, letter):
        """Hand the whole letter over."""
        self.connection.send_messages([letter])

    def end(self):
        """Nothing: it was taken."""

    def has_had_enough(self, code):
        """No: there is nothing to be had again."""
        return False

    def drop(self):
        """Nothing: nothing is under way."""


def bracketed(letter):
    """The address that a letter goes to as SMTP has it, in angle brackets. ValueError where it cannot be one."""
    return f"<{letter.to if letter.is_plain else envelope_address(letter.to)}>"


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
