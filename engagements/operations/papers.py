"""Operations on notes and documents."""

from django.db import transaction

from engagements.operations.deletion import check_deletable
from engagements.operations.engagement import me
from records.edit_conflicts import merge
from records.one_time_key import save_once
from records.verbs import verb


@verb(past="added")
def add_note(note, *, by):
    """Save a new note, for the party of ``by``; sent twice with one ``form_key``, it is saved once. Returns it."""
    note.agreement, note.written_by = note.engagement.agreement, me(by, note.engagement.agreement)
    note.by_party = note.party or note.agreement.party_of(by)
    return save_once(note)[0]


@verb(past="changed")
def change_note(note, *, seen=None, by):
    """Save the note's text and party as changed in memory. Returns the note. ``seen``: see ``merge``."""
    merge(note, seen)
    note.by_party = note.by_party or note.party
    note.save(update_fields=["text", "party", "by_party"])
    return note


@verb(past="deleted")
def delete_note(note, *, by):
    """Delete a note. InUseError where another party added it or has worked on it."""
    check_deletable(note, by)
    note.delete()


@verb(past="added")
def add_document(document, *, by):
    """Save a new document, for the party of ``by``; sent twice with one ``form_key``, it is saved once. Returns it.

    The file is written before the row. Where no new row is saved, the file is deleted.
    """
    document.agreement, document.added_by = document.engagement.agreement, me(by, document.engagement.agreement)
    document.by_party = document.party or document.agreement.party_of(by)
    is_new = False
    try:
        saved, is_new = save_once(document)
    finally:
        if not is_new:
            _delete_file(document.file)
    return saved


@verb(past="deleted")
def delete_document(document, *, by):
    """Delete a document and, once the transaction commits, its file. InUseError as for notes."""
    check_deletable(document, by)
    file = document.file
    document.delete()
    transaction.on_commit(lambda: _delete_file(file))


def _delete_file(file):
    """Delete the stored file; one that is missing already is no error."""
    file.storage.delete(file.name)
