"""Constraints by which the database keeps each agreement's rows apart, and its days within reach."""

from functools import reduce
from operator import and_

from django.core.exceptions import ValidationError
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, CheckConstraint, Q, UniqueConstraint

from records.limits import FIRST_DAY, LAST_DAY, OUT_OF_REACH


class SameAgreement(BaseConstraint):
    """A row and the row that its foreign key names belong to the same agreement.

    It is a composite foreign key (agreement_id, <field>_id) -> (agreement_id, id), checked at commit as Django's own
    are. The target's table needs a unique constraint on those two columns: ``agreement_key``. An empty link is allowed.
    """

    default_violation_error_message = "This belongs to another agreement."

    def __init__(self, *, field, name):
        self.field = field
        super().__init__(name=name)

    def constraint_sql(self, model, schema_editor):
        """Add nothing to CREATE TABLE, since the other table may not exist yet; defer the constraint instead."""
        self.create_sql(model, schema_editor)

    def create_sql(self, model, schema_editor):
        """Defer the constraint to the end of the migration, after the target's unique constraint."""
        field = model._meta.get_field(self.field)
        target = field.remote_field.model._meta.db_table
        quote = schema_editor.quote_name
        columns, key = f"{quote('agreement_id')}, {quote(field.column)}", f"{quote('agreement_id')}, {quote('id')}"
        schema_editor.deferred_sql.append(
            Statement(
                "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(columns)s) "
                "REFERENCES %(target)s (%(key)s) DEFERRABLE INITIALLY DEFERRED",
                table=Table(model._meta.db_table, quote),
                name=quote(self.name),
                columns=columns,
                target=Table(target, quote),
                key=key,
            )
        )

    def remove_sql(self, model, schema_editor):
        """Drop the constraint, after running the checks that wait for the commit."""
        return Statement(
            "SET CONSTRAINTS %(name)s IMMEDIATE; ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
        )

    def validate(self, model, instance, exclude=None, using=None):
        """ValidationError on the field where the link leads to another agreement, before the database refuses it."""
        field = model._meta.get_field(self.field)
        if exclude and self.field in exclude:
            return
        key = getattr(instance, field.attname)
        if key is None or instance.agreement_id is None:
            return
        target = field.remote_field.model._base_manager.using(using)
        if not target.filter(pk=key, agreement_id=instance.agreement_id).exists():
            raise ValidationError(
                {self.field: ValidationError(self.get_violation_error_message(), code="other_agreement")}
            )

    def deconstruct(self):
        path, args, kwargs = super().deconstruct()
        kwargs["field"] = self.field
        return path, args, kwargs

    def __eq__(self, other):
        if isinstance(other, SameAgreement):
            return (self.name, self.field) == (other.name, other.field)
        return NotImplemented

    def __hash__(self):
        return hash((self.name, self.field))


def agreement_key(table):
    """The unique constraint (agreement_id, id) that lets other rows of the agreement point at ``table``."""
    return UniqueConstraint(fields=["agreement", "id"], name=f"{table}_agreement_key")


def within_reach(name, *fields):
    """A check that each of ``fields``, which are days, is empty or from ``FIRST_DAY`` to ``LAST_DAY``."""
    conditions = [Q(**{field: None}) | Q(**{f"{field}__range": (FIRST_DAY, LAST_DAY)}) for field in fields]
    return CheckConstraint(name=name, condition=reduce(and_, conditions), violation_error_message=OUT_OF_REACH)
