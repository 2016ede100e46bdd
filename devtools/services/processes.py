"""Processes: found by their command line, told apart, ended."""

import time
from contextlib import suppress


def processes(program, mark):
    """Return the processes of a program whose command line bears a mark.

    The command line, since another user's working folder cannot always be read, even by root in a container.
    """
    try:
        import psutil  # only development has it
    except ImportError:
        return []  # without the wheels there is no PostgreSQL of ours to look for
    found = psutil.process_iter(["name", "cmdline"])
    return [one for one in found if one.info["name"] == program and mark in " ".join(one.info["cmdline"] or ())]


def is_another(pid, program):
    """Whether a process number is another program's, or of one that was killed and that nobody has buried yet."""
    import psutil  # only development has it

    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        return process.name() != program or process.status() == psutil.STATUS_ZOMBIE
    return False


def end(find):
    """End the processes that ``find`` returns: politely, and after two seconds by force."""
    import psutil  # only development has it

    for order in ("terminate", "kill"):
        for process in find():
            with suppress(psutil.Error):  # gone meanwhile, or not ours to end
                getattr(process, order)()
        deadline = time.monotonic() + 2
        while find() and time.monotonic() < deadline:
            time.sleep(0.05)
