"""Figures: each function makes at most one query, and only for rows that the user may see."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DateField,
    Exists,
    F,
    FilteredRelation,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, Least, TruncDate, TruncMonth

from commitments.presenters.year_plans import read_dates
from contacts.models import Organisation
from dashboards.periods.presets import calendar_of
from dashboards.queries.engagement_counts import JsonRows, WidthBucket
from engagements.models import Action, Engagement, EngagementHost, EngagementWorkstream, Participation, Seat
from engagements.queries import HeadCount
from partnership.agreement_years import anniversary
from partnership.models import Agreement
from workstreams.models import Workstream, WorkstreamLead


def calendar(agreement, today):
    """The periods that the pages of ``agreement`` can count on ``today``; its dates are read once and cached on it."""
    read_dates(agreement)
    return calendar_of(agreement, today)


def last_committee(engagements, today, years):
    """The day of the last committee meeting held before ``today``, at most ``years`` years ago; else None."""
    held = engagements.held().filter(kind="committee", starts_on__lt=today, starts_on__gte=anniversary(today, -years))
    return held.order_by("-starts_on").values_list("starts_on", flat=True).first()


def engagements_of(user, agreement):
    """The engagements that count: those under the agreement, without the parties' own public events."""
    return Engagement.objects.visible_to(user).of(agreement).under_agreement()


def held_in(period, engagements):
    """The engagements that the figures of ``period`` count: held, and begun in it."""
    return engagements.held().between(period.first, period.last)


def organisations_reached(engagements, participations):
    """The organisations, besides the parties, that hosted one of ``engagements`` or whose people came to one.

    Only attendance in ``participations`` counts.
    """
    came = participations.filter(engagement__in=engagements, attendance="came")
    hosted = EngagementHost.objects.filter(engagement__in=engagements)
    either = Q(pk__in=came.values("organisation")) | Q(pk__in=hosted.values("organisation"))
    return Organisation.objects.filter(either, party=None)


def rows_first_reached(engagements, user):
    """For ``first_days``: the organisations that hosted or, as far as ``user`` may know, came, with their first days.

    The numbers leave out the same organisations as the names, since a number alone would reveal who came: an
    organisation counts once, so it adds nothing to days that also hold a meeting where it is named. A row without an
    organisation says that some are left out.
    """
    came = {"participations__attendance": "came"}
    rows = [
        _first_by_organisation(engagements.naming_people_to(user), "participations", **came),
        _first_by_organisation(engagements, "participations", participations__person__user=user, **came),
        _first_by_organisation(engagements, "host_links", host_links__agreement=F("agreement")),
    ]
    nobody = {"reached": Cast(None, BigIntegerField()), "reached_kind": Value("")}
    hidden = engagements.hiding_people_from(user).order_by().values(**nobody).annotate(first=Min("starts_on"))
    # Without order_by(), Django 6.1 would sort them in the order of the model.
    return rows[0].union(*rows[1:], hidden, all=True).order_by()


def _first_by_organisation(engagements, links, **conditions):
    """The query starts at the engagements: from the links, PostgreSQL would read the engagements of all agreements."""
    conditions |= {f"{links}__organisation__isnull": False, f"{links}__organisation__party": None}
    rows = engagements.filter(**conditions).order_by()
    organisation = {"reached": F(f"{links}__organisation"), "reached_kind": F(f"{links}__organisation__kind")}
    return rows.values(**organisation).annotate(first=Min("starts_on"))


def first_days(rows):
    """A list of (kind, first day), one for each organisation of ``rows_first_reached``."""
    days = {}
    for row in rows:
        if row["reached"] is None:
            continue
        key = row["reached"], row["reached_kind"]
        days[key] = min(row["first"], days.get(key, row["first"]))
    return [(kind, day) for (_, kind), day in days.items()]


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
    """A subquery of ``figure`` over the ``rows`` of one organisation; ``none`` where there are no rows."""
    answer = Subquery(rows.order_by().values("organisation").annotate(figure=figure).values("figure"))
    return answer if none is None else Coalesce(answer, none)


