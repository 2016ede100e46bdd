"""The mails in a file, a Maildir or a pipe, one after another, whatever their size."""

import mailbox
from pathlib import Path

from outbox.bounces.reports import MOST

LINE = 2**16


def mails_in(path):
    """The mails (bytes, no more than ``MOST`` of each) of a Maildir, an mbox file or a file with one mail.

    OSError where it cannot be read.
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
    """The mails of an open file: an mbox where it begins with "From ", else one mail. Of a long one the rest is read
    over, so that whoever writes into a pipe is not cut off.
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
