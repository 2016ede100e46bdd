"""One statement of the ledger, run."""

from django.conf import settings
from django.db import connection

from reminders.days import days_off
from reminders.queries import PASSING, SAID

STANDARD = {
    "zone": lambda: settings.TIME_ZONE,
    "passing": lambda: PASSING,
    "said": lambda: SAID,
    "days_off": days_off,
}
"""Parameters that any statement may name without being handed them."""


class _Params(dict):
    def __missing__(self, name):
        return STANDARD[name]()


def run(sql, **params):
    """Run a statement; the rows it returns, or how many it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, _Params(params))
        return cursor.fetchall() if cursor.description else cursor.rowcount
