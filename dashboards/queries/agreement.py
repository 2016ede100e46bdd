"""The queries of the boards, most of them compiled once (``records.compiled_queries``).

Each is about the rows of an agreement, or of one ``workstream`` of it, that ``user`` may see.
"""

from dashboards.queries import figures
from dashboards.queries.engagement_counts import held_rows, rows_by_month
from engagements.models import Action
from records.compiled_queries import compiled

ROWS = 5
"""How many rows a list shows; the rest is behind its link."""

ROWS_NEXT = 4
"""How many coming engagements are shown: as many as fit beside the chart."""


def _engagements(user, agreement, workstream):
    rows = figures.engagements_of(user, agreement)
    return rows if workstream is None else rows.filter(workstream_links__workstream=workstream)


def _actions(user, agreement, workstream):
    rows = Action.objects.visible_to(user).of(agreement)
    return rows if workstream is None else rows.of_workstream(workstream)


@compiled
def coming(user, agreement, now, workstream=None):
    """The next engagements; see ``figures.coming``."""
    return figures.coming(_engagements(user, agreement, workstream), user, now)[:ROWS_NEXT]


@compiled
def held_last(user, agreement, first, last, workstream=None):
    """The engagements held last from ``first`` to ``last``; see ``figures.held_last``."""
    return figures.held_last(_engagements(user, agreement, workstream).between(first, last))[:ROWS]


def held_by_month(user, agreement, first, last, workstream=None):
    """The engagements held from ``first`` to ``last``, counted by month and kind; see ``rows_by_month``."""
    return list(rows_by_month(_engagements(user, agreement, workstream).held().between(first, last)))


@compiled
def held(user, agreement, first, last, stretches, columns):
    """The engagements held from ``first`` to ``last``, counted for a whole page in one row; see ``held_rows``."""
    return held_rows(
        user, agreement, _engagements(user, agreement, None).held().between(first, last), stretches, columns
    )


@compiled
def reached(user, agreement, first, last):
    """The organisations reached from ``first`` to ``last``, see ``figures.rows_first_reached``."""
    held = _engagements(user, agreement, None).held().between(first, last)
    return figures.rows_first_reached(held, user)


@compiled
def actions_by_month(user, agreement, starts, first, today, workstream=None):
    """The actions, grouped by when they were opened and closed; see ``figures.grouped_actions``."""
    return figures.grouped_actions(_actions(user, agreement, workstream), agreement, starts, first, today)


@compiled
def overdue(user, agreement, today):
    """The actions that have been overdue longest."""
    return _actions(user, agreement, None).overdue(today).with_owner(user).with_may_finish(user)[:ROWS]


@compiled
def open_actions(user, agreement, workstream=None):
    """The open actions, those due first."""
    return _actions(user, agreement, workstream).open().with_owner(user).with_may_finish(user)[:ROWS]


@compiled
def to_complete(user, agreement, now, since):
    """Incomplete records of engagements from ``since`` on; see ``figures.to_complete``."""
    return figures.to_complete(user, agreement, now).filter(starts_on__gte=since)[:ROWS]


@compiled
def workstream(user, agreement, slug, today):
    """The workstream with this ``slug``, in a list; see ``figures.workstreams_with_coming``."""
    return figures.workstreams_with_coming(user, agreement, today).filter(slug=slug)[:1]
