"""A number for each agreement that rises with every change of what belongs to it."""

import django.db.models.deletion
from django.db import migrations, models

RISE = """
CREATE FUNCTION partnership_version_rises() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    which bigint[];
    mark text;
BEGIN
    IF TG_ARGV[0] = 'row' THEN
        which := ARRAY[coalesce(NEW.agreement_id, OLD.agreement_id)];
    ELSIF TG_ARGV[0] = 'agreement' THEN
        which := ARRAY[coalesce(NEW.id, OLD.id)];
    ELSE
        which := ARRAY(SELECT agreement_id FROM partnership_membership WHERE user_id = NEW.id);
    END IF;
    -- Once for each transaction, however many rows it changed.
    mark := pg_current_xact_id()::text || which::text;
    IF mark IS DISTINCT FROM current_setting('concord.version_rose', true) THEN
        INSERT INTO partnership_version (agreement_id, number)
        SELECT id, 1 FROM partnership_agreement WHERE id = ANY (which) ORDER BY id
        ON CONFLICT (agreement_id) DO UPDATE SET number = partnership_version.number + 1;
        PERFORM set_config('concord.version_rose', mark, true);
    END IF;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0003_days_within_reach"),
    ]

    operations = [
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "agreement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="version",
                        serialize=False,
                        to="partnership.agreement",
                    ),
                ),
                ("number", models.BigIntegerField(default=1)),
            ],
        ),
        migrations.RunSQL(RISE, "DROP FUNCTION partnership_version_rises() CASCADE"),
    ]
