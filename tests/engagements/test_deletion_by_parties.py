"""Deleting is for the party that logged a record, while no other party has a part in it."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from commitments.models import Commitment, Evidence
from commitments.operations import add_commitment, add_evidence, save_commitment, withdraw_evidence
from contacts.operations import add_organisation, add_person, delete_organisation, delete_person, save_organisation
from engagements.models import Action, Committee, Document, Engagement, Note, Seat, Series
from engagements.operations.action import add_action
from engagements.operations.committee import delete_committee, save_committee, save_seat
from engagements.operations.engagement import add_people, change_engagement, log_engagement, take_attendance
from engagements.operations.papers import add_document, add_note
from engagements.operations.reply import give_reply
from engagements.operations.series import change_series, delete_series
from records.deletion import InUseError
from tests.engagements.pages import address, day, person_of
from tests.factories import EngagementFactory, NoteFactory, PersonFactory, SeriesFactory


@pytest.fixture
def record(cast):
    """A workshop planned for next week that LGA's officer logged."""
    new = Engagement(agreement=cast.agreement, title="Logged twice", kind="workshop", starts_on=day(7))
    return log_engagement(new, people=[person_of(cast.lead, cast.agreement)], by=cast.officer)


def add_a_person(cast, record):
    add_people(record, [PersonFactory(agreement=cast.agreement)], by=cast.techuk_officer)


def edit_it(cast, record):
    record.title = "Logged once more"
    change_engagement(record, by=cast.techuk_officer)


def take_the_attendance(cast, record):
    take_attendance(record, list(record.participations.all()), by=cast.techuk_officer)


def add_an_action(cast, record):
    fields = {"title": "Send the slides", "owner_organisation": cast.techuk.organisation}
    add_action(Action(agreement=cast.agreement, engagement=record, **fields), by=cast.techuk_officer)


def add_a_note(cast, record):
    add_note(Note(engagement=record, text="Ours"), by=cast.techuk_officer)


def add_a_private_note(cast, record):
    add_note(Note(engagement=record, text="Ours", party=cast.techuk), by=cast.techuk_officer)


def add_a_paper(cast, record):
    paper = Document(engagement=record, name="a.txt", content_type="text/plain", size=1)
    paper.file.save("a.txt", ContentFile(b"a"), save=False)
    add_document(paper, by=cast.techuk_officer)


PARTS = [add_a_person, edit_it, take_the_attendance, add_an_action, add_a_note, add_a_private_note, add_a_paper]


def test_the_party_that_logged_it_deletes_it(cast, record, sign_in):
    client = sign_in(cast.lead)
    assert "Delete this record?" in client.get(address("delete", record)).content.decode()
    client.post(address("delete", record))
    assert not Engagement.objects.exists()


def test_the_other_party_does_not_and_reads_what_it_can_do(cast, record, sign_in):
    client = sign_in(cast.techuk_lead)
    answers = client.get(address("delete", record)), client.post(address("delete", record))
    assert [answer.status_code for answer in answers] == [200, 403]
    for answer in answers:
        page = answer.content.decode()
        assert "You cannot delete this record, because LGA logged it. Only LGA can delete it." in page
        assert address("edit", record) in page
        assert address("cancel", record) in page
    assert Engagement.objects.get() == record


@pytest.mark.parametrize("part", PARTS)
def test_once_the_other_party_has_a_part_in_it_nobody_deletes_it_alone(part, cast, record, sign_in, media):
    part(cast, record)
    for who in (cast.officer, cast.techuk_officer, cast.administrator):
        sign_in(who).post(address("delete", record))
    sign_in(cast.administrator).post(f"/admin/engagements/engagement/{record.pk}/delete/", {"post": "yes"})
    assert Engagement.objects.get() == record
    page = sign_in(cast.officer).get(address("delete", record)).content.decode()
    assert "You cannot delete this record, because techUK has worked on it." in page


