from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0003_touched_of_an_agreement"),
    ]

    operations = [
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("message_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("subject", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
