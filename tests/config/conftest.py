"""A checkout of the tests' own, whose PostgreSQL and Redis may be stopped and killed."""

import shutil
import tempfile
from pathlib import Path

import pytest

from devtools.services import command


@pytest.fixture(scope="module")
def folder():
    """A folder that any user may enter, with a pair of servers of its own."""
    with pytest.MonkeyPatch.context() as environment:
        # Servers that the environment names are not the ones meant here.
        environment.delenv("DATABASE_URL", raising=False)
        environment.delenv("REDIS_URL", raising=False)
        root = Path(tempfile.mkdtemp(prefix="concord-test-", dir="/tmp"))
        root.chmod(0o755)
        yield root
        command.down(root)
        shutil.rmtree(root)


@pytest.fixture
def checkout(folder):
    """The folder, its servers not running."""
    command.down(folder)
    return folder


@pytest.fixture
def running(checkout):
    """The folder, its servers running."""
    command.up(checkout)
    return checkout