def grouped_actions(actions, agreement, starts, first, today):
    """For ``number_of_actions``: the ``actions`` of ``agreement`` that are open now or were done on ``first`` or later.

    They are grouped by the stretches of days in which they were ``opened`` and ``closed``; these begin on ``starts``.
    """
    is_open = Q(done_on=None)
    opened = Least(TruncDate("created_at"), "held__starts_on", "done_on")
    # Otherwise PostgreSQL looks them up among the engagements of all agreements.
    held = FilteredRelation("engagement", condition=Q(engagement__agreement=agreement))
    rows = actions.filter(is_open | Q(done_on__gte=first)).order_by().annotate(held=held)
    return rows.values(opened=WidthBucket(opened, starts), closed=WidthBucket("done_on", starts)).annotate(
        number=Count("pk"),
        overdue=Count("pk", filter=is_open & Q(due_on__lt=today)),
        oldest_due=Min("due_on", filter=is_open),
        next_due=Min("due_on", filter=is_open & Q(due_on__gte=today)),
    )


def starts_of(period):
    """The first days of the months of ``period``, and the day after it."""
    return [*(month.first for month in period.months), period.last + timedelta(days=1)]


def number_of_actions(groups, period):
    """The numbers of the ``groups`` of ``grouped_actions`` by ``starts_of(period)``, in a dict.

    ``open`` and ``overdue`` are numbers of actions. ``oldest_due`` is the earliest day that an open one is due,
    ``next_due`` the earliest from today on, or None. ``by_month``: how many were open at the end of each month of
    ``period``. An action counts as open from the day of its engagement, or from the day that it was recorded if that
    was earlier, so that late recording makes no peak.
    """
    by_month = [
        sum(
            group["number"]
            for group in groups
            if group["opened"] <= place and (group["closed"] is None or group["closed"] > place)
        )
        for place in range(1, len(period.months) + 1)
    ]
    return {
        "open": sum(group["number"] for group in groups if group["closed"] is None),
        "overdue": sum(group["overdue"] for group in groups),
        "oldest_due": min(filter(None, (group["oldest_due"] for group in groups)), default=None),
        "next_due": min(filter(None, (group["next_due"] for group in groups)), default=None),
        "by_month": by_month,
    }


def coming(engagements, user, now):
    """The next of ``engagements``, with hosts, how many are invited and replied, and data for ``lacking_before``."""
    replied = HeadCount("pk", where="reply <> ''")
    rows = (
        engagements.coming(now)
        .in_brief()
        .select_related("committee")
        .with_head_counts()
        .with_host_names()
        .with_preparation(user)
    )
    return rows.annotate(replied_count=replied)


def held_last(engagements):
    """Those of ``engagements`` that were held, the newest first, with ``came_count`` and ``streams``."""
    return engagements.held().in_brief().with_head_counts().with_streams().order_by("-starts_on", "-id")


def to_complete(user, agreement, now):
    """Incomplete records, the newest first; before all others those of which nobody has said if they took place."""
    rows = Engagement.objects.visible_to(user).of(agreement)
    return rows.lacking(now).in_brief().order_by("-lacks_answer", "-starts_on", "-id")


def workstreams_with_figures(user, agreement, period, today):
    """The workstreams with their leads and four numbers.

    These are ``held_count`` in ``period``, ``coming_count`` from ``today`` on, and ``open_count`` and ``overdue_count``
    of their actions: the workstream's own, and those of its engagements.
    """
    links = EngagementWorkstream.objects.filter(workstream=OuterRef("pk"))
    held = held_in(period, engagements_of(user, agreement))
    of_engagement = EngagementWorkstream.objects.filter(
        workstream=OuterRef(OuterRef("pk")), engagement=OuterRef("engagement")
    )
    actions = Action.objects.visible_to(user).of(agreement).filter(Q(workstream=OuterRef("pk")) | Exists(of_engagement))
    return workstreams_with_coming(user, agreement, today).annotate(
        held_count=_number(links.filter(engagement__in=held)),
        open_count=_number(actions.open()),
        overdue_count=_number(actions.overdue(today)),
    )


