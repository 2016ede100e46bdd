"""Words that questions about engagements are made of."""

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
"""The text search configuration that knows the forms of English words, and leaves out the commonest."""
EVERY_WORD = "simple_unaccent"
"""The one that takes every word as it stands: for titles of common words, and for words that are still being typed."""
PAPERS_AHEAD = timedelta(days=110)
"""More days than the papers of a committee can be due before its meeting, with every weekend and bank holiday."""


class WallClock(models.Func):
    """The instant of a day and a time in a zone; ``midnight`` ("00:00" or "24:00") stands for a time not given."""

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
    """A text with each kind of apostrophe as the one on the keyboard: ``concord_plain_apostrophes(text)``."""

    function = "concord_plain_apostrophes"
    arity = 1
    output_field = models.TextField()


def with_plain_apostrophes(text):
    """As the SQL function ``concord_plain_apostrophes``."""
    return re.sub("[\u02bc\u02b9\u02bb\ua78c\u055a\u2018\u2019\u201b\u2032\uff07`\u00b4]", "'", text)


class PlainRegex(FoldedRegex):
    """As ``folded_regex``, with all kinds of apostrophe taken for one."""

    lookup_name = "plain_regex"
    folded = "concord_folded(concord_plain_apostrophes({}))"


class InArray(models.Lookup):
    """``pk__any=array``: the key is in an array, read once before the rows are looked at."""

    lookup_name = "any"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        """key = ANY(array)."""
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*left_params, *right_params]


models.CharField.register_lookup(PlainRegex)
models.BigAutoField.register_lookup(InArray)


def search_vector(*fields, **options):
    """The words of ``fields``: in their English forms, and as they stand."""
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
    """How many take part in the engagement with a key, of those that ``where`` lets through (SQL, never of a user).

    Written out: the ORM took longer to put such a subquery together than PostgreSQL to answer it.
    """

    template = "(SELECT COUNT(*) FROM engagements_participation WHERE engagement_id = %(expressions)s AND %(where)s)"
    output_field = models.IntegerField()

    def __init__(self, key, where="TRUE"):
        super().__init__(key, where=where)


class SeriesPlace(models.Func):
    """Which of its series an engagement is, of how many, and the next one after it: a JSON object, or NULL for none.

    Written out, as ``HeadCount``; it takes the series, the day by its rule and the instant that it starts.
    """

    template = """(SELECT jsonb_build_object(
        'number', count(*) FILTER (WHERE other.series_date <= %(date)s), 'total', count(*),
        'next_on', min(other.starts_on) FILTER (WHERE %(later)s),
        'next_id', (array_agg(other.id ORDER BY other.starts_at) FILTER (WHERE %(later)s))[1])
        FROM engagements_engagement other WHERE other.series_id = %(series)s HAVING count(*) > 0)"""
    output_field = models.JSONField()

    def as_sql(self, compiler, connection, **extra):
        """The subquery with its three columns in their places."""
        series, date, starts_at = (compiler.compile(column)[0] for column in self.source_expressions)
        later = f"other.starts_at > {starts_at} AND other.status IN ('planned', 'confirmed')"
        return self.template % {"series": series, "date": date, "later": later}, []


def names_open_to(user, engagement=""):
    """The Chatham House Rule, in its one place: the engagements of which ``user`` may know everybody who was there.

    Those that are not under the Rule, and all of an agreement that ``user`` is an officer of. ``engagement`` is the
    lookup that leads there ("engagement__"), from rows that carry the agreement too. Of themself everybody knows: that
    the caller adds.
    """
    return Q(**{f"{engagement}chatham_house": False}) | Q(agreement__in=officers_agreements(user))


