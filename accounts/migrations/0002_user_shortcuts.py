from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether somebody wants keyboard shortcuts."""

    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="shortcuts",
            field=models.BooleanField("keyboard shortcuts", default=True),
        ),
    ]
