"""Figures: each function asks the database once, and only for what the user may see."""

from django.db.models import Count, Exists, Max, Min, OuterRef, Prefetch, Q, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce, Greatest

from contacts.models import Organisation
from dashboards.period import period_in_view
from engagements.models import Action, Engagement, EngagementHost, EngagementWorkstream, Participation
from engagements.queries import HeadCount
from workstreams.models import Workstream, WorkstreamLead


def current_period(agreement, today):
    """The period that the pages of ``agreement`` count on ``today``; its dates are read once, and kept with it."""
    prefetch_related_objects([agreement], "dates")
    return period_in_view(agreement, today)


def engagements_of(user, agreement):
    """The engagements that count: those under the agreement, without the parties' own public events."""
    return Engagement.objects.visible_to(user).of(agreement).under_agreement()


def held_in(period, engagements):
    """The engagements that the figures of ``period`` count: held, and begun in it."""
    return engagements.held().between(period.first, period.last)


def organisations_reached(engagements, participations):
    """The organisations, besides the parties, that hosted one of ``engagements`` or whose people came to one.

    Of who came, only ``participations`` are looked at.
    """
    came = participations.filter(engagement__in=engagements, attendance="came")
    hosted = EngagementHost.objects.filter(engagement__in=engagements)
    either = Q(pk__in=came.values("organisation")) | Q(pk__in=hosted.values("organisation"))
    return Organisation.objects.filter(either, party=None)


def number_reached(engagements, agreement):
    """How many organisations ``engagements`` reached: a number by kind of organisation.

    A number names nobody, so it counts who came under the Chatham House Rule too, and is the same for everyone.
    """
    rows = organisations_reached(engagements, Participation.objects.of(agreement))
    groups = rows.order_by().values("kind").annotate(number=Count("pk"))
    return {group["kind"]: group["number"] for group in groups}


def organisations_named(engagements, user, agreement):
    """The organisations reached that ``user`` may know by name: ``came_count``, ``hosted_count``, ``last_on``."""
    participations = Participation.objects.visible_to(user).of(agreement)
    theirs = {"engagement__in": engagements, "organisation": OuterRef("pk")}
    came = participations.filter(attendance="came", **theirs)
    hosted = EngagementHost.objects.filter(**theirs)
    return organisations_reached(engagements, participations).annotate(
        came_count=_each(came, Count("engagement", distinct=True), none=0),
        hosted_count=_each(hosted, Count("engagement", distinct=True), none=0),
        last_on=Greatest(_each(came, Max("engagement__starts_on")), _each(hosted, Max("engagement__starts_on"))),
    )


def _each(rows, figure, none=None):
    """``figure`` of the ``rows`` of each organisation."""
    answer = Subquery(rows.order_by().values("organisation").annotate(figure=figure).values("figure"))
    return answer if none is None else Coalesce(answer, none)


def number_of_actions(actions, today):
    """How many ``actions`` are ``open`` and ``overdue``; the ``oldest_due`` day, and ``next_due`` from today on."""
    return actions.open().aggregate(
        open=Count("pk"),
        overdue=Count("pk", filter=Q(due_on__lt=today)),
        oldest_due=Min("due_on"),
        next_due=Min("due_on", filter=Q(due_on__gte=today)),
    )


def coming(engagements, now):
    """What of ``engagements`` is held next, with ``invited_count``, ``replied_count`` and ``host_names``."""
    replied = HeadCount("pk", where="reply <> ''")
    return engagements.coming(now).in_brief().with_head_counts().with_host_names().annotate(replied_count=replied)


def held_last(engagements):
    """Those of ``engagements`` that were held, the newest first, with ``came_count`` and ``streams``."""
    return engagements.held().in_brief().with_head_counts().with_streams().order_by("-starts_on", "-id")


def to_complete(user, agreement, now):
    """Records that lack something: first those of which nobody has said whether they took place; the newest first."""
    rows = Engagement.objects.visible_to(user).of(agreement)
    return rows.lacking(now).in_brief().order_by("-lacks_answer", "-starts_on", "-id")


def workstreams_with_figures(user, agreement, period, today):
    """The workstreams with their leads; ``held_count`` in ``period``, ``coming_count`` from ``today`` on; and of their
    actions ``open_count`` and ``overdue_count``.

    An action is a workstream's own, or one of an engagement of that workstream.
    """
    engagements = engagements_of(user, agreement)
    links = EngagementWorkstream.objects.filter(workstream=OuterRef("pk"))
    to_come = engagements.filter(status__in=["planned", "confirmed"]).between(today, None)
    of_engagement = EngagementWorkstream.objects.filter(
        workstream=OuterRef(OuterRef("pk")), engagement=OuterRef("engagement")
    )
    actions = Action.objects.visible_to(user).of(agreement).filter(Q(workstream=OuterRef("pk")) | Exists(of_engagement))
    leads = Prefetch("leads", WorkstreamLead.objects.select_related("person", "party").order_by("party"))
    return (
        Workstream.objects.visible_to(user)
        .of(agreement)
        .annotate(
            held_count=_number(links.filter(engagement__in=held_in(period, engagements))),
            coming_count=_number(links.filter(engagement__in=to_come)),
            open_count=_number(actions.open()),
            overdue_count=_number(actions.overdue(today)),
        )
        .prefetch_related(leads)
    )


def _number(rows):
    """How many ``rows`` there are, as a subquery."""
    return Coalesce(Subquery(rows.order_by().values("agreement").annotate(number=Count("pk")).values("number")), 0)


def next_by_workstream(engagements, now):
    """The first engagement to come of each workstream: a dict by the workstream's key."""
    links = EngagementWorkstream.objects.filter(engagement__in=engagements.coming(now).order_by())
    first = links.order_by("workstream_id", "engagement__starts_at", "engagement_id").distinct("workstream_id")
    return {link.workstream_id: link.engagement for link in first.select_related("engagement")}
