"""Deleting a record that was made by mistake."""

from django.core.files.base import ContentFile

from contacts.models import Person
from engagements.models import Action, Engagement, Note, Participation
from tests.engagements.pages import address, held, said
from tests.factories import (
    ActionFactory,
    DecisionFactory,
    DocumentFactory,
    NoteFactory,
    ParticipationFactory,
    PersonFactory,
)


def test_deleting_asks_first_and_says_what_goes_and_what_stays(cast, sign_in):
    engagement = held(cast, title="Logged twice")
    DecisionFactory(engagement=engagement)
    ParticipationFactory(engagement=engagement, person=PersonFactory(agreement=cast.agreement))
    ActionFactory(agreement=cast.agreement, engagement=engagement)
    page = " ".join(sign_in(cast.officer).get(address("delete", engagement)).content.decode().split())
    assert "The record, with its summary, outcomes and 1 decision" in page
    assert "Who took part: 1 person. They stay in the contacts." in page
    assert "1 action</a>, no longer said to come from it" in page
    assert Engagement.objects.count() == 1


def test_the_record_goes_with_its_notes_and_its_actions_and_people_stay(cast, sign_in):
    engagement = held(cast, title="Logged twice")
    NoteFactory(engagement=engagement)
    action = ActionFactory(agreement=cast.agreement, engagement=engagement)
    person = PersonFactory(agreement=cast.agreement)
    ParticipationFactory(engagement=engagement, person=person)
    response = sign_in(cast.officer).post(address("delete", engagement), follow=True)
    assert said(response) == ["“Logged twice” is deleted."]
    assert response.request["PATH_INFO"] == f"/agreements/{cast.agreement.slug}/engagements/"
    assert not Engagement.objects.exists()
    assert not Note.objects.exists()
    assert not Participation.objects.exists()
    assert Action.objects.get() == action
    assert Action.objects.get().engagement is None
    assert Person.objects.filter(pk=person.pk).exists()


def test_its_files_go_once_the_deletion_is_certain(cast, sign_in, media, django_capture_on_commit_callbacks):
    engagement = held(cast)
    DocumentFactory(engagement=engagement, file=ContentFile(b"Agenda", "a.txt"))

    def stored():
        return [path for path in media.rglob("*") if path.is_file()]

    client = sign_in(cast.officer)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("delete", engagement))
        assert len(stored()) == 1
    assert stored() == []


def test_deleting_twice_is_told_in_words(cast, sign_in):
    engagement = held(cast)
    client = sign_in(cast.officer)
    client.post(address("delete", engagement))
    answer = client.post(address("delete", engagement))
    assert answer.status_code == 409
    assert "Somebody deleted this engagement" in answer.content.decode()
