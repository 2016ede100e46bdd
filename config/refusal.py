"""Stop the start with a clear message when the settings are unusable."""

import sys

CANNOT_BOOT = 3
"""The exit status of a worker that can never start: gunicorn then stops, and does not start another worker."""


def refuse(sentence):
    """Stop the start with ``sentence`` on standard error, without a stack trace. Raises SystemExit."""
    sys.stderr.write(f"{sentence}\n")
    raise SystemExit(CANNOT_BOOT)
