"""The party of a note or a paper is stored with it."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from engagements.models import Document, Note
from engagements.operations.papers import add_note, change_note
from tests.engagements.pages import held, person_of
from tests.factories import DocumentFactory, NoteFactory, OrganisationFactory, PersonFactory, UserFactory


def test_it_is_that_of_the_role_of_whoever_makes_it(cast):
    cast.agreement.people.filter(user=cast.officer).update(organisation=OrganisationFactory(agreement=cast.agreement))
    note = add_note(Note(engagement=held(cast), text="A note."), by=cast.officer)
    assert note.by_party == cast.lga
    assert add_note(Note(engagement=held(cast), text="A note."), by=cast.administrator).by_party is None


def test_what_nobody_made_becomes_that_of_the_party_that_keeps_it_to_itself(cast):
    note = NoteFactory(engagement=held(cast))
    note.party = cast.techuk
    assert change_note(note, by=cast.techuk_officer).by_party == cast.techuk


@pytest.mark.parametrize("factory", [NoteFactory, DocumentFactory])
@pytest.mark.parametrize("by_party", ["lga", None])
def test_the_database_refuses_what_is_private_to_another_party_than_its_own(factory, by_party, cast, media):
    with pytest.raises(IntegrityError, match="private_to_its_own_party"), transaction.atomic():
        factory(engagement=held(cast), party=cast.techuk, by_party=by_party and getattr(cast, by_party))


@pytest.mark.parametrize("factory", [NoteFactory, DocumentFactory])
def test_the_database_refuses_a_party_of_another_agreement(factory, cast, media):
    factory(engagement=held(cast), by_party=cast.elsewhere.parties.get())
    with pytest.raises(IntegrityError, match="by_party_same_agreement"):
        connection.check_constraints()


def test_the_migration_stores_it_for_rows_that_are_there(cast, media):
    engagement, agreement = held(cast), cast.agreement
    techuk_person = PersonFactory(agreement=agreement, organisation=cast.techuk.organisation)
    no_party = PersonFactory(agreement=agreement, user=UserFactory())
    moved = person_of(cast.officer, agreement)
    type(moved).objects.filter(pk=moved.pk).update(organisation=cast.techuk.organisation)
    rows = [
        (NoteFactory(engagement=engagement, party=cast.lga), cast.lga),
        (NoteFactory(engagement=engagement, written_by=moved, by_party=None), cast.lga),
        (NoteFactory(engagement=engagement, written_by=techuk_person, by_party=None), cast.techuk),
        (DocumentFactory(engagement=engagement, added_by=techuk_person, by_party=None), cast.techuk),
        (DocumentFactory(engagement=engagement, added_by=no_party, by_party=None), None),
        (DocumentFactory(engagement=engagement, by_party=None), None),
    ]
    import_module("engagements.migrations.0016_papers_keep_their_party").store_parties(apps, None)
    assert [type(row).objects.get(pk=row.pk).by_party for row, _ in rows] == [party for _, party in rows]
    assert Note.objects.count() == Document.objects.count() == 3
