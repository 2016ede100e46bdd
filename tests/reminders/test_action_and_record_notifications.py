"""A new action is told to its owner, and the record to those who took part."""

import datetime as dt

import pytest

from contacts.models import Person
from engagements.models import Action, Participation
from engagements.operations.action import add_action, change_action, finish_action
from reminders.models import Delivery
from reminders.operations.sweeping import sweep
from reminders.queries import Reason
from tests.factories import DocumentFactory, EngagementFactory, NoteFactory, ParticipationFactory, PersonFactory
from tests.reminders.conftest import NOW, outbox

pytestmark = pytest.mark.usefixtures("clock")


def subjects():
    sweep(NOW)
    return sorted(f"{letter['Subject']} | {letter['To']}" for letter in outbox())


def person(cast, name):
    return PersonFactory(agreement=cast.agreement, name=name, email=f"{name.lower()}@people.example")


def action(cast, **fields):
    return Action(agreement=cast.agreement, title="Send the slides", due_on=dt.date(2026, 12, 18), **fields)


def test_a_new_action_is_told_to_the_person_who_owns_it(cast):
    add_action(action(cast, owner_person=person(cast, "Ana")), by=cast.officer)
    assert subjects() == ["An action for you: Send the slides | Ana <ana@people.example>"]
    assert "Friday 18 December 2026" in outbox()[0].get_body(("plain",)).get_content()


def test_an_organisation_that_owns_it_and_whoever_gives_it_to_themselves_are_told_nothing(cast):
    add_action(action(cast, owner_organisation=cast.lga.organisation), by=cast.officer)
    add_action(action(cast, owner_person=Person.objects.get(user=cast.officer)), by=cast.officer)
    assert subjects() == []
    assert Delivery.objects.get().reason == Reason.SELF


def test_given_to_another_before_the_mail_went_only_the_other_hears_of_it(cast):
    ana, bo = person(cast, "Ana"), person(cast, "Bo")
    given = add_action(action(cast, owner_person=ana), by=cast.officer)
    given.owner_person = bo
    change_action(given, by=cast.officer)
    assert subjects() == ["An action for you: Send the slides | Bo <bo@people.example>"]
    assert Delivery.objects.get(person=ana).reason == Reason.OTHER_OWNER
    given.title = "Send all slides"
    change_action(given, by=cast.officer)
    assert len(subjects()) == 1


def test_done_or_saved_quietly_nobody_is_told(cast):
    finish_action(add_action(action(cast, owner_person=person(cast, "Ana")), by=cast.officer), by=cast.officer)
    add_action(action(cast, owner_person=person(cast, "Bo")), notify=False, by=cast.officer)
    assert subjects() == []
    assert set(Delivery.objects.values_list("reason", flat=True)) == {Reason.DONE, Reason.SILENT}


@pytest.fixture
def held(cast):
    """A roundtable that was held: Ana came, Bo did not, and the officer came too."""
    meeting = EngagementFactory(
        agreement=cast.agreement,
        title="AI roundtable",
        kind="roundtable",
        status="held",
        starts_on=dt.date(2026, 11, 24),
        outcomes="A pilot is to begin.",
    )
    for one, attendance in ((person(cast, "Ana"), "came"), (person(cast, "Bo"), "apologies")):
        ParticipationFactory(engagement=meeting, person=one, attendance=attendance)
    mine = Person.objects.get(user=cast.officer)
    ParticipationFactory(engagement=meeting, person=mine, attendance="came")
    NoteFactory(engagement=meeting, agreement=cast.agreement, text="Between us alone")
    DocumentFactory(engagement=meeting, agreement=cast.agreement)
    Action.objects.create(
        agreement=cast.agreement, engagement=meeting, title="Write it up", owner_person=Person.objects.get(name="Bo")
    )
    return meeting


def send(cast, client, meeting):
    page = f"/agreements/{cast.agreement.slug}/reminders/send-record/{meeting.pk}/"
    return client.get(page).content.decode(), client.post(page, follow=True).content.decode()


def test_the_page_shows_to_whom_and_what_and_then_it_goes_to_those_who_came(cast, held, sign_in):
    page, after = send(cast, sign_in(cast.officer), held)
    assert "To 1 person" in page
    assert "A pilot is to begin." in page
    assert "The record goes to 1 person now." in after
    assert subjects() == ["Record: AI roundtable, 24 November 2026 | Ana <ana@people.example>"]
    [letter] = outbox()
    for kind in ("plain", "html"):
        text = letter.get_body((kind,)).get_content()
        assert "A pilot is to begin." in text
        assert "Write it up" in text
        assert "Bo" in text
        assert "Between us alone" not in text


def test_pressed_twice_it_goes_once_and_again_after_the_record_was_changed(cast, held, sign_in):
    client = sign_in(cast.officer)
    send(cast, client, held)
    assert "It has gone to all of them already." in send(cast, client, held)[1]
    assert len(subjects()) == 1
    held.revision += 1
    held.save()
    send(cast, client, held)
    assert len(subjects()) == 2


def test_under_the_chatham_house_rule_the_mail_names_nobody(cast, held, sign_in):
    held.chatham_house = True
    held.save()
    send(cast, sign_in(cast.officer), held)
    subjects()
    [letter] = outbox()
    text = letter.get_body(("plain",)).get_content()
    assert "Chatham House Rule" in text
    assert "Bo" not in text
    assert "Ana" not in text


def test_of_what_is_not_held_there_is_no_record_to_send(cast, held, sign_in):
    held.status = "planned"
    held.save()
    page, after = send(cast, sign_in(cast.officer), held)
    assert "there is no record of it to send" in page
    assert "there is no record of it to send" in after
    assert subjects() == []


def test_where_nobody_took_attendance_it_goes_to_all_who_did_not_decline(cast, held, sign_in):
    Participation.objects.update(attendance="")
    Participation.objects.filter(person__name="Bo").update(reply="declined")
    page, _ = send(cast, sign_in(cast.officer), held)
    assert "To 1 person" in page


def test_the_page_costs_a_few_queries_however_many_came(cast, held, sign_in, django_assert_max_num_queries):
    for number in range(30):
        ParticipationFactory(engagement=held, person=person(cast, f"Guest{number}"), attendance="came")
    client = sign_in(cast.officer)
    with django_assert_max_num_queries(12):
        client.get(f"/agreements/{cast.agreement.slug}/reminders/send-record/{held.pk}/")
