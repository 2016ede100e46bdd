"""Querysets and database expressions for engagements, series, people, feeds, seats and actions."""

import re
from datetime import timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf

from contacts.queries import FoldedRegex
from partnership.models import Membership
from records.memberships import agreements_of, officers_agreements
from records.querysets import AgreementRows

ENGLISH = "english_unaccent"
"""The text search configuration that knows the forms of English words, and skips the commonest words."""
EVERY_WORD = "simple_unaccent"
"""The configuration that keeps every word: for titles of common words, and for words that are still being typed."""
PAPERS_AHEAD = timedelta(days=110)
"""Longer than the time from the day papers are due to the meeting, with every weekend and bank holiday."""


class WallClock(models.Func):
    """The instant of a day and a time in a time zone. ``midnight`` ("00:00" or "24:00") replaces a missing time."""

    template = "timezone(%(expressions)s)"
    arg_joiner = ", "
    output_field = models.DateTimeField()

    def __init__(self, zone, day, time, midnight="00:00", **extra):
        super().__init__(zone, day, time, midnight=midnight, **extra)

    def as_sql(self, compiler, connection, **extra):
        """timezone(zone, day + COALESCE(time, midnight)): immutable, so fit for a generated column."""
        (zone, zone_params), (day, day_params), (time, time_params) = map(compiler.compile, self.source_expressions)
        midnight = self.extra["midnight"]
        sql = f"timezone({zone}, {day} + COALESCE({time}, TIME '{midnight}'))"
        return sql, [*zone_params, *day_params, *time_params]


class PlainApostrophes(models.Func):
    """``concord_plain_apostrophes(text)``: the text with every kind of apostrophe as the one on the keyboard."""

    function = "concord_plain_apostrophes"
    arity = 1
    output_field = models.TextField()


def with_plain_apostrophes(text):
    """The SQL function ``concord_plain_apostrophes`` in Python."""
    return re.sub("[\u02bc\u02b9\u02bb\ua78c\u055a\u2018\u2019\u201b\u2032\uff07`\u00b4]", "'", text)


class PlainRegex(FoldedRegex):
    """``folded_regex`` for which all kinds of apostrophe are the same."""

    lookup_name = "plain_regex"
    folded = "concord_folded(concord_plain_apostrophes({}))"


class InArray(models.Lookup):
    """``pk__any=array``: the key is in an array, which PostgreSQL reads once before it looks at the rows."""

    lookup_name = "any"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*left_params, *right_params]


models.CharField.register_lookup(PlainRegex)
models.BigAutoField.register_lookup(InArray)


def search_vector(*fields, **options):
    """The search vector of ``fields``, with their words both as ``ENGLISH`` and as ``EVERY_WORD`` reads them."""
    plain = [PlainApostrophes(field) for field in fields]
    return SearchVector(*plain, config=ENGLISH, **options) + SearchVector(*plain, config=EVERY_WORD, **options)


def over_at():
    """When an engagement is over: its end, or its start where a meeting of one day has no end time."""
    last_day = Coalesce("ends_on", "starts_on")
    has_only_a_start = Q(start_time__isnull=False, end_time=None) & (Q(ends_on=None) | Q(ends_on=F("starts_on")))
    return models.Case(
        models.When(has_only_a_start, then=WallClock("time_zone", F("starts_on"), "start_time")),
        default=WallClock("time_zone", last_day, "end_time", midnight="24:00"),
    )


class HeadCount(models.Func):
    """The number of participations of the engagement with a key, limited by ``where`` (SQL, never from a user).

    Written in SQL: the ORM took longer to build such a subquery than PostgreSQL to answer it.
    """

    template = "(SELECT COUNT(*) FROM engagements_participation WHERE engagement_id = %(expressions)s AND %(where)s)"
    output_field = models.IntegerField()

    def __init__(self, key, where="TRUE"):
        super().__init__(key, where=where)


