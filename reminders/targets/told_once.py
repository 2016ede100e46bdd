"""What the targets share of which nothing is planned: somebody is told once, by a verb."""

import json
from collections import Counter

from reminders.planning.database import run

spread = {}


def plan(now, ids, since, *, patient=True) -> Counter:
    """Nothing follows from it by itself."""
    return Counter()


def hold(ids) -> tuple[list[int], list[int]]:
    """All of them, held by nobody."""
    return list(ids), []


def looked_at(statement, now, ids, **found):
    """(id, reason, facts) of each of these deliveries, as ``statement`` finds them; of any target."""
    return [(key, reason, json.loads(facts)) for key, reason, facts in run(statement, now=now, ids=ids, **found)]
