"""Queries that the ORM compiles once in a process; each call fills in its arguments.

The ORM takes longer to compile a deep query than PostgreSQL takes to run it, and does so for each page. ``make bench
ARGS="compiled"`` prints how much time each compiled query saves: compile a query that saves a millisecond, or several
of one page that save as much together (decision 18). A ``@compiled`` function returns a queryset. It is called with
placeholders for its arguments; the resulting statement is cached, and later calls only fill in the arguments:

    @compiled
    def hosts_of(user, engagement):
        return EngagementHost.objects.visible_to(user).filter(engagement=engagement)

    hosts_of(request.user, engagement)  # the rows, as a list

So the function may only pass its arguments to the ORM: it must not compare them, read the clock, or run other queries.
It does get the real values of None, booleans and tuples, and knows if the user is an administrator and if the gate of a
page has read their memberships: each such combination has a statement of its own. In the tests each call is compared
with the statement that the ORM makes of the real arguments (tests/conftest.py): they must be identical.
"""

import datetime as dt
from collections import OrderedDict
from copy import copy
from functools import update_wrapper
from inspect import signature

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import Expression
from psycopg2.extensions import AsIs, adapt

# The parentheses keep the ORM from adding its own around it; both are removed when the statement is cached.
MARK = "(%s/*place*/)"
FIELDS = {
    int: models.BigIntegerField,
    str: models.TextField,
    dt.date: models.DateField,
    dt.datetime: models.DateTimeField,
}
MOST_KEPT = 64
"""How many statements of each query are cached, those used last. Every new tuple adds one, so there must be a limit."""
LISTED = [{int}, {dt.date}]


class Placeholder(Expression):
    """The place of the argument ``name`` in a statement."""

    def __init__(self, name, output_field):
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler, connection):
        """A mark for the SQL, with this placeholder as its parameter."""
        return MARK, [self]

    def get_group_by_cols(self):
        """A constant adds no column to GROUP BY."""
        return []

    def __str__(self):
        raise TypeError(f"The question looks into {self.name}, which it may only pass on.")

    def filled(self, given):
        """The value for this place, from ``given``: {name of an argument: value}."""
        return given[self.name]


class KeyPlaceholder(Placeholder):
    """The place of the key of a row; the row is the argument."""

    @property
    def pk(self):
        """The placeholder itself, since a statement needs only the key of a row."""
        return self

    def filled(self, given):
        return given[self.name].pk


class ListPlaceholder(Placeholder):
    """The place of a list of numbers or days, for ``IN`` or within the brackets of an array."""

    def as_sql(self, compiler, connection):
        """Without parentheses, since the ORM adds those of IN."""
        return "%s", [self]

    def filled(self, given):
        """The items as SQL, with commas. An empty list becomes 0, which is no row's key."""
        return AsIs(", ".join(adapt(one).getquoted().decode() for one in self.listed(given) or [0]))

    def listed(self, given):
        return given[self.name]


class MembershipKeysPlaceholder(ListPlaceholder):
    """The place of the keys of the agreements or parties (``whose``) of the memberships of the user ``name``."""

    def __init__(self, name, whose, roles):
        super().__init__(name, models.BigIntegerField())
        self.whose, self.roles = whose, roles

    def listed(self, given):
        return given[self.name].request_memberships.keys(self.whose, self.roles)


class UserPlaceholder(KeyPlaceholder):
    """Stands in for the user ``name``, with the attributes that ``visible_to`` reads."""

    is_authenticated = True

    def __init__(self, name, is_superuser, is_at_the_gate):
        super().__init__(name, models.BigIntegerField())
        self.is_superuser = is_superuser
        self.request_memberships = MembershipsPlaceholder(name) if is_at_the_gate else None


class MembershipsPlaceholder:
    """Stands in for the memberships of the user ``name``."""

    def __init__(self, name):
        self.name = name

    def keys(self, field, roles):
        """The place of their keys; see ``records.memberships.Memberships.keys``."""
        return MembershipKeysPlaceholder(self.name, field, roles)


def shape_of(value):
    """The properties of an argument that the statement depends on: a tuple. TypeError for an unsupported type."""
    if value is None or isinstance(value, bool | tuple):
        return "real", value
    if hasattr(value, "is_authenticated"):
        return "user", value.is_superuser, getattr(value, "request_memberships", None) is not None
    if isinstance(value, models.Model):
        return ("row",)
    if isinstance(value, list) and {*map(type, value)} in LISTED:
        return "list", type(value[0])
    if type(value) in FIELDS:
        return "value", type(value)
    raise TypeError(f"A compiled query cannot be asked with {value!r}.")


def stand_in(name, shape):
    """The value or placeholder that the function gets for an argument ``name`` of that ``shape``."""
    kind, *rest = shape
    if kind == "real":
        return rest[0]
    if kind == "user":
        return UserPlaceholder(name, *rest)
    if kind == "row":
        return KeyPlaceholder(name, models.BigIntegerField())
    field = FIELDS[rest[0]]()
    return (ListPlaceholder if kind == "list" else Placeholder)(name, field)


class CompiledQuery:
    """The result of ``compiled``; ``ask`` is the decorated function, which returns a queryset."""

    def __init__(self, ask):
        update_wrapper(self, ask)
        self.ask, self.signature = ask, signature(ask)
        self.kept = OrderedDict()

    def __call__(self, *args, **kwargs):
        """Run the query and return its rows as a list."""
        given = self._given(args, kwargs)
        statement = self.statement(given)
        if statement is None:
            return list(self.ask(**given))
        return statement.rows(given)

    def _given(self, args, kwargs):
        bound = self.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        more = next((one.name for one in self.signature.parameters.values() if one.kind is one.VAR_KEYWORD), None)
        return bound.arguments | bound.arguments.pop(more, {})

    def statement(self, given):
        """The ``Statement`` for arguments of these shapes; None for an anonymous user, who sees nothing."""
        if any(getattr(value, "is_anonymous", False) for value in given.values()):
            return None
        shapes = {name: shape_of(value) for name, value in given.items()}
        key = tuple(shapes.values())
        statement = self.kept.pop(key, None)
        if statement is None:
            statement = Statement(self.ask, {name: stand_in(name, shape) for name, shape in shapes.items()})
        self.kept[key] = statement
        while len(self.kept) > MOST_KEPT:
            self.kept.popitem(last=False)
        return statement


compiled = CompiledQuery


class Statement:
    """The SQL of the queryset that ``ask`` returns for ``stand_ins``, and the places to fill in."""

    def __init__(self, ask, stand_ins):
        self.ask, self.queryset = ask, ask(**stand_ins)
        self.compiler = self.queryset.query.get_compiler(using=self.queryset.db)
        try:
            sql, self.places = self.compiler.as_sql()
        except EmptyResultSet:
            sql, self.places = "", []
        self.sql = sql.replace(MARK, "%s")
        # Each run uses the connection of its own thread.
        self.compiler.connection = None

    def params(self, given):
        """The parameters of the statement, from ``given``: {name of an argument: value}."""
        return tuple(one.filled(given) if isinstance(one, Placeholder) else one for one in self.places)

    def rows(self, given):
        """The rows for these arguments. Runs no query where the ORM knows that there are none (``EmptyResultSet``)."""
        if not self.sql:
            return []
        queryset, params = self.queryset.all(), self.params(given)

        def get_compiler(using, **_):
            compiler = copy(self.compiler)
            compiler.connection = connections[using]
            compiler.as_sql = lambda *_, **__: (self.sql, params)
            return compiler

        queryset.query.get_compiler = get_compiler
        return list(queryset)
