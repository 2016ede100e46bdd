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
LIBC = ctypes.CDLL(None) if LINUX else None  # loaded here, since a library should not be loaded after a fork


def serve(procfile):
    """Run the processes of a Procfile until one ends or a stop signal arrives; return the exit code."""
    manager = Processes()
    for name, command in parse_procfile(procfile.read_text()).processes.items():
        manager.add_process(name, command, env=environment(), cwd=procfile.parent)
    manager.loop()
    asked_to_stop = manager.returncode in {known["rc"] for known in honcho.manager.SIGNALS.values()}
    return 0 if asked_to_stop else 1


def environment():
    """Return the environment of the processes: this Python's programs come first, and output is not buffered."""
    warnings = [os.environ.get("PYTHONWARNINGS"), "ignore:You're running the worker with superuser privileges"]
    return os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
        # Here root is somebody who tries Concord in a container; a real deployment does not use this launcher.
        "PYTHONWARNINGS": ",".join(filter(None, warnings)),
    }


class Processes(honcho.manager.Manager):
    """honcho's manager without two of its gaps: a stop signal in the first instant, and a child that ignores it."""

    def __init__(self):
        super().__init__(Lines(sys.stdout))
        self._process_ctor = Bound

    def terminate(self):
        """Ask every process to stop, and kill those that still run after honcho's own time limit."""
        if self._terminating:
            return
        started = self._all_started()
        if started:
            super().terminate()
        signal.signal(signal.SIGALRM, lambda *_: self.kill() if started else self.terminate())
        signal.setitimer(signal.ITIMER_REAL, honcho.manager.KILL_WAIT if started else 0.1)


class Bound(Process):
    """A process that ends with the launcher, even after a ``kill -9``: first honcho's own process, then its child."""

    def run(self, events=None, ignore_signals=False):
        end_with_parent(signal.SIGKILL)
        self._child_ctor = partial(Popen, preexec_fn=partial(end_with_parent, signal.SIGTERM))
        super().run(events, ignore_signals)


class Lines(Printer):
    """Prints the output of the processes. Where nobody reads it any more, everything stops, without an error."""

    def write(self, message):
        try:
            super().write(message)
        except OSError:
            hang_up()


def end_with_parent(number):
    """Have the kernel send this process a signal when its parent dies (Linux only)."""
    if LINUX:
        LIBC.prctl(PR_SET_PDEATHSIG, int(number))