def test_what_is_private_is_not_told_by_the_reason(cast, record, sign_in, media):
    add_a_private_note(cast, record)
    page = sign_in(cast.officer).get(address("delete", record)).content.decode()
    assert "note" not in page[page.index("You cannot delete this record, because") : page.index("Go back")]


def test_a_note_of_the_other_party_counts_however_it_came_there(cast, record, sign_in):
    NoteFactory(engagement=record, party=cast.techuk)
    assert sign_in(cast.officer).post(address("delete", record)).status_code == 403


def test_a_reply_to_the_invitation_is_no_part_in_the_record(cast, record, sign_in):
    add_people(record, [person_of(cast.techuk_lead, cast.agreement)], by=cast.officer)
    place = record.participations.get(person__user=cast.techuk_lead)
    give_reply(place, "accepted", version=record.schedule_version, by=cast.techuk_lead)
    assert sign_in(cast.officer).post(address("delete", record)).status_code == 302
    assert not Engagement.objects.exists()


def test_a_meeting_that_follows_a_seat_of_the_other_party_is_still_its_own(cast, sign_in):
    committee = save_committee(Committee(agreement=cast.agreement, name="Digital"), by=cast.lead)
    fields = {"title": "Meeting", "kind": "committee", "committee": committee, "starts_on": day(7)}
    meeting = log_engagement(Engagement(agreement=cast.agreement, **fields), by=cast.officer)
    save_seat(Seat(committee=committee, holder=person_of(cast.techuk_lead, cast.agreement)), by=cast.techuk_lead)
    assert meeting.participations.filter(person__user=cast.techuk_lead).exists()
    assert sign_in(cast.officer).post(address("delete", meeting)).status_code == 302


def test_what_was_logged_by_one_who_moved_since_stays_with_the_party(cast, record, sign_in):
    cast.agreement.memberships.filter(user=cast.officer).update(party=cast.techuk)
    assert sign_in(cast.officer).post(address("delete", record)).status_code == 403
    assert sign_in(cast.lead).post(address("delete", record)).status_code == 302


# The other records


def action_of(cast, user):
    new = Action(agreement=cast.agreement, title="Send the slides", owner_organisation=cast.lga.organisation)
    return add_action(new, by=user)


def test_an_action_of_the_other_party_is_not_deleted_on_its_page(cast, sign_in):
    action = action_of(cast, cast.techuk_officer)
    client = sign_in(cast.officer)
    response = client.post(address("delete_action", action))
    assert response.status_code == 403
    page = response.content.decode()
    assert "because techUK logged it" in page
    assert "Mark it as done: it stays on record" in page
    assert address("edit_action", action) in page
    assert sign_in(cast.techuk_lead).post(address("delete_action", action)).status_code == 302
    assert not Action.objects.exists()


def test_nor_by_removing_its_row_from_the_record(cast, record, sign_in):
    add_an_action(cast, record)
    action = Action.objects.get()
    client = sign_in(cast.officer)
    form = client.get(address("edit", record)).context["form"]
    data = {
        "title": record.title,
        "kind": record.kind,
        "starts_on": record.starts_on,
        "seen": form["seen"].value(),
        "actions-TOTAL_FORMS": "1",
        "actions-INITIAL_FORMS": "1",
        "actions-0-id": action.pk,
        "actions-0-title": action.title,
        "actions-0-owner": "techUK",
        "actions-0-DELETE": "on",
        "status": "planned",
        "form_key": "",
        "time_zone": record.time_zone,
    }
    response = client.post(address("edit", record), data)
    assert response.status_code == 200
    assert "Action “Send the slides”: You cannot delete this action, because techUK logged it." in (
        response.content.decode()
    )
    assert Action.objects.get() == action


def test_a_note_of_the_other_party_is_not_deleted_and_the_page_says_what_to_do(cast, record, sign_in):
    note = add_note(Note(engagement=record, text="Ours"), by=cast.techuk_officer)
    response = sign_in(cast.officer).post(address("delete_note", record, note=note.pk))
    assert response.status_code == 403
    assert "because techUK added it. Only techUK can delete it." in response.content.decode()
    assert "Add a note that says what has changed" in response.content.decode()
    assert Note.objects.get() == note


