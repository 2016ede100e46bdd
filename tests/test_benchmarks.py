"""The rows of the benchmarks are written by hand in SQL; a new column is missed there by nobody but these tests."""

import re
from pathlib import Path

import pytest
from django.apps import apps

MODELS = {model._meta.db_table: model for model in apps.get_models()}
INSERTS = [
    (path.name, table, {column.strip() for column in columns.split(",")})
    for path in sorted(Path(__file__).with_name("bench").glob("*.py"))
    for table, columns in re.findall(r"INSERT INTO (\w+)\s*\(([^)]*)\)", path.read_text())
]


@pytest.mark.parametrize(("file", "table", "columns"), INSERTS)
def test_each_row_has_all_that_its_table_asks_for(file, table, columns):
    fields = MODELS[table]._meta.concrete_fields
    made_by_the_database = {field.column for field in fields if field.generated or field.has_db_default()}
    asked = {field.column for field in fields if not (field.null or field.primary_key)} - made_by_the_database
    assert asked - columns == set()
    assert columns <= {field.column for field in fields}


def test_they_were_found():
    assert len(INSERTS) > 10
