from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX as UNUSABLE
from django.db import migrations


def confirm(apps, schema_editor):
    """Confirm the addresses of those who chose a password by a link that was sent there.

    The page of email addresses let people take any address: it left an unconfirmed row marked as in use. Whoever has
    such a row chooses a password by a new link first.
    """
    users, addresses = apps.get_model("accounts", "User").objects, apps.get_model("account", "EmailAddress").objects
    took = set(addresses.filter(primary=True, verified=False).values_list("user_id", flat=True))
    addresses.all().delete()
    for user in users.exclude(password__startswith=UNUSABLE):
        if user.pk in took:
            user.password = UNUSABLE
            user.save(update_fields=["password"])
        else:
            addresses.create(user_id=user.pk, email=user.email.lower(), primary=True, verified=True)


class Migration(migrations.Migration):
    """Email addresses that are confirmed: only with one of these is anybody signed in."""

    dependencies = [("accounts", "0002_user_shortcuts"), ("account", "0009_emailaddress_unique_primary_email")]

    operations = [migrations.RunPython(confirm, migrations.RunPython.noop)]
