"""A secret key for trying Concord on one machine."""

import contextlib
import os
import secrets


def development_secret_key(folder):
    """Return the key kept in ``folder``/secret-key, made at the first call so that sign-ins outlive a restart."""
    path = folder / "secret-key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        own = path.with_name(f"secret-key.{os.getpid()}")
        own.write_text(secrets.token_urlsafe(50))
        own.chmod(0o600)
        # link() fails where the file exists: two processes that start together end up with the same key.
        with contextlib.suppress(FileExistsError):
            os.link(own, path)
        own.unlink()
    return path.read_text().strip()
