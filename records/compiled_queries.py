"""Queries that the ORM compiles once in a process; each call fills in its arguments.

The ORM takes longer to compile a deep query than PostgreSQL to run it, and does so for each page. ``make bench
ARGS="compiled"`` prints what each compiled query saves: compile one where that is a millisecond, or where a page asks
several that save as much together (decision 18). A ``@compiled`` function says in the ORM's words what is asked. It is
called with placeholders for its arguments; the statement that comes of it is kept, and each later call fills the
arguments in:

    @compiled
    def hosts_of(user, engagement):
        return EngagementHost.objects.visible_to(user).filter(engagement=engagement)

    hosts_of(request.user, engagement)  # the rows, as a list

So the function may pass its arguments to the ORM and nothing else: it does not compare them, look at the clock, or ask
anything else. Absent ones (None), truths and tuples, and whether the user is an administrator or came through the gate
of a page are real to it: each such shape is a statement of its own. In the tests each call is held against the
statement that the ORM makes of the arguments themselves (tests/conftest.py): they must be the same, to the letter.
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

# The parentheses keep the ORM from putting some of its own around it; both go when the statement is kept.
MARK = "(%s/*place*/)"
FIELDS = {
    int: models.BigIntegerField,
    str: models.TextField,
    dt.date: models.DateField,
    dt.datetime: models.DateTimeField,
}
MOST_KEPT = 64
"""Statements kept of each query, those used last: tuples are real to it, so there is no end of shapes."""
LISTED = [{int}, {dt.date}]


class Placeholder(Expression):
    """Where the argument ``name`` stands in a statement."""

    def __init__(self, name, output_field):
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler, connection):
        """A mark, and the place itself as what fills it."""
        return MARK, [self]

    def get_group_by_cols(self):
        """A constant groups nothing."""
        return []

    def __str__(self):
        raise TypeError(f"The question looks into {self.name}, which it may only pass on.")

    def filled(self, given):
        """What stands here, of the arguments ``given`` by their names."""
        return given[self.name]


class KeyPlaceholder(Placeholder):
    """Where the key of a row stands that is an argument."""

    @property
    def pk(self):
        """The key is all that a statement needs of a row."""
        return self

    def filled(self, given):
        """The key."""
        return given[self.name].pk


class ListPlaceholder(Placeholder):
    """Where the numbers or days of a list stand, for ``IN`` or within the brackets of an array."""

    def as_sql(self, compiler, connection):
        """The ORM adds the parentheses of IN."""
        return "%s", [self]

    def filled(self, given):
        """Each as it is written. Of no row is the key 0."""
        return AsIs(", ".join(adapt(one).getquoted().decode() for one in self.listed(given) or [0]))

    def listed(self, given):
        """The list."""
        return given[self.name]


class MembershipKeysPlaceholder(ListPlaceholder):
    """Where the keys of the agreements, or parties, of the memberships of the user ``name`` stand."""

    def __init__(self, name, whose, roles):
        super().__init__(name, models.BigIntegerField())
        self.whose, self.roles = whose, roles

    def listed(self, given):
        """The keys."""
        return given[self.name].request_memberships.keys(self.whose, self.roles)


class UserPlaceholder(KeyPlaceholder):
    """Stands in for the user ``name``, as far as ``visible_to`` asks."""

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
        """The place of their keys, see ``records.memberships.Memberships``."""
        return MembershipKeysPlaceholder(self.name, field, roles)


def shape_of(value):
    """What of an argument decides how the statement is made. TypeError for what has no place in one."""
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
    """What the function is called with in the place of an argument of that ``shape``."""
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
    """What ``compiled`` makes of a function; ``ask`` is that function, which gives a queryset."""

    def __init__(self, ask):
        update_wrapper(self, ask)
        self.ask, self.signature = ask, signature(ask)
        self.kept = OrderedDict()

    def __call__(self, *args, **kwargs):
        """Ask, and return the rows: a list of what the queryset of the function holds."""
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
        """The ``Statement`` for arguments of that shape; None for a visitor, who sees nothing."""
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
    """The statement of the queryset that ``ask`` gives for ``stand_ins``."""

    def __init__(self, ask, stand_ins):
        self.ask, self.queryset = ask, ask(**stand_ins)
        self.compiler = self.queryset.query.get_compiler(using=self.queryset.db)
        try:
            sql, self.places = self.compiler.as_sql()
        except EmptyResultSet:
            sql, self.places = "", []
        self.sql = sql.replace(MARK, "%s")
        # Each run has the connection of its own thread.
        self.compiler.connection = None

    def params(self, given):
        """What fills the places of the statement, of the arguments ``given`` by their names."""
        return tuple(one.filled(given) if isinstance(one, Placeholder) else one for one in self.places)

    def rows(self, given):
        """Run it with these arguments. Where the ORM knows that nothing can be found, nothing is asked."""
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
