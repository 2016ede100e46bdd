"""Questions about commitments."""

from partnership.queries import AgreementRows


class CommitmentQuerySet(AgreementRows):
    """Commitments, as pages show them."""

    def to_show(self):
        """In the order of the agreement, with parties and workstreams read along."""
        return self.select_related("given_by", "given_to").prefetch_related("workstreams")
