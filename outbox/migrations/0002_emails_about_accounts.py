from datetime import timedelta

import django.db.models.deletion
from django.db import migrations, models


def queue_unsent(apps, schema_editor):
    """What waited for the mail server goes on waiting here; each was kept for a day."""
    message, queued = apps.get_model("outbox", "Message"), apps.get_model("outbox", "QueuedEmail")
    for row in apps.get_model("accounts", "UnsentEmail").objects.all():
        queued.objects.create(
            message=message.objects.create(
                address=row.email, state="waiting", retry_at=row.retry_at, created_at=row.created_at
            ),
            key=f"{row.template}:{row.email}:{row.pk}",
            writer="accounts.emails.write",
            data={"template": row.template, "to": row.email, "user_id": row.user_id},
            to=row.email,
            expires_at=row.created_at + timedelta(days=1),
        )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_counts_and_unsent_emails"),
        ("contacts", "0005_names_are_visible"),
        ("outbox", "0001_from_reminders"),
        ("partnership", "0007_text_has_a_limit"),
    ]

    operations = [
        migrations.CreateModel(
            name="QueuedEmail",
            fields=[
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="queued",
                        serialize=False,
                        to="outbox.message",
                    ),
                ),
                ("key", models.CharField(max_length=400, unique=True)),
                ("writer", models.CharField(help_text="The dotted name of a function.", max_length=200)),
                ("data", models.JSONField(blank=True, default=dict)),
                (
                    "to",
                    models.EmailField(
                        blank=True, help_text="Empty: the address that its person has when it is sent.", max_length=254
                    ),
                ),
                ("reply_to_name", models.CharField(blank=True, max_length=200)),
                ("reply_to_email", models.EmailField(blank=True, max_length=254)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AlterField(
            model_name="message",
            name="agreement",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="partnership.agreement",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="person",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="messages",
                to="contacts.person",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agreement", None), ("person", None)),
                    models.Q(("agreement__isnull", False), ("person__isnull", False)),
                    _connector="OR",
                ),
                name="message_person_of_an_agreement",
            ),
        ),
        migrations.RunPython(queue_unsent, migrations.RunPython.noop),
    ]
