from django.db import migrations, models
from django.utils import timezone


def ask_who_owes_them(apps, schema_editor):
    """Standard rules about papers that nobody has changed no longer ask every member."""
    changed = apps.get_model("reminders", "RuleEvent").objects.filter(pgh_label="update").values("pgh_obj")
    rules = apps.get_model("reminders", "Rule").objects.filter(about="papers", audience=["seats", "hosts"])
    agreements = list(rules.exclude(pk__in=changed).values_list("agreement", flat=True).distinct())
    rules.exclude(pk__in=changed).update(audience=["hosts"])
    touched, now = apps.get_model("reminders", "Touched"), timezone.now()
    touched.objects.bulk_create(touched(what="agreement", key=key, at=now) for key in agreements)


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0017_working_days_by_default"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="rule",
            name="rule_audience_known",
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(
                            ("about", "reminder"),
                            ("audience__contained_by", ["participants", "hosts", "seats", "owners", "leads", "logger"]),
                        ),
                        models.Q(
                            ("about", "papers"), ("audience__contained_by", ["hosts", "seats", "participants", "leads"])
                        ),
                        models.Q(("about", "reply"), ("audience__contained_by", ["participants"])),
                        models.Q(("about", "unrecorded"), ("audience__contained_by", ["logger", "hosts", "leads"])),
                        models.Q(("about", "action_due"), ("audience__contained_by", ["owners", "leads"])),
                        models.Q(("about", "date"), ("audience__contained_by", ["leads"])),
                        models.Q(("about", "rhythm"), ("audience__contained_by", ["leads"])),
                        models.Q(("about", "quiet"), ("audience__contained_by", ["leads"])),
                        _connector="OR",
                    ),
                    ("audience__len__gt", 0),
                ),
                name="rule_audience_known",
                violation_error_message="Choose at least one group of people whom a rule of this can tell.",
            ),
        ),
        migrations.RunPython(ask_who_owes_them, migrations.RunPython.noop),
    ]
