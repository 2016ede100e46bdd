"""A mail server on the loopback that can be told to misbehave."""

import socketserver
import threading
from contextlib import contextmanager


class Conversation(socketserver.StreamRequestHandler):
    """One connection, spoken as RFC 5321 has it, as far as a sender of reminders goes."""

    def handle(self):
        self.server.connections += 1
        self.say("220 post.example")
        recipients = []
        while line := self.rfile.readline().decode().strip():
            word = line.split(":")[0].split()[0].upper()
            if word == "EHLO":
                self.say("250 post.example")
            elif word == "MAIL":
                recipients = []
                self.server.senders.append(line.partition(":")[2].split()[0].strip("<>"))
                self.say(self.server.sender_reply)
            elif word == "RCPT":
                address = line.partition(":")[2].strip("<> ")
                recipients.append(address)
                trouble = self.server.trouble(address)
                self.say(self.server.replies.get(address) or trouble or "250 ok")
                self.is_cut = trouble is None
            elif word == "DATA":
                self.say("354 go on")
                content = self.content()
                if self.is_cut or set(recipients) & self.server.hangs_up_on:
                    return
                self.server.on_taken(content)
                self.server.received.append((recipients[0], content))
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def content(self):
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """``replies`` maps an address to the answer to its RCPT; the connection breaks over those in ``hangs_up_on``.

    ``trouble(address)`` may give another answer to any RCPT, or None to break the connection over the mail.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.received, self.replies, self.hangs_up_on, self.senders = [], {}, set(), []
        self.sender_reply, self.connections = "250 ok", 0
        self.on_taken, self.trouble = lambda content: None, lambda address: ""

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