def workstreams_with_coming(user, agreement, today):
    """The workstreams with their leads, and ``coming_count``: how many of their engagements are still to come."""
    coming = to_come(engagements_of(user, agreement), today)
    links = EngagementWorkstream.objects.filter(workstream=OuterRef("pk"), engagement__in=coming)
    leads = Prefetch("leads", WorkstreamLead.objects.select_related("person", "party").order_by("party"))
    rows = Workstream.objects.visible_to(user).of(agreement)
    return rows.annotate(coming_count=_number(links)).prefetch_related(leads)


def to_come(engagements, today):
    """Those of ``engagements`` that begin on ``today`` or later, planned or confirmed."""
    return engagements.filter(status__in=["planned", "confirmed"]).between(today, None)


@dataclass(frozen=True)
class NumbersOfOrganisation:
    """Numbers of engagements: ``held`` in all, and ``by_month`` and kind; ``hosted``, ``coming`` and ``listed``.

    Also the day of the ``last`` one held, how many people ``came``, and how many actions are ``open`` and ``overdue``.
    """

    by_month: dict
    held: int
    hosted: int
    last: date | None
    came: int
    coming: int
    listed: int
    open: int
    overdue: int


def row_of_organisation(agreement, *, held, coming, listed, actions, participations, today):
    """For ``numbers_of_organisation``: the counts of these querysets, of one organisation, in one row.

    ``held`` must be annotated with ``is_host``.
    """
    groups = held.order_by().values("kind", "is_host", month=Cast(TruncMonth("starts_on"), DateField()))
    people = participations.order_by().values("agreement").annotate(number=Count("person", distinct=True))
    return Agreement.objects.filter(pk=agreement.pk).values(
        groups=JsonRows(groups.annotate(number=Count("pk"), last=Max("starts_on"))),
        came=Coalesce(Subquery(people.values("number")), 0),
        coming=_number(coming),
        listed=_number(listed),
        open=_number(actions.open()),
        overdue=_number(actions.overdue(today)),
    )


def numbers_of_organisation(row):
    """The ``NumbersOfOrganisation`` of a ``row_of_organisation``."""
    by_month, rows = Counter(), row.pop("groups")
    for group in rows:
        by_month[date.fromisoformat(group["month"]), group["kind"]] += group["number"]
    return NumbersOfOrganisation(
        by_month,
        sum(group["number"] for group in rows),
        sum(group["number"] for group in rows if group["is_host"]),
        max((date.fromisoformat(group["last"]) for group in rows), default=None),
        **row,
    )


def seats_of(whose, user, agreement, today):
    """The seats that match ``whose`` (a Q), with those that are over last."""
    is_over = Case(When(ends_on__lt=today, then=1), default=0)
    rows = Seat.objects.visible_to(user).of(agreement).filter(whose)
    rows = rows.select_related("committee", "organisation", "holder", "deputy")
    return rows.order_by(is_over, "committee__name", "pk")


def _number(rows):
    """How many ``rows`` there are, as a subquery."""
    return Coalesce(Subquery(rows.order_by().values("agreement").annotate(number=Count("pk")).values("number")), 0)


def next_by_workstream(engagements, now):
    """The first engagement to come of each workstream: a dict by the workstream's key."""
    links = EngagementWorkstream.objects.filter(engagement__in=engagements.coming(now).order_by())
    first = links.order_by("workstream_id", "engagement__starts_at", "engagement_id").distinct("workstream_id")
    return {link.workstream_id: link.engagement for link in first.select_related("engagement")}
