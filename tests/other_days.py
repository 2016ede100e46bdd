"""``make test-days``: the tests as they would run on other days.

Each run has libfaketime (Debian's package ``libfaketime``) in every process but the browser and Redis, which do not
start under it. In the browser a script moves the page's clock by the same amount; Redis counts seconds, whatever the
day is.
"""

import datetime as dt
import glob
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
SLEEP = """
import select, time
def sleep(seconds):
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)
time.sleep = sleep
"""
"""Replaces ``time.sleep``, which waits for a time on the monotonic clock: libfaketime shifts that time by mistake, and
some sleeps fail with EINVAL."""
CHOICE = [
    "--ignore=tests/config",
    "--ignore=tests/test_at_the_same_time.py",
    "--ignore=tests/reminders/test_soak.py",
]
"""Left out, since they do not depend on the day. How servers start and stop: libfaketime slows starting programs too
much. Deadlocks, and the soak with workers that are killed: in a signal handler libfaketime gives the real time, so
PostgreSQL's own timeouts never fire."""
SERVICES = [sys.executable, "-m", "devtools.services", "run"]
LIBRARY = "/usr/lib/*/faketime/libfaketimeMT.so.1"
DAYS = (
    "2026-12-31T23:10",  # the last day of a year, shortly before it ends
    "2027-01-01T09:00",  # Friday, a bank holiday
    "2027-02-01T00:10",  # Monday, the first of a month
    "2027-02-27T12:00",  # Saturday
    "2027-03-28T00:40",  # Sunday: the clocks go forward at 01:00
    "2027-03-31T17:30",  # Wednesday, the last day of an agreement year
    "2027-04-01T08:00",  # Thursday, the first day of an agreement year
    "2027-05-03T10:00",  # Monday, a bank holiday
    "2027-06-30T22:50",  # Wednesday, the last of a month, in summer time
    "2027-10-31T00:50",  # Sunday: the clocks go back at 02:00
    "2027-12-24T16:00",  # Friday before Christmas
    "2028-02-29T14:00",  # Tuesday, a leap day
)


def environment(moment, library, programs):
    """The environment in which every program takes now for ``moment``; those in the folder ``programs`` come first."""
    seconds = round((moment - dt.datetime.now(dt.UTC)).total_seconds())
    return os.environ | {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "PYTHONPATH": str(programs),
        "LD_PRELOAD": library,
        "FAKETIME": f"{seconds:+d}s",
        # Timeouts measure how long something takes, not what time it is.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }


def without_the_library(program, folder):
    """Put into ``folder`` a script that starts ``program`` with the clock as it is."""
    script = Path(folder, program)
    script.write_text(f'#!/bin/sh\nexec env -u LD_PRELOAD "{shutil.which(program)}" "$@"\n')
    script.chmod(0o755)


def main(days, arguments):
    """Run the tests on each day; return how many of the runs failed."""
    library = next(iter(glob.glob(LIBRARY)), None)
    if library is None or not shutil.which("redis-server"):
        sys.exit("The tests of other days need libfaketime and Redis: apt-get install libfaketime redis-server.")
    with tempfile.TemporaryDirectory() as programs:
        without_the_library("redis-server", programs)
        Path(programs, "sitecustomize.py").write_text(SLEEP)
        return run(days, arguments, library, programs)


def run(days, arguments, library, programs):
    """Run the tests on each of ``days``; return how many of the runs failed."""
    failed = []
    # A new PostgreSQL cannot be set up under the library; one that is there runs under it.
    subprocess.run([*SERVICES, "true"], check=True)
    for day in days:
        moment = dt.datetime.fromisoformat(day).replace(tzinfo=LONDON)
        print(f"\n=== As if it were {moment:%A %-d %B %Y, %H:%M}", flush=True)
        command = [
            sys.executable,
            "-m",
            "devtools.services",
            "run",
            sys.executable,
            "-m",
            "pytest",
            "-n",
            "2",
            *CHOICE,
            *arguments,
        ]
        if subprocess.run(command, env=environment(moment, library, programs), check=False).returncode:
            failed.append(day)
    print(f"\nThe tests failed on {', '.join(failed)}." if failed else f"\nThe tests passed on {len(days)} days.")
    return len(failed)


if __name__ == "__main__":
    sys.exit(bool(main(os.environ.get("DAYS", "").split() or DAYS, sys.argv[1:])))
