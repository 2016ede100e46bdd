"""Folders and who may enter them."""

import os
import pwd
import stat

from devtools.services import ServiceError


def private_folder(path, owner):
    """Make a folder that only its owner may enter, since that is all that protects services without a password.

    ServiceError where the folder is another user's.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    if os.geteuid() == 0 and found.st_uid == 0:
        os.chown(path, *owner, follow_symlinks=False)
        found = path.lstat()
    # Somebody else may have put a folder, or a link to one, where ours goes in /tmp. Root may use a user's folder.
    if not stat.S_ISDIR(found.st_mode) or (os.geteuid() and found.st_uid != owner[0]):
        raise ServiceError(
            f"{path} belongs to {user_name(found.st_uid)}: remove it, or start the services as that user."
        )
    path.chmod(0o700)


def open_to_all(*paths):
    """Whether any user may enter every folder on the way to these paths, and run or enter the paths themselves."""
    resolved = [path.resolve() for path in paths]
    return all(step.stat().st_mode & stat.S_IXOTH for path in resolved for step in (path, *path.parents))


def user_name(number):
    """Return a user's name, or the number where it has none."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
