"""The host and port to serve on, and whether they can be used."""

import os
import socket
import time

from devtools.launch import LaunchError

PORT_PATIENCE = 5  # seconds, in which the processes of a killed launcher end


def address():
    """Return the host and the port to serve on, from HOST and PORT. LaunchError for a wrong PORT."""
    port = os.environ.setdefault("PORT", "8000")
    if not (port.isdecimal() and 0 < int(port) < 2**16):
        raise LaunchError(f"PORT must be a number from 1 to 65535 (it is {port}).")
    return os.environ.get("HOST") or "127.0.0.1", int(port)


def claim(host, port):
    """Wait until the port can be used; LaunchError after ``PORT_PATIENCE``."""
    deadline = time.monotonic() + PORT_PATIENCE
    while reason := refusal(host, port):
        if time.monotonic() > deadline:
            raise LaunchError(
                f"Port {port} cannot be used ({reason}): stop what uses it, or choose another by PORT=8001."
            )
        time.sleep(0.2)


def refusal(host, port):
    """Return why an address cannot be listened on, or None when it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return (error.strerror or str(error)).lower()
    return None
