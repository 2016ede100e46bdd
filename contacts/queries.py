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

    Case and accents are ignored. Characters of ``text`` that are special in regular expressions are escaped.
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
    """A subquery that counts the ``rows`` that the filters ``which`` select, for each row of the outer query.

    One of the filters is an OuterRef.
    """
    outer = next(field for field, value in which.items() if isinstance(value, OuterRef))
    counts = rows.filter(**which).order_by().values(outer).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counts), 0)


def beginning_first(rows, text):
    """Add ``is_other``, to order by: 0 where the name begins with ``text``, else 1."""
    return rows.alias(is_other=Case(When(name__istartswith=text, then=Value(0)), default=Value(1)))


class OrganisationQuerySet(AgreementRows):
    def matching(self, text):
        """Organisations with every word of ``text`` somewhere in their name or short name."""
        rows = self
        for word in text.split():
            rows = rows.filter(Q(name__folded_contains=word) | Q(short_name__folded_contains=word))
        return rows

    def suggested(self, text):
        """Matches for ``text``, those that begin with it first. None for an empty text."""
        return beginning_first(self.matching(text), text).order_by("is_other", "name", "pk") if text else self.none()

    def with_people_count(self):
        """Add ``people_count``: how many people of the address book belong to each, without those who have left."""
        people = self.model._meta.get_field("people").related_model.objects
        return self.annotate(people_count=count_of(people.present(), organisation=OuterRef("pk")))


class PersonQuerySet(AgreementRows):
    def matching(self, text):
        """People with every word of ``text`` in their name, email or organisation. Titles and honours are ignored."""
        rows, organisations = self, self.model._meta.get_field("organisation").related_model.objects
        for word in bare_name(text).split():
            # A subquery, not a join: the organisations are searched once, and not once for each person.
            theirs = Q(organisation__in=organisations.matching(word))
            rows = rows.filter(Q(name__folded_contains=word) | Q(email__folded_contains=word) | theirs)
        return rows

    def present(self):
        """People who have not left."""
        return self.filter(left_on=None)

    def suggested(self, text):
        """Matches for ``text``: those that begin with it first, people who have left last. None for an empty text."""
        if not text:
            return self.none()
        left = models.ExpressionWrapper(Q(left_on__isnull=False), output_field=models.BooleanField())
        return (
            beginning_first(self.matching(text), bare_name(text))
            .alias(has_left=left)
            .order_by("has_left", "is_other", "name", "pk")
        )

    def with_times_came(self, user):
        """Add ``times_came``: how many engagements each person came to, of those that ``user`` may see.

        Use it for a few people. For a page of a long list use ``count_times_came``, which skips the rows before the
        page.
        """
        participations = self.model._meta.get_field("participations").related_model.objects.visible_to(user)
        return self.annotate(times_came=count_of(participations, person=OuterRef("pk"), attendance="came"))

    def for_user(self, user, agreement):
        """The person of ``user`` in ``agreement``, or None (an administrator has no person)."""
        return self.filter(user=user, agreement=agreement).first()


def count_times_came(people, user):
    """Set ``times_came`` on each of ``people``, a list, as ``with_times_came`` does. One query."""
    if not people:
        return
    participations = type(people[0])._meta.get_field("participations").related_model.objects.visible_to(user)
    counts = (
        participations.filter(person__in=people, attendance="came").order_by().values("person").annotate(n=Count("pk"))
    )
    times = {count["person"]: count["n"] for count in counts}
    for person in people:
        person.times_came = times.get(person.pk, 0)
