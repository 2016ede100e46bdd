"""Starting and stopping everything: the order, the signals, and nobody left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from devtools.launch import LaunchError, address, processes
from devtools.launch import command as launch
from devtools.services import ROOT
from devtools.services import command as services
from devtools.services.postgres import Postgres
from devtools.services.redis import Redis

LAUNCHER = """
import multiprocessing, pathlib, sys
from devtools.launch import calls, command as launch, processes
from devtools.services import command as services
root = pathlib.Path(sys.argv[1])
record = lambda line: print(line, file=open(root / "record", "a"), flush=True)
services.up = lambda root: record("services up")
services.wait = lambda root: None
services.down = lambda root: record("services down")
calls.install_signal_handlers()
multiprocessing.set_start_method("fork")
sys.exit(launch.launch(root, before=lambda: record("prepared"), greet=lambda: None))
"""

PROCESS = """
import signal, sys, time
def end(*_):
    print(sys.argv[1], "stopped", file=open("record", "a"), flush=True)
    sys.exit()
signal.signal(signal.SIGTERM, end)
print(sys.argv[1], "started", file=open("record", "a"), flush=True)
time.sleep(60)
"""


@pytest.fixture
def house(tmp_path):
    """A folder with a Procfile of two processes that write down what befalls them."""
    (tmp_path / "process.py").write_text(PROCESS)
    (tmp_path / "Procfile").write_text("web: exec python process.py web\nbeat: exec python process.py beat\n")
    return tmp_path


def start(house, code=LAUNCHER, output=subprocess.DEVNULL):
    words = [sys.executable, "-c", code, str(house)]
    return subprocess.Popen(words, cwd=ROOT, start_new_session=True, stdout=output)


def record(house):
    path = house / "record"
    return path.read_text().splitlines() if path.exists() else []


def until(condition, limit=10):
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that in time"
        time.sleep(0.02)


def started(house):
    until(lambda: {"web started", "beat started"} <= set(record(house)))


def left_over(house):
    """The processes that work in the folder of the launch."""
    return [pid for pid in os.listdir("/proc") if pid.isdecimal() and working_folder(pid) == house]


def working_folder(pid):
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd"))
    except OSError:
        return None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("send", [os.kill, os.killpg])
def test_a_call_to_stop_ends_the_processes_first_and_the_services_last(house, number, send):
    launcher = start(house)
    started(house)
    send(launcher.pid, number)
    assert launcher.wait(10) == 0
    assert record(house)[:2] == ["services up", "prepared"]
    assert sorted(record(house)[4:6]) == ["beat stopped", "web stopped"]
    assert record(house)[6:] == ["services down"]
    assert not left_over(house)


def test_a_process_that_ends_by_itself_stops_the_rest_and_fails_the_launch(house):
    (house / "Procfile").write_text("web: exec python process.py web\nbeat: sleep 0.5; exit 3\n")
    launcher = start(house)
    assert launcher.wait(10) == 1
    assert record(house)[-2:] == ["web stopped", "services down"]


def test_a_process_that_will_not_stop_is_ended_by_force(house):
    deaf = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); open('record', 'a').write('deaf\\n'); time.sleep(60)"
    )
    (house / "deaf.py").write_text(deaf)
    (house / "Procfile").write_text("web: exec python deaf.py\n")
    launcher = start(house, LAUNCHER.replace("calls.install", "processes.honcho.manager.KILL_WAIT = 1; calls.install"))
    until(lambda: "deaf" in record(house))
    launcher.terminate()
    launcher.wait(5)
    assert record(house)[-1] == "services down"
    assert not left_over(house)


def test_a_call_to_stop_in_the_first_instant_is_heard(house):
    launcher = start(house)
    until(lambda: "prepared" in record(house))
    launcher.terminate()
    assert launcher.wait(10) == 0
    assert record(house)[-1] == "services down"
    assert not left_over(house)


def test_a_call_to_stop_during_the_preparation_stops_the_services(house):
    slow = LAUNCHER.replace('record("prepared")', '(record("prepared"), __import__("time").sleep(60))')
    launcher = start(house, slow)
    until(lambda: "prepared" in record(house))
    launcher.terminate()
    assert launcher.wait(5) == 0
    assert record(house) == ["services up", "prepared", "services down"]


def test_output_that_nobody_reads_any_more_is_a_call_to_stop(house):
    (house / "Procfile").write_text("web: exec python process.py web\nbeat: while :; do echo tick; sleep 0.1; done\n")
    reading, writing = os.pipe()
    launcher = start(house, output=writing)
    os.close(writing)
    until(lambda: "web started" in record(house))
    os.close(reading)
    assert launcher.wait(10) == 0
    assert record(house)[-1] == "services down"


@pytest.mark.skipif(not processes.LINUX, reason="only Linux tells a child that its parent was killed")
def test_a_killed_launcher_takes_its_processes_with_it(house):
    launcher = start(house)
    started(house)
    launcher.kill()
    launcher.wait(5)
    until(lambda: {"web stopped", "beat stopped"} <= set(record(house)))
    until(lambda: not left_over(house))


def test_the_real_services_stop_after_the_processes(checkout):
    (checkout / "process.py").write_text(PROCESS)
    (checkout / "Procfile").write_text("web: exec python process.py web\nbeat: exec python process.py beat\n")
    real = [line for line in LAUNCHER.splitlines() if not line.startswith("services.")]
    launcher = start(checkout, "\n".join(real))
    started(checkout)
    services.wait(checkout, limit=1)
    os.killpg(launcher.pid, signal.SIGINT)
    assert launcher.wait(10) == 0
    assert not Postgres(checkout)._processes() + Redis(checkout)._processes()


def test_a_taken_port_stops_the_start_with_a_sentence(monkeypatch, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        monkeypatch.setattr(address, "PORT_PATIENCE", 0)
        monkeypatch.setattr(launch, "install_signal_handlers", lambda: None)
        monkeypatch.setattr(launch.multiprocessing, "set_start_method", lambda method: None)
        monkeypatch.setattr(services, "up", lambda root: pytest.fail("it started something"))
        assert launch.main() == 1
    assert "cannot be used (address already in use)" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["eight", "0", "65536", "-1"])
def test_a_port_must_be_a_port(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(LaunchError, match="from 1 to 65535"):
        address.address()
