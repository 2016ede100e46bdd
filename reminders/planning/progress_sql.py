"""SQL for notifications of progress, which read counts that are passed to them as parameters."""

WATCHED = """
    unnest(%(keys)s::bigint[], %(states)s::text[], %(reasons)s::text[], %(slips_since)s::date[], %(periods)s::date[],
           %(until)s::date[], %(quiet_since)s::date[], %(last_on)s::date[])
    w (id, state, reason, since, period, until, quiet_since, last_on)"""
"""The status of commitments, as ``commitments.presenters.watch`` counts it."""

QUIET = """
    unnest(%(keys)s::bigint[], %(quiet_since)s::date[], %(last_on)s::date[]) w (id, quiet_since, last_on)"""
"""The day since when nothing has been held for workstreams, as ``engagements.presenters.inactivity`` counts it."""

IN_FORCE = "CASE WHEN g.status <> 'in_force' THEN '$NOT_IN_FORCE'"
