"""The private PostgreSQL and Redis: started, found again, stopped, and none the worse for a kill."""

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import dj_database_url
import psutil
import psycopg2
import pytest
import redis
from kombu import Connection

from devtools.services import ROOT, ServiceError, celery_url, command, database_url, redis_url, socket_folder
from devtools.services import redis as redis_service
from devtools.services.postgres import Postgres
from devtools.services.redis import Redis


def pid_file(root):
    return root / "var/postgres/data/postmaster.pid"


def names(found):
    return [service.name for service in found]


def query(root, statement):
    with (
        closing(psycopg2.connect(database_url(root))) as connection,
        connection,
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None


def kill(root):
    """Kill every server process of a checkout, as running out of memory would."""
    while left := Postgres(root)._processes() + Redis(root)._processes():
        for process in left:
            # With their server gone some end by themselves.
            with suppress(psutil.NoSuchProcess):
                process.kill()


COMMAND = """
import pathlib, sys
from devtools.services.command import main
sys.exit(main(sys.argv[2:], pathlib.Path(sys.argv[1])))
"""


def shell(root, *words):
    """What starts the command as from a shell, for another folder than the checkout's."""
    return {"args": [sys.executable, "-c", COMMAND, str(root), *words], "cwd": ROOT, "text": True}


def say(root, *words):
    return subprocess.run(**shell(root, *words), capture_output=True, timeout=60, check=False)


def test_up_starts_both_and_a_second_up_takes_over_what_runs(checkout):
    assert names(command.up(checkout)) == ["postgres", "redis"]
    command.wait(checkout, limit=5)
    assert command.up(checkout) == []
    assert query(checkout, "SELECT current_database(), current_setting('server_encoding')") == [("concord", "UTF8")]
    assert redis.Redis.from_url(redis_url(checkout)).ping()
    assert Connection(celery_url(redis_url(checkout))).ensure_connection(max_retries=1)


def test_down_stops_both_and_a_second_down_is_harmless(checkout):
    command.up(checkout)
    command.down(checkout)
    assert not Postgres(checkout)._processes() + Redis(checkout)._processes()
    command.down(checkout)


def test_the_data_outlive_a_restart_and_a_kill(checkout):
    command.up(checkout)
    query(checkout, "CREATE TABLE promise (words text)")
    query(checkout, "INSERT INTO promise VALUES ('a workshop each quarter')")
    command.down(checkout)
    command.up(checkout)
    kill(checkout)
    assert names(command.up(checkout)) == ["postgres", "redis"]
    assert query(checkout, "SELECT words FROM promise") == [("a workshop each quarter",)]


def test_up_ends_the_children_that_a_killed_postgres_left_at_work(running):
    with closing(psycopg2.connect(database_url(running))) as busy:
        # A stopped process cannot notice that its server has gone, and keeps the shared memory in use.
        os.kill(busy.info.backend_pid, signal.SIGSTOP)
        os.kill(int(pid_file(running).read_text().splitlines()[0]), signal.SIGKILL)
        assert names(command.up(running)) == ["postgres"]
    assert query(running, "SELECT 1") == [(1,)]


def test_up_replaces_a_redis_that_holds_the_socket_and_does_not_answer(running):
    (hung,) = Redis(running)._processes()
    hung.suspend()
    assert names(command.up(running)) == ["redis"]
    command.wait(running, limit=5)
    assert hung not in Redis(running)._processes()


def test_a_pid_file_whose_number_is_another_programs_by_now_stops_no_start(running):
    left = pid_file(running).read_text()
    kill(running)
    pid_file(running).write_text(left.replace(left.splitlines()[0], str(os.getppid()), 1))
    assert "postgres" in names(command.up(running))


@pytest.mark.parametrize("path", ["deep/" * 25, "a folder, with a comma"])
def test_a_checkout_whose_path_no_socket_can_have_uses_a_short_one(folder, path):
    deep = folder / path
    deep.mkdir(parents=True)
    try:
        command.up(deep)
        command.wait(deep, limit=5)
        socket = socket_folder("postgres", deep)
        assert re.fullmatch(r"/tmp/concord-[0-9a-f]{12}-postgres", str(socket))
        assert socket.stat().st_mode & 0o777 == 0o700
    finally:
        command.down(deep)
        for name in ("postgres", "redis"):
            shutil.rmtree(socket_folder(name, deep), ignore_errors=True)


def test_a_folder_closed_to_all_but_its_owner_is_no_obstacle(checkout):
    checkout.chmod(0o700)
    command.up(checkout)
    checkout.chmod(0o755)
    assert query(checkout, "SELECT 1") == [(1,)]


def test_a_server_named_in_the_environment_is_left_alone(running, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", database_url(running))
    command.down(running)
    assert Postgres(running).problem() is None
    assert names(command.up(running)) == ["redis"]


def test_wait_says_what_does_not_answer(folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
    with pytest.raises(ServiceError, match=r"PostgreSQL does not answer after 0 seconds: .*refused"):
        command.wait(folder, limit=0)


def test_a_start_that_fails_is_told_in_one_sentence(checkout):
    command.up(checkout)
    command.down(checkout)
    version = checkout / "var/postgres/data/PG_VERSION"
    right = version.read_text()
    version.write_text("9\n")
    told = say(checkout, "up")
    version.write_text(right)
    assert told.returncode == 1
    assert told.stderr.count("\n") == 1
    assert "was made by PostgreSQL 9" in told.stderr


def test_where_there_is_no_redis_the_sentence_says_what_to_install(checkout, monkeypatch):
    monkeypatch.setattr(redis_service, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ServiceError, match="install redis-server"):
        Redis(checkout).start()


def test_run_leaves_the_services_as_it_found_them(checkout):
    show = ["sh", "-c", "exit 3"]
    assert say(checkout, "run", *show).returncode == 3
    assert not Postgres(checkout)._processes()
    command.up(checkout)
    assert say(checkout, "run", *show).returncode == 3
    command.wait(checkout, limit=0)


def test_a_command_that_runs_with_the_services_chooses_its_own_settings(running):
    assert say(running, "run", "sh", "-c", "test -z $DJANGO_SETTINGS_MODULE").returncode == 0


def test_services_in_use_by_another_are_not_stopped(checkout):
    with command.in_use(checkout):
        command.up(checkout)
        command.leave(checkout)
        command.wait(checkout, limit=0)
    command.leave(checkout)
    assert not Postgres(checkout)._processes()


def test_two_starts_at_once_make_one_pair(checkout):
    both = [subprocess.Popen(**shell(checkout, "up")) for _ in range(2)]
    assert [one.wait(30) for one in both] == [0, 0]
    assert len(Redis(checkout)._processes()) == 1


def test_an_unknown_verb_shows_the_usage(capsys):
    assert command.main(["start"]) == 1
    assert "up | wait | down" in capsys.readouterr().err


def test_the_addresses_are_understood_by_django_and_celery():
    root = Path("/srv/concord")
    database = dj_database_url.parse(database_url(root))
    assert (database["HOST"], database["NAME"]) == ("/srv/concord/var/postgres", "concord")
    broker = celery_url(redis_url(root))
    assert broker == "redis+socket:///srv/concord/var/redis/redis.sock?virtual_host=0"
    assert celery_url("unix:///run/redis.sock?db=3") == "redis+socket:///run/redis.sock?virtual_host=3"
    assert celery_url("redis://localhost:6379/1") == "redis://localhost:6379/1"
