"""The queryset of commitments."""

from django.db.models import Q

from records.querysets import AgreementRows


class CommitmentQuerySet(AgreementRows):
    def to_show(self):
        """Read parties and workstreams along with the commitments, for pages."""
        return self.select_related("given_by", "given_to").prefetch_related("workstreams")

    def about(self, workstream):
        return self.filter(workstream_links__workstream=workstream)

    def of_party(self, party):
        """Commitments given by the party or to it, and those that all parties give."""
        return self.filter(Q(given_by=party) | Q(given_to=party) | Q(given_by=None))
