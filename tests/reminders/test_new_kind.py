"""Adding a kind of notification takes one module, two templates and the migration that follows from it."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from tests.template_database import template_database

WALK = "import django; django.setup(); from tests.reminders.new_kind.walk import walk; walk()"


@pytest.fixture
def database(transactional_db):
    """The name of a database of its own: its constraints are to be others."""
    name = f"{connection.settings_dict['NAME']}_new_kind"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template_database()}"')
    yield name
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_new_kind_goes_from_a_rule_to_an_email_and_can_be_switched_off(database):
    settings_of_its_own = {"DJANGO_SETTINGS_MODULE": "tests.reminders.new_kind.settings", "NEW_KIND_DATABASE": database}
    walk = subprocess.run(
        [sys.executable, "-c", WALK],
        env=os.environ | settings_of_its_own,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert walk.returncode == 0, walk.stderr
    assert json.loads(walk.stdout.splitlines()[-1]) == {
        "migrations": {"reminders": 1},
        "offered": True,
        "form names": True,
        "wrong words": True,
        "rule": "3 days after, at 09:00",
        "preview": True,
        "planned": [["anniversary", "planned", "Cyber"]],
        "email": ["lead@lga.example", "Cyber is 6 days old"],
        "words": [True, True],
        "listed": [True, True],
        "unsubscribed": [200, "off"],
        "then": [["skipped", "opted out of how the agreement goes"]],
    }
