"""Finding organisations and people by any part of a name."""

from django.db import models
from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from contacts.rules.names import bare_name
from records.querysets import AgreementRows


class Folded(models.Func):
    """A text without case and accents, as the trigram indexes hold it: ``concord_folded(text)``."""

    function = "concord_folded"
    arity = 1
    output_field = models.TextField()


class FoldedContains(models.Lookup):
    """``field__folded_contains="zoe"`` finds Zoë, in any part of the text, by the trigram index."""

    lookup_name = "folded_contains"

    def as_sql(self, compiler, connection):
        """concord_folded(column) LIKE '%' || concord_folded(escaped text) || '%'."""
        left, left_params = self.process_lhs(compiler, connection)
        text = str(self.rhs).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return f"concord_folded({left}) LIKE '%%' || concord_folded(%s) || '%%'", [*left_params, text]


class FoldedRegex(models.Lookup):
    """``field__folded_regex=(before, text, after)``: finds ``text`` between two expressions, by the trigram index.

    Neither case nor accents count; what is special to regular expressions is not so within ``text``.
    """

    lookup_name = "folded_regex"
    prepare_rhs = False
    folded = "concord_folded({})"

    def as_sql(self, compiler, connection):
        """concord_folded(column) ~ (before || escaped concord_folded(text) || after)."""
        left, left_params = self.process_lhs(compiler, connection)
        escaped = rf"regexp_replace({self.folded.format('%s')}, '([^[:alnum:][:space:]])', '\\\1', 'g')"
        return f"{self.folded.format(left)} ~ (%s || {escaped} || %s)", [*left_params, *self.rhs]


for field in (models.CharField, models.TextField, models.EmailField):
    field.register_lookup(FoldedContains)
    field.register_lookup(FoldedRegex)


def count_of(rows, **which):
    """How many of ``rows`` are as ``which`` says, for each row of the query around it; one of them is an OuterRef."""
    outer = next(field for field, value in which.items() if isinstance(value, OuterRef))
    counts = rows.filter(**which).order_by().values(outer).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts), 0)


def beginning_first(rows, text):
    """Adds ``is_other`` to order by: 0 where the name begins with ``text``, else 1."""
    return rows.alias(is_other=Case(When(name__istartswith=text, then=Value(0)), default=Value(1)))


class OrganisationQuerySet(AgreementRows):
    """Questions about organisations."""

    def matching(self, text):
        """Those with every word of ``text`` somewhere in their name or short name."""
        rows = self
        for word in text.split():
            rows = rows.filter(Q(name__folded_contains=word) | Q(short_name__folded_contains=word))
        return rows

    def suggested(self, text):
        """Those matching ``text``, those that begin with it first; none for no text."""
        return beginning_first(self.matching(text), text).order_by("is_other", "name", "pk") if text else self.none()

    def with_people_count(self):
        """Adds ``people_count``: how many people of the address book are there, without those who left."""
        people = self.model._meta.get_field("people").related_model.objects
        return self.annotate(people_count=count_of(people.present(), organisation=OuterRef("pk")))


class PersonQuerySet(AgreementRows):
    """Questions about people."""

    def matching(self, text):
        """Those with every word of ``text``, but for titles and honours, in their name, email or organisation."""
        rows, organisations = self, self.model._meta.get_field("organisation").related_model.objects
        for word in bare_name(text).split():
            # A subquery, not a join: the names of the organisations are looked at once, not once for each person.
            theirs = Q(organisation__in=organisations.matching(word))
            rows = rows.filter(Q(name__folded_contains=word) | Q(email__folded_contains=word) | theirs)
        return rows

    def present(self):
        """Those who have not left."""
        return self.filter(left_on=None)

    def suggested(self, text):
        """Those matching ``text``, those that begin with it first and those who left last; none for no text."""
        if not text:
            return self.none()
        left = models.ExpressionWrapper(Q(left_on__isnull=False), output_field=models.BooleanField())
        return (
            beginning_first(self.matching(text), bare_name(text))
            .alias(has_left=left)
            .order_by("has_left", "is_other", "name", "pk")
        )

    def with_times_came(self, user):
        """Adds ``times_came``: how many engagements each came to, counting those that ``user`` may know of.

        For a few people; for a page of a long list, ``count_times_came`` spares the rows before the page.
        """
        participations = self.model._meta.get_field("participations").related_model.objects.visible_to(user)
        return self.annotate(times_came=count_of(participations, person=OuterRef("pk"), attendance="came"))

    def for_user(self, user, agreement):
        """The person that ``user`` is in ``agreement``, or None (an administrator is nobody's person)."""
        return self.filter(user=user, agreement=agreement).first()


def count_times_came(people, user):
    """Gives each of ``people``, a list, its ``times_came`` as ``with_times_came`` does; one query."""
    if not people:
        return
    participations = type(people[0])._meta.get_field("participations").related_model.objects.visible_to(user)
    counts = (
        participations.filter(person__in=people, attendance="came").order_by().values("person").annotate(n=Count("pk"))
    )
    times = {count["person"]: count["n"] for count in counts}
    for person in people:
        person.times_came = times.get(person.pk, 0)
