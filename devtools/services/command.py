"""Both services together: the command ``python -m devtools.services``, and functions for the launcher."""

import fcntl
import os
import signal
import subprocess
import sys
from contextlib import contextmanager

from devtools.services import ROOT, ServiceError
from devtools.services.postgres import Postgres
from devtools.services.redis import Redis
from devtools.services.server import START_LIMIT


def services(root=ROOT):
    """Return both services of a checkout."""
    return [Postgres(root), Redis(root)]


def up(root=ROOT):
    """Start the private services that do not run; return those that had to be started."""
    with locked(root):
        return [service for service in services(root) if service.private and service.start()]


def wait(root=ROOT, limit=START_LIMIT):
    """Return once both services answer, private or not."""
    for service in services(root):
        service.wait(limit)


def down(root=ROOT):
    """Stop the private services; does nothing where none runs."""
    with locked(root):
        for service in services(root):
            if service.private:
                service.stop()


@contextmanager
def in_use(root=ROOT):
    """Mark the services as in use by this process, so that another one that calls ``leave`` does not stop them."""
    (root / "var").mkdir(exist_ok=True)
    with (root / "var" / "services.users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield
        finally:
            # Explicit, since a child that was forked meanwhile holds a copy, and closing ours would not free the lock.
            fcntl.flock(users, fcntl.LOCK_UN)


def leave(root=ROOT):
    """Stop the private services unless another process still uses them."""
    with (root / "var" / "services.users").open("a") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        down(root)


def run(command, root=ROOT):
    """Run a command with the services up, leave them as they were found, and return its exit code."""
    started = []
    try:
        with in_use(root):
            started = up(root)
            wait(root)
            return attend(command)
    finally:
        if started:
            leave(root)


def attend(command):
    """Run a command to its end and return its exit code.

    The command itself gets a Ctrl-C at the terminal; other stop signals are passed on to it.
    """
    # Importing ``config`` has set the product's settings; a command chooses its own, as the tests do.
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    child = subprocess.Popen(command, env=environment)
    signal.signal(signal.SIGINT, lambda *_: None)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: child.send_signal(number))
    code = child.wait()
    return code if code >= 0 else 128 - code


@contextmanager
def locked(root):
    """Let one process at a time start and stop the services of a checkout."""
    (root / "var").mkdir(exist_ok=True)
    with (root / "var" / "services.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments, root=ROOT):
    """Run one command line. Return its exit code: 0, 1 with a message, 130 after Ctrl-C, or that of ``run COMMAND``."""
    verb, *rest = arguments or [""]
    verbs = {"up": lambda: up(root), "wait": lambda: wait(root), "down": lambda: down(root)}
    try:
        if verb == "run" and rest:
            return run(rest, root)
        if verb not in verbs or rest:
            raise ServiceError("Usage: python -m devtools.services up | wait | down | run COMMAND...")
        verbs[verb]()
    except OSError as error:
        print(f"{error.filename or 'The services'}: {error.strerror}.", file=sys.stderr)
        return 1
    except (ServiceError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0
