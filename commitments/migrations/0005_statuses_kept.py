"""The status of each commitment on each day that it changed, and the measures that no longer apply."""

import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import records.constraints
import pgtrigger.compiler
import pgtrigger.migrations
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


# The measures that are there have applied since the agreement took effect, else since the commitment was written down.
# No trigger of the history is on the table here: this is no change that somebody made.
MEASURED_FROM = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE commitments_commitment c SET measured_from = COALESCE(
    (SELECT d."on" FROM partnership_agreementdate d WHERE d.agreement_id = c.agreement_id AND d.kind = 'effective'),
    (c.created_at AT TIME ZONE 'Europe/London')::date);
UPDATE commitments_commitmentevent e SET measured_from = c.measured_from
    FROM commitments_commitment c WHERE c.id = e.pgh_obj_id;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0004_days_within_reach_everywhere"),
        ("partnership", "0006_days_within_reach_everywhere"),
        ("workstreams", "0003_days_within_reach_everywhere"),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="CommitmentStatus",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("met", "Met"),
                            ("on course", "On course"),
                            ("slipping", "Slipping"),
                            ("late", "Late"),
                            ("not measured", "Not measured"),
                        ],
                        max_length=12,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                (
                    "is_reconstructed",
                    models.BooleanField(
                        default=False, help_text="Worked out afterwards, from what the record says now about the day."
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "commitment statuses",
                "ordering": ["commitment", "-day"],
            },
        ),
        migrations.CreateModel(
            name="PastMeasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("applies_from", models.DateField()),
                ("applies_until", models.DateField()),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("rhythm", "A rhythm: so many in a period"),
                            ("due", "Done by a date"),
                            ("narrative", "Told in words"),
                        ],
                        max_length=9,
                    ),
                ),
                ("rhythm_count", models.PositiveSmallIntegerField(null=True)),
                (
                    "rhythm_period",
                    models.CharField(blank=True, choices=[("quarter", "a quarter"), ("year", "a year")], max_length=7),
                ),
                (
                    "rhythm_kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("workshop", "Workshop"),
                                ("roundtable", "Roundtable"),
                                ("webinar", "Webinar"),
                                ("consultation", "Joint consultation"),
                                ("committee", "Committee meeting"),
                                ("policy", "Policy discussion"),
                                ("bilateral", "Bilateral"),
                            ],
                            max_length=12,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("due_on", models.DateField(null=True)),
                ("is_illustrative", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["commitment", "applies_from"],
            },
        ),
        migrations.CreateModel(
            name="StatusCheck",
            fields=[
                (
                    "agreement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="status_check",
                        serialize=False,
                        to="partnership.agreement",
                    ),
                ),
                ("day", models.DateField()),
                ("version", models.BigIntegerField()),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="commitment",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="commitment",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="commitment",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="commitment",
            name="measured_from",
            field=models.DateField(
                default=django.utils.timezone.localdate,
                help_text="What was held before is judged by the measure of its time.",
                validators=[
                    django.core.validators.MinValueValidator(
                        datetime.date(1990, 1, 1), "Give a year from 1990 to 2100."
                    ),
                    django.core.validators.MaxValueValidator(
                        datetime.date(2100, 12, 31), "Give a year from 1990 to 2100."
                    ),
                ],
                verbose_name="measure applies from",
            ),
        ),
        migrations.AddField(
            model_name="commitmentevent",
            name="measured_from",
            field=models.DateField(
                default=django.utils.timezone.localdate,
                help_text="What was held before is judged by the measure of its time.",
                validators=[
                    django.core.validators.MinValueValidator(
                        datetime.date(1990, 1, 1), "Give a year from 1990 to 2100."
                    ),
                    django.core.validators.MaxValueValidator(
                        datetime.date(2100, 12, 31), "Give a year from 1990 to 2100."
                    ),
                ],
                verbose_name="measure applies from",
            ),
        ),
        migrations.RunSQL(MEASURED_FROM, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="commitment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "commitments_commitmentevent" ("agreement_id", "certainty", "clause", "created_at", "due_on", "given_by_id", "given_to_id", "id", "is_illustrative", "measure", "measured_from", "met_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "revision", "rhythm_count", "rhythm_kinds", "rhythm_period", "source", "source_url", "text", "theme", "title") VALUES (NEW."agreement_id", NEW."certainty", NEW."clause", NEW."created_at", NEW."due_on", NEW."given_by_id", NEW."given_to_id", NEW."id", NEW."is_illustrative", NEW."measure", NEW."measured_from", NEW."met_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."revision", NEW."rhythm_count", NEW."rhythm_kinds", NEW."rhythm_period", NEW."source", NEW."source_url", NEW."text", NEW."theme", NEW."title"); RETURN NULL;',
                    hash="2731b4e3a8af961070dc5c168b55f009dd02f93d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_67480",
                    table="commitments_commitment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="commitment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."agreement_id" IS DISTINCT FROM (NEW."agreement_id") OR OLD."certainty" IS DISTINCT FROM (NEW."certainty") OR OLD."clause" IS DISTINCT FROM (NEW."clause") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."given_by_id" IS DISTINCT FROM (NEW."given_by_id") OR OLD."given_to_id" IS DISTINCT FROM (NEW."given_to_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_illustrative" IS DISTINCT FROM (NEW."is_illustrative") OR OLD."measure" IS DISTINCT FROM (NEW."measure") OR OLD."measured_from" IS DISTINCT FROM (NEW."measured_from") OR OLD."met_on" IS DISTINCT FROM (NEW."met_on") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."revision" IS DISTINCT FROM (NEW."revision") OR OLD."rhythm_count" IS DISTINCT FROM (NEW."rhythm_count") OR OLD."rhythm_kinds" IS DISTINCT FROM (NEW."rhythm_kinds") OR OLD."rhythm_period" IS DISTINCT FROM (NEW."rhythm_period") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."source_url" IS DISTINCT FROM (NEW."source_url") OR OLD."text" IS DISTINCT FROM (NEW."text") OR OLD."theme" IS DISTINCT FROM (NEW."theme") OR OLD."title" IS DISTINCT FROM (NEW."title"))',
                    func='INSERT INTO "commitments_commitmentevent" ("agreement_id", "certainty", "clause", "created_at", "due_on", "given_by_id", "given_to_id", "id", "is_illustrative", "measure", "measured_from", "met_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "revision", "rhythm_count", "rhythm_kinds", "rhythm_period", "source", "source_url", "text", "theme", "title") VALUES (NEW."agreement_id", NEW."certainty", NEW."clause", NEW."created_at", NEW."due_on", NEW."given_by_id", NEW."given_to_id", NEW."id", NEW."is_illustrative", NEW."measure", NEW."measured_from", NEW."met_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."revision", NEW."rhythm_count", NEW."rhythm_kinds", NEW."rhythm_period", NEW."source", NEW."source_url", NEW."text", NEW."theme", NEW."title"); RETURN NULL;',
                    hash="f5a926e08a31a24783e90d1dcca27ff694860b80",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_56e76",
                    table="commitments_commitment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="commitment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "commitments_commitmentevent" ("agreement_id", "certainty", "clause", "created_at", "due_on", "given_by_id", "given_to_id", "id", "is_illustrative", "measure", "measured_from", "met_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "revision", "rhythm_count", "rhythm_kinds", "rhythm_period", "source", "source_url", "text", "theme", "title") VALUES (OLD."agreement_id", OLD."certainty", OLD."clause", OLD."created_at", OLD."due_on", OLD."given_by_id", OLD."given_to_id", OLD."id", OLD."is_illustrative", OLD."measure", OLD."measured_from", OLD."met_on", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."revision", OLD."rhythm_count", OLD."rhythm_kinds", OLD."rhythm_period", OLD."source", OLD."source_url", OLD."text", OLD."theme", OLD."title"); RETURN NULL;',
                    hash="037ee32e53a4187a9e0c9c688af4c905f86308a8",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e31be",
                    table="commitments_commitment",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("measured_from", None),
                    ("measured_from__range", (datetime.date(1990, 1, 1), datetime.date(2100, 12, 31))),
                    _connector="OR",
                ),
                name="commitment_measured_from_within_reach",
                violation_error_message="Give a year from 1990 to 2100.",
            ),
        ),
        migrations.AddField(
            model_name="commitmentstatus",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="partnership.agreement"
            ),
        ),
        migrations.AddField(
            model_name="commitmentstatus",
            name="commitment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="statuses", to="commitments.commitment"
            ),
        ),
        migrations.AddField(
            model_name="pastmeasure",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="partnership.agreement"
            ),
        ),
        migrations.AddField(
            model_name="pastmeasure",
            name="commitment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="past_measures", to="commitments.commitment"
            ),
        ),
        migrations.AddIndex(
            model_name="commitmentstatus",
            index=models.Index(fields=["agreement", "commitment", "-day"], name="commitmentstatus_on_a_day"),
        ),
        migrations.AddConstraint(
            model_name="commitmentstatus",
            constraint=records.constraints.SameAgreement(
                field="commitment", name="commitmentstatus_commitment_same_agreement"
            ),
        ),
        migrations.AddConstraint(
            model_name="commitmentstatus",
            constraint=models.UniqueConstraint(fields=("commitment", "day"), name="commitmentstatus_one_a_day"),
        ),
        migrations.AddConstraint(
            model_name="commitmentstatus",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["met", "on course", "slipping", "late", "not measured"])),
                name="commitmentstatus_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="pastmeasure",
            constraint=records.constraints.SameAgreement(
                field="commitment", name="pastmeasure_commitment_same_agreement"
            ),
        ),
        migrations.AddConstraint(
            model_name="pastmeasure",
            constraint=models.CheckConstraint(
                condition=models.Q(("applies_until__gte", models.F("applies_from"))), name="pastmeasure_days_in_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="pastmeasure",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (models.F("commitment"), "="),
                    (
                        models.Func(
                            models.F("applies_from"),
                            models.F("applies_until"),
                            models.Value("[]"),
                            function="daterange",
                        ),
                        "&&",
                    ),
                ],
                name="pastmeasure_one_a_day",
            ),
        ),
    ]
