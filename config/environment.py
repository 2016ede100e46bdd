"""What settings are read from. One that cannot be read stops the start with a sentence, which never has its value."""

from functools import wraps
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from environs import Env
from environs.exceptions import EnvValidationError

from config.refusal import refuse

IN_PASSWORDS = "Signs such as / ? # [ ] @ in a password are written as %2F %3F %23 %5B %5D %40."


def _or_refused(read, expected):
    """The method ``read`` of ``Env``; a value that it cannot take stops the start: it must be what is ``expected``."""

    @wraps(read)
    def read_or_refuse(self, name, *args, **kwargs):
        try:
            return read(self, name, *args, **kwargs)
        except EnvValidationError:
            refuse(f"{name} must be {expected}")

    return read_or_refuse


class Environment(Env):
    """The environment, read as each setting needs it. Raises SystemExit, see ``refuse``."""

    bool = _or_refused(Env.bool, "1 or 0.")
    int = _or_refused(Env.int, "a whole number.")
    dj_db_url = _or_refused(Env.dj_db_url, f"like postgresql://user:password@host:5432/name. {IN_PASSWORDS}")
    dj_email_url = _or_refused(Env.dj_email_url, f"like submission://user:password@host:587. {IN_PASSWORDS}")


def is_address(url):
    """Whether a URL has a host, and a port that can be one where it has any."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname and parts.port != 0)
    except ValueError:
        return False


def is_time_zone(name):
    """Whether Python knows the time zone of this name."""
    try:
        return bool(ZoneInfo(name))
    except (KeyError, OSError, ValueError):  # A name that is not there, a folder of names, a path.
        return False
