"""The database that those of the tests are copies of: applying all migrations takes half a minute, copying a second.

It stays until a migration, or a module that one imports, is another one than it was.
"""

import fcntl
import hashlib
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import django
from django.conf import settings
from django.db import connection

IMPORTS = re.compile(r"^(?:import|from) ([\w.]+)", re.MULTILINE)
KEPT = "concord_template"


def template_database():
    """The name of it; made, where there is none of these migrations, while other workers wait."""
    name = f"{KEPT}_{_digest()}"
    with _one_at_a_time(), connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [KEPT])
        there = {row[0] for row in cursor.fetchall()}
        if name not in there:
            for old in there:
                cursor.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
            _make(cursor, name)
    return name


def _digest():
    """Of what the migrations are made of."""
    root = Path(settings.BASE_DIR)
    migrations = sorted(root.glob("*/migrations/*.py"))
    imported = {name for path in migrations for name in IMPORTS.findall(path.read_text())}
    modules = sorted(find_spec(name).origin for name in imported if (root / name.split(".")[0]).is_dir())
    digest = hashlib.sha256()
    for path in [root / "requirements/base.txt", *migrations, *map(Path, modules)]:
        digest.update(path.read_bytes())
    return f"{digest.hexdigest()[:16]}_{django.__version__}"


@contextmanager
def _one_at_a_time():
    folder = settings.VAR_DIR / "tests"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(cursor, name):
    """Under another name until it is whole."""
    cursor.execute(f'CREATE DATABASE "{name}_new"')
    program = f"""
from django.conf import settings
settings.DATABASES["default"]["NAME"] = "{name}_new"
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "migrate", "--verbosity=0"])
"""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    subprocess.run([sys.executable, "-c", program], cwd=settings.BASE_DIR, env=environment, check=True)
    cursor.execute(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')
