"""The command ``python -m devtools.launch``."""

import multiprocessing
import signal
import sys

from devtools.launch import LaunchError
from devtools.launch.address import address, claim
from devtools.launch.calls import ignore_signals, install_signal_handlers, undisturbed
from devtools.launch.preparation import prepare, set_up, welcome
from devtools.launch.processes import LINUX, serve
from devtools.services import ROOT, ServiceError
from devtools.services import command as services


def launch(root=ROOT, before=prepare, greet=welcome):
    """Run everything, stop everything, and return the exit code. ``before`` runs once the services answer."""
    try:
        with services.in_use(root):
            with undisturbed():
                services.up(root)
            services.wait(root)
            before()
            greet()
            return serve(root / "Procfile")
    finally:
        ignore_signals()
        signal.setitimer(signal.ITIMER_REAL, 0)
        services.leave(root)


def main():
    """Check port and settings, then launch. Return the exit code: 0 after a stop signal, 1 with a message."""
    install_signal_handlers()
    if LINUX:
        multiprocessing.set_start_method("fork")  # the parent-death signal needs the launcher itself as the parent
    try:
        claim(*address())
        set_up()
        return launch()
    except (LaunchError, ServiceError) as error:
        print(error, file=sys.stderr)
        return 1
