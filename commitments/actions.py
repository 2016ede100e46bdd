"""Verbs of commitments."""

from django.db.models import Max

from commitments.models import Commitment, CommitmentWorkstream
from partnership.history import verb
from partnership.once import save_once


class CommitmentChangedError(Exception):
    """Somebody else saved the commitment since the form was opened. ``current`` is what they saved."""

    def __init__(self, current):
        self.current = current
        super().__init__("Somebody else saved this commitment while you were editing it.")


@verb
def add_commitment(commitment, *, workstreams=(), by):
    """Save a new commitment, last in its list. Returns it; sent twice with one ``form_key``, the first one."""
    commitments = Commitment.objects.of(commitment.agreement)
    commitment.position = (commitments.aggregate(last=Max("position"))["last"] or 0) + 1
    commitment, is_new = save_once(commitment)
    if is_new:
        _set_workstreams(commitment, workstreams)
    return commitment


@verb
def save_commitment(commitment, *, workstreams=None, revision, by):
    """Save a commitment whose fields were changed in memory; ``workstreams`` of None stay. Returns the commitment.

    ``revision`` is the one that the form was opened on; CommitmentChangedError if another has been saved since.
    """
    current = Commitment.objects.select_for_update(of=("self",)).get(pk=commitment.pk)
    if current.revision != revision:
        raise CommitmentChangedError(current)
    commitment.revision = current.revision + 1
    commitment.save()
    if workstreams is not None:
        _set_workstreams(commitment, workstreams)
    return commitment


@verb
def delete_commitment(commitment, *, by):
    """Delete a commitment entered by mistake; history remembers it."""
    commitment.delete()


def _set_workstreams(commitment, workstreams):
    """Make the workstreams those given; links that stay keep their rows."""
    links = CommitmentWorkstream.objects.filter(commitment=commitment)
    links.exclude(workstream__in=workstreams).delete()
    there = set(links.values_list("workstream_id", flat=True))
    CommitmentWorkstream.objects.bulk_create(
        CommitmentWorkstream(agreement_id=commitment.agreement_id, commitment=commitment, workstream=workstream)
        for workstream in workstreams
        if workstream.pk not in there
    )
