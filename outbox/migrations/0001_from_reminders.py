"""Messages, receipts, counts and bad addresses move here from the reminders, with every row that there is."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import records.constraints

TABLES = ["message", "receipt", "tally", "quota", "heartbeat", "badaddress"]


def _rename(tables, old, new):
    """The statements that rename the tables of one app to those of another, with what Django names after them."""
    yield from (f"ALTER TABLE {old}_{table} RENAME TO {new}_{table};" for table in tables)
    yield from (
        f"ALTER SEQUENCE {old}_{table}_id_seq RENAME TO {new}_{table}_id_seq;" for table in ("message", "badaddress")
    )
    yield f"ALTER TABLE {new}_message RENAME CONSTRAINT {old}_message_agreement_key TO {new}_message_agreement_key;"


def _move_content_types(apps, old, new):
    """What permissions point at; in a new database there are none yet."""
    types = apps.get_model("contenttypes", "ContentType").objects
    if not types.filter(app_label=new, model__in=TABLES).exists():
        types.filter(app_label=old, model__in=TABLES).update(app_label=new)


def to_outbox(apps, schema_editor):
    """Forwards."""
    _move_content_types(apps, "reminders", "outbox")


def to_reminders(apps, schema_editor):
    """Backwards."""
    _move_content_types(apps, "outbox", "reminders")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contacts", "0005_names_are_visible"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("partnership", "0007_text_has_a_limit"),
        ("reminders", "0018_papers_from_those_who_owe_them"),
    ]

    operations = [
        migrations.RunSQL(
            "".join(_rename(TABLES, "reminders", "outbox")), "".join(_rename(TABLES, "outbox", "reminders"))
        ),
        migrations.RunPython(to_outbox, to_reminders),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Heartbeat",
                    fields=[
                        ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                        ("note", models.CharField(blank=True, db_default="", max_length=300)),
                    ],
                ),
                migrations.CreateModel(
                    name="Quota",
                    fields=[
                        ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                        ("minute", models.DateTimeField()),
                        ("taken", models.PositiveIntegerField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Receipt",
                    fields=[
                        ("message_id", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("subject", models.CharField(max_length=300)),
                        ("at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Tally",
                    fields=[
                        ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                        ("count", models.BigIntegerField(default=0)),
                    ],
                    options={
                        "verbose_name_plural": "tallies",
                    },
                ),
                migrations.CreateModel(
                    name="BadAddress",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("address", models.CharField(max_length=254)),
                        ("error", models.CharField(max_length=200)),
                        ("noted_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "came_back",
                            models.BooleanField(
                                db_default=False, default=False, verbose_name="the mail was taken, and came back"
                            ),
                        ),
                        (
                            "agreement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="partnership.agreement",
                            ),
                        ),
                        (
                            "person",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="bad_address",
                                to="contacts.person",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "bad addresses",
                        "ordering": ["-noted_at"],
                        "constraints": [
                            records.constraints.SameAgreement(field="person", name="badaddress_person_same_agreement")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Message",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("address", models.EmailField(max_length=254)),
                        ("subject", models.CharField(blank=True, max_length=300)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("claimed", "Being sent"),
                                    ("waiting", "Waiting to be tried again"),
                                    ("sent", "Sent"),
                                    ("failed", "Failed"),
                                    ("bounced", "Bounced"),
                                    ("withdrawn", "No longer needed"),
                                ],
                                default="claimed",
                                max_length=9,
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("retry_at", models.DateTimeField(blank=True, null=True)),
                        ("error", models.TextField(blank=True)),
                        (
                            "is_refused",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="For good, but not for its address.",
                                verbose_name="the mail server refused it",
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("state_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "agreement",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="partnership.agreement",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.RESTRICT,
                                related_name="messages",
                                to="contacts.person",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-created_at", "-id"],
                        "indexes": [
                            models.Index(fields=["-created_at", "-id"], name="message_by_time"),
                            models.Index(
                                condition=models.Q(("state", "claimed")), fields=["state_at"], name="message_claimed"
                            ),
                            models.Index(
                                condition=models.Q(("state", "waiting")), fields=["retry_at"], name="message_waiting"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("agreement", "id"), name="outbox_message_agreement_key"),
                            records.constraints.SameAgreement(field="person", name="message_person_same_agreement"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["claimed", "waiting", "sent", "failed", "bounced", "withdrawn"])
                                ),
                                name="message_state_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "waiting"), _negated=True),
                                    ("retry_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="message_waits_until_then",
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
