"""What deliveries are about: a module for each kind of target, with all that the ledger does not know of it.

``TARGETS`` names them by the link of ``Delivery`` that is set. Each has

- ``plan(now, ids, since, *, patient)``: bring the deliveries of these targets up to date, in the caller's transaction.
  ``since`` says of each when it changed: a step whose time was past by then is planned as skipped.
  Missing ones are added by INSERT ... ON CONFLICT DO NOTHING, open ones follow what is so now. ``patient`` waits for
  rows that a worker holds; a worker itself does not. Returns how many deliveries came into which state.
- ``hold(ids)``: those of them that exist, locked against the saving of a person; then those that somebody is saving.
- ``spread``: {what was touched, other than such a target: a statement that gives the ids of those that it concerns}.
- ``ALL``: a statement that gives the next ``limit`` ids after ``after`` of which anything may be to go, in order.
- ``REASONS``: {kind that can be told of such a target: why it does not go, in SQL}.
- ``look(now, ids)``: (id, reason, facts) of each of these deliveries: why it does not go now ("" where it goes), and
  what its letter needs to know, as a dict of plain values.
- ``RULED``, where rules plan any of it by the common template: a ``ByRules`` for each ``about``.
- ``Writer(claimed)``: reads what the letters of these claimed messages need, all at once; its ``write(claimed)``
  gives the ``EmailContent`` that all readers of a kind get, or None where there is nothing to tell any more.
"""

from reminders.targets import actions, commitments, dates, engagements, gone, workstreams

TARGETS = {
    "engagement": engagements,
    "action": actions,
    "commitment": commitments,
    "workstream": workstreams,
    "date": dates,
    "gone": gone,
}

TOLD = {kind for target in TARGETS.values() for kind in target.REASONS}
"""The kinds of deliveries that Concord knows how to tell."""
