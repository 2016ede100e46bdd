from django.db import migrations

from contacts.rules.names import full_name, split_name
from records.names import clean_name

AT_ONCE = 1_000


def clean(apps, schema_editor):
    """Take what cannot be seen out of the names, and the titles and honours of people into fields of their own."""
    Organisation, Person = (apps.get_model("contacts", name) for name in ("Organisation", "Person"))
    taken = {(pk, name.lower()) for pk, name in Organisation.objects.values_list("agreement_id", "name")}
    changed = []
    for row in Organisation.objects.order_by("pk").iterator(AT_ONCE):
        before = row.name, row.short_name
        row.short_name = clean_name(row.short_name)
        name = number = None
        while name is None or ((row.agreement_id, name.lower()) in taken and name.lower() != before[0].lower()):
            # Two that looked alike stay apart, until somebody makes them one.
            name, number = clean_name(row.name) + (f" ({number})" if number else ""), (number or 1) + 1
        row.name = name
        if before != (row.name, row.short_name):
            taken.add((row.agreement_id, row.name.lower()))
            changed.append(row)
    Organisation.objects.bulk_update(changed, ["name", "short_name"], AT_ONCE)
    changed = []
    for row in Person.objects.order_by("pk").iterator(AT_ONCE):
        before = row.name, row.job_title
        parts = split_name(row.name)
        # A comma is left alone: whoever typed it here knew which name comes first.
        parts = parts if "," not in row.name else type(parts)(clean_name(row.name))
        row.name, row.title, row.honours = parts.name or row.name, parts.title[:60], parts.honours[:100]
        row.job_title = clean_name(row.job_title)
        if before != (row.name, row.job_title):
            changed.append(row)
    Person.objects.bulk_update(changed, ["name", "title", "honours", "job_title"], AT_ONCE)


def join(apps, schema_editor):
    """Put titles and honours back into the names."""
    Person = apps.get_model("contacts", "Person")
    changed = list(Person.objects.exclude(title="", honours=""))
    for row in changed:
        row.name = full_name(row.title, row.name, row.honours)[:200]
    Person.objects.bulk_update(changed, ["name"], AT_ONCE)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_titles_and_honours")]

    operations = [migrations.RunPython(clean, join)]
