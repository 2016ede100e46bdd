"""Makes the Message-ID of a message's row, and finds such Message-IDs in text."""

import datetime as dt
import re

from django.conf import settings

STAMP = "%Y%m%d%H%M%S%f"
OURS = re.compile(r"(?<![0-9])([0-9]{20}\.[0-9]{1,19})(?![0-9])")
"""The part before the @ of a Message-ID that Concord has made."""

BY_PROVIDER = {"postmark": "X-PM-KeepID: true\r\nX-PM-Metadata-message: {}\r\n"}
"""Header lines for providers that give emails ids of their own: they make the reports include our id."""


def local_part(created_at, pk) -> str:
    """Return the part before the @: when the row was made, and its key."""
    return f"{created_at:{STAMP}}.{pk}"


def headers(created_at, pk) -> str:
    """Return the header lines that identify an email: the Message-ID, and the header that ``MAIL_PROVIDER`` needs.

    The Message-ID is the same at each attempt. It is unique, even after the database is recreated.
    """
    name = local_part(created_at, pk)
    provider = BY_PROVIDER.get(settings.MAIL_PROVIDER, "")
    return f"Message-ID: <{name}@{settings.SITE_HOST}>\r\n" + provider.format(name)


def ids_in(text):
    """Yield (when the row was made, its key) for each Message-ID of ours in ``text``.

    The host is ignored, since it may have changed. Time and key together are unique.
    """
    for found in OURS.findall(text):
        stamp, _, key = found.partition(".")
        try:
            moment = dt.datetime.strptime(stamp, STAMP).replace(tzinfo=dt.UTC)
        except ValueError:
            continue
        if int(key) < 2**63:
            yield moment, int(key)
