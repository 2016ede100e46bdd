"""The status of a commitment on a past day, as it was recorded (see ``commitments.recording``)."""

from commitments.models import CommitmentStatus
from commitments.rules.rhythm import Standing, State

NOT_RECORDED = "No status was recorded for this day."


def as_on(commitments, user, agreement, day):
    """Set on each of ``commitments``, a list, the ``standing`` that it had on ``day``. One query. Returns the list."""
    rows = CommitmentStatus.objects.visible_to(user).of(agreement).filter(day__lte=day)
    recorded = {row.commitment_id: row for row in rows.order_by("commitment_id", "-day").distinct("commitment_id")}
    for commitment in commitments:
        row = recorded.get(commitment.pk)
        commitment.standing = (
            Standing(State(row.status), row.reason) if row else Standing(State.NOT_MEASURED, NOT_RECORDED)
        )
    return commitments
