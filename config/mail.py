"""Mail into a folder, where nobody has named a mail server: one ``.eml`` a message, which any mail program opens."""

import os
import secrets
import time
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class EmlBackend(BaseEmailBackend):
    """Write each message to EMAIL_FILE_PATH under a name that sorts by time."""

    def send_messages(self, email_messages):
        """Write the messages and return how many there were."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            self._write(folder, message)
        return len(email_messages)

    def _write(self, folder, message):
        """Write under another name first: whoever reads the folder meets whole messages only."""
        seconds, rest = divmod(time.time_ns(), 10**9)
        name = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime(seconds))}-{rest:09}-{secrets.token_hex(4)}"
        unfinished = folder / f".{name}"
        unfinished.write_bytes(message.message().as_bytes())
        os.replace(unfinished, folder / f"{name}.eml")
