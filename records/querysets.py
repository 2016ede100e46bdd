"""The rows of an agreement, and who sees them."""

from django.db import models

from records.memberships import agreements_of, parties_of
from records.roles import Role


class AgreementRows(models.QuerySet):
    """Rows that carry ``agreement_id``: seen by the members of the agreement and by administrators."""

    def visible_to(self, user):
        """The rows of the agreements that ``user`` belongs to; all of them for an administrator."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(agreement__in=agreements_of(user))

    def of(self, agreement):
        return self.filter(agreement=agreement)


class PartyRows(AgreementRows):
    """Rows that may belong to one party only (``party`` is set): then only its editors and leads see them."""

    def visible_to(self, user):
        """The rows that ``user`` may see, without those of a party that ``user`` is no editor or lead of."""
        rows = super().visible_to(user)
        if not user.is_authenticated:
            return rows
        return rows.filter(models.Q(party=None) | models.Q(party__in=parties_of(user, Role.of_officers())))
