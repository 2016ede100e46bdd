"""Finding processes by their command line, and ending them."""

import time
from contextlib import suppress


def processes(program, mark):
    """Return the processes of ``program`` that have ``mark`` in their command line.

    It does not search by working folder, since another user's cannot always be read, even by root in a container.
    """
    try:
        import psutil  # only development has it
    except ImportError:
        return []  # without the wheels there is no private PostgreSQL to look for
    found = psutil.process_iter(["name", "cmdline"])
    return [one for one in found if one.info["name"] == program and mark in " ".join(one.info["cmdline"] or ())]


def is_another(pid, program):
    """Whether ``pid`` belongs to another program, or to a killed process that is still a zombie."""
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
