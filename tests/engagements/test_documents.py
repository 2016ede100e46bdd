"""Documents of an engagement: what a file is, its content says."""

import io
import uuid
import zipfile
from contextlib import closing

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from engagements.models import Document
from engagements.rules import files
from tests.engagements.pages import address, held, person_of, said
from tests.factories import DocumentFactory

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\0" * 20
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
PROGRAM = b"MZ\x90\x00\x03" + b"\0" * 60


def zipped(**members):
    """A zip archive, always the same bytes since they name a test; "types" stands for a name no keyword can be."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo({"types": "[Content_Types].xml"}.get(name, name))
            archive.writestr(member, content)
    return stream.getvalue()


def office(kind):
    mark = f"application/vnd.openxmlformats-officedocument.{kind}.main+xml"
    return zipped(types=f'<Types><Override PartName="/x" ContentType="{mark}"/></Types>')


WORD = office("wordprocessingml.document")
EXCEL = office("spreadsheetml.sheet")
MACROS = zipped(types='<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>')
ODS = zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet")
ARCHIVE = zipped(letter="Dear all")


def sent(name, content, **fields):
    return {"form_key": str(uuid.uuid4()), "audience": "all", "file": SimpleUploadedFile(name, content)} | fields


@pytest.fixture
def upload(cast, sign_in, media):
    """``upload(name, content)`` adds a file as the officer; gives the page that follows."""
    engagement = held(cast)

    def add(name, content, **fields):
        data = sent(name, content, **fields)
        return sign_in(cast.officer).post(address("new_document", engagement), data, follow=True)

    return add


def stored(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "content", "served_as"),
    [
        ("Briefing note.pdf", PDF, "application/pdf"),
        ("Minutes.docx", WORD, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("Figures.XLSX", EXCEL, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("Figures.ods", ODS, "application/vnd.oasis.opendocument.spreadsheet"),
        ("Room.png", PNG, "image/png"),
        ("Room.jpeg", JPEG, "image/jpeg"),
        ("Agenda.txt", "1. Begrüßung – ☕".encode(), "text/plain"),
        ("Liste.csv", "Name;Stra\xdfe\n".encode("cp1252"), "text/csv"),
    ],
)
def test_a_file_is_added_and_served_as_what_it_is(name, content, served_as, upload, cast, sign_in):
    response = upload(name, content)
    assert said(response) == [f"“{name}” is added."]
    paper = Document.objects.get()
    assert (paper.name, paper.content_type, paper.size) == (name, served_as, len(content))
    with closing(sign_in(cast.viewer).get(paper.get_absolute_url())) as response:
        assert response["Content-Type"] == served_as
        assert response["Content-Disposition"].startswith("attachment; filename")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Length"] == str(len(content))
        assert "no-store" in response["Cache-Control"]
        assert b"".join(response.streaming_content) == content


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("agenda.pdf", PNG, "“agenda.pdf” is not a PDF, though its name says so: its content is a PNG picture."),
        ("agenda.pdf", PROGRAM, "“agenda.pdf” is not a PDF, though its name says so: its content is something else."),
        ("agenda.docx", EXCEL, "its content is an Excel file."),
        ("agenda.docx", MACROS, "its content is something else."),
        ("agenda.docx", ARCHIVE, "its content is something else."),
        ("agenda.docx", WORD[:60], "its content is something else."),
        ("agenda.docx", OLD_OFFICE, "its content is something else."),
        ("agenda.png", b"<svg onload=alert(1)>", "its content is plain text."),
        ("agenda.txt", PDF, "its content is a PDF."),
        ("agenda.txt", b"Dear\0all", "its content is something else."),
        ("agenda.csv", b"\x81\x8d", "its content is something else."),
        ("agenda.docm", MACROS, "Files that may carry macros, as .docm does, cannot be added"),
        ("agenda.doc", OLD_OFFICE, "Files that may carry macros, as .doc does, cannot be added"),
        ("agenda.exe", PROGRAM, "A file called “agenda.exe” cannot be added. Choose a PDF, a Word"),
        ("agenda.pdf.html", b"<script>", "A file called “agenda.pdf.html” cannot be added."),
        ("agenda", PDF, "A file called “agenda” cannot be added."),
        ("agenda.pdf", b"", "This file is empty."),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_in_a_sentence(name, content, words, upload, media):
    response = upload(name, content)
    [error] = response.context["form"].errors["file"]
    assert words in error
    assert not Document.objects.exists()
    assert stored(media) == []


def test_a_form_without_a_file_asks_for_one(cast, sign_in):
    data = {"form_key": str(uuid.uuid4()), "audience": "all"}
    response = sign_in(cast.officer).post(address("new_document", held(cast)), data)
    assert response.context["form"].errors == {"file": ["Choose a file."]}


def test_where_something_else_is_wrong_the_file_is_asked_for_again(upload):
    assert upload("agenda.pdf", PDF, audience="").context["form"].errors == {
        "audience": ["Say who: everyone, or your party only."],
        "file": ["Choose the file “agenda.pdf” again."],
    }


def test_a_file_that_the_browser_has_kept_is_not_asked_for_again(upload):
    assert list(upload("agenda.pdf", PDF, audience="", kept_files="file").context["form"].errors) == ["audience"]


def test_the_largest_file_is_said_in_words(upload, monkeypatch):
    monkeypatch.setattr(files, "MAX_SIZE", 1024)
    assert said(upload("right.txt", b"x" * 1024)) == ["“right.txt” is added."]
    [error] = upload("large.txt", b"x" * 1025).context["form"].errors["file"]
    assert "at most 1.0" in error


def test_the_page_says_how_large_a_file_may_be(cast, sign_in):
    page = sign_in(cast.officer).get(address("new_document", held(cast))).content.decode()
    assert "At most 20 MB." in page
    assert files.MAX_SIZE == 20 * 1024 * 1024


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        (r"C:\papers\agenda.pdf", "agenda.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\0b\nc.txt", "ab c.txt"),
        ("x" * 300 + ".docx", "x" * 195 + ".docx"),
        ("  .  ", "file"),
        ("Überblick  2026 ☕.pdf", "Überblick 2026 ☕.pdf"),
    ],
)
def test_a_name_is_kept_without_path_and_without_what_nobody_sees(given_name, kept):
    assert files.clean_name(given_name) == kept


@given(st.text())
def test_whatever_a_file_is_called_its_name_can_be_kept(name):
    kept = files.clean_name(name)
    assert 0 < len(kept) <= files.NAME_LENGTH
    assert kept.isprintable()
    assert "/" not in kept
    assert "\\" not in kept


@given(st.binary(max_size=400))
def test_whatever_is_in_a_file_it_is_something_known_or_nothing(content):
    assert files.kind_of(io.BytesIO(content)) in {None, *(known.kind for known in files.TYPES.values())}


@given(st.binary(max_size=200))
def test_a_damaged_office_file_is_nothing(tail):
    assert files.kind_of(io.BytesIO(b"PK\x03\x04" + tail)) is None


def test_the_bytes_lie_under_a_name_of_our_own(upload, media, cast):
    upload("secret plan.pdf", PDF)
    [path] = stored(media)
    assert path.parent == media / str(cast.agreement.pk)
    assert "secret" not in path.name


def test_sent_twice_it_is_saved_once_and_leaves_no_second_file(cast, sign_in, media):
    engagement, client, key = held(cast), sign_in(cast.officer), str(uuid.uuid4())
    for _ in range(2):
        client.post(address("new_document", engagement), sent("agenda.pdf", PDF, form_key=key))
    paper = Document.objects.get()
    assert [str(path) for path in stored(media)] == [paper.file.path]


def test_deleting_asks_first_and_takes_the_file_away(cast, sign_in, media, django_capture_on_commit_callbacks):
    engagement = held(cast)
    paper = DocumentFactory(engagement=engagement, added_by=person_of(cast.officer, cast.agreement))
    client = sign_in(cast.officer)
    assert (
        "Delete this paper?" in client.get(address("delete_document", engagement, document=paper.pk)).content.decode()
    )
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("delete_document", engagement, document=paper.pk))
    assert not Document.objects.exists()
    assert stored(media) == []


def test_the_other_party_does_not_delete_it(cast, sign_in, media):
    engagement = held(cast)
    paper = DocumentFactory(engagement=engagement, added_by=person_of(cast.officer, cast.agreement))
    path = address("delete_document", engagement, document=paper.pk)
    assert sign_in(cast.techuk_lead).post(path).status_code == 403
    assert Document.objects.get() == paper


def test_a_file_that_has_gone_from_the_disk_is_not_found(cast, sign_in, media):
    paper = DocumentFactory(engagement=held(cast))
    stored(media)[0].unlink()
    assert sign_in(cast.officer).get(paper.get_absolute_url()).status_code == 404


def test_outsiders_and_the_signed_out_get_no_file(cast, client, sign_in, media):
    paper = DocumentFactory(engagement=held(cast))
    assert client.get(paper.get_absolute_url()).status_code == 302
    assert sign_in(cast.outsider).get(paper.get_absolute_url()).status_code == 404


def test_a_file_is_not_found_below_another_engagement(cast, sign_in, media):
    paper = DocumentFactory(engagement=held(cast))
    path = address("document", held(cast), document=paper.pk)
    assert sign_in(cast.officer).get(path).status_code == 404
