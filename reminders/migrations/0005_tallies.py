from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0004_receipts"),
    ]

    operations = [
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
    ]
