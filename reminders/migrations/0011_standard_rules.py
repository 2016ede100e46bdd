from datetime import time

from django.db import migrations

STANDARD = (
    ("reminder", "Committee meetings", ["participants"], ["committee"], [(-7, None), (-2, None)]),
    ("reminder", "Roundtables", ["participants"], ["roundtable"], [(-7, None), (-2, None)]),
    ("action_due", "Actions due", ["owners"], [], [(-3, None), (0, None), (3, None), (7, 7)]),
    ("action_due", "Actions long overdue", ["leads"], [], [(14, 7)]),
    ("date", "Dates of the agreement", ["leads"], [], [(-90, None), (-30, None), (-7, None)]),
)


def give_standard_rules(apps, schema_editor):
    """What a new agreement has from its beginning, for those that are there: of what they have no rule about yet."""
    rules, steps = apps.get_model("reminders", "Rule").objects, apps.get_model("reminders", "Step").objects
    for agreement in apps.get_model("partnership", "Agreement").objects.order_by("pk"):
        there = list(rules.filter(agreement=agreement).values_list("about", "name"))
        abouts, names = {about for about, _ in there}, {name for _, name in there}
        for about, name, audience, kinds, times in STANDARD:
            if about in abouts:
                continue
            rule = rules.create(
                agreement=agreement,
                about=about,
                name=f"{name} (standard)" if name in names else name,
                audience=audience,
                kinds=kinds,
            )
            for days, every in times:
                steps.create(agreement=agreement, rule=rule, days=days, at=time(9), repeats_every=every)


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0010_rules_of_all_kinds"),
    ]

    operations = [
        migrations.RunPython(give_standard_rules, migrations.RunPython.noop),
    ]
