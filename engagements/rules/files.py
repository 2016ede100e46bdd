"""Rules for the files of an engagement. The content of a file decides its type, and its name must agree."""

import errno
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath

import psycopg2.errors
import puremagic
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.template.defaultfilters import filesizeformat

MAX_SIZE = 20 * 1024 * 1024
"""Bytes of the largest file: 20 MB, as the pages count them."""

NAME_LENGTH = 200
HEAD = 4096
"""The number of first bytes that are read to recognise a file."""
DECLARATION = 1_000_000
"""The number of bytes read of the type declaration in an office file, however long it claims to be."""

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class FileType:
    """A type of file: what messages call it, the MIME type that it is served as, and the ``kind`` of its content."""

    noun: str
    served_as: str
    kind: str


TYPES = {
    "pdf": FileType("a PDF", "application/pdf", "pdf"),
    "docx": FileType("a Word file", f"{OFFICE}wordprocessingml.document", "docx"),
    "xlsx": FileType("an Excel file", f"{OFFICE}spreadsheetml.sheet", "xlsx"),
    "pptx": FileType("a PowerPoint file", f"{OFFICE}presentationml.presentation", "pptx"),
    "odt": FileType("an OpenDocument text", f"{OPEN_DOCUMENT}text", "odt"),
    "ods": FileType("an OpenDocument spreadsheet", f"{OPEN_DOCUMENT}spreadsheet", "ods"),
    "odp": FileType("an OpenDocument presentation", f"{OPEN_DOCUMENT}presentation", "odp"),
    "png": FileType("a PNG picture", "image/png", "png"),
    "jpg": FileType("a JPEG picture", "image/jpeg", "jpg"),
    "jpeg": FileType("a JPEG picture", "image/jpeg", "jpg"),
    "txt": FileType("plain text", "text/plain", "txt"),
    "csv": FileType("a CSV file", "text/csv", "txt"),
}
"""{ending of the name: type}."""

WITH_MACROS = {"doc", "xls", "ppt", "docm", "xlsm", "pptm", "dot", "dotm", "xlsb", "pps", "ppsm"}
"""Endings of files that may carry macros. They are refused, because macros run on the reader's machine."""

MAGIC = {".pdf": "pdf", ".png": "png", ".jpg": "jpg"}
DECLARED = {
    "wordprocessingml.document.main+xml": "docx",
    "spreadsheetml.sheet.main+xml": "xlsx",
    "presentationml.presentation.main+xml": "pptx",
    f"{OPEN_DOCUMENT}text": "odt",
    f"{OPEN_DOCUMENT}spreadsheet": "ods",
    f"{OPEN_DOCUMENT}presentation": "odp",
}
CHOICE = "Choose a PDF, a Word, Excel, PowerPoint or OpenDocument file, a PNG or JPEG picture, plain text or CSV."
CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r"))


NO_SPACE = (
    "There is no space left on the server, so the file was not saved. "
    "Ask the administrator of this site to free some space."
)


def is_disk_full(error):
    """Whether ``error`` says that no space is left for files, or for the database."""
    if isinstance(error, DatabaseError):
        return isinstance(error.__cause__, psycopg2.errors.DiskFull)
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def clean_name(name):
    """Return a file name as it is stored and offered: one line, no path, nothing invisible, at most 200 characters."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    visible = "".join(" " if char.isspace() else char for char in name if char.isspace() or char.isprintable())
    visible = " ".join(visible.split()).strip(" .") or "file"
    path = PurePath(visible)
    return f"{path.stem[: NAME_LENGTH - len(path.suffix)]}{path.suffix}"[:NAME_LENGTH]


def type_of(file, name):
    """Return the MIME type of an uploaded ``file`` called ``name``. Raises ValidationError if it may not be added."""
    if file.size > MAX_SIZE:
        raise ValidationError(
            f"This file has {filesizeformat(file.size)}; at most {filesizeformat(MAX_SIZE)} are possible.", code="size"
        )
    ending = PurePath(name).suffix.lower().lstrip(".")
    if ending in WITH_MACROS:
        raise ValidationError(
            f"Files that may carry macros, as .{ending} does, cannot be added: save it as .docx, .xlsx, .pptx or PDF.",
            code="macros",
        )
    if ending not in TYPES:
        raise ValidationError(f"A file called “{name}” cannot be added. {CHOICE}", code="ending")
    wanted, kind = TYPES[ending], kind_of(file)
    if kind != wanted.kind:
        is_rather = f"{TYPES[kind].noun}" if kind else "something else"
        raise ValidationError(
            f"“{name}” is not {wanted.noun}, though its name says so: its content is {is_rather}.", code="content"
        )
    return wanted.served_as


def kind_of(file):
    """Return the ``kind`` in ``TYPES`` of the content of ``file``, or None for any other content."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    try:
        if head.startswith(b"PK\x03\x04"):
            return _kind_of_container(file)
        return _kind_of_picture_or_pdf(head) or ("txt" if _is_text(file.read()) else None)
    finally:
        file.seek(0)


def _kind_of_picture_or_pdf(head):
    try:
        found = {match.extension for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return None
    return next((kind for extension, kind in MAGIC.items() if extension in found), None)


def _kind_of_container(file):
    """Return the kind that a zipped file declares; None where it is damaged, encrypted, or some other archive."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            member = next((name for name in ("mimetype", "[Content_Types].xml") if name in names), None)
            if member is None:
                return None
            with archive.open(member) as declaration:
                text = declaration.read(DECLARATION).decode("utf-8", "replace").strip()
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return None
    if member == "mimetype":
        return DECLARED.get(text)
    return next((kind for mark, kind in DECLARED.items() if f'{mark}"' in text or f"{mark}'" in text), None)


def _is_text(data):
    """Whether ``data`` is readable text: UTF-8 or Windows-1252, without control characters."""
    if data.translate(None, delete=CONTROLS) != data:
        return False
    for encoding in ("utf-8", "cp1252"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
