"""What the tests of sending start from."""

from tests.reminders.conftest import clock, command, server, silent_port

__all__ = ["clock", "command", "server", "silent_port"]  # fixtures
