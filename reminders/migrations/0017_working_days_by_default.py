from django.db import migrations, models
from django.utils import timezone

STANDARD = [
    *("Committee meetings", "Roundtables", "Actions due", "Actions long overdue", "Dates of the agreement"),
    *(
        "Replies",
        "Papers",
        "Records to complete",
        "Records left open",
        "Commitments that slip",
        "Nothing held for long",
    ),
]


def keep_to_working_days(apps, schema_editor):
    """Standard rules that nobody has changed keep to working days, as new ones do."""
    changed = apps.get_model("reminders", "RuleEvent").objects.filter(pgh_label="update").values("pgh_obj")
    rules = apps.get_model("reminders", "Rule").objects.filter(name__in=STANDARD, on_working_days=False)
    agreements = list(rules.exclude(pk__in=changed).values_list("agreement", flat=True).distinct())
    rules.exclude(pk__in=changed).update(on_working_days=True)
    touched, now = apps.get_model("reminders", "Touched"), timezone.now()
    touched.objects.bulk_create(touched(what="agreement", key=key, at=now) for key in agreements)


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0016_steps_count_from"),
    ]

    operations = [
        migrations.AlterField(
            model_name="rule",
            name="on_working_days",
            field=models.BooleanField(
                default=True,
                help_text="If the date falls on a weekend or bank holiday, send on the working day before.",
                verbose_name="on working days only",
            ),
        ),
        migrations.AlterField(
            model_name="ruleevent",
            name="on_working_days",
            field=models.BooleanField(
                default=True,
                help_text="If the date falls on a weekend or bank holiday, send on the working day before.",
                verbose_name="on working days only",
            ),
        ),
        migrations.RunPython(keep_to_working_days, migrations.RunPython.noop),
    ]