class EngagementQuerySet(AgreementRows):
    """Questions about engagements."""

    def naming_people_to(self, user):
        """Those of which ``user`` may know everybody who was there."""
        return self.filter(names_open_to(user))

    def hiding_people_from(self, user):
        """The others: of those ``user`` may know no more than that they were there themself."""
        return self.exclude(names_open_to(user))

    def held(self):
        """Those that took place."""
        return self.filter(status="held")

    def coming(self, now):
        """Those not over at ``now``, planned or confirmed, the next first."""
        return self.filter(status__in=["planned", "confirmed"], ends_at__gt=now).order_by("starts_at", "id")

    def awaiting_answer(self, now):
        """Those over at ``now`` of which nobody has said whether they took place."""
        return self.filter(status__in=["planned", "confirmed"], ends_at__lte=now)

    def papers_asked(self, first, ahead):
        """Committee meetings from ``first`` to ``ahead``, not called off, for which papers are asked.

        For papers that are due by a day, look ``PAPERS_AHEAD`` of it: ``papers_due_on`` then says which those are.
        """
        rows = self.exclude(status="cancelled").filter(kind="committee", committee__papers_days__isnull=False)
        return rows.between(first, ahead)

    def under_agreement(self):
        """Without the public events of one party that are not said to be under the agreement."""
        return self.filter(is_public_event=False)

    def between(self, first, last):
        """Those that start on a day from ``first`` to ``last``, both included; None leaves that end open."""
        rows = self
        if first:
            rows = rows.filter(starts_on__gte=first)
        if last:
            rows = rows.filter(starts_on__lte=last)
        return rows

    def on_days(self, first, last):
        """Those that stand on a day from ``first`` to ``last``, both included, also those that began before."""
        began_before = Q(starts_on__lt=first, ends_on__gte=first)
        return self.filter(Q(starts_on__range=(first, last)) | began_before)

    def with_organisation(self, organisation, user):
        """Those that the organisation hosts or has people at, as far as ``user`` may know; a key serves too."""
        links = self.model.hosts.through.objects.filter(organisation=organisation)
        participations = self.model._meta.get_field("participations").related_model.objects
        theirs = participations.visible_to(user).filter(organisation=organisation)
        # A union, since an OR of two subqueries would have PostgreSQL ask both of each engagement.
        return self.filter(pk__in=links.order_by().values("engagement").union(theirs.order_by().values("engagement")))

    def in_brief(self):
        """For a list: without the long texts and what is searched, which may be more than all the rest of a page."""
        return self.defer("search", "summary", "outcomes")

    def with_head_counts(self):
        """Adds ``came_count`` (named people who came), ``coming_count`` (who said so) and ``invited_count``."""
        return self.annotate(
            came_count=HeadCount("pk", where="attendance = 'came'"),
            coming_count=HeadCount("pk", where="reply = 'accepted'"),
            invited_count=HeadCount("pk"),
        )

    def with_preparation(self, user):
        """Adds ``has_hosts``, and ``has_papers``: whether there are documents that ``user`` may see."""
        hosts = self.model.hosts.through.objects.filter(engagement=OuterRef("pk"))
        documents = self.model._meta.get_field("documents").related_model.objects.visible_to(user)
        papers = documents.filter(engagement=OuterRef("pk"))
        return self.annotate(has_hosts=Exists(hosts), has_papers=Exists(papers))

    def with_record_state(self, now):
        """Adds ``lacks_answer`` and, for one that was held, ``lacks_outcomes`` and ``lacks_attendance``: booleans."""
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
        """Those whose record lacks something, see ``with_record_state``."""
        lacks = Q(lacks_answer=True) | Q(lacks_outcomes=True) | Q(lacks_attendance=True)
        return self.with_record_state(now).filter(lacks)

    def with_streams(self):
        """Adds ``streams``, the workstreams of each: dicts of name, slug and colour."""
        links = self.model.workstreams.through.objects.filter(engagement=OuterRef("pk"))
        stream = JSONObject(name="workstream__name", slug="workstream__slug", colour="workstream__colour")
        ordered = links.order_by("workstream__position", "pk")
        return self.annotate(streams=ArraySubquery(ordered.values(stream=stream)))

    def with_host_names(self):
        """Adds ``host_names``, the hosts of each by their short names."""
        links = self.model.hosts.through.objects.filter(engagement=OuterRef("pk")).order_by("pk")
        name = Coalesce(NullIf("organisation__short_name", Value("")), "organisation__name")
        return self.annotate(host_names=ArraySubquery(links.annotate(host=name).values("host")))


class SeriesQuerySet(AgreementRows):
    """Questions about series."""

    def running(self, today):
        """Those of which dates may still be made: neither stopped nor over, nor of an agreement that has ended."""
        rows = self.filter(Q(ends_on=None) | Q(ends_on__gte=today), stopped_on=None)
        return rows.exclude(agreement__status="ended")


class ParticipationQuerySet(AgreementRows):
    """Questions about who takes part."""

    def visible_to(self, user):
        """Under the Rule: only to editors and leads of the agreement, and to the person concerned."""
        rows = super().visible_to(user)
        if not user.is_authenticated:
            return rows
        return rows.filter(names_open_to(user, "engagement__") | Q(person__user=user))


class SeriesPersonQuerySet(AgreementRows):
    """Questions about who is invited to a series."""

    def visible_to(self, user):
        """As with who takes part: where the series, or a single date of it, is under the Rule, not to everybody.

        Whoever is invited to each date was invited to that one too.
        """
        rows = super().visible_to(user)
        if not user.is_authenticated:
            return rows
        dates = self.model._meta.get_field("series").related_model._meta.get_field("engagements").related_model
        hidden = dates.objects.filter(series=OuterRef("series")).hiding_people_from(user)
        return rows.filter(names_open_to(user, "series__") & ~Exists(hidden) | Q(person__user=user))


