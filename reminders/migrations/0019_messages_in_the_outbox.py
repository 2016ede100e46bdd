"""The models of sending are those of the outbox now; their tables were renamed there."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0001_from_reminders"),
        ("reminders", "0018_papers_from_those_who_owe_them"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="delivery",
                    name="message",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="deliveries",
                        to="outbox.message",
                    ),
                ),
                *(
                    migrations.DeleteModel(name=name)
                    for name in ("BadAddress", "Message", "Receipt", "Tally", "Quota", "Heartbeat")
                ),
            ]
        ),
    ]
