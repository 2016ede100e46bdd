from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0013_over_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="engagement",
            name="recorded_on",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
    ]
