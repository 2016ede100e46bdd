"""What the tests of sending start from."""

from tests.reminders.conftest import clock, server

__all__ = ["clock", "server"]  # fixtures
