"""The environment that the settings are read from.

A value that cannot be read stops the start with a message. The message does not repeat the value, which may be secret.
"""

from functools import wraps
from urllib.parse import urlsplit

from environs import Env
from environs.exceptions import EnvValidationError

from config.refusal import refuse

IN_PASSWORDS = "Signs such as / ? # [ ] @ in a password are written as %2F %3F %23 %5B %5D %40."


def _or_refused(read, expected):
    """Wrap ``read``, a method of ``Env``: stop the start where it cannot read a value, and say what is ``expected``."""

    @wraps(read)
    def read_or_refuse(self, name, *args, **kwargs):
        try:
            return read(self, name, *args, **kwargs)
        except EnvValidationError:
            refuse(f"{name} must be {expected}")

    return read_or_refuse


class Environment(Env):
    """An ``Env`` whose methods call ``refuse`` (SystemExit) instead of raising EnvValidationError."""

    bool = _or_refused(Env.bool, "1 or 0.")
    int = _or_refused(Env.int, "a whole number.")
    dj_db_url = _or_refused(Env.dj_db_url, f"like postgresql://user:password@host:5432/name. {IN_PASSWORDS}")
    dj_email_url = _or_refused(Env.dj_email_url, f"like submission://user:password@host:587. {IN_PASSWORDS}")


def is_address(url):
    """Whether ``url`` has a host and, if it has a port, a valid one."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
