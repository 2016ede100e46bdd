"""A real Postfix on the loopback, with a folder and a port of its own: nothing of the system's Postfix is touched."""

import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager

WHY_NOT = (
    "postfix is not installed here"
    if not shutil.which("postfix")
    else "postfix can be started by root only"
    if os.geteuid()
    else ""
)
"""Why none can be started on this machine; "" where one can."""

SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
proxymap  unix - - n - - proxymap
error     unix - - n - - error
retry     unix - - n - - error
discard   unix - - n - - discard
anvil     unix - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
"""

SETTINGS = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
mail_owner = postfix
inet_interfaces = loopback-only
inet_protocols = ipv4
smtp_dns_support_level = disabled
myhostname = mx.people.example
mynetworks =
mydestination = people.example
local_recipient_maps = inline:{{ {{ana=x}} {{bo=x}} }}
alias_maps =
local_transport = discard
default_transport = discard
"""


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def answers(port):
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def postfix(folder, *settings):
    """The port of a running Postfix with these lines in its main.cf besides; it takes emails to ana and bo."""
    port, configuration = free_port(), folder / "etc"
    for name in ("etc", "queue", "data"):
        (folder / name).mkdir(parents=True)
    # Its own daemons have to reach a folder of root's.
    for above in (folder, *folder.parents):
        if above.stat().st_mode & 0o011 != 0o011:
            above.chmod(above.stat().st_mode | 0o011)
    shutil.chown(folder / "data", "postfix")
    (configuration / "master.cf").write_text(SERVICES.format(port=port).lstrip())
    (configuration / "main.cf").write_text("\n".join([SETTINGS.format(folder=folder), *settings, ""]))
    command = ["postfix", "-c", str(configuration)]
    subprocess.run([*command, "start"], check=True, capture_output=True)
    try:
        deadline = time.monotonic() + 20
        while not answers(port):
            assert time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.05)
        yield port
    finally:
        subprocess.run([*command, "stop"], check=False, capture_output=True)
