"""Deliveries about workstreams: those who lead are told that nothing has been held for one for long.

Since when is found by ``engagements.presenters.inactivity``, and handed to the statements.
"""

from collections import Counter

from engagements.presenters.inactivity import watched_workstreams
from reminders.models import Delivery, Step
from reminders.planning.by_rules import LEADS, UNLESS_IT_BEGAN, ByRules, holder_of
from reminders.targets.progress_letters import quiet_text
from workstreams.models import Workstream

__all__ = ["ALL", "REASONS", "RULED", "Writer", "hold", "look", "plan", "spread"]

QUIET = ByRules(
    about="quiet",
    link="workstream",
    rows="""
        SELECT k.id, k.agreement_id, w.quiet_since AS day, %(zone)s AS zone, k.name AS title,
               ABS(w.quiet_since - date '2000-01-01') AS occurrence, NULL::timestamptz AS ends_at,
               NULL::text AS kind,
               CASE WHEN g.status <> 'in_force' THEN '$NOT_IN_FORCE'
                    WHEN k.archived_on IS NOT NULL THEN '$ARCHIVED' ELSE '' END AS why,
               w.quiet_since, w.last_on, k.created_at AS made_at
        FROM workstreams_workstream k JOIN partnership_agreement g ON g.id = k.agreement_id
        LEFT JOIN unnest(%(keys)s::bigint[], %(quiet_since)s::date[], %(last_on)s::date[])
            w (id, quiet_since, last_on) ON w.id = k.id
        WHERE k.id $one""",
    audiences={"leads": LEADS},
    moved="'$HELD_SINCE'",
    is_past=UNLESS_IT_BEGAN,
    letter="jsonb_build_object('since', t.quiet_since, 'last_on', t.last_on)",
)
"""A workstream for which nothing has been held: so many days after the last that was."""

RULED = [QUIET]

REASONS = {"quiet": QUIET.reason}
"""Why a delivery about a workstream does not go, in SQL."""

ALL = """
    SELECT k.id FROM workstreams_workstream k
    WHERE k.id > %(after)s AND k.archived_on IS NULL ORDER BY k.id LIMIT %(limit)s"""

spread = {
    "agreement": "SELECT k.id FROM workstreams_workstream k WHERE k.agreement_id = %(key)s",
    "person": """
        SELECT k.id FROM contacts_person p JOIN workstreams_workstream k ON k.agreement_id = p.agreement_id
        WHERE p.id = %(key)s AND p.user_id IS NOT NULL""",
}

hold = holder_of("workstreams_workstream")


def plan(now, ids, since, *, patient=True) -> Counter:
    """Bring the deliveries of these workstreams up to date."""
    return QUIET.plan(now, ids, since, patient=patient, **_as_parameters(ids))


def look(now, ids):
    """(id, reason, facts) of each of these deliveries, as it is now."""
    about = Delivery.objects.filter(pk__in=ids).order_by().values_list("workstream", flat=True).distinct()
    return QUIET.look(now, ids, **_as_parameters(list(about)))


def _as_parameters(keys):
    """Since when these workstreams are quiet, as the columns that the statement takes."""
    rows = list(watched_workstreams(keys).order_by("pk"))
    return {
        "keys": [row.pk for row in rows],
        "quiet_since": [row.quiet_since for row in rows],
        "last_on": [row.last_on for row in rows],
    }


class Writer:
    """Writes what claimed messages about workstreams say, reading what they need of the database at once."""

    def __init__(self, claimed):
        rows = Workstream.objects.filter(pk__in={one.target_id for one in claimed})
        self.workstreams = rows.select_related("agreement").in_bulk()
        self.steps = Step.objects.select_related("rule").in_bulk({one.step_id for one in claimed if one.step_id})

    def write(self, claimed):
        """What all who lead get; None where the workstream or the step was deleted meanwhile."""
        workstream, step = self.workstreams.get(claimed.target_id), self.steps.get(claimed.step_id)
        return quiet_text(workstream, step, claimed, opens="Open the workstream") if workstream and step else None
