"""The pages of an organisation and of a person: their facts, engagements and actions."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from contacts.models import Person
from dashboards.pages.organisation import OrganisationBoard
from dashboards.pages.period_picker import PeriodPicker
from dashboards.queries import figures
from engagements.models import Action, Participation
from engagements.presenters.next_change import next_change
from engagements.rules.words import part_of
from pages.access import agreement_page
from pages.conditional import conditional
from workstreams.models import WorkstreamLead

ENGAGEMENTS, ACTIONS = 10, 10
"""How many rows the page of a person shows of each. Engagements are paged; actions end there, with a note."""


@agreement_page
@conditional(next_change)
def organisation(request, pk):
    """An organisation: its figures, past and next engagements, actions, people and seats."""
    picker = PeriodPicker(request, whole="Any time")
    board = OrganisationBoard(request.access, request.user, pk, picker)
    context = {
        "board": board,
        "picker": picker,
        "page_obj": board.page(request.GET.get("page")),
        "nav_here": "contacts",
    }
    return render(request, "dashboards/organisation.html", context)


@agreement_page
def person(request, pk):
    """A person: their facts, engagements, open actions, seats, and the workstreams that they lead."""
    agreement, user = request.access.agreement, request.user
    people = Person.objects.visible_to(user).of(agreement).select_related("organisation", "bad_address")
    people = people.with_times_came(user)
    person = get_object_or_404(people, pk=pk)
    actions = open_actions(person, request)
    page = page_of(participations_of(person, request), request)
    for participation in page:
        has_begun = participation.engagement.starts_at <= timezone.now()
        participation.part = part_of(participation, is_attendance_known=has_begun)
    context = {
        "person": person,
        "page_obj": page,
        "actions": actions[:ACTIONS],
        "more_actions": len(actions) > ACTIONS,
        "seats": figures.seats_of(Q(holder=person) | Q(deputy=person), user, agreement, timezone.localdate()),
        "leads": WorkstreamLead.objects.visible_to(user).filter(person=person).select_related("workstream", "party"),
        "nav_here": "contacts",
    }
    return render(request, "dashboards/person.html", context)


def page_of(rows, request):
    return Paginator(rows, ENGAGEMENTS).get_page(request.GET.get("page"))


def participations_of(person, request):
    """The participations of ``person`` that the reader may see, the newest first."""
    rows = Participation.objects.visible_to(request.user).of(request.access.agreement).filter(person=person)
    return rows.select_related("engagement", "organisation").order_by("-engagement__starts_on", "-engagement_id")


def open_actions(person, request):
    """The open actions of ``person``, as far as the reader may know; those due first, one more than is shown."""
    actions = Action.objects.visible_to(request.user).of(request.access.agreement).open()
    theirs = actions.of_person(person, request.user).with_owner(request.user)
    return list(theirs.with_may_finish(request.user)[: ACTIONS + 1])
