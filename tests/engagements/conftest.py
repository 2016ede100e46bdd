"""Fixtures of this room's tests."""

import pytest


@pytest.fixture
def media(settings, tmp_path):
    """A folder of this test's own for uploaded files."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
