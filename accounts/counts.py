"""Django's default cache, in the database and as JSON. It holds the counts of allauth's rate limits.

Attempts to guess a password are counted even while Redis is down, and nothing that is read from here can run as code
(docs/decisions/0033).
"""

import json
from datetime import timedelta

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.utils import timezone

FAR = timedelta(days=365)
"""How long a count without a timeout is kept."""

_SET = """
    INSERT INTO accounts_count (key, value, expires_at) VALUES (%(key)s, %(value)s, %(until)s)
    ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, expires_at = EXCLUDED.expires_at"""

# The key of an expired row is free. Of several requests that add the same key at once, one succeeds.
_ADD = f"{_SET} WHERE accounts_count.expires_at <= %(now)s RETURNING key"


class CountsInDatabase(BaseCache):
    """A cache in the table of ``Count``. ``clear_sessions_and_counts`` removes expired rows."""

    def __init__(self, location, params):
        super().__init__(params)

    def get(self, key, default=None, version=None):
        rows = self._run("SELECT value FROM accounts_count WHERE key = %(key)s AND expires_at > %(now)s", key, version)
        return json.loads(rows[0][0]) if rows else default

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        """Keep ``value``, which must be serialisable as JSON, for ``timeout`` seconds."""
        self._run(f"{_SET} RETURNING key", key, version, value, timeout)

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        """Keep ``value`` if the key is free. Returns whether it was."""
        return bool(self._run(_ADD, key, version, value, timeout))

    def delete(self, key, version=None):
        """Delete the key. Returns whether it was there."""
        return bool(self._run("DELETE FROM accounts_count WHERE key = %(key)s RETURNING key", key, version))

    def clear(self):
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
