"""What ``make run`` starts: the services, then web, worker and beat of the Procfile: ``python -m devtools.launch``.

A Ctrl-C, a SIGTERM or a closed terminal stops web, worker and beat first and the services last. A ``kill -9`` cannot
be answered: on Linux the kernel then ends web, worker and beat, and the next start takes over the services. On macOS,
which has no such thing, they live on and the next start finds its port taken.
"""


class LaunchError(Exception):
    """A start that cannot go on, for the reason that its one sentence gives."""
