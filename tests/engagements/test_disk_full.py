"""A disk that is full: a sentence, and no part of a file left."""

import errno
import uuid

import psycopg2.errors
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile, TemporaryUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.core.mail import EmailMessage
from django.db import OperationalError

from engagements.models import Document
from engagements.operations import papers
from tests.engagements.pages import address, held
from tests.mailers import mail_into

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
SENTENCE = "There is no space left on the server"


def full(*args, **kwargs):
    raise OSError(errno.ENOSPC, "No space left on device")


def sent(content=PDF):
    file = SimpleUploadedFile("Agenda.pdf", content)
    return {"form_key": str(uuid.uuid4()), "audience": "all", "file": file}


def left_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("kind", [InMemoryUploadedFile, TemporaryUploadedFile])
def test_a_file_that_does_not_fit_is_said_beside_its_field(cast, sign_in, media, monkeypatch, kind, number):
    def fills_the_disk(self, chunk_size=None):
        yield PDF
        raise OSError(number, "full")

    size = 3_000_000 if kind is TemporaryUploadedFile else 10
    monkeypatch.setattr(kind, "chunks", fills_the_disk)
    monkeypatch.setattr("django.core.files.storage.filesystem.file_move_safe", full)
    path = address("new_document", held(cast))
    response = sign_in(cast.officer).post(path, sent(PDF + b" " * size))
    assert response.status_code == 200
    assert SENTENCE in str(response.context["form"].errors["file"])
    assert not Document.objects.exists()
    assert left_in(media) == []


def test_a_large_file_that_does_not_even_arrive_is_said_on_a_page(cast, sign_in, media, monkeypatch, settings):
    settings.FILE_UPLOAD_TEMP_DIR = media
    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", full)
    client = sign_in(cast.officer)
    client.raise_request_exception = False
    response = client.post(address("new_document", held(cast)), sent(PDF + b" " * 3_000_000))
    assert response.status_code == 507
    assert SENTENCE in response.content.decode()
    assert left_in(media) == []


def test_a_database_without_space_is_said_on_a_page(cast, sign_in, media, monkeypatch):
    def no_space(*args, **kwargs):
        raise OperationalError("could not extend file") from psycopg2.errors.DiskFull()

    monkeypatch.setattr(papers, "save_once", no_space)
    client = sign_in(cast.officer)
    client.raise_request_exception = False
    response = client.post(address("new_document", held(cast)), sent())
    assert (response.status_code, SENTENCE in response.content.decode()) == (507, True)


def test_another_error_is_still_an_error(cast, sign_in, media, monkeypatch):
    def broken(*args, **kwargs):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(papers, "save_once", broken)
    client = sign_in(cast.officer)
    client.raise_request_exception = False
    response = client.post(address("new_document", held(cast)), sent())
    assert (response.status_code, SENTENCE in response.content.decode()) == (500, False)


def test_the_storage_of_the_product_leaves_no_part():
    assert type(default_storage._wrapped).__name__ == "WholeFileStorage"


def test_an_email_that_does_not_fit_into_its_folder_leaves_no_part(settings, tmp_path, monkeypatch):
    mail_into(settings, tmp_path / "mail")
    monkeypatch.setattr("outbox.backends.os.replace", full)
    with pytest.raises(OSError, match="No space left"):
        EmailMessage("Subject", "Text", to=["a@b.example"]).send()
    assert left_in(tmp_path) == []
