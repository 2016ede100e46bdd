"""A server that a checkout runs for itself."""

import os
import re
import time
from contextlib import suppress

from devtools.services import ServiceError, socket_folder
from devtools.services.folders import user_name

START_LIMIT = 60  # seconds; a recovery after a crash may need some


class Service:
    """The base class of PostgreSQL and Redis. A private one has its files in ``var/<name>`` of ``root``."""

    title = name = variable = ""

    def __init__(self, root):
        self.root = root
        self.folder = root / "var" / self.name
        self.socket = socket_folder(self.name, root)
        self.log = self.folder / "log"

    @property
    def private(self):
        """Whether this checkout runs the service itself."""
        return not os.environ.get(self.variable)

    def problem(self):
        """Return why the service does not answer, or None when it does."""
        raise NotImplementedError

    def refuse_strangers(self):
        """ServiceError where the folder is another user's, whose server could be neither started nor stopped."""
        if os.geteuid() and self.folder.exists() and (owner := self.folder.stat().st_uid) != os.geteuid():
            raise ServiceError(f"{self.folder} belongs to {user_name(owner)}: be that user, or remove it.")

    def wait(self, limit=START_LIMIT):
        """Return once the service answers. ServiceError with the reason after ``limit`` seconds."""
        deadline = time.monotonic() + limit
        while reason := self.problem():
            if time.monotonic() > deadline:
                raise ServiceError(f"{self.title} does not answer after {limit} seconds: {reason}")
            time.sleep(0.1)

    def log_length(self):
        """Return how long the log is, in bytes."""
        return self.log.stat().st_size if self.log.exists() else 0

    def failed(self, before, output=""):
        """Return the error of a failed start, with the gravest line of the log after its first ``before`` bytes."""
        with suppress(OSError):
            output = self.log.read_bytes()[before:].decode(errors="replace").strip() or output
        lines = output.strip().splitlines() or ["it left no word"]
        grave = [line for line in lines if re.search("FATAL|PANIC", line)] or lines
        return ServiceError(f"{self.title} does not start: {grave[-1].strip()} (see {self.log}).")
