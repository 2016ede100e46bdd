"""The version of an agreement: a number that the database raises with every change of a row that belongs to it.

Code that caches something made of an agreement's rows must read the version before it reads the rows. A trigger on each
tracked table raises the version, whether a form, the admin, a bulk operation or SQL by hand makes the change. It waits
for the end of the transaction, so that the row of the version is locked for no longer than the commit.
"""

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connections

TRIGGER = "version_rises"


def watched():
    """{table: kind}: "row" belongs to an agreement, "agreement" is one, "user" may be a member of several.

    These are the tables of models with a history, and of models that set ``raises_version``.
    """
    tables = {get_user_model()._meta.db_table: "user"}
    for model in apps.get_models():
        link = next((field for field in model._meta.fields if field.name == "agreement"), None)
        if link and (hasattr(model, "pgh_event_model") or getattr(model, "raises_version", False)):
            tables |= {model._meta.db_table: "row", link.related_model._meta.db_table: "agreement"}
    return tables


def watch(using, **_):
    """Create the trigger on each existing table that does not have it yet. Runs after each migration."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname = ANY (%s) AND NOT EXISTS "
            "(SELECT FROM pg_trigger WHERE tgrelid = pg_class.oid AND tgname = %s) "
            "AND to_regproc('partnership_version_rises') IS NOT NULL",
            [list(watched()), TRIGGER],
        )
        for (table,) in cursor.fetchall():
            cursor.execute(_trigger(table, watched()[table]))


def _trigger(table, stands_for):
    # Signing in changes the row of a user too, but no page shows that.
    when = "AFTER UPDATE OF name, email, is_active, is_superuser" if stands_for == "user" else ""
    return (
        f'CREATE CONSTRAINT TRIGGER {TRIGGER} {when or "AFTER INSERT OR UPDATE OR DELETE"} ON "{table}" '
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        f"EXECUTE FUNCTION partnership_version_rises('{stands_for}')"
    )
