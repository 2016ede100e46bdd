"""The topics of emails that a person can get. They choose among these, and see no others."""

from django.db.models import Exists, OuterRef, Q, Subquery

from contacts.models import Person
from engagements.models import Action, Participation, Seat
from partnership.models import Membership
from records.roles import Role
from reminders.models import Delivery
from reminders.preferences.topics import TOPICS, topic_of

FOR_ALL = {"meetings", "invitations", "replies", "records"}
"""Topics for everybody who is invited to something."""

OFFERED = [topic for topic in TOPICS if topic.kinds]
"""The topics that have a kind of notification."""


BY_ROLE = {
    Role.VIEWER: {"actions"},
    Role.EDITOR: {"papers", "actions", "lacking"},
    Role.LEAD: {"papers", "actions", "lacking", "progress"},
}
"""Topics that come with a role in the agreement."""

BY_PART = {"has_seat": {"papers"}, "organises": {"papers", "lacking"}, "owns": {"actions"}}
"""Topics that come with a seat on a committee, with organising something, and with owning an action."""


def topics_for(person):
    """Return the topics that a person can get: by their role, their part in things, and their deliveries so far."""
    facts = _facts_of(person)
    names = FOR_ALL | BY_ROLE.get(facts["role"], set())
    names = names.union(*(topics for fact, topics in BY_PART.items() if facts[fact]))
    kinds = Delivery.objects.filter(person=person, state__in=["planned", "claimed", "sent", "bounced"])
    names |= {topic_of(kind).name for kind in kinds.order_by().values_list("kind", flat=True).distinct()}
    return [topic for topic in OFFERED if topic.name in names]


def _facts_of(person):
    me = OuterRef("pk")
    members = Membership.objects.filter(agreement=OuterRef("agreement"), user=OuterRef("user"))
    organised = Participation.objects.filter(person=me, role=Participation.Role.ORGANISER)
    return Person.objects.values(
        role=Subquery(members.values("role")[:1]),
        has_seat=Exists(Seat.objects.filter(Q(holder=me) | Q(deputy=me))),
        organises=Exists(organised),
        owns=Exists(Action.objects.filter(owner_person=me)),
    ).get(pk=person.pk)
