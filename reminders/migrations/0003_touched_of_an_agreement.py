from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0002_more_to_tell"),
    ]

    operations = [
        migrations.AlterField(
            model_name="touched",
            name="what",
            field=models.CharField(
                choices=[
                    ("engagement", "Engagement"),
                    ("action", "Action"),
                    ("commitment", "Commitment"),
                    ("workstream", "Workstream"),
                    ("date", "Date of an agreement"),
                    ("agreement", "Agreement"),
                    ("person", "Person"),
                ],
                max_length=10,
            ),
        ),
    ]
