"""The queries of the page of an organisation, most of them compiled once (``records.compiled_queries``).

They cover the engagements that ``organisation`` hosted or its people were at, as far as ``user`` may see them; from
``first`` to ``last``, or at any time where these are None.
"""

from django.db.models import Exists, OuterRef, Q

from contacts.models import Organisation, Person
from contacts.queries import count_of
from dashboards.queries import figures
from dashboards.queries.agreement import ROWS_NEXT
from engagements.models import Action, Engagement, EngagementHost, Participation
from records.compiled_queries import compiled

ENGAGEMENTS, ACTIONS, PEOPLE = 10, 6, 8
"""How many rows the page shows of each. Engagements are paged; the other lists end with a link to the rest."""


def organisation(user, agreement, pk):
    """The organisation with the key ``pk``, in a list, with its party and ``people_count``."""
    rows = Organisation.objects.visible_to(user).of(agreement).select_related("party")
    return list(rows.with_people_count().filter(pk=pk))


@compiled
def numbers(user, agreement, organisation, first, last, today):
    """One row of numbers; see ``figures.numbers_of_organisation``."""
    under = _under(user, agreement, organisation)
    held = under.held().between(first, last)
    # Engagements to which its people came are its own. Filtered by that, PostgreSQL would check each of them again.
    any_held = figures.engagements_of(user, agreement).held().between(first, last)
    came = _participations(user, agreement, organisation).filter(attendance="came", engagement__in=any_held)
    return figures.row_of_organisation(
        agreement,
        held=held.annotate(is_host=_is_host(organisation)),
        coming=figures.to_come(under, today),
        listed=_engagements(user, agreement, organisation).between(first, last),
        actions=_actions(user, agreement, organisation),
        participations=came,
        today=today,
    )


@compiled
def coming(user, agreement, organisation, now):
    """The next engagements that it hosts or is invited to; see ``figures.coming``."""
    return figures.coming(_under(user, agreement, organisation), user, now)[:ROWS_NEXT]


def listed(user, agreement, organisation, first, last):
    """Its engagements, the newest first: each with ``is_host`` and ``came``, how many of its people."""
    theirs = _participations(user, agreement, organisation)
    came = count_of(theirs, engagement=OuterRef("pk"), attendance="came")
    rows = _engagements(user, agreement, organisation).between(first, last).in_brief()
    return rows.annotate(is_host=_is_host(organisation), came=came).order_by("-starts_on", "-id")


@compiled
def first_listed(user, agreement, organisation, first, last):
    """The first page of ``listed``."""
    return listed(user, agreement, organisation, first, last)[:ENGAGEMENTS]


@compiled
def open_actions(user, agreement, organisation):
    """Its open actions and those of its people, those due first."""
    return _actions(user, agreement, organisation).open().with_owner(user).with_may_finish(user)[:ACTIONS]


@compiled
def people(user, agreement, organisation):
    """Its people, the most frequent attenders first."""
    rows = Person.objects.visible_to(user).of(agreement).filter(organisation=organisation).present()
    return rows.with_times_came(user).order_by("-times_came", "name", "pk")[:PEOPLE]


@compiled
def seats(user, agreement, organisation, today):
    """Its seats and those of its people."""
    its_own = Q(organisation=organisation) | Q(holder__organisation=organisation)
    return figures.seats_of(its_own, user, agreement, today)


def _engagements(user, agreement, organisation):
    return Engagement.objects.visible_to(user).of(agreement).with_organisation(organisation, user)


def _under(user, agreement, organisation):
    return figures.engagements_of(user, agreement).with_organisation(organisation, user)


def _actions(user, agreement, organisation):
    return Action.objects.visible_to(user).of(agreement).of_organisation(organisation, user)


def _participations(user, agreement, organisation):
    return Participation.objects.visible_to(user).of(agreement).filter(organisation=organisation)


def _is_host(organisation):
    return Exists(EngagementHost.objects.filter(engagement=OuterRef("pk"), organisation=organisation))
