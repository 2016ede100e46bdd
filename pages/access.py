"""Access to the pages of an agreement: the one gate that all their views use."""

from dataclasses import dataclass
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404
from django.views.decorators.http import require_http_methods

from partnership.models import Agreement, Membership, Party
from records.atomic_views import in_one_step
from records.compiled_queries import compiled
from records.memberships import Memberships
from records.roles import Role


@dataclass(frozen=True)
class Access:
    """One user's access to one agreement: the role, and the party (None for a viewer without one)."""

    agreement: Agreement
    role: Role
    party: Party | None
    is_administrator: bool = False
    version: int | None = None
    """The agreement's version, which the gate reads before the page reads any of its rows."""

    def may(self, role):
        """Whether this access reaches at least ``role``."""
        return self.role.rank >= Role(role).rank

    @property
    def can_edit(self):
        """Whether engagements, people and actions may be edited."""
        return self.may(Role.EDITOR)

    @property
    def can_lead(self):
        """Whether commitments may be edited and deliveries seen."""
        return self.may(Role.LEAD)

    @property
    def role_label(self):
        """The role in a word, for the menu."""
        return "Administrator" if self.is_administrator else self.role.label


def access_of(user, slug) -> Access:
    """The access of ``user`` to the agreement with this slug. Http404 without any, as for an unknown agreement."""
    return _enter(user, slug)[0]


def _enter(user, slug):
    """(access, memberships) of ``user`` for the agreement with this slug; Http404 without access."""
    if user.is_superuser:
        # One query, as for a member.
        agreements = Agreement.objects.visible_to(user).filter(slug=slug).exclude(memberships__user=user)
        agreement = agreements.annotate(version_number=F("version__number")).first()
        if agreement:
            return Access(agreement, Role.VIEWER, None, True, agreement.version_number), Memberships()
    memberships = Memberships(_memberships(user))
    membership = next((row for row in memberships if row.agreement.slug == slug), None)
    if membership is None:
        raise Http404("There is no such agreement.")
    access = Access(
        membership.agreement,
        Role(membership.role),
        membership.party,
        user.is_superuser,
        membership.version_number,
    )
    return access, memberships


@compiled
def _memberships(user):
    rows = Membership.objects.filter(user=user).select_related("agreement", "party")
    return rows.annotate(version_number=F("agreement__version__number"))


def agreement_page(view=None, *, may=Role.VIEWER):
    """Make ``view(request, …)`` a page of the agreement in its address, for users whose role reaches ``may``.

    Sets ``request.access``, and the memberships on the user, so that ``visible_to`` does not query them again. Runs in
    one transaction when a form is sent (``in_one_step``). Without a sign-in it redirects to the sign-in page; without
    access to the agreement the answer is 404, with a lesser role 403.
    """

    def gate(view):
        @require_http_methods(["GET", "HEAD", "POST"])
        @login_required
        @wraps(view)
        def page(request, agreement, **kwargs):
            request.access, request.user.request_memberships = _enter(request.user, agreement)
            if not request.access.may(may):
                raise PermissionDenied
            return in_one_step(view)(request, **kwargs)

        return page

    return gate(view) if view else gate