class FeedQuerySet(AgreementRows):
    """Questions about calendar feeds."""

    def visible_to(self, user):
        """Each their own; an administrator all."""
        rows = super().visible_to(user)
        return rows if user.is_superuser else rows.filter(user=user.pk)

    def history_visible_to(self, user):
        """Those of which ``user`` may know who made and who revoked them: their own; leads all of their agreements."""
        led = agreements_of(user, [Membership.Role.LEAD])
        return AgreementRows.visible_to(self, user).filter(Q(user=user.pk) | Q(agreement__in=led))

    def open_ones(self):
        """Those that open: not revoked, of somebody who may sign in and is still in the agreement."""
        memberships = Membership.objects.filter(agreement=OuterRef("agreement"), user=OuterRef("user"))
        still_in = Q(user__is_superuser=True) | Q(Exists(memberships))
        return self.filter(still_in, revoked_at=None, user__is_active=True)

    def with_facts(self):
        """With user, agreement and committee; adds ``version_number`` of that and ``read_on``, a day or None."""
        facts = {"version_number": F("agreement__version__number"), "read_on": F("reading__read_on")}
        return self.select_related("user", "agreement", "committee").annotate(**facts)


class SeatQuerySet(AgreementRows):
    """Questions about seats."""

    def held_on(self, day):
        """Those that somebody holds on ``day``."""
        return self.filter(Q(starts_on=None) | Q(starts_on__lte=day), Q(ends_on=None) | Q(ends_on__gte=day))


def owner_open_to(user):
    """The actions of which ``user`` may know who owns them: the owner of one from an engagement was there.

    Its engagement may have been deleted since.
    """
    elsewhere = Q(engagement=None, from_chatham_house=False)
    from_open = Q(engagement__isnull=False, from_chatham_house=False) & names_open_to(user, "engagement__")
    return elsewhere | from_open | Q(agreement__in=officers_agreements(user)) | Q(owner_person__user=user)


class ActionQuerySet(AgreementRows):
    """Questions about actions."""

    def open(self):
        """Those not done."""
        return self.filter(done_on=None)

    def done(self):
        """Those done."""
        return self.filter(done_on__isnull=False)

    def overdue(self, today):
        """Those not done whose day is before ``today``."""
        return self.open().filter(due_on__lt=today)

    def mine(self, user):
        """Those that ``user`` owns in person."""
        return self.filter(owner_person__user=user)

    def of_party(self, party):
        """Those owned by the party's organisation or by one of its people."""
        return self.filter(Q(owner_organisation__party=party) | Q(owner_person__organisation__party=party))

    def of_organisation(self, organisation, user):
        """Those owned by the organisation or by one of its people, as far as ``user`` may know.

        That the owner is of a party everybody may know.
        """
        its_own, of_its_people = Q(owner_organisation=organisation), Q(owner_person__organisation=organisation)
        is_known = owner_open_to(user)
        return self.filter(
            its_own & (is_known | Q(owner_organisation__party__isnull=False))
            | of_its_people & (is_known | Q(owner_person__organisation__party__isnull=False))
        )

    def of_person(self, person, user):
        """Those that the person owns, as far as ``user`` may know."""
        return self.filter(owner_person=person).naming_owner_to(user)

    def naming_owner_to(self, user):
        """Those of which ``user`` may know who owns them."""
        return self.filter(owner_open_to(user))

    def of_workstream(self, workstream):
        """Those of the workstream itself, and those of its engagements."""
        links = self.model._meta.get_field("engagement").related_model.workstreams.through.objects
        engagements = links.filter(workstream=workstream).values("engagement")
        return self.filter(Q(workstream=workstream) | Q(engagement__in=engagements))

    def with_may_finish(self, user):
        """Adds ``may_finish``: whether ``user`` may say that it is done, as editors, leads and whoever owns it may."""
        may = Q(agreement__in=officers_agreements(user)) | Q(owner_person__user=user)
        return self.annotate(
            may_finish=models.Case(models.When(may, then=True), default=False, output_field=models.BooleanField())
        )

    def with_links(self):
        """Reads the owner, and where the action comes from, along with it."""
        return self.select_related("owner_person__organisation", "owner_organisation", "engagement", "workstream")

    def with_owner(self, user):
        """As ``with_links``; adds ``may_name_owner``: whether ``user`` may know the owner (``Action.owner_names``)."""
        may = models.Case(
            models.When(owner_open_to(user), then=True), default=False, output_field=models.BooleanField()
        )
        return self.with_links().annotate(may_name_owner=may)
