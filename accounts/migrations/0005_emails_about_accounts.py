"""Emails that the mail server did not take wait in the outbox now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_counts_and_unsent_emails"),
        ("outbox", "0002_emails_about_accounts"),
    ]

    operations = [
        migrations.DeleteModel(name="UnsentEmail"),
    ]
