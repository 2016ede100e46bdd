"""Targets of deliveries: how the rows of one model are found, planned, rechecked and written about."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from string import Template

from django.db.models import Model
from django.urls import reverse

from reminders.models import Delivery, Step
from reminders.notification_types import of_target, type_of
from reminders.planning.database import recheck_rows, run
from reminders.queries import REASONS

_LOCK = Template("SELECT id FROM $table WHERE id = ANY (%(ids)s) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED")
_THERE = Template("SELECT id FROM $table WHERE id = ANY (%(ids)s)")

_RECHECK = Template("""
    SELECT d.id, CASE d.kind $reasons ELSE '$UNKNOWN' END, $facts
    FROM unnest(%(ids)s::bigint[]) taken (id)
    JOIN LATERAL (SELECT * FROM reminders_delivery WHERE id = taken.id OFFSET 0) d ON NOT d.kind = ANY ($planned)
    JOIN LATERAL (SELECT * FROM $table WHERE id = d.${name}_id OFFSET 0) t ON TRUE
    JOIN LATERAL (SELECT * FROM contacts_person WHERE id = d.person_id OFFSET 0) x ON TRUE""")


@dataclass(frozen=True)
class Target:
    """A model that deliveries can be about: the foreign key of ``Delivery`` with this ``name``.

    - ``model``: its rows; ``related``: the relations that emails about them need.
    - ``to_come``: an SQL condition on a row ``t``: may anything still be sent about it?
    - ``concerned_by``: {another thing that can change: a SELECT of the ids of the rows that it affects, by its key
      ``%(key)s``}.
    - ``page``: the name of the URL of its page.
    - ``facts``: SQL for the facts, as JSON, that the email of a one-off type about a row (``t``) needs.
    """

    name: str
    model: type[Model]
    page: str
    to_come: str
    concerned_by: dict[str, str]
    related: tuple[str, ...] = ("agreement",)
    page_key: str = "pk"
    facts: str = "'{}'"

    @property
    def table(self):
        return self.model._meta.db_table

    @property
    def planned(self):
        """The ``ByRules`` of each kind that rules plan about it."""
        return [one.planned[self.name] for one in of_target(self.name) if one.rule]

    @cached_property
    def all_ids(self):
        """A statement for the next ``limit`` ids after ``after`` about which anything may be sent, in order."""
        one = f"SELECT t.id FROM {self.table} t WHERE t.id > %(after)s AND {self.to_come}"
        return f"{one} ORDER BY t.id LIMIT %(limit)s"

    def lock(self, ids):
        """Lock these rows against saving. Returns the ids locked, and those that somebody is saving at this moment."""
        held = [row[0] for row in run(_LOCK.substitute(table=self.table), ids=ids)]
        rest = list(set(ids) - set(held))
        return held, [row[0] for row in run(_THERE.substitute(table=self.table), ids=rest)] if rest else []

    def parameters(self, now, ids):
        """Further parameters that the statements of its kinds need for these rows."""
        return {}

    def plan(self, now, ids, since, *, patient=True) -> Counter:
        """Bring the deliveries of these rows up to date, in the caller's transaction.

        ``since`` says for each when it changed: a step whose time was past by then is planned as skipped. Missing ones
        are added by INSERT ... ON CONFLICT DO NOTHING, open ones are updated. ``patient`` waits for rows that a worker
        holds; a worker itself skips them. Returns how many deliveries came into which state.
        """
        found = self.parameters(now, ids)
        return sum((how.plan(now, ids, since, patient=patient, **found) for how in self.planned), Counter())

    def recheck(self, now, ids):
        """(id, reason, facts) of each of these deliveries, as it is now.

        ``reason`` says why it is not sent, "" where it is; ``facts`` is a dict of plain values that its email needs.
        """
        found = recheck_rows(self._recheck_once, now, ids) if self._one_off else []
        if len(found) == len(ids):
            return found
        about = Delivery.objects.filter(pk__in=ids).order_by().values_list(self.name, flat=True).distinct()
        parameters = self.parameters(now, list(about))
        return [*found, *(row for how in self.planned for row in how.recheck(now, ids, **parameters))]

    @cached_property
    def _one_off(self):
        return [one for one in of_target(self.name) if not one.rule]

    @cached_property
    def _recheck_once(self):
        return _RECHECK.substitute(
            REASONS,
            reasons=cases_of({one.kind: one.reason for one in self._one_off}),
            facts=self.facts,
            planned=array_of(how.kind for how in self.planned),
            table=self.table,
            name=self.name,
        )

    def rows(self, keys):
        """{key: row} for these keys, with the relations that emails about them need."""
        return self.model.objects.filter(pk__in=keys).select_related(*self.related).in_bulk()

    def writer(self, claimed):
        """The ``Writer`` of claimed messages about such rows."""
        return Writer(self, claimed)

    def url(self, slug, delivery):
        """The URL of the page of the row that a delivery is about, in the agreement with this slug."""
        return reverse(self.page, args=[slug, getattr(delivery, f"{self.name}_id")])


class Writer:
    """Writes the emails of claimed messages about one target. It reads what they need from the database up front."""

    def __init__(self, target, claimed):
        self.rows = target.rows({one.target_id for one in claimed})
        self.steps = Step.objects.select_related("rule").in_bulk({one.step_id for one in claimed if one.step_id})

    def write(self, claimed):
        """The ``EmailContent`` that all readers of this kind get; None where there is nothing left to say."""
        one, row, step = type_of(claimed.kind), self.rows.get(claimed.target_id), self.steps.get(claimed.step_id)
        if row is None or (one.rule and step is None):
            return None
        return one.write(row, step, claimed)


def cases_of(reasons):
    """The branches of a CASE by kind, from {kind: SQL for why it is not sent}."""
    cases = " ".join(f"WHEN '{kind}' THEN {reason}" for kind, reason in reasons.items())
    return Template(cases).substitute(REASONS)


def array_of(values):
    """These words as an array in SQL."""
    return "ARRAY[{}]::text[]".format(", ".join(f"'{value}'" for value in values))
