"""The private PostgreSQL and Redis of a checkout, for development and the demo: ``python -m devtools.services``.

``up`` starts those that do not run, ``wait`` returns once both answer, ``down`` stops them, and ``run COMMAND`` keeps
them up for one command. Where DATABASE_URL or REDIS_URL is set, that server is not private: these commands wait for it,
but never start or stop it. All files are under ``var/``.

This module only has their addresses, which the settings take as defaults. It needs only the standard library.
"""

import hashlib
import os
import re
from pathlib import Path
from urllib.parse import quote, urlsplit

ROOT = Path(__file__).resolve().parents[2]
USER = DATABASE = "concord"
PORT = 5432  # for a Unix socket it is only a part of its name
LONGEST_SOCKET_PATH = 103  # bytes: Linux takes 107, macOS 103
PLAIN_PATH = re.compile(r"[\w./-]+", re.ASCII)


class ServiceError(Exception):
    """A failure. The message is one sentence that explains it."""


def socket_folder(name, root=ROOT):
    """Return the folder of a service's socket: ``var/<name>``, or a short one in /tmp where that path cannot be used.

    A path that is too long cannot be bound, and an unusual character would need three kinds of quoting. It is /tmp and
    not ``tempfile``, since two terminals with a different TMPDIR must find the same folder.
    """
    folder = root / "var" / name
    longest = len(os.fsencode(folder / f".s.PGSQL.{PORT}"))
    if longest <= LONGEST_SOCKET_PATH and PLAIN_PATH.fullmatch(str(folder)):
        return folder
    return Path("/tmp") / f"{tag(root)}-{name}"  # noqa: S108  (a folder of 0700, checked)


def tag(root):
    """Return the name that distinguishes the processes of this checkout from those of another."""
    return "concord-" + hashlib.sha256(os.fsencode(root)).hexdigest()[:12]


def database_url(root=ROOT):
    """Return the address of the private PostgreSQL."""
    return f"postgres://{USER}@{quote(str(socket_folder('postgres', root)), safe='')}:{PORT}/{DATABASE}"


def redis_url(root=ROOT):
    """Return the address of the private Redis."""
    return f"unix://{socket_folder('redis', root) / 'redis.sock'}"


def celery_url(url):
    """Return a Redis address in Celery's form: a Unix socket has its own scheme and database parameter."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    database = re.search(r"(?:^|&)db=(\d+)", parts.query)
    return f"redis+socket://{parts.path}?virtual_host={database[1] if database else 0}"
