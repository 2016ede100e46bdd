"""The sheet on which one invites people and takes attendance."""

import uuid

import pytest

from engagements.models import Engagement, Participation
from tests.contacts.rows import sent_row, sent_rows
from tests.engagements.pages import address, held, planned, said
from tests.factories import OrganisationFactory, ParticipationFactory, PersonFactory


@pytest.fixture
def sheet(cast, sign_in):
    """A workshop that was held, with Ann and Ben of whom nothing is recorded, and a client of the officer."""
    engagement = held(cast)
    people = [
        ParticipationFactory(engagement=engagement, person=PersonFactory(agreement=cast.agreement, name=name))
        for name in ("Ann", "Ben")
    ]
    return engagement, people, sign_in(cast.officer)


def sent(*participations, **changes):
    """What a browser sends of rows that are left as they are, but for ``changes``."""
    data = {"form_key": str(uuid.uuid4())}
    for each in participations:
        for name in ("role", "attendance"):
            data[f"initial-p{each.pk}-{name}"] = data[f"p{each.pk}-{name}"] = getattr(each, name)
    return data | changes


def attendances(engagement):
    rows = engagement.participations.select_related("person").order_by("person__name")
    return [(each.person.name, each.attendance) for each in rows]


def test_attendance_and_role_are_saved(sheet):
    engagement, (ann, ben), client = sheet
    data = sent(
        ann, ben, **{f"p{ann.pk}-attendance": "came", f"p{ben.pk}-attendance": "apologies", f"p{ann.pk}-role": "chair"}
    )
    response = client.post(address("attendance", engagement), data, follow=True)
    assert said(response) == ["The list is saved."]
    assert attendances(engagement) == [("Ann", "came"), ("Ben", "apologies")]
    assert engagement.participations.get(pk=ann.pk).role == "chair"
    assert Engagement.objects.get().revision == 2


def test_saving_a_sheet_that_nobody_changed_leaves_the_record_untouched(sheet):
    engagement, (ann, ben), client = sheet
    client.post(address("attendance", engagement), sent(ann, ben))
    assert Engagement.objects.get().revision == 1


def test_all_came_with_one_press_but_for_those_who_were_said_not_to(sheet):
    engagement, (ann, ben), client = sheet
    data = sent(ann, ben, all_came="1", **{f"p{ben.pk}-attendance": "absent"})
    client.post(address("attendance", engagement), data)
    assert attendances(engagement) == [("Ann", "came"), ("Ben", "absent")]


def test_all_came_does_not_include_who_had_declined(sheet):
    engagement, (ann, ben), client = sheet
    Participation.objects.filter(pk=ben.pk).update(reply="declined")
    client.post(address("attendance", engagement), sent(ann, ben, all_came="1"))
    assert attendances(engagement) == [("Ann", "came"), ("Ben", "")]


def test_two_who_take_attendance_together_do_not_undo_each_others(sheet):
    engagement, (ann, ben), client = sheet
    mine, yours = sent(ann, ben), sent(ann, ben)
    client.post(address("attendance", engagement), mine | {f"p{ann.pk}-attendance": "came"})
    client.post(address("attendance", engagement), yours | {f"p{ben.pk}-attendance": "came"})
    assert attendances(engagement) == [("Ann", "came"), ("Ben", "came")]


def test_somebody_added_since_the_sheet_was_opened_stays(sheet, cast):
    engagement, (ann, ben), client = sheet
    data = sent(ann, ben, **{f"p{ann.pk}-attendance": "came"})
    ParticipationFactory(engagement=engagement, person=PersonFactory(agreement=cast.agreement, name="Cat"))
    client.post(address("attendance", engagement), data)
    assert attendances(engagement) == [("Ann", "came"), ("Ben", ""), ("Cat", "")]


def test_somebody_taken_off_since_the_sheet_was_opened_stays_off(sheet):
    engagement, (ann, ben), client = sheet
    data = sent(ann, ben, **{f"p{ben.pk}-attendance": "came", f"p{ann.pk}-attendance": "came"})
    ben.delete()
    client.post(address("attendance", engagement), data)
    assert attendances(engagement) == [("Ann", "came")]


def test_people_are_taken_off_the_list(sheet):
    engagement, (ann, ben), client = sheet
    client.post(address("attendance", engagement), sent(ann, ben, **{f"p{ben.pk}-leaves": "on"}))
    assert attendances(engagement) == [("Ann", "")]


