"""Storage of uploaded files: while they arrive, and for good."""

from contextlib import suppress

from django.core.files.storage import FileSystemStorage
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class WholeFileStorage(FileSystemStorage):
    """Django's storage, but deletes the part of a file that was written where the rest cannot be."""

    def _save(self, name, content):
        try:
            return super()._save(name, content)
        except BaseException:
            with suppress(OSError):
                self.delete(name)
            raise


class WholeFileHandler(TemporaryFileUploadHandler):
    """Django's handler of large uploads, but removes the temporary file at once where it does not fit on the disk."""

    def receive_data_chunk(self, raw_data, start):
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            with suppress(OSError):
                self.file.close()
            raise
