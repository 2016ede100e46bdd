import datetime
import django.db.models.deletion
import django.db.models.functions.comparison
import records.constraints
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0002_evidence_and_met_on"),
        ("contacts", "0001_initial"),
        ("engagements", "0004_found_by_last_day"),
        ("partnership", "0005_dates_can_be_pointed_at"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("reminders", "0005_tallies"),
        ("workstreams", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meetings",
                    models.CharField(
                        choices=[
                            ("on", "On"),
                            ("daily", "Daily"),
                            ("weekly", "Mondays"),
                            ("off", "Off"),
                        ],
                        default="on",
                        help_text="Some days before a meeting that you take part in.",
                        max_length=6,
                        verbose_name="Reminders of meetings",
                    ),
                ),
                (
                    "invitations",
                    models.CharField(
                        choices=[
                            ("on", "On"),
                            ("daily", "Daily"),
                            ("weekly", "Mondays"),
                            ("off", "Off"),
                        ],
                        default="on",
                        help_text="When you are invited, and when that meeting is moved or called off, or your name is taken off it.",
                        max_length=6,
                        verbose_name="Invitations and changes",
                    ),
                ),
                (
                    "replies",
                    models.CharField(
                        choices=[
                            ("on", "On"),
                            ("daily", "Daily"),
                            ("weekly", "Mondays"),
                            ("off", "Off"),
                        ],
                        default="on",
                        help_text="When you have not said whether you come.",
                        max_length=6,
                        verbose_name="Replies that you owe",
                    ),
                ),
                (
                    "papers",
                    models.CharField(
                        choices=[
                            ("on", "On"),
                            ("daily", "Daily"),
                            ("weekly", "Mondays"),
                            ("off", "Off"),
                        ],
                        default="on",
                        help_text="When papers for a meeting are due from you.",
                        max_length=6,
                        verbose_name="Papers",
                    ),
                ),
                (
                    "actions",
                    models.CharField(
                        choices=[
                            ("on", "On"),
                            ("daily", "Daily"),
                            ("weekly", "Mondays"),
                            ("off", "Off"),
                        ],
                        default="on",
                        help_text="When you are given an action, when it is due and when it is overdue.",
                        max_length=6,
                        verbose_name="Your actions",
                    ),
                ),
                (
                    "records",
                    models.CharField(
                        choices=[
                            ("on", "On"),
                            ("daily", "Daily"),
                            ("weekly", "Mondays"),
                            ("off", "Off"),
                        ],
                        default="on",
                        help_text="The record of a meeting that you were at.",
                        max_length=6,
                        verbose_name="Records of meetings",
                    ),
                ),
                (
                    "lacking",
                    models.CharField(
                        choices=[
                            ("on", "On"),
                            ("daily", "Daily"),
                            ("weekly", "Mondays"),
                            ("off", "Off"),
                        ],
                        default="on",
                        help_text="When a record of yours lacks something.",
                        max_length=6,
                        verbose_name="Records to complete",
                    ),
                ),
                (
                    "progress",
                    models.CharField(
                        choices=[
                            ("on", "On"),
                            ("daily", "Daily"),
                            ("weekly", "Mondays"),
                            ("off", "Off"),
                        ],
                        default="on",
                        help_text="When a promise slips, when nothing was held for long, and before the agreement's own dates.",
                        max_length=6,
                        verbose_name="How the agreement goes",
                    ),
                ),
                ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="quiet from")),
                ("quiet_to", models.TimeField(blank=True, null=True, verbose_name="quiet until")),
                ("paused_until", models.DateField(blank=True, null=True, verbose_name="paused until")),
            ],
            options={
                "ordering": ["agreement", "person"],
            },
        ),
        migrations.CreateModel(
            name="PreferenceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "meetings",
                    models.CharField(
                        choices=[
                            ("on", "On"),
                            ("daily", "Daily"),
                            ("weekly", "Mondays"),
                            ("off", "Off"),
                        ],
                        default="on",
                        help_text="Some days before a meeting that you take part in.",
                        max_length=6,
                        verbose_name="Reminders of meetings",
                    ),
                ),
                (
                    "invitations",
                    models.CharField(
                        choices=[
                            ("on", "On"),
                            ("daily", "Daily"),
                            ("weekly", "Mondays"),
                            ("off", "Off"),
                        ],
                        default="on",
                        help_text="When you are invited, and when that meeting is moved or called off, or your name is taken off it.",
                        max_length=6,
                        verbose_name="Invitations and changes",
                    ),
                ),
                (
                    "replies",
                    models.CharField(
                        choices=[
                            ("on", "On"),
                            ("daily", "Daily"),
                            ("weekly", "Mondays"),
                            ("off", "Off"),
                        ],
                        default="on",
                        help_text="When you have not said whether you come.",
                        max_length=6,
                        verbose_name="Replies that you owe",
                    ),
                ),
                (
                    "papers",
                    models.CharField(
                        choices=[
                            ("on", "On"),
                            ("daily", "Daily"),
                            ("weekly", "Mondays"),
                            ("off", "Off"),
                        ],
                        default="on",
                        help_text="When papers for a meeting are due from you.",
                        max_length=6,
                        verbose_name="Papers",
                    ),
                ),
                (
                    "actions",
                    models.CharField(
                        choices=[
                            ("on", "On"),
                            ("daily", "Daily"),
                            ("weekly", "Mondays"),
                            ("off", "Off"),
                        ],
                        default="on",
                        help_text="When you are given an action, when it is due and when it is overdue.",
                        max_length=6,
                        verbose_name="Your actions",
                    ),
                ),
                (
                    "records",
                    models.CharField(
                        choices=[
                            ("on", "On"),
                            ("daily", "Daily"),
                            ("weekly", "Mondays"),
                            ("off", "Off"),
                        ],
                        default="on",
                        help_text="The record of a meeting that you were at.",
                        max_length=6,
                        verbose_name="Records of meetings",
                    ),
                ),
                (
                    "lacking",
                    models.CharField(
                        choices=[
                            ("on", "On"),
                            ("daily", "Daily"),
                            ("weekly", "Mondays"),
                            ("off", "Off"),
                        ],
                        default="on",
                        help_text="When a record of yours lacks something.",
                        max_length=6,
                        verbose_name="Records to complete",
                    ),
                ),
                (
                    "progress",
                    models.CharField(
                        choices=[
                            ("on", "On"),
                            ("daily", "Daily"),
                            ("weekly", "Mondays"),
                            ("off", "Off"),
                        ],
                        default="on",
                        help_text="When a promise slips, when nothing was held for long, and before the agreement's own dates.",
                        max_length=6,
                        verbose_name="How the agreement goes",
                    ),
                ),
                ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="quiet from")),
                ("quiet_to", models.TimeField(blank=True, null=True, verbose_name="quiet until")),
                ("paused_until", models.DateField(blank=True, null=True, verbose_name="paused until")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RemoveIndex(
            model_name="delivery",
            name="delivery_due",
        ),
        migrations.AddField(
            model_name="delivery",
            name="held_until",
            field=models.DateTimeField(blank=True, help_text="Its reader's choices put it off until then.", null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="goes_at",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce("held_until", "due_at"),
                output_field=models.DateTimeField(),
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "planned")), fields=["goes_at", "id"], name="delivery_to_go"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("held_until__isnull", False), ("state", "planned")),
                fields=["person"],
                name="delivery_held",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="delivery",
            trigger=pgtrigger.compiler.Trigger(
                name="hold_anew",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.held_until IS NOT NULL AND (OLD.due_at, OLD.expires_at) IS DISTINCT FROM (NEW.due_at, NEW.expires_at))",
                    func="NEW.held_until := NULL; RETURN NEW;",
                    hash="24da75aba671cb003c3ec186866c8c20568d3a85",
                    operation='UPDATE OF "due_at", "expires_at"',
                    pgid="pgtrigger_hold_anew_a9233",
                    table="reminders_delivery",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="preference",
            name="agreement",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="partnership.agreement",
            ),
        ),
        migrations.AddField(
            model_name="preference",
            name="person",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="preference", to="contacts.person"
            ),
        ),
        migrations.AddField(
            model_name="preferenceevent",
            name="agreement",
            field=models.ForeignKey(
                db_constraint=False,
                editable=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnership.agreement",
            ),
        ),
        migrations.AddField(
            model_name="preferenceevent",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="contacts.person",
            ),
        ),
        migrations.AddField(
            model_name="preferenceevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="preferenceevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="reminders.preference",
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=records.constraints.SameAgreement(field="person", name="preference_person_same_agreement"),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(("meetings__in", ["on", "daily", "weekly", "off"])), name="preference_meetings_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(("invitations__in", ["on", "daily", "weekly", "off"])),
                name="preference_invitations_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(("replies__in", ["on", "daily", "weekly", "off"])), name="preference_replies_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(("papers__in", ["on", "daily", "weekly", "off"])), name="preference_papers_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(("actions__in", ["on", "daily", "weekly", "off"])), name="preference_actions_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(("records__in", ["on", "daily", "weekly", "off"])), name="preference_records_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(("lacking__in", ["on", "daily", "weekly", "off"])), name="preference_lacking_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(("progress__in", ["on", "daily", "weekly", "off"])), name="preference_progress_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quiet_from", None), ("quiet_to", None)),
                    models.Q(
                        ("quiet_from__isnull", False),
                        ("quiet_to__isnull", False),
                        models.Q(("quiet_from", models.F("quiet_to")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="preference_quiet_hours",
                violation_error_message="Quiet hours need two different times: from and until.",
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("paused_until", None),
                    ("paused_until__range", (datetime.date(1990, 1, 1), datetime.date(2100, 12, 31))),
                    _connector="OR",
                ),
                name="preference_pause_within_reach",
                violation_error_message="Give a year from 1990 to 2100.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="preference",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "reminders_preferenceevent" ("actions", "agreement_id", "id", "invitations", "lacking", "meetings", "papers", "paused_until", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "progress", "quiet_from", "quiet_to", "records", "replies") VALUES (NEW."actions", NEW."agreement_id", NEW."id", NEW."invitations", NEW."lacking", NEW."meetings", NEW."papers", NEW."paused_until", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."progress", NEW."quiet_from", NEW."quiet_to", NEW."records", NEW."replies"); RETURN NULL;',
                    hash="9bfc85b43b2335459bcc5e611dae418e894597b5",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_6d3b2",
                    table="reminders_preference",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="preference",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "reminders_preferenceevent" ("actions", "agreement_id", "id", "invitations", "lacking", "meetings", "papers", "paused_until", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "progress", "quiet_from", "quiet_to", "records", "replies") VALUES (NEW."actions", NEW."agreement_id", NEW."id", NEW."invitations", NEW."lacking", NEW."meetings", NEW."papers", NEW."paused_until", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."progress", NEW."quiet_from", NEW."quiet_to", NEW."records", NEW."replies"); RETURN NULL;',
                    hash="f7459e7e9dd14b7301d1b13734fd0481fd13cc16",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2cf15",
                    table="reminders_preference",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="preference",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "reminders_preferenceevent" ("actions", "agreement_id", "id", "invitations", "lacking", "meetings", "papers", "paused_until", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "progress", "quiet_from", "quiet_to", "records", "replies") VALUES (OLD."actions", OLD."agreement_id", OLD."id", OLD."invitations", OLD."lacking", OLD."meetings", OLD."papers", OLD."paused_until", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."progress", OLD."quiet_from", OLD."quiet_to", OLD."records", OLD."replies"); RETURN NULL;',
                    hash="6a1ef5adda629db36c9fb35bc4a63db5d7ae8587",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_98696",
                    table="reminders_preference",
                    when="AFTER",
                ),
            ),
        ),
    ]