class SeriesPlace(models.Func):
    """An engagement's place in its series: a JSON object with ``number``, ``total``, ``next_on`` and ``next_id``.

    NULL where it has no series. The arguments are the columns of its series, of its day by the rule and of the instant
    it starts. Written in SQL, like ``HeadCount``.
    """

    template = """(SELECT jsonb_build_object(
        'number', count(*) FILTER (WHERE other.series_date <= %(date)s), 'total', count(*),
        'next_on', min(other.starts_on) FILTER (WHERE %(later)s),
        'next_id', (array_agg(other.id ORDER BY other.starts_at) FILTER (WHERE %(later)s))[1])
        FROM engagements_engagement other WHERE other.series_id = %(series)s HAVING count(*) > 0)"""
    output_field = models.JSONField()

    def as_sql(self, compiler, connection, **extra):
        series, date, starts_at = (compiler.compile(column)[0] for column in self.source_expressions)
        later = f"other.starts_at > {starts_at} AND other.status IN ('planned', 'confirmed')"
        return self.template % {"series": series, "date": date, "later": later}, []


def names_open_to(user, engagement=""):
    """The Chatham House Rule, in its one place: the condition that ``user`` may know everybody who was there.

    True of engagements that are not under the Rule, and of all engagements of an agreement in which ``user`` is an
    officer. ``engagement`` is the lookup to the engagement ("engagement__") from rows that have an ``agreement`` too.
    Everybody may know their own participation: callers add that.
    """
    return Q(**{f"{engagement}chatham_house": False}) | Q(agreement__in=officers_agreements(user))


class EngagementQuerySet(AgreementRows):
    def naming_people_to(self, user):
        """Engagements of which ``user`` may know everybody who was there."""
        return self.filter(names_open_to(user))

    def hiding_people_from(self, user):
        """Engagements of which ``user`` may know no more than that they were there themselves."""
        return self.exclude(names_open_to(user))

    def held(self):
        return self.filter(status="held")

    def coming(self, now):
        """Planned and confirmed engagements that have not ended at ``now``, the next first."""
        return self.filter(status__in=["planned", "confirmed"], ends_at__gt=now).order_by("starts_at", "id")

    def awaiting_answer(self, now):
        """Engagements that ended by ``now`` and of which nobody has said whether they took place."""
        return self.filter(status__in=["planned", "confirmed"], ends_at__lte=now)

    def papers_asked(self, first, ahead):
        """Committee meetings from ``first`` to ``ahead``, not cancelled, of committees that set a day for papers.

        For papers due by a day, pass that day plus ``PAPERS_AHEAD`` as ``ahead``; ``papers_due_on`` then says which are
        due.
        """
        rows = self.exclude(status="cancelled").filter(kind="committee", committee__papers_days__isnull=False)
        return rows.between(first, ahead)

    def under_agreement(self):
        """All engagements but the public events of one party, which are not under the agreement."""
        return self.filter(is_public_event=False)

    def between(self, first, last):
        """Engagements that start on a day from ``first`` to ``last``, both included; None leaves that end open."""
        rows = self
        if first:
            rows = rows.filter(starts_on__gte=first)
        if last:
            rows = rows.filter(starts_on__lte=last)
        return rows

    def on_days(self, first, last):
        """Engagements with a day from ``first`` to ``last``, both included, even if they began earlier."""
        began_before = Q(starts_on__lt=first, ends_on__gte=first)
        return self.filter(Q(starts_on__range=(first, last)) | began_before)

    def with_organisation(self, organisation, user):
        """Engagements that the organisation (or its key) hosts or has people at, as far as ``user`` may know."""
        links = self.model.hosts.through.objects.filter(organisation=organisation)
        participations = self.model._meta.get_field("participations").related_model.objects
        theirs = participations.visible_to(user).filter(organisation=organisation)
        # A union: for an OR of two subqueries PostgreSQL would run both for each engagement.
        return self.filter(pk__in=links.order_by().values("engagement").union(theirs.order_by().values("engagement")))

    def in_brief(self):
        """For a list: defer the long texts and the search column, which can outweigh the rest of the page."""
        return self.defer("search", "summary", "outcomes")

    def with_head_counts(self):
        """Add ``came_count`` (named people who came), ``coming_count`` (people who accepted) and ``invited_count``."""
        return self.annotate(
            came_count=HeadCount("pk", where="attendance = 'came'"),
            coming_count=HeadCount("pk", where="reply = 'accepted'"),
            invited_count=HeadCount("pk"),
        )

    def with_preparation(self, user):
        """Add ``has_hosts``, and ``has_papers``: whether it has documents that ``user`` may see."""
        hosts = self.model.hosts.through.objects.filter(engagement=OuterRef("pk"))
        documents = self.model._meta.get_field("documents").related_model.objects.visible_to(user)
        papers = documents.filter(engagement=OuterRef("pk"))
        return self.annotate(has_hosts=Exists(hosts), has_papers=Exists(papers))

    def with_record_state(self, now):
        """Add the booleans ``lacks_answer``, ``lacks_outcomes`` and ``lacks_attendance``.

        The last two are true only of engagements that were held and are not public events.
        """
        participations = self.model._meta.get_field("participations").related_model.objects
        taken = participations.filter(engagement=OuterRef("pk")).exclude(attendance="")
        held = Q(status="held", is_public_event=False)

        def flag(condition):
            return models.ExpressionWrapper(condition, output_field=models.BooleanField())

        return self.annotate(
            lacks_answer=flag(Q(status__in=["planned", "confirmed"], ends_at__lte=now)),
            lacks_outcomes=flag(held & Q(outcomes="")),
            lacks_attendance=flag(held & Q(head_count=None) & ~Exists(taken)),
        )

    def lacking(self, now):
        """Engagements with an incomplete record: one of the flags of ``with_record_state`` is true."""
        lacks = Q(lacks_answer=True) | Q(lacks_outcomes=True) | Q(lacks_attendance=True)
        return self.with_record_state(now).filter(lacks)

    def with_streams(self):
        """Add ``streams``, a list of the workstreams of each: dicts of name, slug and colour."""
        links = self.model.workstreams.through.objects.filter(engagement=OuterRef("pk"))
        stream = JSONObject(name="workstream__name", slug="workstream__slug", colour="workstream__colour")
        ordered = links.order_by("workstream__position", "pk")
        return self.annotate(streams=ArraySubquery(ordered.values(stream=stream)))

    def with_host_names(self):
        """Add ``host_names``, a list of the hosts of each: their short names, or names where they have none."""
        links = self.model.hosts.through.objects.filter(engagement=OuterRef("pk")).order_by("pk")
        name = Coalesce(NullIf("organisation__short_name", Value("")), "organisation__name")
        return self.annotate(host_names=ArraySubquery(links.annotate(host=name).values("host")))


