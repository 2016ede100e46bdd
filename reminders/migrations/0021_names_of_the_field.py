"""Names that say what they are: nothing that is stored changes."""

import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0020_kinds_declared_once"),
    ]

    operations = [
        migrations.RenameModel("Touched", "ReplanRequest"),
        migrations.AlterModelOptions(name="replanrequest", options={"ordering": ["id"]}),
        migrations.RenameModel("Farewell", "CancellationNotice"),
        migrations.AlterField(
            model_name="cancellationnotice",
            name="delivery",
            field=models.OneToOneField(
                on_delete=models.CASCADE,
                primary_key=True,
                related_name="cancellation_notice",
                serialize=False,
                to="reminders.delivery",
            ),
        ),
        pgtrigger.migrations.RemoveTrigger(model_name="delivery", name="hold_anew"),
        migrations.RemoveIndex(model_name="delivery", name="delivery_told_together"),
        migrations.RenameField(model_name="delivery", old_name="telling", new_name="batch_id"),
        migrations.RenameField(model_name="delivery", old_name="was", new_name="previous"),
        # PostgreSQL renames it in the generated column and the index as well; Django refuses to change the former.
        migrations.RenameField(model_name="delivery", old_name="held_until", new_name="deferred_until"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="delivery",
                    name="goes_at",
                    field=models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Coalesce("deferred_until", "due_at"),
                        output_field=models.DateTimeField(),
                    ),
                ),
                migrations.RemoveIndex(model_name="delivery", name="delivery_held"),
                migrations.AddIndex(
                    model_name="delivery",
                    index=models.Index(
                        condition=models.Q(("deferred_until__isnull", False), ("state", "planned")),
                        fields=["person"],
                        name="delivery_held",
                    ),
                ),
            ]
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("batch_id__isnull", False), ("state", "planned")),
                fields=["batch_id", "person"],
                name="delivery_told_together",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="delivery",
            trigger=pgtrigger.compiler.Trigger(
                name="defer_anew",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.deferred_until IS NOT NULL AND (OLD.due_at, OLD.expires_at) IS DISTINCT FROM (NEW.due_at, NEW.expires_at))",
                    func="NEW.deferred_until := NULL; RETURN NEW;",
                    hash="5d22415e2650793d0fc07e8cadd139efe21199b7",
                    operation='UPDATE OF "due_at", "expires_at"',
                    pgid="pgtrigger_defer_anew_bd95a",
                    table="reminders_delivery",
                    when="BEFORE",
                ),
            ),
        ),
    ]
