from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0004_names_without_titles")]

    operations = [
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "name__regex",
                        "[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0e\\ufeff\\uffa0\\ufff9-\\ufffb]",
                    ),
                    (
                        "short_name__regex",
                        "[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0e\\ufeff\\uffa0\\ufff9-\\ufffb]",
                    ),
                    _connector="OR",
                    _negated=True,
                ),
                name="organisation_names_visible",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "name__regex",
                        "[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0e\\ufeff\\uffa0\\ufff9-\\ufffb]",
                    ),
                    (
                        "title__regex",
                        "[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0e\\ufeff\\uffa0\\ufff9-\\ufffb]",
                    ),
                    (
                        "honours__regex",
                        "[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0e\\ufeff\\uffa0\\ufff9-\\ufffb]",
                    ),
                    (
                        "job_title__regex",
                        "[\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0e\\ufeff\\uffa0\\ufff9-\\ufffb]",
                    ),
                    _connector="OR",
                    _negated=True,
                ),
                name="person_names_visible",
            ),
        ),
    ]
