"""The Message-ID of a message's row, there and back again."""

import datetime as dt
import re

from django.conf import settings

STAMP = "%Y%m%d%H%M%S%f"
OURS = re.compile(r"(?<![0-9])([0-9]{20}\.[0-9]{1,19})(?![0-9])")
"""What stands before the @ of a Message-ID that Concord has made."""

BY_PROVIDER = {"postmark": "X-PM-KeepID: true\r\nX-PM-Metadata-message: {}\r\n"}
"""The header lines by which a provider that gives mails an id of its own tells ours along with what became of them."""


def local_part(created_at, pk) -> str:
    """What stands before the @: the moment at which the row was made, and its key."""
    return f"{created_at:{STAMP}}.{pk}"


def headers(created_at, pk) -> str:
    """The header lines by which a mail is known again.

    The Message-ID is the same at each attempt, and no other's, even in a database made anew. Besides it stands what the
    provider of ``MAIL_PROVIDER`` needs to see.
    """
    name = local_part(created_at, pk)
    provider = BY_PROVIDER.get(settings.MAIL_PROVIDER, "")
    return f"Message-ID: <{name}@{settings.SITE_HOST}>\r\n" + provider.format(name)


def ids_in(text):
    """(when the row was made, its key) of each Message-ID of ours that ``text`` holds.

    The host is not looked at: it may have changed since. Moment and key together are nobody else's.
    """
    for found in OURS.findall(text):
        stamp, _, key = found.partition(".")
        try:
            moment = dt.datetime.strptime(stamp, STAMP).replace(tzinfo=dt.UTC)
        except ValueError:
            continue
        if int(key) < 2**63:
            yield moment, int(key)
