"""Addresses of the lists behind the figures: the same filters as the figures count by."""

from functools import lru_cache
from urllib.parse import urlencode

from django.urls import reverse


def held_link(agreement, first, last, kind=None, **about):
    """The engagements held from ``first`` to ``last`` under the agreement; of a kind, and of what ``about`` filters."""
    filters = {"status": "held", "from": first.isoformat(), "to": last.isoformat(), "public": "no"}
    return _list("engagements:list", agreement, filters, kind=kind, **about)


def latest_link(agreement, workstream=None):
    """The engagements held under the agreement at any time."""
    filters = {"status": "held", "public": "no"}
    return _list("engagements:list", agreement, filters, workstream=workstream and workstream.slug)


def coming_link(agreement, today, **about):
    """The engagements still to come, of what ``about`` filters."""
    filters = {"status": ("planned", "confirmed"), "from": today.isoformat(), "public": "no", "sort": "date"}
    return _list("engagements:list", agreement, filters, **about)


def incomplete_link(agreement):
    """The engagements whose record lacks something."""
    return _list("engagements:list", agreement, {"lacks": "1"})


def actions_link(agreement, show, **about):
    """The actions that are "open" or "overdue", of what ``about`` filters."""
    return _list("engagements:actions", agreement, {"show": show}, **about)


def commitments_link(agreement, show=None, workstream=None, party=None, on=None):
    """The commitments: all, or those "kept" (met or on course), "slipping" or "late"; of a workstream, of a party.

    With their status of today, or as it was ``on`` a past day.
    """
    about = {"workstream": workstream and workstream.slug, "party": party and party.pk, "on": on and on.isoformat()}
    return _list("commitments:list", agreement, {}, **about, show=show)


def public_link(agreement, **about):
    """The public events of one party; ``about`` filters them."""
    return _list("engagements:list", agreement, {"public": "yes"}, **about)


def months_link(agreement):
    """The figures of the dashboard's chart as a file, without a period."""
    return _address("dashboards:months_csv", agreement.slug)


def plan_link(agreement, year=None):
    """The plan of the agreement year with this number, else of the present one."""
    return _list("commitments:plan", agreement, {}, year=year)


def reached_link(agreement, first, last, kind=None):
    """The organisations reached from ``first`` to ``last``, of one kind if given."""
    return _list("dashboards:reached", agreement, {"from": first.isoformat(), "to": last.isoformat()}, kind=kind)


def engagements_link(agreement, period=None, **filters):
    """The engagements that ``filters`` let through, in ``period`` if given."""
    days = dict(zip(("from", "to"), (day.isoformat() for day in period.days), strict=True)) if period else {}
    return _list("engagements:list", agreement, filters | days)


def _list(name, agreement, filters, **more):
    filters = filters | {key: value for key, value in more.items() if value}
    return _address(name, agreement.slug, tuple(filters.items()))


# A table of figures has a hundred links, the same each time.
@lru_cache(8192)
def _address(name, slug, filters=()):
    address = reverse(name, args=[slug])
    return f"{address}?{urlencode(filters, doseq=True)}" if filters else address
