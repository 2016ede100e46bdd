"""What belongs to one party only, the other party never sees: on no page, in no history, by no guess."""

from contextlib import closing

import pytest

from engagements.models import Document, Note
from engagements.operations.papers import change_note
from tests.engagements.pages import address, held, person_of
from tests.factories import DocumentFactory, NoteFactory

SECRET = "Not-for-you"


@pytest.fixture
def papers(cast, media):
    """A workshop with a note and a document of techUK alone, written by its officer."""
    engagement = held(cast, outcomes="We agreed.")
    author = person_of(cast.techuk_officer, cast.agreement)
    note = NoteFactory(engagement=engagement, party=cast.techuk, written_by=author, text=SECRET)
    document = DocumentFactory(engagement=engagement, party=cast.techuk, added_by=author, name=f"{SECRET}.txt")
    return engagement, note, document


OTHERS = ["officer", "lead", "viewer", "administrator"]
PAGES = ["record", "history", "edit", "delete", "cancel", "duplicate", "attendance", "record_ics"]


@pytest.mark.parametrize("who", ["techuk_officer", "techuk_lead"])
def test_officers_of_the_party_see_them(who, cast, papers, sign_in):
    engagement, _, document = papers
    page = sign_in(getattr(cast, who)).get(engagement.get_absolute_url()).content.decode()
    assert page.count(SECRET) >= 2
    assert "techUK only" in page
    with closing(sign_in(getattr(cast, who)).get(document.get_absolute_url())) as response:
        assert response.status_code == 200


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("name", PAGES)
def test_others_find_no_trace_of_them_on_any_page(who, name, cast, papers, sign_in):
    engagement, _, document = papers
    page = sign_in(getattr(cast, who)).get(address(name, engagement)).content.decode()
    assert SECRET not in page
    assert document.get_absolute_url() not in page


@pytest.mark.parametrize("who", OTHERS)
def test_others_do_not_get_the_file_even_by_its_address(who, cast, papers, sign_in):
    _, _, document = papers
    assert sign_in(getattr(cast, who)).get(document.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("who", ["officer", "lead"])
def test_others_cannot_change_or_delete_what_they_do_not_see(who, cast, papers, sign_in):
    engagement, note, document = papers
    client = sign_in(getattr(cast, who))
    for path in (
        address("edit_note", engagement, note=note.pk),
        address("delete_note", engagement, note=note.pk),
        address("delete_document", engagement, document=document.pk),
    ):
        assert client.get(path).status_code == 404
        assert client.post(path, {"text": "x", "audience": "all"}).status_code == 404
    assert (Note.objects.count(), Document.objects.count()) == (1, 1)


def test_a_viewer_for_the_party_is_no_officer_of_it(cast, papers, sign_in):
    cast.agreement.memberships.filter(user=cast.viewer).update(party=cast.techuk)
    engagement, _, document = papers
    assert SECRET not in sign_in(cast.viewer).get(engagement.get_absolute_url()).content.decode()
    assert sign_in(cast.viewer).get(document.get_absolute_url()).status_code == 404


def test_the_search_does_not_find_the_words_of_notes(cast, papers, sign_in):
    path = f"/agreements/{cast.agreement.slug}/engagements/?q={SECRET}"
    assert "Nothing found" in sign_in(cast.officer).get(path).content.decode()


def test_a_note_does_not_change_when_the_record_was_changed_last(cast, papers, sign_in):
    engagement, _, _ = papers
    before = engagement.updated_at
    sign_in(cast.techuk_officer).post(
        address("new_note", engagement),
        {"text": "x", "audience": "own", "form_key": "5f0c7ec0-3f0c-4f59-8d0c-3a0f4f0f0f0f"},
    )
    engagement.refresh_from_db()
    assert Note.objects.count() == 2
    assert (engagement.updated_at, engagement.revision) == (before, 1)


# What history tells of a note that changed hands


def history(user, engagement, sign_in):
    return sign_in(user).get(address("history", engagement)).content.decode()


def test_of_a_note_that_was_private_once_others_read_only_what_is_for_all_now(cast, papers, sign_in):
    engagement, note, _ = papers
    note.text, note.party = "For all of us", None
    change_note(note, by=cast.techuk_officer)
    assert SECRET in history(cast.techuk_lead, engagement, sign_in)
    assert SECRET not in history(cast.officer, engagement, sign_in)


def test_of_a_note_that_became_private_others_read_nothing_any_more(cast, sign_in):
    engagement = held(cast)
    note = NoteFactory(engagement=engagement, written_by=person_of(cast.techuk_officer, cast.agreement), text=SECRET)
    assert SECRET in history(cast.officer, engagement, sign_in)
    note.party = cast.techuk
    change_note(note, by=cast.techuk_officer)
    assert SECRET in history(cast.techuk_officer, engagement, sign_in)
    assert SECRET not in history(cast.officer, engagement, sign_in)


def test_of_private_papers_that_were_deleted_others_read_nothing(cast, papers, sign_in):
    engagement, note, document = papers
    note.delete()
    document.delete()
    assert history(cast.techuk_lead, engagement, sign_in).count(SECRET) >= 2
    assert SECRET not in history(cast.lead, engagement, sign_in)
