"""What notifications of how the agreement goes ask of the counts that they are handed, in SQL."""

WATCHED = """
    unnest(%(keys)s::bigint[], %(states)s::text[], %(reasons)s::text[], %(slips_since)s::date[], %(periods)s::date[],
           %(until)s::date[], %(quiet_since)s::date[], %(last_on)s::date[])
    w (id, state, reason, since, period, until, quiet_since, last_on)"""
"""How commitments stand, as ``commitments.presenters.watch`` counts it."""

QUIET = """
    unnest(%(keys)s::bigint[], %(quiet_since)s::date[], %(last_on)s::date[]) w (id, quiet_since, last_on)"""
"""Since when nothing was held for workstreams, as ``engagements.presenters.inactivity`` counts it."""

IN_FORCE = "CASE WHEN g.status <> 'in_force' THEN '$NOT_IN_FORCE'"
