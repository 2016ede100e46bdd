"""Addresses of the lists behind the figures, with the filters by which the figures count."""

from functools import lru_cache
from urllib.parse import urlencode

from django.urls import reverse


def held_link(agreement, first, last, kind=None, **about):
    """The agreement's engagements held from ``first`` to ``last``, of ``kind`` if given, filtered by ``about``."""
    filters = {"status": "held", "from": first.isoformat(), "to": last.isoformat(), "public": "no"}
    return _list("engagements:list", agreement, filters, kind=kind, **about)


def ever_held_link(agreement, workstream=None):
    """The engagements held under the agreement at any time, in ``workstream`` if given."""
    filters = {"status": "held", "public": "no"}
    return _list("engagements:list", agreement, filters, workstream=workstream and workstream.slug)


def coming_link(agreement, today, **about):
    """The engagements still to come, filtered by ``about``."""
    filters = {"status": ("planned", "confirmed"), "from": today.isoformat(), "public": "no", "sort": "date"}
    return _list("engagements:list", agreement, filters, **about)


def incomplete_link(agreement):
    """The engagements with an incomplete record."""
    return _list("engagements:list", agreement, {"lacks": "1"})


def actions_link(agreement, show, **about):
    """The actions that are "open" or "overdue" (``show``), filtered by ``about``."""
    return _list("engagements:actions", agreement, {"show": show}, **about)


def commitments_link(agreement, show=None, workstream=None, party=None, on=None):
    """The commitments of a workstream or party if given: all, or "kept" (met or on course), "slipping" or "late" ones.

    Their status is that of today, or of the past day ``on``.
    """
    about = {"workstream": workstream and workstream.slug, "party": party and party.pk, "on": on and on.isoformat()}
    return _list("commitments:list", agreement, {}, **about, show=show)


def public_link(agreement, **about):
    """The public events, each of one party, filtered by ``about``."""
    return _list("engagements:list", agreement, {"public": "yes"}, **about)


def months_link(agreement):
    """The file with the figures of the dashboard's chart, without a period in the address."""
    return _address("dashboards:months_csv", agreement.slug)


def plan_link(agreement, year=None):
    """The plan of the agreement year with this number, else of the current one."""
    return _list("commitments:plan", agreement, {}, year=year)


def reached_link(agreement, first, last, kind=None):
    """The organisations reached from ``first`` to ``last``, of one kind if given."""
    return _list("dashboards:reached", agreement, {"from": first.isoformat(), "to": last.isoformat()}, kind=kind)


def engagements_link(agreement, period=None, **filters):
    """The engagements that match ``filters``, in ``period`` if given."""
    days = dict(zip(("from", "to"), (day.isoformat() for day in period.days), strict=True)) if period else {}
    return _list("engagements:list", agreement, filters | days)


def _list(name, agreement, filters, **more):
    filters = filters | {key: value for key, value in more.items() if value}
    return _address(name, agreement.slug, tuple(filters.items()))


# A table of figures has a hundred links, which are the same each time.
@lru_cache(8192)
def _address(name, slug, filters=()):
    address = reverse(name, args=[slug])
    return f"{address}?{urlencode(filters, doseq=True)}" if filters else address