class SeriesQuerySet(AgreementRows):
    def running(self, today):
        """Series that may get further dates: neither stopped nor over, and their agreement has not ended."""
        rows = self.filter(Q(ends_on=None) | Q(ends_on__gte=today), stopped_on=None)
        return rows.exclude(agreement__status="ended")


class ParticipationQuerySet(AgreementRows):
    def visible_to(self, user):
        """Under the Rule, only officers of the agreement and the person concerned see a participation."""
        rows = super().visible_to(user)
        if not user.is_authenticated:
            return rows
        return rows.filter(names_open_to(user, "engagement__") | Q(person__user=user))


class SeriesPersonQuerySet(AgreementRows):
    def visible_to(self, user):
        """Hide people as ``ParticipationQuerySet`` does where the series, or a single date of it, is under the Rule.

        Everybody on the list of a series was invited to that date too.
        """
        rows = super().visible_to(user)
        if not user.is_authenticated:
            return rows
        dates = self.model._meta.get_field("series").related_model._meta.get_field("engagements").related_model
        hidden = dates.objects.filter(series=OuterRef("series")).hiding_people_from(user)
        return rows.filter(names_open_to(user, "series__") & ~Exists(hidden) | Q(person__user=user))


class FeedQuerySet(AgreementRows):
    def visible_to(self, user):
        """Users see their own feeds, administrators all."""
        rows = super().visible_to(user)
        return rows if user.is_superuser else rows.filter(user=user.pk)

    def history_visible_to(self, user):
        """Feeds whose history ``user`` may read: their own, and all feeds of agreements that they lead."""
        led = agreements_of(user, [Membership.Role.LEAD])
        return AgreementRows.visible_to(self, user).filter(Q(user=user.pk) | Q(agreement__in=led))

    def open_ones(self):
        """Feeds that work: not revoked, of an active user who is still in the agreement or an administrator."""
        memberships = Membership.objects.filter(agreement=OuterRef("agreement"), user=OuterRef("user"))
        still_in = Q(user__is_superuser=True) | Q(Exists(memberships))
        return self.filter(still_in, revoked_at=None, user__is_active=True)

    def with_facts(self):
        """Join the related rows; add the agreement's ``version_number``, and ``read_on`` (a day or None)."""
        facts = {"version_number": F("agreement__version__number"), "read_on": F("reading__read_on")}
        return self.select_related("user", "agreement", "committee").annotate(**facts)


