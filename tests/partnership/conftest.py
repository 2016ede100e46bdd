"""What the tests of the partnership start from."""

import pytest


@pytest.fixture
def admin_client(cast, sign_in):
    """A test client that is signed in as the administrator."""
    return sign_in(cast.administrator)
