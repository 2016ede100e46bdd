"""Where uploaded files are kept."""

from contextlib import suppress

from django.core.files.storage import FileSystemStorage


class WholeFileStorage(FileSystemStorage):
    """Django's, which leaves no part of a file behind where the rest could not be written."""

    def _save(self, name, content):
        try:
            return super()._save(name, content)
        except BaseException:
            with suppress(OSError):
                self.delete(name)
            raise
