"""Deliveries about commitments: those who lead are told that one slips or is late, and that nothing is held for it.

``commitments.presenters.watch`` counts how a commitment stands, an agreement at a time; the statements are handed that.
"""

from collections import Counter
from string import Template

from commitments.models import Commitment
from commitments.presenters.watch import watched
from commitments.rules.rhythm import State
from reminders.models import Delivery, Step
from reminders.planning.by_rules import LEADS, UNLESS_IT_BEGAN, ByRules, holder_of
from reminders.targets.progress_letters import quiet_text, rhythm_text

__all__ = ["ALL", "REASONS", "RULED", "Writer", "hold", "look", "plan", "spread"]

LATE_FOR = 90
"""Days after a date of its own for which a late promise is still to be told."""

_WATCHED = """
    unnest(%(keys)s::bigint[], %(states)s::text[], %(reasons)s::text[], %(slips_since)s::date[], %(periods)s::date[],
           %(until)s::date[], %(quiet_since)s::date[], %(last_on)s::date[])
    w (id, state, reason, since, period, until, quiet_since, last_on)"""

_IN_FORCE = "CASE WHEN g.status <> 'in_force' THEN '$NOT_IN_FORCE'"

# What it stands for is a new thing with each period, and with each of its two states in one.
_RHYTHM = Template("""
    SELECT c.id, c.agreement_id, w.since AS day, %(zone)s AS zone, c.title,
           2 * ABS(w.period - date '2000-01-01') + CASE w.state WHEN '$late' THEN 1 ELSE 0 END AS occurrence,
           timezone(%(zone)s, (w.until + CASE WHEN c.measure = 'due' THEN $late_for ELSE 1 END)::timestamp) AS ends_at,
           NULL::text AS kind, $in_force WHEN w.since IS NULL THEN '$ON_COURSE' ELSE '' END AS why,
           w.state, w.reason, w.last_on, c.created_at AS made_at
    FROM commitments_commitment c JOIN partnership_agreement g ON g.id = c.agreement_id
    LEFT JOIN $watched ON w.id = c.id AND w.since IS NOT NULL
    WHERE c.id $one""")

_QUIET = Template("""
    SELECT c.id, c.agreement_id, w.quiet_since AS day, %(zone)s AS zone, c.title,
           ABS(w.quiet_since - date '2000-01-01') AS occurrence, NULL::timestamptz AS ends_at,
           NULL::text AS kind, $in_force WHEN w.id IS NULL THEN '$SETTLED' ELSE '' END AS why,
           w.quiet_since, w.last_on, c.created_at AS made_at
    FROM commitments_commitment c JOIN partnership_agreement g ON g.id = c.agreement_id
    LEFT JOIN $watched ON w.id = c.id
    WHERE c.id $one""")

_own = {"watched": _WATCHED, "in_force": _IN_FORCE, "late": State.LATE, "late_for": LATE_FOR}

RHYTHM = ByRules(
    about="rhythm",
    link="commitment",
    rows=_RHYTHM.safe_substitute(_own),
    audiences={"leads": LEADS},
    moved="'$CHANGED'",
    is_past=UNLESS_IT_BEGAN,
    letter="jsonb_build_object('state', t.state, 'why', t.reason, 'last_on', t.last_on)",
)
"""A commitment that slips or is late: once for each of the two in a period, counted from the day on which it began."""

QUIET = ByRules(
    about="quiet",
    link="commitment",
    rows=_QUIET.safe_substitute(_own),
    audiences={"leads": LEADS},
    moved="'$HELD_SINCE'",
    is_past=UNLESS_IT_BEGAN,
    letter="jsonb_build_object('since', t.quiet_since, 'last_on', t.last_on)",
)
"""A commitment for which nothing has been held: so many days after the last that was."""

RULED = [RHYTHM, QUIET]

REASONS = {ruled.about: ruled.reason for ruled in RULED}
"""Why a delivery about a commitment does not go, in SQL."""

ALL = """
    SELECT c.id FROM commitments_commitment c
    WHERE c.id > %(after)s AND c.measure <> 'narrative' ORDER BY c.id LIMIT %(limit)s"""

spread = {
    "agreement": """
        SELECT c.id FROM commitments_commitment c WHERE c.agreement_id = %(key)s AND c.measure <> 'narrative'""",
    "person": """
        SELECT c.id FROM contacts_person p JOIN commitments_commitment c ON c.agreement_id = p.agreement_id
        WHERE p.id = %(key)s AND p.user_id IS NOT NULL AND c.measure <> 'narrative'""",
}

hold = holder_of("commitments_commitment")


def plan(now, ids, since, *, patient=True) -> Counter:
    """Bring the deliveries of these commitments up to date."""
    found = _as_parameters(watched(ids, now))
    return sum((ruled.plan(now, ids, since, patient=patient, **found) for ruled in RULED), Counter())


def look(now, ids):
    """(id, reason, facts) of each of these deliveries, as it is now."""
    about = Delivery.objects.filter(pk__in=ids).order_by().values_list("commitment", flat=True).distinct()
    found = _as_parameters(watched(list(about), now))
    return [row for ruled in RULED for row in ruled.look(now, ids, **found)]


def _as_parameters(rows):
    """What is watched, as the columns that the statements take."""
    return {
        "keys": [row.key for row in rows],
        "states": [str(row.state) for row in rows],
        "reasons": [row.reason for row in rows],
        "slips_since": [row.since for row in rows],
        "periods": [row.period for row in rows],
        "until": [row.until for row in rows],
        "quiet_since": [row.quiet_since for row in rows],
        "last_on": [row.last_on for row in rows],
    }


class Writer:
    """Writes what claimed messages about commitments say, reading what they need of the database at once."""

    def __init__(self, claimed):
        rows = Commitment.objects.filter(pk__in={one.target_id for one in claimed})
        self.commitments = rows.select_related("agreement").in_bulk()
        self.steps = Step.objects.select_related("rule").in_bulk({one.step_id for one in claimed if one.step_id})

    def write(self, claimed):
        """What all who lead get; None where the commitment or the step was deleted meanwhile."""
        commitment, step = self.commitments.get(claimed.target_id), self.steps.get(claimed.step_id)
        if commitment is None or step is None:
            return None
        if claimed.kind == Delivery.Kind.RHYTHM:
            return rhythm_text(commitment, step, claimed)
        return quiet_text(commitment, step, claimed, opens="Open the commitment")
