"""Text made to be slow to read, and a limit on the time that reading it takes."""

import signal
from contextlib import contextmanager

SIGNS = [
    *("a", "@", "a@", "a.", ".", ",", ";", '"', "'", "<", "(", "[", "-", "_", " ", "\t", "\n", "0", "9", "=", "A=1;"),
    *('a,"', "a\u200b", "É", "\ud7a3", " a", "a\n", "https://", "<a", "&lt;", "mailto:", "- ", "1. ", "A: ", "\r\n "),
]
ENDINGS = ["", "!x@"]


def repeated(length, signs=SIGNS, endings=ENDINGS):
    """Texts of ``length`` characters that say one thing again and again, with an ending that does not fit."""
    for sign in signs:
        for ending in endings:
            yield (sign * (length // len(sign) + 1))[:length] + ending


class TooSlow(BaseException):
    """Not an Exception, so that no code under test swallows it."""


@contextmanager
def cpu_limit(seconds):
    """Raise ``TooSlow`` after so many seconds of this process's own time, whatever else the machine does."""

    def give_up(*args):
        raise TooSlow(f"It took more than {seconds} s.")

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
