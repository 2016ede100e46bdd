"""A mail server on the loopback that can be told to misbehave."""

import socketserver
import threading
from contextlib import contextmanager


class Conversation(socketserver.StreamRequestHandler):
    """One connection, spoken as RFC 5321 has it, as far as a sender of reminders goes."""

    # Its answers to commands that came together go one by one, and must not wait for each other.
    disable_nagle_algorithm = True

    def handle(self):
        self.server.connections += 1
        self.taken, self.recipients, self.is_cut, self.is_begun, self.is_held = 0, [], False, False, False
        self.say("220 post.example")
        while line := self.rfile.readline().decode().strip():
            word = line.split(":")[0].split()[0].lower()
            if not getattr(self, f"on_{word}", self.on_other)(line):
                return

    def on_ehlo(self, line):
        self.server.hellos.append(line.split()[1])
        if not self.server.hello_reply.startswith("25"):
            return self.say(self.server.hello_reply)
        return self.say(
            "\r\n".join([*(f"250-{each}" for each in ["post.example", *self.server.extensions]), "250 HELP"])
        )

    def on_mail(self, line):
        if self.taken == self.server.most:
            self.say(self.server.goodbye)
            return False
        if self.is_held:
            return self.say("503 nested MAIL command")
        self.recipients, self.is_begun = [], self.server.sender_reply.startswith("25")
        self.server.senders.append(line.partition(":")[2].split()[0].strip("<>"))
        return self.say(self.server.sender_reply)

    def on_rcpt(self, line):
        if not (self.is_begun or self.server.is_naive):
            return self.say("503 from whom")
        address = line.partition(":")[2].strip("<> ")
        trouble = self.server.trouble(address)
        reply = self.server.replies.get(address) or trouble or "250 ok"
        self.is_cut = trouble is None
        if reply.startswith("25"):
            self.recipients.append(address)
        return self.say(reply)

    def on_data(self, line):
        if not (self.recipients or self.server.is_naive):
            return self.say("503 there is nobody to send it to")
        self.say("354 go on")
        content = self.content()
        if content is None or self.is_cut or set(self.recipients) & self.server.hangs_up_on:
            return False
        if not self.recipients:
            self.server.emptied.append(content)
            return self.say("554 there was nobody to send it to")
        reply = self.server.content_replies.get(self.recipients[0])
        if not reply:
            self.server.received.append((self.recipients[0], content))
            self.taken += 1
        self.is_held = bool(reply) and self.server.holds_what_it_refused
        return self.say(reply or "250 taken")

    def on_rset(self, line):
        self.is_held = False
        return self.say("250 forgotten")

    on_helo = on_ehlo

    def on_quit(self, line):
        self.say("221 bye")
        return False

    def on_other(self, line):
        return self.say("250 ok")

    def content(self):
        """The bytes of a mail; None where the connection ends before they do."""
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return None
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def say(self, words):
        """Say it; True, since the conversation goes on."""
        if words:
            self.wfile.write(f"{words}\r\n".encode())
        return True


class MailServer(socketserver.ThreadingTCPServer):
    """``replies`` maps an address to the answer to its RCPT, ``content_replies`` to that to its mail.

    The connection breaks over those in ``hangs_up_on``. ``trouble(address)`` may give another answer to any RCPT, or
    None to break the connection over the mail. After ``most`` mails a connection gets ``goodbye``, and ends. One that
    ``is_naive`` lets a mail from or to nobody begin; one that ``holds_what_it_refused`` takes no other before it was
    told to forget that (RSET), as Postfix does. ``emptied`` are the bytes of what was to nobody. ``hellos`` are the
    names by which clients introduced themselves; ``hello_reply`` is the answer to each.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.extensions = ["PIPELINING"]
        self.hellos, self.hello_reply = [], "250 ok"
        self.received, self.senders, self.emptied, self.connections = [], [], [], 0
        self.replies, self.content_replies, self.hangs_up_on = {}, {}, set()
        self.sender_reply, self.most, self.goodbye, self.is_naive = "250 ok", None, "421 enough for now", False
        self.holds_what_it_refused = False
        self.trouble = lambda address: ""

    @property
    def port(self):
        return self.server_address[1]

    @property
    def addresses(self):
        return [address for address, _ in self.received]


@contextmanager
def mail_server():
    """A running MailServer."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
