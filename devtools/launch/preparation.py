"""Preparation before serving: read the settings, bring database and static files up to date, print a welcome."""

import hashlib
import os
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections

from devtools.launch import LaunchError

DEMO_SIGN_INS = {
    "officer@lga.example": "officer at the LGA",
    "officer@techuk.example": "officer at techUK",
    "lead@lga.example": "lead at the LGA",
    "lead@techuk.example": "lead at techUK",
    "member@committee.example": "committee member, who reads",
    "admin@concord.example": "administrator",
    "outsider@elsewhere.example": "officer of another agreement",
}


def set_up():
    """Read the settings, so that a mistake in them stops the start before anything runs."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()


def prepare():
    """Bring the database, the static files and, with DEMO, the demo data up to date. LaunchError where that fails."""
    try:
        say("Database...")
        call_command("migrate", interactive=False, verbosity=0)
        say("Static files...")
        collect_static()
        if settings.DEMO:
            say("Demo data...")
            call_command("load_demo", verbosity=0)
    except (CommandError, DatabaseError) as error:
        raise LaunchError(f"Concord cannot be made ready: {error}") from error
    finally:
        connections.close_all()


def collect_static():
    """Collect the static files if any has changed: compressing them takes longer than the rest of a start."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    state = static_state()
    if not (stamp.exists() and stamp.read_text() == state):
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(state)


def static_state():
    """Return a digest of names, sizes and times of all static files, and of how they are stored."""
    found = [(path, storage) for finder in get_finders() for path, storage in finder.list([])]
    stats = sorted((path, os.stat(storage.path(path))) for path, storage in found)
    facts = [(path, stat.st_size, stat.st_mtime_ns) for path, stat in stats]
    return hashlib.sha256(repr((settings.STORAGES["staticfiles"], facts)).encode()).hexdigest()


def welcome():
    """Print the address of the site and, with DEMO, its users."""
    say(f"\nConcord: {settings.SITE_URL}\n")
    if settings.DEMO:
        from demo.sign_ins import PASSWORD  # models can be loaded only after set_up()

        say(f"Sign in with the password {PASSWORD} as")
        for email, who in DEMO_SIGN_INS.items():
            say(f"  {email:28}{who}")
        say("")
    say("Ctrl-C stops it.\n")


def say(line):
    """Print a line without delay, even into a pipe."""
    print(line, flush=True)
