"""What every row of an agreement can be asked."""

from django.apps import apps
from django.db import models


def agreements_of(user, roles=None):
    """The agreements of ``user``, in one of ``roles`` if given, for ``agreement__in``.

    The gate of a page has read the memberships once for its request (see ``agreement_page``): then they are keys. For
    anybody else they are a subquery, which every question of the page would plan and run again.
    """
    return _of_memberships(user, "agreement", roles)


def parties_of(user, roles):
    """The parties for which ``user`` has one of ``roles``, for ``party__in``."""
    return _of_memberships(user, "party", roles)


def keys_of_parties(user):
    """The keys of all parties for which ``user`` has a role, in any agreement: a list."""
    known = getattr(user, "memberships_at_the_gate", None)
    if known is not None:
        return known.keys("party")
    roles = apps.get_model("partnership", "Membership").objects.filter(user=user, party__isnull=False)
    return list(roles.values_list("party", flat=True))


def party_of(user, agreement):
    """The party for which ``user`` has a role in ``agreement``; None without one, and for nobody."""
    parties = apps.get_model("partnership", "Party").objects.of(agreement)
    return parties.filter(memberships__user=user).first() if user else None


def _of_memberships(user, field, roles):
    known = getattr(user, "memberships_at_the_gate", None)
    if known is None:
        memberships = apps.get_model("partnership", "Membership").objects.filter(user=user)
        return (memberships.filter(role__in=roles) if roles else memberships).values(field)
    return known.keys(field, roles)


class Memberships(list):
    """The memberships of a user, as the gate of a page has read them."""

    def keys(self, field, roles=None):
        """The keys of their agreements or parties (``field``), those in one of ``roles`` if given."""
        keys = (getattr(row, f"{field}_id") for row in self if not roles or row.role in roles)
        return [key for key in keys if key is not None]


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
        """The rows of one agreement."""
        return self.filter(agreement=agreement)


class PartyRows(AgreementRows):
    """Rows that may belong to one party only (``party`` is set): then only its editors and leads see them."""

    def visible_to(self, user):
        """Rows for all that ``user`` may see, and those for the party whose editor or lead ``user`` is."""
        rows = super().visible_to(user)
        if not user.is_authenticated:
            return rows
        officers = apps.get_model("partnership", "Membership").Role.of_officers()
        return rows.filter(models.Q(party=None) | models.Q(party__in=parties_of(user, officers)))
