"""``make run``: start the services, then web, worker and beat of the Procfile (``python -m devtools.launch``).

A Ctrl-C, a SIGTERM or a closed terminal stops web, worker and beat first and the services last. A ``kill -9`` cannot
be handled: on Linux the kernel then ends web, worker and beat, and the next start takes over the services. macOS cannot
do that, so they keep running, and the next start finds its port in use.
"""


class LaunchError(Exception):
    """The start cannot go on. The message is one sentence with the reason."""
