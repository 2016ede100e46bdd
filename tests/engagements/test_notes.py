"""Notes on an engagement."""

import uuid

import pytest

from engagements.models import Note
from tests.engagements.pages import address, held, person_of, said
from tests.factories import NoteFactory


def note_of(user, engagement, **fields):
    return NoteFactory(engagement=engagement, written_by=person_of(user, engagement.agreement), **fields)


def sent(**fields):
    return {"form_key": str(uuid.uuid4()), "text": "Call them on Monday.", "audience": "all"} | fields


def test_a_note_for_everyone_is_read_by_everyone(cast, sign_in):
    engagement = held(cast)
    response = sign_in(cast.officer).post(address("new_note", engagement), sent(), follow=True)
    assert said(response) == ["The note is saved."]
    note = Note.objects.get()
    assert (note.text, note.party, note.written_by.user) == ("Call them on Monday.", None, cast.officer)
    assert "Call them on Monday." in sign_in(cast.viewer).get(engagement.get_absolute_url()).content.decode()


def test_a_note_for_ones_own_party_says_so_where_it_stands(cast, sign_in):
    engagement = held(cast)
    response = sign_in(cast.officer).post(address("new_note", engagement), sent(audience="own"), follow=True)
    assert Note.objects.get().party == cast.lga
    assert "LGA only" in response.content.decode()


def test_nobody_chooses_by_default_who_may_read_it(cast, sign_in):
    engagement = held(cast)
    client = sign_in(cast.officer)
    assert "checked" not in client.get(address("new_note", engagement)).content.decode()
    response = client.post(address("new_note", engagement), sent(audience=""))
    assert response.context["form"].errors == {"audience": ["Say who: everyone, or your party only."]}
    assert "Call them on Monday." in response.content.decode()
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "Write something first."),
        ("  \n ", "Write something first."),
        ("a\0b", "This holds a character that cannot be saved (NUL): type it again."),
        ("x" * 50_001, "This has 50001 characters, at most 50000 are possible."),
    ],
)
def test_a_note_that_cannot_be_saved_is_refused_beside_its_field(text, error, cast, sign_in):
    response = sign_in(cast.officer).post(address("new_note", held(cast)), sent(text=text))
    assert response.context["form"].errors["text"] == [error]
    assert not Note.objects.exists()


def test_sent_twice_it_is_saved_once(cast, sign_in):
    engagement, data, client = held(cast), sent(), sign_in(cast.officer)
    for _ in range(2):
        response = client.post(address("new_note", engagement), data)
        assert response["Location"] == f"{engagement.get_absolute_url()}#notes"
    assert Note.objects.count() == 1


def test_a_form_with_a_damaged_key_says_what_to_do(cast, sign_in):
    response = sign_in(cast.officer).post(address("new_note", held(cast)), sent(form_key="not-a-key"))
    assert "load the page again" in response.content.decode()
    assert not Note.objects.exists()


def test_colleagues_of_the_author_change_it_and_say_anew_who_may_read_it(cast, sign_in):
    engagement = held(cast)
    note = note_of(cast.officer, engagement)
    data = {"text": "Call them on Tuesday.", "audience": "own"}
    sign_in(cast.lead).post(address("edit_note", engagement, note=note.pk), data)
    note.refresh_from_db()
    assert (note.text, note.party) == ("Call them on Tuesday.", cast.lga)
    assert note.written_by.user == cast.officer


@pytest.mark.parametrize("name", ["edit_note", "delete_note"])
def test_the_other_party_reads_a_note_for_all_but_does_not_change_it(name, cast, sign_in):
    engagement = held(cast)
    note = note_of(cast.officer, engagement)
    client = sign_in(cast.techuk_lead)
    assert (
        address("edit_note", engagement, note=note.pk) not in client.get(engagement.get_absolute_url()).content.decode()
    )
    page = client.get(address(name, engagement, note=note.pk))
    assert page.status_code == 403 or "Only LGA can delete it." in page.content.decode()
    assert client.post(address(name, engagement, note=note.pk), sent(text="Mine.")).status_code == 403
    note.refresh_from_db()
    assert note.text == "A note."


def test_what_nobody_in_particular_wrote_any_editor_may_change(cast, sign_in):
    engagement = held(cast)
    note = NoteFactory(engagement=engagement)
    assert sign_in(cast.techuk_officer).get(address("edit_note", engagement, note=note.pk)).status_code == 200


def test_a_note_is_deleted_after_a_question(cast, sign_in):
    engagement = held(cast)
    note = note_of(cast.officer, engagement)
    client = sign_in(cast.officer)
    page = client.get(address("delete_note", engagement, note=note.pk)).content.decode()
    assert "Delete this note?" in page
    assert "A note." in page
    response = client.post(address("delete_note", engagement, note=note.pk), follow=True)
    assert said(response) == ["The note is deleted."]
    assert not Note.objects.exists()


def test_a_note_is_not_found_below_another_engagement(cast, sign_in):
    note = note_of(cast.officer, held(cast))
    assert sign_in(cast.officer).get(address("edit_note", held(cast), note=note.pk)).status_code == 404


def test_a_viewer_writes_no_notes(cast, sign_in):
    assert sign_in(cast.viewer).post(address("new_note", held(cast)), sent()).status_code == 403
    assert not Note.objects.exists()
