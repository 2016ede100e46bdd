"""Email backends: SMTP under the site's own name, or files in a folder where no mail server is configured."""

import ipaddress
import os
import secrets
import time
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend


class SmtpBackend(EmailBackend):
    """Django's SMTP backend, but it gives the host of ``SITE_URL`` in EHLO.

    Django gives the name of the machine. Mail servers often reject that, for example the name of a container.
    """

    @property
    def connection_class(self):
        """Makes connections: ``smtplib``'s class, called with our host name."""
        connect = super().connection_class
        return lambda *args, **kwargs: connect(*args, **kwargs | {"local_hostname": name_for_helo(settings.SITE_HOST)})


def name_for_helo(host):
    """Return ``host`` as EHLO needs it (RFC 5321, section 4.1.3): in ASCII, an IP address in brackets."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    return f"[{'IPv6:' if address.version == 6 else ''}{address}]"


class EmlBackend(BaseEmailBackend):
    """Writes each message to its own ``.eml`` file in ``folder``, under a name that sorts by time."""

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
        """Write under a temporary name first, so that readers of the folder only find complete messages."""
        seconds, rest = divmod(time.time_ns(), 10**9)
        name = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime(seconds))}-{rest:09}-{secrets.token_hex(4)}"
        unfinished = self.folder / f".{name}"
        try:
            unfinished.write_bytes(message.message().as_bytes())
            os.replace(unfinished, self.folder / f"{name}.eml")
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
