"""How emails leave: by SMTP under the site's own name, or into a folder where nobody has named a mail server."""

import ipaddress
import os
import secrets
import time
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend


class SmtpBackend(EmailBackend):
    """Django's, which says the host of ``SITE_URL`` in EHLO.

    The name of the machine, which it says otherwise, is often one that no mail server accepts: that of a container.
    """

    @property
    def connection_class(self):
        """What makes the connection: ``smtplib``'s class, given our name."""
        connect = super().connection_class
        return lambda *args, **kwargs: connect(*args, **kwargs | {"local_hostname": name_for_helo(settings.SITE_HOST)})


def name_for_helo(host):
    """A host as EHLO has it (RFC 5321, section 4.1.3): in ASCII, and an IP address in brackets."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    return f"[{'IPv6:' if address.version == 6 else ''}{address}]"


class EmlBackend(BaseEmailBackend):
    """Write each message into a folder, one ``.eml`` a message, under a name that sorts by time."""

    def __init__(self, *args, folder, **kwargs):
        super().__init__(*args, **kwargs)
        self.folder = Path(folder)

    def send_messages(self, email_messages):
        """Write the messages and return how many there were."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            self._write(message)
        return len(email_messages)

    def _write(self, message):
        """Write under another name first: whoever reads the folder meets whole messages only."""
        seconds, rest = divmod(time.time_ns(), 10**9)
        name = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime(seconds))}-{rest:09}-{secrets.token_hex(4)}"
        unfinished = self.folder / f".{name}"
        try:
            unfinished.write_bytes(message.message().as_bytes())
            os.replace(unfinished, self.folder / f"{name}.eml")
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
