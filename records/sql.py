"""One statement in SQL, run."""

from django.db import connection


def run(sql, given=None, **params):
    """Run a statement with its parameters, or with a mapping ``given``; the rows it returns, or how many it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params if given is None else given)
        return cursor.fetchall() if cursor.description else cursor.rowcount
