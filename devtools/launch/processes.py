"""Web, worker and beat: honcho runs them, and none of them outlives the launcher."""

import ctypes
import os
import signal
import sys
from functools import partial
from pathlib import Path

import honcho.manager
from honcho.environ import parse_procfile
from honcho.printer import Printer
from honcho.process import Popen, Process

from devtools.launch.calls import hang_up

LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG = 1  # linux/prctl.h
LIBC = ctypes.CDLL(None) if LINUX else None  # loaded here: after a fork is no time to load a library


def serve(procfile):
    """Run the processes of a Procfile until one ends or a call to stop comes; return the exit code."""
    manager = Processes()
    for name, command in parse_procfile(procfile.read_text()).processes.items():
        manager.add_process(name, command, env=environment(), cwd=procfile.parent)
    manager.loop()
    asked_to_stop = manager.returncode in {known["rc"] for known in honcho.manager.SIGNALS.values()}
    return 0 if asked_to_stop else 1


def environment():
    """Return the environment of the processes: this Python's programs first, and every line printed at once."""
    warnings = [os.environ.get("PYTHONWARNINGS"), "ignore:You're running the worker with superuser privileges"]
    return os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
        # Here root is whoever tries Concord in a container; a real deployment starts the Procfile otherwise.
        "PYTHONWARNINGS": ",".join(filter(None, warnings)),
    }


class Processes(honcho.manager.Manager):
    """honcho's manager, without two gaps of its: a call to stop in the first instant, and a child that hears none."""

    def __init__(self):
        super().__init__(Lines(sys.stdout))
        self._process_ctor = Bound

    def terminate(self):
        """Ask every process to stop, and end those that have not after honcho's own limit."""
        if self._terminating:
            return
        started = self._all_started()
        if started:
            super().terminate()
        signal.signal(signal.SIGALRM, lambda *_: self.kill() if started else self.terminate())
        signal.setitimer(signal.ITIMER_REAL, honcho.manager.KILL_WAIT if started else 0.1)


class Bound(Process):
    """A process that ends when the launcher does, even by ``kill -9``: honcho's go-between first, then its child."""

    def run(self, events=None, ignore_signals=False):
        """Run the command, as honcho has it."""
        end_with_parent(signal.SIGKILL)
        self._child_ctor = partial(Popen, preexec_fn=partial(end_with_parent, signal.SIGTERM))
        super().run(events, ignore_signals)


class Lines(Printer):
    """What the processes print. Where nobody reads on, that is a call to stop, not an error."""

    def write(self, message):
        """Print one line."""
        try:
            super().write(message)
        except OSError:
            hang_up()


def end_with_parent(number):
    """Have the kernel send this process a signal when its parent dies (Linux only)."""
    if LINUX:
        LIBC.prctl(PR_SET_PDEATHSIG, int(number))
