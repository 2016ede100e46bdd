"""How a start ends that cannot be."""

import sys

CANNOT_BOOT = 3
"""The exit status by which gunicorn tells a worker that can never start from one to be tried again."""


def refuse(sentence):
    """Stop the start with ``sentence`` on standard error, without a stack trace. Raises SystemExit."""
    sys.stderr.write(f"{sentence}\n")
    raise SystemExit(CANNOT_BOOT)
