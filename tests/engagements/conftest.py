"""Fixtures of this room's tests."""

import pytest


@pytest.fixture
def media(settings, tmp_path):
    """A folder of this test's own for uploaded files."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def admin(cast, sign_in):
    """A test client that is signed in as the administrator."""
    return sign_in(cast.administrator)
