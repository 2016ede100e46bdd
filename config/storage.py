"""Where uploaded files are kept: first while they arrive, then for good."""

from contextlib import suppress

from django.core.files.storage import FileSystemStorage
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class WholeFileStorage(FileSystemStorage):
    """Django's, which leaves no part of a file behind where the rest could not be written."""

    def _save(self, name, content):
        try:
            return super()._save(name, content)
        except BaseException:
            with suppress(OSError):
                self.delete(name)
            raise


class WholeFileHandler(TemporaryFileUploadHandler):
    """Django's for large files, which removes at once what arrived of a file that does not fit on the disk."""

    def receive_data_chunk(self, raw_data, start):
        """Write a part of it."""
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            with suppress(OSError):
                self.file.close()
            raise