@pytest.mark.parametrize("moved_to", ["organisation", "role"])
def test_a_note_stays_with_its_party_when_its_author_moves(moved_to, cast, record, sign_in):
    note = add_note(Note(engagement=record, text="Ours"), by=cast.officer)
    if moved_to == "role":
        cast.agreement.memberships.filter(user=cast.officer).update(party=cast.techuk)
    person_of(cast.officer, cast.agreement).__class__.objects.filter(user=cast.officer).update(
        organisation=cast.techuk.organisation
    )
    page = address("edit_note", record, note=note.pk)
    assert sign_in(cast.techuk_lead).get(page).status_code == 403
    assert sign_in(cast.lead).get(page).status_code == 200
    record_page = sign_in(cast.techuk_lead).get(record.get_absolute_url()).content.decode()
    assert page not in record_page


def test_a_committee_a_seat_and_a_series_that_both_parties_worked_on_stay(cast, sign_in):
    series = SeriesFactory(agreement=cast.agreement)
    committee = save_committee(Committee(agreement=cast.agreement, name="Digital"), by=cast.lead)
    seat = save_seat(Seat(committee=committee, organisation=cast.lga.organisation), by=cast.lead)
    seat_page = reverse("engagements:delete_seat", args=[cast.agreement.slug, committee.pk, seat.pk])
    response = sign_in(cast.techuk_lead).post(seat_page)
    assert response.status_code == 403
    assert "Give the seat a last day: it stays on record" in response.content.decode()
    seat.role = "chair"
    save_seat(seat, by=cast.techuk_lead)
    with pytest.raises(InUseError, match="techUK has worked on it"):
        delete_committee(committee, by=cast.lead)
    for title, user in (("Clinics", cast.officer), ("Call-off clinics", cast.techuk_officer)):
        series = Series.objects.get(pk=series.pk)
        series.title = title
        change_series(series, by=user)
    for user in (cast.officer, cast.administrator):
        with pytest.raises(InUseError, match="worked on it"):
            delete_series(series, by=user)


def test_a_commitment_and_what_the_other_lead_said_of_it_stay(cast, sign_in):
    commitment = add_commitment(Commitment(agreement=cast.agreement, title="Four roundtables a year"), by=cast.lead)
    page = reverse("commitments:delete", args=[cast.agreement.slug, commitment.pk])
    assert sign_in(cast.techuk_lead).post(page).status_code == 403
    commitment.text = "In each agreement year."
    save_commitment(commitment, by=cast.techuk_lead)
    response = sign_in(cast.lead).post(page)
    assert response.status_code == 403
    assert "Change the commitment" in response.content.decode()
    said = add_evidence(commitment, EngagementFactory(agreement=cast.agreement), reason="It was ours.", by=cast.lead)
    with pytest.raises(InUseError, match="LGA logged it"):
        withdraw_evidence(said, by=cast.techuk_lead)
    withdraw = reverse("commitments:withdraw", args=[cast.agreement.slug, commitment.pk, said.engagement_id])
    text = sign_in(cast.techuk_lead).post(withdraw, follow=True).content.decode()
    assert "because LGA logged it" in text
    assert Evidence.objects.get() == said


def test_people_and_organisations_of_both_parties_stay_in_the_address_book(cast):
    council = add_organisation(cast.agreement, name="Northmoor Council", by=cast.officer)
    council.kind = "council"
    save_organisation(council, by=cast.techuk_officer)
    with pytest.raises(InUseError, match="LGA and techUK have worked on it"):
        delete_organisation(council, by=cast.administrator)
    person = add_person(cast.agreement, name="Priya Nair", left_on=dt.date(2026, 1, 1), by=cast.officer)
    with pytest.raises(InUseError, match="LGA logged it"):
        delete_person(person, by=cast.techuk_officer)
    delete_person(person, by=cast.administrator)
