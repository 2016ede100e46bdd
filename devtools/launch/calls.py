"""Stop signals: those of a Ctrl-C, of a ``kill`` and of a closed terminal."""

import os
import signal
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def install_signal_handlers():
    """Handle the stop signals, except that of a closed terminal under nohup."""
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        signal.signal(signal.SIGHUP, hang_up)


def stop(*_):
    """Exit, and ignore further signals, so that they do not disturb the stop."""
    ignore_signals()
    raise SystemExit(0)


def hang_up(*_):
    """Stop after the terminal has closed. Output goes to /dev/null, since the terminal takes none."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.kill(os.getpid(), signal.SIGTERM)


def ignore_signals():
    """Ignore further stop signals."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def undisturbed():
    """Delay a stop signal until the block is done, since nobody can find a half-started server to stop it."""
    asked = []
    before = {number: signal.signal(number, lambda number, _: asked.append(number)) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if asked:
        os.kill(os.getpid(), asked[0])
