"""Evidence that the leads of the demonstration set by hand: that an engagement counts, or that it does not."""

from commitments.models import Commitment
from commitments.operations import add_evidence, strike_out
from engagements.models import Engagement


def make_evidence(book, rows):
    """Save the ``rows`` of agreement.toml. Of several engagements with the same title, the one held last is used."""
    commitments = {commitment.title: commitment for commitment in Commitment.objects.of(book.agreement)}
    held = Engagement.objects.of(book.agreement).held().order_by("starts_on", "pk")
    engagements = {engagement.title: engagement for engagement in held}
    for row in rows:
        operation = add_evidence if row["counts"] else strike_out
        engagement = engagements[row["engagement"]]
        lead = book.people[row["by"]].user
        operation(commitments[row["commitment"]], engagement, reason=row["reason"], by=lead)
