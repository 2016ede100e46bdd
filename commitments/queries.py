"""Questions about commitments."""

from django.db.models import Q

from records.querysets import AgreementRows


class CommitmentQuerySet(AgreementRows):
    """Commitments, as pages show them."""

    def to_show(self):
        """In the order of the agreement, with parties and workstreams read along."""
        return self.select_related("given_by", "given_to").prefetch_related("workstreams")

    def about(self, workstream):
        """Those about a workstream."""
        return self.filter(workstream_links__workstream=workstream)

    def of_party(self, party):
        """Those that name the party as who gives it or to whom, and those that all parties give."""
        return self.filter(Q(given_by=party) | Q(given_to=party) | Q(given_by=None))
