"""Reads the emails in a file, a Maildir or a pipe one by one, whatever their size."""

import mailbox
from pathlib import Path

from outbox.bounces.reports import MOST

LINE = 2**16


def mails_in(path):
    """Yield the emails (bytes, at most ``MOST`` of each) in a Maildir, an mbox file or a file with one email.

    Raises OSError where ``path`` cannot be read.
    """
    path = Path(path)
    if path.is_dir():
        yield from _of_maildir(path)
    else:
        with path.open("rb") as file:
            yield from mails_of(file)


def _of_maildir(path):
    if not ((path / "new").is_dir() and (path / "cur").is_dir()):
        raise NotADirectoryError(f"{path} is a folder, but no Maildir")
    box = mailbox.Maildir(path, create=False)
    for key in sorted(box.keys()):
        with box.get_file(key) as file:
            yield file.read(MOST)


def mails_of(file):
    """Yield the emails in an open file: an mbox if it begins with "From ", otherwise one email.

    The rest of a long email is read and dropped, so that a program that writes to a pipe is not cut off.
    """
    held, size, is_after_blank = [], 0, True
    is_mbox = False
    while line := file.readline(LINE):
        if is_after_blank and line.startswith(b"From ") and (is_mbox or not held):
            if size:
                yield b"".join(held)
            held, size, is_mbox = [], 0, True
            continue
        is_after_blank = not line.strip()
        if size < MOST:
            held.append(line)
            size += len(line)
    if size:
        yield b"".join(held)
