"""Titles of common words are found, words by their beginning, and every apostrophe is the same one."""

import contacts.queries
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import engagements.queries
from django.db import migrations, models


# Not only the kinds that unaccent knows: the grave and the acute accent, and letters that look like an apostrophe.
APOSTROPHES = """
CREATE FUNCTION concord_plain_apostrophes(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT translate(value, U&'\\02bc\\02b9\\02bb\\a78c\\055a\\2018\\2019\\201b\\2032\\ff07\\0060\\00b4', repeat('''', 12)) $$
"""
CONFIGURATION = """
CREATE TEXT SEARCH CONFIGURATION simple_unaccent (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION simple_unaccent
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0002_days_within_reach_everywhere"),
        ("engagements", "0008_days_within_reach_everywhere"),
        ("partnership", "0006_days_within_reach_everywhere"),
        ("workstreams", "0003_days_within_reach_everywhere"),
    ]

    operations = [
        migrations.RunSQL(APOSTROPHES, "DROP FUNCTION concord_plain_apostrophes(text)"),
        migrations.RunSQL(CONFIGURATION, "DROP TEXT SEARCH CONFIGURATION simple_unaccent"),
        migrations.RemoveIndex(
            model_name="decision",
            name="decision_search",
        ),
        # The expression of a generated column cannot be changed: it is made again.
        migrations.RemoveIndex(model_name="engagement", name="engagement_search"),
        migrations.RemoveField(model_name="engagement", name="search"),
        migrations.AddField(
            model_name="engagement",
            name="search",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.CombinedSearchVector(
                    django.contrib.postgres.search.CombinedSearchVector(
                        django.contrib.postgres.search.SearchVector(
                            engagements.queries.PlainApostrophes("title"), config="english_unaccent", weight="A"
                        ),
                        "||",
                        django.contrib.postgres.search.SearchVector(
                            engagements.queries.PlainApostrophes("title"), config="simple_unaccent", weight="A"
                        ),
                        django.contrib.postgres.search.SearchConfig("english_unaccent"),
                    ),
                    "||",
                    django.contrib.postgres.search.CombinedSearchVector(
                        django.contrib.postgres.search.SearchVector(
                            engagements.queries.PlainApostrophes("summary"),
                            engagements.queries.PlainApostrophes("outcomes"),
                            engagements.queries.PlainApostrophes("venue"),
                            config="english_unaccent",
                            weight="B",
                        ),
                        "||",
                        django.contrib.postgres.search.SearchVector(
                            engagements.queries.PlainApostrophes("summary"),
                            engagements.queries.PlainApostrophes("outcomes"),
                            engagements.queries.PlainApostrophes("venue"),
                            config="simple_unaccent",
                            weight="B",
                        ),
                        django.contrib.postgres.search.SearchConfig("english_unaccent"),
                    ),
                    django.contrib.postgres.search.SearchConfig("english_unaccent"),
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="engagement",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search"], name="engagement_search"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.CombinedSearchVector(
                    django.contrib.postgres.search.SearchVector(
                        engagements.queries.PlainApostrophes("text"), config="english_unaccent"
                    ),
                    "||",
                    django.contrib.postgres.search.SearchVector(
                        engagements.queries.PlainApostrophes("text"), config="simple_unaccent"
                    ),
                    django.contrib.postgres.search.SearchConfig("english_unaccent"),
                ),
                name="decision_search",
            ),
        ),
        migrations.AddIndex(
            model_name="engagement",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    contacts.queries.Folded(engagements.queries.PlainApostrophes(models.F("title"))), "gin_trgm_ops"
                ),
                name="engagement_title_trigrams",
            ),
        ),
    ]
