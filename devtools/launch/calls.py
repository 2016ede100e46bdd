"""Calls to stop: the signals of a Ctrl-C, of a ``kill`` and of a closed terminal."""

import os
import signal
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def install_signal_handlers():
    """Answer the calls to stop; under nohup a closed terminal is none."""
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        signal.signal(signal.SIGHUP, hang_up)


def stop(*_):
    """Leave whatever is being done; a second call to stop must not disturb the first."""
    ignore_signals()
    raise SystemExit(0)


def hang_up(*_):
    """Stop although the terminal is gone, to which nothing can be written any more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.kill(os.getpid(), signal.SIGTERM)


def ignore_signals():
    """Ignore further calls to stop."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def undisturbed():
    """Put a call to stop off until the block is done: a half-started server is one that nobody can find to stop."""
    asked = []
    before = {number: signal.signal(number, lambda number, _: asked.append(number)) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if asked:
        os.kill(os.getpid(), asked[0])
