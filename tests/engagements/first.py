"""The first engagement of a series: what the tests of series begin with."""

import datetime as dt

from tests.factories import EngagementFactory

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
THURSDAY = dt.date(2026, 12, 10)


def first_of(cast, **fields):
    """A meeting on the second Thursday of December, planned."""
    base = {"agreement": cast.agreement, "status": "planned", "starts_on": THURSDAY, "title": "Digital board"}
    return EngagementFactory(**base | {"start_time": dt.time(10), "end_time": dt.time(11, 30)} | fields)
