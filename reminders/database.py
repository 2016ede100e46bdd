"""One statement of the ledger, run."""

from django.conf import settings
from django.db import connection

from reminders.days import days_off
from reminders.queries import PASSING


def run(sql, **params):
    """Run a statement; the rows it returns, or how many it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, {"zone": settings.TIME_ZONE, "passing": PASSING, "days_off": days_off(), **params})
        return cursor.fetchall() if cursor.description else cursor.rowcount
