"""The memberships of a user: which agreements and parties are theirs."""

from django.contrib.auth import get_user_model

from records.roles import Role


def agreements_of(user, roles=None):
    """The agreements of ``user``, in one of ``roles`` if given, for ``agreement__in``.

    On the pages of an agreement these are keys, since the gate reads the memberships once (see ``agreement_page``).
    Elsewhere they are a subquery, which PostgreSQL plans and runs again in each query.
    """
    return _of_memberships(user, "agreement", roles)


def officers_agreements(user):
    """The agreements in which ``user`` is an editor or a lead."""
    return agreements_of(user, Role.of_officers())


def parties_of(user, roles):
    """The parties for which ``user`` has one of ``roles``, for ``party__in``."""
    return _of_memberships(user, "party", roles)


def keys_of_parties(user):
    """The keys of all parties for which ``user`` has a role, in any agreement: a list."""
    known = getattr(user, "request_memberships", None)
    if known is not None:
        return known.keys("party")
    return list(_memberships_of(user).filter(party__isnull=False).values_list("party", flat=True))


def _of_memberships(user, field, roles):
    known = getattr(user, "request_memberships", None)
    if known is None:
        memberships = _memberships_of(user)
        return (memberships.filter(role__in=roles) if roles else memberships).values(field)
    return known.keys(field, roles)


def _memberships_of(user):
    """The model is found by the user's reverse relation ``memberships``, since its app is above this one."""
    return get_user_model()._meta.get_field("memberships").related_model.objects.filter(user=user)


class Memberships(list):
    """The memberships of a user, as the gate of a page has read them."""

    def keys(self, field, roles=None):
        """The keys of their agreements or parties (``field``), those in one of ``roles`` if given."""
        keys = (getattr(row, f"{field}_id") for row in self if not roles or row.role in roles)
        return [key for key in keys if key is not None]
