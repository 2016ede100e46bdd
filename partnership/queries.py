"""What every row of an agreement can be asked."""

from django.apps import apps
from django.db import models


class AgreementRows(models.QuerySet):
    """Rows that carry ``agreement_id``: seen by the members of the agreement and by administrators."""

    def visible_to(self, user):
        """The rows of the agreements that ``user`` belongs to; all of them for an administrator."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        memberships = apps.get_model("partnership", "Membership").objects.filter(user=user)
        return self.filter(agreement__in=memberships.values("agreement"))

    def of(self, agreement):
        """The rows of one agreement."""
        return self.filter(agreement=agreement)


class PartyRows(AgreementRows):
    """Rows that may belong to one party only (``party`` is set): then only its editors and leads see them."""

    def visible_to(self, user):
        """Rows for all that ``user`` may see, and those for the party whose editor or lead ``user`` is."""
        rows = super().visible_to(user)
        if not user.is_authenticated:
            return rows
        membership = apps.get_model("partnership", "Membership")
        sides = membership.objects.filter(user=user, role__in=membership.Role.of_officers())
        return rows.filter(models.Q(party=None) | models.Q(party__in=sides.values("party")))