class SeatQuerySet(AgreementRows):
    def held_on(self, day):
        """Seats whose term includes ``day``; no first or last day leaves that end open."""
        return self.filter(Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day))


def owner_open_to(user):
    """The condition that ``user`` may know who owns an action: the owner of one from an engagement was there.

    ``from_chatham_house`` marks actions whose engagement under the Rule has been deleted or unlinked since.
    """
    elsewhere = Q(engagement=None, from_chatham_house=False)
    from_open = Q(engagement__isnull=False, from_chatham_house=False) & names_open_to(user, "engagement__")
    return elsewhere | from_open | Q(agreement__in=officers_agreements(user)) | Q(owner_person__user=user)


class ActionQuerySet(AgreementRows):
    def open(self):
        return self.filter(done_on=None)

    def done(self):
        return self.filter(done_on__isnull=False)

    def overdue(self, today):
        """Open actions that were due before ``today``."""
        return self.open().filter(due_on__lt=today)

    def mine(self, user):
        """Actions that ``user`` owns in person."""
        return self.filter(owner_person__user=user)

    def of_party(self, party):
        """Actions owned by the party's organisation or by one of its people."""
        return self.filter(Q(owner_organisation__party=party) | Q(owner_person__organisation__party=party))

    def of_organisation(self, organisation, user):
        """Actions owned by the organisation or by one of its people, as far as ``user`` may know.

        Everybody may know that an owner belongs to a party.
        """
        its_own, of_its_people = Q(owner_organisation=organisation), Q(owner_person__organisation=organisation)
        is_known = owner_open_to(user)
        return self.filter(
            its_own & (is_known | Q(owner_organisation__party__isnull=False))
            | of_its_people & (is_known | Q(owner_person__organisation__party__isnull=False))
        )

    def of_person(self, person, user):
        """Actions that the person owns, as far as ``user`` may know."""
        return self.filter(owner_person=person).naming_owner_to(user)

    def naming_owner_to(self, user):
        """Actions of which ``user`` may know the owner."""
        return self.filter(owner_open_to(user))

    def of_workstream(self, workstream):
        """Actions of the workstream itself, and of its engagements."""
        links = self.model._meta.get_field("engagement").related_model.workstreams.through.objects
        engagements = links.filter(workstream=workstream).values("engagement")
        return self.filter(Q(workstream=workstream) | Q(engagement__in=engagements))

    def with_may_finish(self, user):
        """Add ``may_finish``: whether ``user`` may mark it as done, as officers and the person who owns it may."""
        may = Q(agreement__in=officers_agreements(user)) | Q(owner_person__user=user)
        return self.annotate(
            may_finish=models.Case(models.When(may, then=True), default=False, output_field=models.BooleanField())
        )

    def with_links(self):
        """Join the owner, the engagement and the workstream."""
        return self.select_related("owner_person__organisation", "owner_organisation", "engagement", "workstream")

    def with_owner(self, user):
        """As ``with_links``; add ``may_name_owner``: whether ``user`` may know the owner (``Action.owner_names``)."""
        may = models.Case(
            models.When(owner_open_to(user), then=True), default=False, output_field=models.BooleanField()
        )
        return self.with_links().annotate(may_name_owner=may)
