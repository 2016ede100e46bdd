"""Running one SQL statement."""

from django.db import connection


def run(sql, given=None, **params):
    """Run a statement with ``params`` or with the mapping ``given``. Returns its rows, or how many rows it affected."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params if given is None else given)
        return cursor.fetchall() if cursor.description else cursor.rowcount
