"""The pages of an organisation and of a person: who they are, what they came to, what they are to do."""

from django.core.paginator import Paginator
from django.db.models import Case, Exists, OuterRef, Q, When
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from contacts.models import Organisation, Person
from contacts.queries import count_of
from dashboards import links
from dashboards.picker import Picker
from engagements.kept import kept
from engagements.models import Action, Engagement, EngagementHost, Participation, Seat
from engagements.words import part_of
from partnership.access import agreement_page
from workstreams.models import WorkstreamLead

ENGAGEMENTS, ACTIONS, PEOPLE = 10, 10, 15
"""How many rows the pages show of each; engagements are paged, the rest stops there and says so."""


@agreement_page
@kept
def organisation(request, pk):
    """An organisation: facts, its people, what it hosted or took part in, its open actions, its seats."""
    agreement, user = request.access.agreement, request.user
    organisations = Organisation.objects.visible_to(user).of(agreement).select_related("party").with_people_count()
    organisation = get_object_or_404(organisations, pk=pk)
    people = Person.objects.visible_to(user).of(agreement).filter(organisation=organisation).present()
    actions = open_actions(request, Q(owner_organisation=organisation) | Q(owner_person__organisation=organisation))
    picker = Picker(request, whole="Any time")
    engagements = engagements_of_organisation(organisation, request)
    page = page_of(engagements.between(*picker.asked.days) if picker.asked else engagements, request)
    context = {
        "organisation": organisation,
        "picker": picker,
        "hosted_link": links.hosted_link(agreement, organisation, picker.asked),
        "page_obj": page,
        "has_hosted": page.has_other_pages() or any(engagement.is_host for engagement in page),
        "people": people.with_times_came(user).order_by("-times_came", "name", "pk")[:PEOPLE],
        "actions": actions[:ACTIONS],
        "more_actions": len(actions) > ACTIONS,
        "seats": seats(request, Q(organisation=organisation) | Q(holder__organisation=organisation)),
        "nav_here": "contacts",
    }
    return render(request, "dashboards/organisation.html", context)


@agreement_page
def person(request, pk):
    """A person: facts, what they came to, their open actions, their seats, what they lead."""
    agreement, user = request.access.agreement, request.user
    people = Person.objects.visible_to(user).of(agreement).select_related("organisation", "bad_address")
    people = people.with_times_came(user)
    person = get_object_or_404(people, pk=pk)
    actions = open_actions(request, Q(owner_person=person))
    page = page_of(participations_of(person, request), request)
    for participation in page:
        has_begun = participation.engagement.starts_at <= timezone.now()
        participation.part = part_of(participation, has_begun=has_begun)
    context = {
        "person": person,
        "page_obj": page,
        "actions": actions[:ACTIONS],
        "more_actions": len(actions) > ACTIONS,
        "seats": seats(request, Q(holder=person) | Q(deputy=person)),
        "leads": WorkstreamLead.objects.visible_to(user).filter(person=person).select_related("workstream", "party"),
        "nav_here": "contacts",
    }
    return render(request, "dashboards/person.html", context)


def page_of(rows, request):
    """The page of ``rows`` that the address asks for."""
    return Paginator(rows, ENGAGEMENTS).get_page(request.GET.get("page"))


def participations_of(person, request):
    """What ``person`` takes or took part in, the newest first: only what the reader may know of."""
    rows = Participation.objects.visible_to(request.user).of(request.access.agreement).filter(person=person)
    return rows.select_related("engagement", "organisation").order_by("-engagement__starts_on", "-engagement_id")


def engagements_of_organisation(organisation, request):
    """What ``organisation`` hosted or had people at, the newest first: only what the reader may know of.

    Each with ``is_host`` and ``came``, how many of its people came.
    """
    agreement = request.access.agreement
    theirs = Participation.objects.visible_to(request.user).of(agreement).filter(organisation=organisation)
    hosted = EngagementHost.objects.filter(organisation=organisation)
    rows = Engagement.objects.visible_to(request.user).of(agreement)
    rows = rows.filter(Q(pk__in=theirs.values("engagement")) | Q(pk__in=hosted.values("engagement")))
    came = count_of(theirs, engagement=OuterRef("pk"), attendance="came")
    is_host = Exists(hosted.filter(engagement=OuterRef("pk")))
    return rows.annotate(is_host=is_host, came=came).order_by("-starts_on", "-id")


def open_actions(request, whose):
    """The open actions of those that ``whose`` (a Q) describes, those due first; one more than is shown."""
    actions = Action.objects.visible_to(request.user).of(request.access.agreement).open().filter(whose)
    return list(actions.with_owner().with_may_finish(request.user)[: ACTIONS + 1])


def seats(request, whose):
    """The seats of those that ``whose`` (a Q) describes: those held today first."""
    today = timezone.localdate()
    is_over = Case(When(ends_on__lt=today, then=1), default=0)
    rows = Seat.objects.visible_to(request.user).of(request.access.agreement).filter(whose)
    return rows.select_related("committee", "organisation", "holder", "deputy").order_by(
        is_over, "committee__name", "pk"
    )
