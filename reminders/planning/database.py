"""Runs statements about deliveries, with the parameters that all of them share."""

import json

from django.conf import settings

from records import sql as records_sql
from reminders.planning.due_dates import days_off
from reminders.queries import COUNTS_AS_NOTIFIED, PASSING

STANDARD = {
    "zone": lambda: settings.TIME_ZONE,
    "passing": lambda: PASSING,
    "said": lambda: COUNTS_AS_NOTIFIED,
    "days_off": days_off,
}
"""{name: function}: parameters that any statement may name without its caller passing them."""


class _Params(dict):
    def __missing__(self, name):
        return STANDARD[name]()


def run(sql, **params):
    """Run a statement. Returns its rows, or for a statement without rows how many it changed."""
    return records_sql.run(sql, _Params(params))


def recheck_rows(statement, now, ids, **found):
    """(id, reason, facts) of each of these deliveries, as a recheck ``statement`` finds them; ``facts`` is a dict."""
    return [(key, reason, json.loads(facts)) for key, reason, facts in run(statement, now=now, ids=ids, **found)]
