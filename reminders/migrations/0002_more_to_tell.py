import django.db.models.deletion
import django.utils.timezone
import records.constraints
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0002_evidence_and_met_on"),
        ("contacts", "0001_initial"),
        ("engagements", "0004_found_by_last_day"),
        ("partnership", "0005_dates_can_be_pointed_at"),
        ("reminders", "0001_initial"),
        ("workstreams", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BadAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=254)),
                ("error", models.CharField(max_length=200)),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name_plural": "bad addresses",
                "ordering": ["-noted_at"],
            },
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
            name="Touched",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("engagement", "Engagement"),
                            ("action", "Action"),
                            ("commitment", "Commitment"),
                            ("workstream", "Workstream"),
                            ("date", "Date of an agreement"),
                            ("rule", "Rule"),
                            ("person", "Person"),
                        ],
                        max_length=10,
                    ),
                ),
                ("key", models.BigIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name_plural": "touched",
                "ordering": ["id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="delivery",
            name="delivery_once",
        ),
        migrations.RemoveConstraint(
            model_name="delivery",
            name="delivery_one_subject",
        ),
        migrations.RemoveIndex(
            model_name="delivery",
            name="delivery_skipped",
        ),
        migrations.RemoveIndex(
            model_name="delivery",
            name="delivery_by_engagement",
        ),
        migrations.AddField(
            model_name="delivery",
            name="action",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="deliveries",
                to="engagements.action",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="commitment",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="deliveries",
                to="commitments.commitment",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="date",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="deliveries",
                to="partnership.agreementdate",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="kind",
            field=models.CharField(
                choices=[
                    ("reminder", "Reminder"),
                    ("papers", "Papers are due"),
                    ("reply", "A reply is asked for"),
                    ("unrecorded", "The record is not complete"),
                    ("action_due", "An action is due"),
                    ("date", "A date of the agreement"),
                    ("invitation", "Invitation"),
                    ("moved", "It was moved"),
                    ("cancelled", "It was called off"),
                    ("removed", "No longer invited"),
                    ("action", "A new action"),
                    ("record", "The record"),
                    ("rhythm", "A rhythm is slipping"),
                    ("quiet", "Nothing was held for long"),
                ],
                default="reminder",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="workstream",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="deliveries",
                to="workstreams.workstream",
            ),
        ),
        migrations.AddField(
            model_name="heartbeat",
            name="note",
            field=models.CharField(blank=True, db_default="", max_length=300),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="title",
            field=models.CharField(max_length=300),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=records.constraints.SameAgreement(field="action", name="delivery_action_same_agreement"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=records.constraints.SameAgreement(field="commitment", name="delivery_commitment_same_agreement"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=records.constraints.SameAgreement(field="workstream", name="delivery_workstream_same_agreement"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=records.constraints.SameAgreement(field="date", name="delivery_date_same_agreement"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("engagement__isnull", False)),
                fields=("engagement", "person", "step", "occurrence"),
                name="delivery_once_engagement",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("action__isnull", False)),
                fields=("action", "person", "step", "occurrence"),
                name="delivery_once_action",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("commitment__isnull", False)),
                fields=("commitment", "person", "step", "occurrence"),
                name="delivery_once_commitment",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("workstream__isnull", False)),
                fields=("workstream", "person", "step", "occurrence"),
                name="delivery_once_workstream",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("date__isnull", False)),
                fields=("date", "person", "step", "occurrence"),
                name="delivery_once_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("is_gone", False),
                    (
                        "kind__in",
                        ["invitation", "moved", "cancelled", "removed", "action", "record", "rhythm", "quiet"],
                    ),
                ),
                fields=("engagement", "action", "commitment", "workstream", "date", "person", "kind", "occurrence"),
                name="delivery_once_without_step",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("action__isnull", True),
                        ("commitment__isnull", True),
                        ("date__isnull", True),
                        ("engagement__isnull", False),
                        ("is_gone", False),
                        ("workstream__isnull", True),
                    ),
                    models.Q(
                        ("action__isnull", False),
                        ("commitment__isnull", True),
                        ("date__isnull", True),
                        ("engagement__isnull", True),
                        ("is_gone", False),
                        ("workstream__isnull", True),
                    ),
                    models.Q(
                        ("action__isnull", True),
                        ("commitment__isnull", False),
                        ("date__isnull", True),
                        ("engagement__isnull", True),
                        ("is_gone", False),
                        ("workstream__isnull", True),
                    ),
                    models.Q(
                        ("action__isnull", True),
                        ("commitment__isnull", True),
                        ("date__isnull", True),
                        ("engagement__isnull", True),
                        ("is_gone", False),
                        ("workstream__isnull", False),
                    ),
                    models.Q(
                        ("action__isnull", True),
                        ("commitment__isnull", True),
                        ("date__isnull", False),
                        ("engagement__isnull", True),
                        ("is_gone", False),
                        ("workstream__isnull", True),
                    ),
                    models.Q(
                        ("action__isnull", True),
                        ("commitment__isnull", True),
                        ("date__isnull", True),
                        ("engagement__isnull", True),
                        ("is_gone", True),
                        ("workstream__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="delivery_one_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "reminder",
                            "papers",
                            "reply",
                            "unrecorded",
                            "action_due",
                            "date",
                            "invitation",
                            "moved",
                            "cancelled",
                            "removed",
                            "action",
                            "record",
                            "rhythm",
                            "quiet",
                        ],
                    )
                ),
                name="delivery_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "kind__in",
                            ["invitation", "moved", "cancelled", "removed", "action", "record", "rhythm", "quiet"],
                        ),
                        _negated=True,
                    ),
                    models.Q(("rule", None), ("step", None)),
                    _connector="OR",
                ),
                name="delivery_without_step",
            ),
        ),
        migrations.AddField(
            model_name="badaddress",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="partnership.agreement"
            ),
        ),
        migrations.AddField(
            model_name="badaddress",
            name="person",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="bad_address", to="contacts.person"
            ),
        ),
        migrations.AddConstraint(
            model_name="badaddress",
            constraint=records.constraints.SameAgreement(field="person", name="badaddress_person_same_agreement"),
        ),
    ]
