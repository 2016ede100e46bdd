"""Django's cache as this project uses it: what allauth counts for its limits, in the database and as JSON.

Whoever guesses passwords is counted whether Redis is there or not, and nothing that is read from here can run as code
(docs/decisions/0033).
"""

import json
from datetime import timedelta

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.utils import timezone

FAR = timedelta(days=365)
"""How long a count is kept that was given no time."""

_SET = """
    INSERT INTO accounts_count (key, value, expires_at) VALUES (%(key)s, %(value)s, %(until)s)
    ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, expires_at = EXCLUDED.expires_at"""

# What has run out is as free as what was never there. One of several that ask together gets it.
_ADD = f"{_SET} WHERE accounts_count.expires_at <= %(now)s RETURNING key"


class CountsInDatabase(BaseCache):
    """A cache in the table of ``Count``. ``clear_sessions_and_counts`` removes what has run out."""

    def __init__(self, location, params):
        super().__init__(params)

    def get(self, key, default=None, version=None):
        """What is kept there, or ``default``."""
        rows = self._run("SELECT value FROM accounts_count WHERE key = %(key)s AND expires_at > %(now)s", key, version)
        return json.loads(rows[0][0]) if rows else default

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        """Keep ``value``, of which JSON can be made, for ``timeout`` seconds."""
        self._run(f"{_SET} RETURNING key", key, version, value, timeout)

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        """Keep ``value`` where nothing is kept. Returns whether that was so."""
        return bool(self._run(_ADD, key, version, value, timeout))

    def delete(self, key, version=None):
        """Keep it no longer. Returns whether anything was kept."""
        return bool(self._run("DELETE FROM accounts_count WHERE key = %(key)s RETURNING key", key, version))

    def clear(self):
        """Keep nothing."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_count")

    def _run(self, sql, key, version, value=None, timeout=None):
        now = timezone.now()
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        until = now + (FAR if seconds is None else timedelta(seconds=seconds))
        named = self.make_and_validate_key(key, version=version)
        with connection.cursor() as cursor:
            cursor.execute(sql, {"key": named, "value": json.dumps(value), "now": now, "until": until})
            return cursor.fetchall()