def test_people_are_added_with_the_organisation_of_today_and_of_one_that_was_held_they_came(sheet, cast):
    engagement, (ann, ben), client = sheet
    council = OrganisationFactory(agreement=cast.agreement)
    cat = PersonFactory(agreement=cast.agreement, name="Cat", organisation=council)
    client.post(address("attendance", engagement), sent(ann, ben, who=[cat.pk]))
    added = engagement.participations.get(person=cat)
    assert (added.organisation, added.attendance) == (council, "came")


def test_a_new_person_is_added_to_the_contacts_and_named_twice_taken_once(sheet, cast):
    engagement, (ann, ben), client = sheet
    row = {"name": "New Person", "choice": "new", "organisation": "New Council", "email": "new@x.example"}
    lines = sent_rows(row, row)
    response = client.post(address("attendance", engagement), sent(ann, ben, **lines), follow=True)
    assert "New Person was listed twice. We added them once." in said(response)
    assert cast.agreement.people.filter(name="New Person").count() == 1
    assert engagement.participations.filter(person__name="New Person").count() == 1


def test_typed_names_come_back_to_be_confirmed_with_all_that_was_chosen(sheet):
    engagement, (ann, ben), client = sheet
    data = sent(ann, ben, who_lines="Somebody New, Some Council", **{f"p{ann.pk}-attendance": "came"})
    response = client.post(address("attendance", engagement), data)
    page = response.content.decode()
    assert response.status_code == 200
    assert "Check the people you added" in page
    assert f'name="p{ann.pk}-attendance" value="came" id="id_p{ann.pk}-attendance_1" checked' in " ".join(page.split())
    assert attendances(engagement) == [("Ann", ""), ("Ben", "")]


def test_a_person_of_another_agreement_is_refused(sheet, cast):
    engagement, (ann, ben), client = sheet
    stranger = PersonFactory(agreement=cast.elsewhere, name="Stranger")
    response = client.post(address("attendance", engagement), sent(ann, ben, who=[stranger.pk]))
    assert "not in this agreement’s contacts" in response.content.decode()
    assert "Stranger" not in response.content.decode()
    assert engagement.participations.count() == 2


@pytest.mark.parametrize(("field", "value"), [("attendance", "flew"), ("role", "king"), ("role", "\0")])
def test_an_answer_that_is_not_on_offer_is_refused_beside_its_field(field, value, sheet):
    engagement, (ann, ben), client = sheet
    response = client.post(address("attendance", engagement), sent(ann, ben, **{f"p{ann.pk}-{field}": value}))
    assert response.status_code == 200
    assert "Choose one of those shown." in response.content.decode()
    assert attendances(engagement) == [("Ann", ""), ("Ben", "")]


def test_before_it_begins_replies_are_noted_with_their_moment(cast, sign_in):
    engagement = planned(cast)
    ann = ParticipationFactory(engagement=engagement, person=PersonFactory(agreement=cast.agreement))
    data = {f"p{ann.pk}-role": "participant", f"initial-p{ann.pk}-role": "participant", f"p{ann.pk}-reply": "accepted"}
    sign_in(cast.officer).post(address("attendance", engagement), data)
    ann.refresh_from_db()
    assert ann.reply == "accepted"
    assert ann.replied_at is not None


def test_somebody_invited_to_one_to_come_has_not_come_yet(cast, sign_in):
    engagement = planned(cast)
    person = PersonFactory(agreement=cast.agreement)
    sign_in(cast.officer).post(address("attendance", engagement), {"who": [person.pk]})
    assert engagement.participations.get().attendance == ""


@pytest.mark.parametrize("number", [1, 3])
def test_the_sheet_costs_the_same_however_many_are_on_it(number, cast, sign_in, django_assert_num_queries):
    engagement = held(cast)
    for _ in range(number):
        ParticipationFactory(engagement=engagement, person=PersonFactory(agreement=cast.agreement))
    client = sign_in(cast.officer)
    with django_assert_num_queries(5):
        client.get(address("attendance", engagement))


def test_apologies_that_are_pasted_for_a_meeting_to_come_are_a_reply(cast, sign_in):
    engagement = planned(cast)
    row = sent_row("Ann Lee", "new", attendance="apologies")
    sign_in(cast.officer).post(address("attendance", engagement), sent() | row)
    place = engagement.participations.get(person__name="Ann Lee")
    assert (place.attendance, place.reply, place.sent_apologies) == ("", "declined", True)
