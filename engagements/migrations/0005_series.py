import datetime
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import engagements.models.engagement
import engagements.models.series
import records.constraints
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0001_initial"),
        ("engagements", "0004_found_by_last_day"),
        ("partnership", "0003_days_within_reach"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("workstreams", "0001_initial"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="engagement",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="engagement",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="engagement",
            name="delete_delete",
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rule",
                    models.CharField(
                        help_text="An RRULE of RFC 5545, such as FREQ=MONTHLY;BYDAY=2TH.",
                        max_length=200,
                        validators=[engagements.models.series.known_rule],
                    ),
                ),
                ("first_day", models.DateField(help_text="From this day on the rule is as it stands here.")),
                (
                    "ends_on",
                    models.DateField(
                        blank=True, help_text="Empty: with no end, or so many times.", null=True, verbose_name="until"
                    ),
                ),
                (
                    "count",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="From the first day on, those left out among them.",
                        null=True,
                        verbose_name="how many times",
                    ),
                ),
                (
                    "on_free_days",
                    models.CharField(
                        choices=[
                            ("keep", "Keep the date"),
                            ("move", "Move it to the next working day"),
                            ("skip", "Leave that one out"),
                        ],
                        default="keep",
                        max_length=4,
                        verbose_name="on bank holidays and weekends",
                    ),
                ),
                (
                    "skipped",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(),
                        blank=True,
                        default=list,
                        editable=False,
                        size=None,
                        verbose_name="dates left out",
                    ),
                ),
                ("stopped_on", models.DateField(blank=True, editable=False, null=True)),
                (
                    "stop_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="why it was stopped"),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
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
                ),
                ("start_time", models.TimeField(blank=True, null=True, verbose_name="from")),
                ("end_time", models.TimeField(blank=True, null=True, verbose_name="to")),
                ("length_days", models.PositiveSmallIntegerField(default=1, verbose_name="days that one lasts")),
                (
                    "time_zone",
                    models.CharField(
                        default=engagements.models.engagement.home_time_zone,
                        max_length=50,
                        validators=[engagements.models.engagement.known_time_zone],
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        blank=True,
                        choices=[("in_person", "In person"), ("online", "Online"), ("hybrid", "Hybrid")],
                        max_length=9,
                        verbose_name="how people meet",
                    ),
                ),
                ("venue", models.CharField(blank=True, max_length=300)),
                (
                    "joining_link",
                    models.URLField(
                        blank=True,
                        max_length=1000,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^https?://\\S+$", "Give a web address that begins with http:// or https://."
                            )
                        ],
                    ),
                ),
                ("summary", models.TextField(blank=True, help_text="What it is about.", max_length=50000)),
                ("chatham_house", models.BooleanField(default=False, verbose_name="under the Chatham House Rule")),
                ("is_public_event", models.BooleanField(default=False, verbose_name="public event of a party")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name_plural": "series",
                "ordering": ["title", "id"],
            },
        ),
        migrations.CreateModel(
            name="SeriesEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "rule",
                    models.CharField(
                        help_text="An RRULE of RFC 5545, such as FREQ=MONTHLY;BYDAY=2TH.",
                        max_length=200,
                        validators=[engagements.models.series.known_rule],
                    ),
                ),
                ("first_day", models.DateField(help_text="From this day on the rule is as it stands here.")),
                (
                    "ends_on",
                    models.DateField(
                        blank=True, help_text="Empty: with no end, or so many times.", null=True, verbose_name="until"
                    ),
                ),
                (
                    "count",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="From the first day on, those left out among them.",
                        null=True,
                        verbose_name="how many times",
                    ),
                ),
                (
                    "on_free_days",
                    models.CharField(
                        choices=[
                            ("keep", "Keep the date"),
                            ("move", "Move it to the next working day"),
                            ("skip", "Leave that one out"),
                        ],
                        default="keep",
                        max_length=4,
                        verbose_name="on bank holidays and weekends",
                    ),
                ),
                (
                    "skipped",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(),
                        blank=True,
                        default=list,
                        editable=False,
                        size=None,
                        verbose_name="dates left out",
                    ),
                ),
                ("stopped_on", models.DateField(blank=True, editable=False, null=True)),
                (
                    "stop_reason",
                    models.CharField(blank=True, editable=False, max_length=300, verbose_name="why it was stopped"),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
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
                ),
                ("start_time", models.TimeField(blank=True, null=True, verbose_name="from")),
                ("end_time", models.TimeField(blank=True, null=True, verbose_name="to")),
                ("length_days", models.PositiveSmallIntegerField(default=1, verbose_name="days that one lasts")),
                (
                    "time_zone",
                    models.CharField(
                        default=engagements.models.engagement.home_time_zone,
                        max_length=50,
                        validators=[engagements.models.engagement.known_time_zone],
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        blank=True,
                        choices=[("in_person", "In person"), ("online", "Online"), ("hybrid", "Hybrid")],
                        max_length=9,
                        verbose_name="how people meet",
                    ),
                ),
                ("venue", models.CharField(blank=True, max_length=300)),
                (
                    "joining_link",
                    models.URLField(
                        blank=True,
                        max_length=1000,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^https?://\\S+$", "Give a web address that begins with http:// or https://."
                            )
                        ],
                    ),
                ),
                ("summary", models.TextField(blank=True, help_text="What it is about.", max_length=50000)),
                ("chatham_house", models.BooleanField(default=False, verbose_name="under the Chatham House Rule")),
                ("is_public_event", models.BooleanField(default=False, verbose_name="public event of a party")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SeriesHost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "ordering": ["series", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SeriesHostEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SeriesPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "ordering": ["series", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SeriesPersonEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SeriesWorkstream",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "ordering": ["series", "id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SeriesWorkstreamEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="engagement",
            name="series_date",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="day by the rule of its series"),
        ),
        migrations.AddField(
            model_name="engagementevent",
            name="series_date",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="day by the rule of its series"),
        ),
        migrations.AddField(
            model_name="series",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="series", to="partnership.agreement"
            ),
        ),
        migrations.AddField(
            model_name="series",
            name="committee",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="series",
                to="engagements.committee",
            ),
        ),
        migrations.AddField(
            model_name="series",
            name="started_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="contacts.person",
            ),
        ),
        migrations.AddField(
            model_name="engagement",
            name="series",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="engagements",
                to="engagements.series",
            ),
        ),
        migrations.AddField(
            model_name="engagementevent",
            name="series",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="engagements.series",
            ),
        ),
        migrations.AddConstraint(
            model_name="engagement",
            constraint=records.constraints.SameAgreement(field="series", name="engagement_series_same_agreement"),
        ),
        migrations.AddConstraint(
            model_name="engagement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("series", None), ("series_date", None)),
                    models.Q(("series__isnull", False), ("series_date__isnull", False)),
                    _connector="OR",
                ),
                name="engagement_series_with_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="engagement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("series__isnull", False)),
                fields=("series", "series_date"),
                name="engagement_occurrence_once",
                violation_error_message="This date of the series is there already.",
            ),
        ),
        migrations.AddField(
            model_name="seriesevent",
            name="agreement",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnership.agreement",
            ),
        ),
        migrations.AddField(
            model_name="seriesevent",
            name="committee",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="engagements.committee",
            ),
        ),
        migrations.AddField(
            model_name="seriesevent",
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
            model_name="seriesevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="engagements.series",
            ),
        ),
        migrations.AddField(
            model_name="seriesevent",
            name="started_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="contacts.person",
            ),
        ),
        migrations.AddField(
            model_name="serieshost",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="partnership.agreement"
            ),
        ),
        migrations.AddField(
            model_name="serieshost",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="contacts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="serieshost",
            name="series",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="host_links", to="engagements.series"
            ),
        ),
        migrations.AddField(
            model_name="series",
            name="hosts",
            field=models.ManyToManyField(
                related_name="+", through="engagements.SeriesHost", to="contacts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="serieshostevent",
            name="agreement",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnership.agreement",
            ),
        ),
        migrations.AddField(
            model_name="serieshostevent",
            name="organisation",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="contacts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="serieshostevent",
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
            model_name="serieshostevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="engagements.serieshost",
            ),
        ),
        migrations.AddField(
            model_name="serieshostevent",
            name="series",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="engagements.series",
            ),
        ),
        migrations.AddField(
            model_name="seriesperson",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="partnership.agreement"
            ),
        ),
        migrations.AddField(
            model_name="seriesperson",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="contacts.person"
            ),
        ),
        migrations.AddField(
            model_name="seriesperson",
            name="series",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="person_links", to="engagements.series"
            ),
        ),
        migrations.AddField(
            model_name="series",
            name="people",
            field=models.ManyToManyField(related_name="+", through="engagements.SeriesPerson", to="contacts.person"),
        ),
        migrations.AddField(
            model_name="seriespersonevent",
            name="agreement",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnership.agreement",
            ),
        ),
        migrations.AddField(
            model_name="seriespersonevent",
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
            model_name="seriespersonevent",
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
            model_name="seriespersonevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="engagements.seriesperson",
            ),
        ),
        migrations.AddField(
            model_name="seriespersonevent",
            name="series",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="engagements.series",
            ),
        ),
        migrations.AddField(
            model_name="seriesworkstream",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="partnership.agreement"
            ),
        ),
        migrations.AddField(
            model_name="seriesworkstream",
            name="series",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="workstream_links", to="engagements.series"
            ),
        ),
        migrations.AddField(
            model_name="seriesworkstream",
            name="workstream",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="workstreams.workstream"
            ),
        ),
        migrations.AddField(
            model_name="series",
            name="workstreams",
            field=models.ManyToManyField(
                related_name="+", through="engagements.SeriesWorkstream", to="workstreams.workstream"
            ),
        ),
        migrations.AddField(
            model_name="seriesworkstreamevent",
            name="agreement",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="partnership.agreement",
            ),
        ),
        migrations.AddField(
            model_name="seriesworkstreamevent",
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
            model_name="seriesworkstreamevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="engagements.seriesworkstream",
            ),
        ),
        migrations.AddField(
            model_name="seriesworkstreamevent",
            name="series",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="engagements.series",
            ),
        ),
        migrations.AddField(
            model_name="seriesworkstreamevent",
            name="workstream",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="workstreams.workstream",
            ),
        ),
        migrations.AddConstraint(
            model_name="serieshost",
            constraint=records.constraints.SameAgreement(field="series", name="serieshost_series_same_agreement"),
        ),
        migrations.AddConstraint(
            model_name="serieshost",
            constraint=records.constraints.SameAgreement(
                field="organisation", name="serieshost_organisation_same_agreement"
            ),
        ),
        migrations.AddConstraint(
            model_name="serieshost",
            constraint=models.UniqueConstraint(fields=("series", "organisation"), name="serieshost_once"),
        ),
        migrations.AddConstraint(
            model_name="seriesperson",
            constraint=records.constraints.SameAgreement(field="series", name="seriesperson_series_same_agreement"),
        ),
        migrations.AddConstraint(
            model_name="seriesperson",
            constraint=records.constraints.SameAgreement(field="person", name="seriesperson_person_same_agreement"),
        ),
        migrations.AddConstraint(
            model_name="seriesperson",
            constraint=models.UniqueConstraint(fields=("series", "person"), name="seriesperson_once"),
        ),
        migrations.AddConstraint(
            model_name="seriesworkstream",
            constraint=records.constraints.SameAgreement(field="series", name="seriesworkstream_series_same_agreement"),
        ),
        migrations.AddConstraint(
            model_name="seriesworkstream",
            constraint=records.constraints.SameAgreement(
                field="workstream", name="seriesworkstream_workstream_same_agreement"
            ),
        ),
        migrations.AddConstraint(
            model_name="seriesworkstream",
            constraint=models.UniqueConstraint(fields=("series", "workstream"), name="seriesworkstream_once"),
        ),
        migrations.AddIndex(
            model_name="series",
            index=models.Index(fields=["agreement", "title"], name="series_by_title"),
        ),
        migrations.AddIndex(
            model_name="series",
            index=models.Index(
                condition=models.Q(("committee__isnull", False)), fields=["committee"], name="series_by_committee"
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.UniqueConstraint(fields=("agreement", "id"), name="engagements_series_agreement_key"),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=records.constraints.SameAgreement(field="committee", name="series_committee_same_agreement"),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=records.constraints.SameAgreement(field="started_by", name="series_started_by_same_agreement"),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["workshop", "roundtable", "webinar", "consultation", "committee", "policy", "bilateral"],
                    )
                ),
                name="series_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["", "in_person", "online", "hybrid"])), name="series_mode_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(("on_free_days__in", ["keep", "move", "skip"])), name="series_free_days_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("title", ""), _negated=True), models.Q(("rule", ""), _negated=True)),
                name="series_has_title_and_rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("first_day__range", (datetime.date(1990, 1, 1), datetime.date(2100, 12, 31))),
                    models.Q(
                        ("ends_on", None),
                        ("ends_on__range", (datetime.date(1990, 1, 1), datetime.date(2100, 12, 31))),
                        _connector="OR",
                    ),
                ),
                name="series_within_reach",
                violation_error_message="Give a year from 1990 to 2100.",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("first_day")), _connector="OR"),
                name="series_ends_after_first_day",
                violation_error_message="The last day is before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on", None), ("count", None), _connector="OR"),
                name="series_one_end",
                violation_error_message="Give either a last day or how many times, not both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(("count", None), ("count__range", (1, 500)), _connector="OR"),
                name="series_count_within_reach",
                violation_error_message="Give a number from 1 to 500.",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(("length_days__range", (1, 31))),
                name="series_length_within_reach",
                violation_error_message="Give a number of days from 1 to 31.",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(("end_time", None), ("start_time__isnull", False), _connector="OR"),
                name="series_end_time_needs_start",
                violation_error_message="Give the time it starts as well as the time it ends.",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("end_time", None),
                    ("length_days__gt", 1),
                    ("end_time__gt", models.F("start_time")),
                    _connector="OR",
                ),
                name="series_ends_after_start",
                violation_error_message="It ends before it starts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(("joining_link", ""), ("joining_link__regex", "^https?://"), _connector="OR"),
                name="series_links_are_web_addresses",
                violation_error_message="A link must begin with http:// or https://.",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(("committee", None), ("kind", "committee"), _connector="OR"),
                name="series_committee_only_for_its_meetings",
                violation_error_message="Only a committee meeting has a committee.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="engagement",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "engagements_engagementevent" ("agreement_id", "cancel_reason", "chatham_house", "committee_id", "created_at", "end_time", "ends_on", "head_count", "id", "is_public_event", "joining_link", "kind", "logged_by_id", "mode", "occurrence", "outcomes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "sequence", "series_date", "series_id", "source_url", "start_time", "starts_on", "status", "summary", "time_zone", "title", "uid", "updated_at", "updated_by_id", "venue") VALUES (NEW."agreement_id", NEW."cancel_reason", NEW."chatham_house", NEW."committee_id", NEW."created_at", NEW."end_time", NEW."ends_on", NEW."head_count", NEW."id", NEW."is_public_event", NEW."joining_link", NEW."kind", NEW."logged_by_id", NEW."mode", NEW."occurrence", NEW."outcomes", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."revision", NEW."sequence", NEW."series_date", NEW."series_id", NEW."source_url", NEW."start_time", NEW."starts_on", NEW."status", NEW."summary", NEW."time_zone", NEW."title", NEW."uid", NEW."updated_at", NEW."updated_by_id", NEW."venue"); RETURN NULL;',
                    hash="246db62866cb291d7c831bdf84cc2adf293309b2",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_3af5c",
                    table="engagements_engagement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="engagement",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."agreement_id" IS DISTINCT FROM (NEW."agreement_id") OR OLD."cancel_reason" IS DISTINCT FROM (NEW."cancel_reason") OR OLD."chatham_house" IS DISTINCT FROM (NEW."chatham_house") OR OLD."committee_id" IS DISTINCT FROM (NEW."committee_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."end_time" IS DISTINCT FROM (NEW."end_time") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."head_count" IS DISTINCT FROM (NEW."head_count") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_public_event" IS DISTINCT FROM (NEW."is_public_event") OR OLD."joining_link" IS DISTINCT FROM (NEW."joining_link") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."logged_by_id" IS DISTINCT FROM (NEW."logged_by_id") OR OLD."mode" IS DISTINCT FROM (NEW."mode") OR OLD."occurrence" IS DISTINCT FROM (NEW."occurrence") OR OLD."outcomes" IS DISTINCT FROM (NEW."outcomes") OR OLD."revision" IS DISTINCT FROM (NEW."revision") OR OLD."sequence" IS DISTINCT FROM (NEW."sequence") OR OLD."series_id" IS DISTINCT FROM (NEW."series_id") OR OLD."series_date" IS DISTINCT FROM (NEW."series_date") OR OLD."source_url" IS DISTINCT FROM (NEW."source_url") OR OLD."start_time" IS DISTINCT FROM (NEW."start_time") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."time_zone" IS DISTINCT FROM (NEW."time_zone") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."uid" IS DISTINCT FROM (NEW."uid") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."updated_by_id" IS DISTINCT FROM (NEW."updated_by_id") OR OLD."venue" IS DISTINCT FROM (NEW."venue"))',
                    func='INSERT INTO "engagements_engagementevent" ("agreement_id", "cancel_reason", "chatham_house", "committee_id", "created_at", "end_time", "ends_on", "head_count", "id", "is_public_event", "joining_link", "kind", "logged_by_id", "mode", "occurrence", "outcomes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "sequence", "series_date", "series_id", "source_url", "start_time", "starts_on", "status", "summary", "time_zone", "title", "uid", "updated_at", "updated_by_id", "venue") VALUES (NEW."agreement_id", NEW."cancel_reason", NEW."chatham_house", NEW."committee_id", NEW."created_at", NEW."end_time", NEW."ends_on", NEW."head_count", NEW."id", NEW."is_public_event", NEW."joining_link", NEW."kind", NEW."logged_by_id", NEW."mode", NEW."occurrence", NEW."outcomes", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."revision", NEW."sequence", NEW."series_date", NEW."series_id", NEW."source_url", NEW."start_time", NEW."starts_on", NEW."status", NEW."summary", NEW."time_zone", NEW."title", NEW."uid", NEW."updated_at", NEW."updated_by_id", NEW."venue"); RETURN NULL;',
                    hash="c5a7e911e2f5bc4fe1d49119054be3cfd8fa5411",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_51ae7",
                    table="engagements_engagement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="engagement",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "engagements_engagementevent" ("agreement_id", "cancel_reason", "chatham_house", "committee_id", "created_at", "end_time", "ends_on", "head_count", "id", "is_public_event", "joining_link", "kind", "logged_by_id", "mode", "occurrence", "outcomes", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "sequence", "series_date", "series_id", "source_url", "start_time", "starts_on", "status", "summary", "time_zone", "title", "uid", "updated_at", "updated_by_id", "venue") VALUES (OLD."agreement_id", OLD."cancel_reason", OLD."chatham_house", OLD."committee_id", OLD."created_at", OLD."end_time", OLD."ends_on", OLD."head_count", OLD."id", OLD."is_public_event", OLD."joining_link", OLD."kind", OLD."logged_by_id", OLD."mode", OLD."occurrence", OLD."outcomes", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."revision", OLD."sequence", OLD."series_date", OLD."series_id", OLD."source_url", OLD."start_time", OLD."starts_on", OLD."status", OLD."summary", OLD."time_zone", OLD."title", OLD."uid", OLD."updated_at", OLD."updated_by_id", OLD."venue"); RETURN NULL;',
                    hash="9a2f45f401d90bfb38c5a2cbb9fa1682d6e409c9",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_c903d",
                    table="engagements_engagement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="serieshost",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "engagements_serieshostevent" ("agreement_id", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "series_id") VALUES (NEW."agreement_id", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."series_id"); RETURN NULL;',
                    hash="2797e090c24b08e3ecbf88ad613de9832dacca20",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_dafab",
                    table="engagements_serieshost",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="serieshost",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "engagements_serieshostevent" ("agreement_id", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "series_id") VALUES (NEW."agreement_id", NEW."id", NEW."organisation_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."series_id"); RETURN NULL;',
                    hash="5d622ec780200ded08603eb241ec5143b653050b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a1afb",
                    table="engagements_serieshost",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="serieshost",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "engagements_serieshostevent" ("agreement_id", "id", "organisation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "series_id") VALUES (OLD."agreement_id", OLD."id", OLD."organisation_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."series_id"); RETURN NULL;',
                    hash="5ddbd09b6e8717450437cbf3067bb87a916ba80d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_c19ed",
                    table="engagements_serieshost",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="seriesperson",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "engagements_seriespersonevent" ("agreement_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "series_id") VALUES (NEW."agreement_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."series_id"); RETURN NULL;',
                    hash="3aa7a9306b343f595e2c7610b1a0d6c523052315",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5406b",
                    table="engagements_seriesperson",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="seriesperson",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "engagements_seriespersonevent" ("agreement_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "series_id") VALUES (NEW."agreement_id", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."series_id"); RETURN NULL;',
                    hash="fabaec953620bbf422ca4b0a3d5ca532524f71d6",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_492f4",
                    table="engagements_seriesperson",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="seriesperson",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "engagements_seriespersonevent" ("agreement_id", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "series_id") VALUES (OLD."agreement_id", OLD."id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."series_id"); RETURN NULL;',
                    hash="a2d6b70feb9fbf6d8277bcaabc61be2c778506e3",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_7208b",
                    table="engagements_seriesperson",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="seriesworkstream",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "engagements_seriesworkstreamevent" ("agreement_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "series_id", "workstream_id") VALUES (NEW."agreement_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."series_id", NEW."workstream_id"); RETURN NULL;',
                    hash="c89f2dc4f9cdb8e8ee6605fdb85227086dd4ad42",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_858f2",
                    table="engagements_seriesworkstream",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="seriesworkstream",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "engagements_seriesworkstreamevent" ("agreement_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "series_id", "workstream_id") VALUES (NEW."agreement_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."series_id", NEW."workstream_id"); RETURN NULL;',
                    hash="c7fc0a2a00a0abad6356929ef264bf240a191dda",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d055e",
                    table="engagements_seriesworkstream",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="seriesworkstream",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "engagements_seriesworkstreamevent" ("agreement_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "series_id", "workstream_id") VALUES (OLD."agreement_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."series_id", OLD."workstream_id"); RETURN NULL;',
                    hash="31243fe7989a957dddafb7eecebddece3ee2bc5f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ae2a0",
                    table="engagements_seriesworkstream",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="series",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "engagements_seriesevent" ("agreement_id", "chatham_house", "committee_id", "count", "created_at", "end_time", "ends_on", "first_day", "id", "is_public_event", "joining_link", "kind", "length_days", "mode", "on_free_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rule", "skipped", "start_time", "started_by_id", "stop_reason", "stopped_on", "summary", "time_zone", "title", "venue") VALUES (NEW."agreement_id", NEW."chatham_house", NEW."committee_id", NEW."count", NEW."created_at", NEW."end_time", NEW."ends_on", NEW."first_day", NEW."id", NEW."is_public_event", NEW."joining_link", NEW."kind", NEW."length_days", NEW."mode", NEW."on_free_days", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rule", NEW."skipped", NEW."start_time", NEW."started_by_id", NEW."stop_reason", NEW."stopped_on", NEW."summary", NEW."time_zone", NEW."title", NEW."venue"); RETURN NULL;',
                    hash="a510138a94968fd8c4b49275ecd2f3e814a1c711",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a2325",
                    table="engagements_series",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="series",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "engagements_seriesevent" ("agreement_id", "chatham_house", "committee_id", "count", "created_at", "end_time", "ends_on", "first_day", "id", "is_public_event", "joining_link", "kind", "length_days", "mode", "on_free_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rule", "skipped", "start_time", "started_by_id", "stop_reason", "stopped_on", "summary", "time_zone", "title", "venue") VALUES (NEW."agreement_id", NEW."chatham_house", NEW."committee_id", NEW."count", NEW."created_at", NEW."end_time", NEW."ends_on", NEW."first_day", NEW."id", NEW."is_public_event", NEW."joining_link", NEW."kind", NEW."length_days", NEW."mode", NEW."on_free_days", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rule", NEW."skipped", NEW."start_time", NEW."started_by_id", NEW."stop_reason", NEW."stopped_on", NEW."summary", NEW."time_zone", NEW."title", NEW."venue"); RETURN NULL;',
                    hash="0f28c4c5b1f17128efbefc8581c70db99c7d3d54",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e0693",
                    table="engagements_series",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="series",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "engagements_seriesevent" ("agreement_id", "chatham_house", "committee_id", "count", "created_at", "end_time", "ends_on", "first_day", "id", "is_public_event", "joining_link", "kind", "length_days", "mode", "on_free_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rule", "skipped", "start_time", "started_by_id", "stop_reason", "stopped_on", "summary", "time_zone", "title", "venue") VALUES (OLD."agreement_id", OLD."chatham_house", OLD."committee_id", OLD."count", OLD."created_at", OLD."end_time", OLD."ends_on", OLD."first_day", OLD."id", OLD."is_public_event", OLD."joining_link", OLD."kind", OLD."length_days", OLD."mode", OLD."on_free_days", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."rule", OLD."skipped", OLD."start_time", OLD."started_by_id", OLD."stop_reason", OLD."stopped_on", OLD."summary", OLD."time_zone", OLD."title", OLD."venue"); RETURN NULL;',
                    hash="8c22f1b71f2532bf3f802890d0860f93f9f3901c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b3dde",
                    table="engagements_series",
                    when="AFTER",
                ),
            ),
        ),
    ]
