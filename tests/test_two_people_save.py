"""Two people save the same record: the second is told what the first saved, and loses nothing."""

import pytest
from django.urls import reverse

from contacts.forms.owner import label_of
from tests.factories import ActionFactory, CommitteeFactory, NoteFactory, SeatFactory


def address(cast, name, *args):
    return reverse(name, args=[cast.agreement.slug, *args])


@pytest.fixture
def rows(cast):
    """{what: (row, address of its form, what a browser sends of it)}, each as it is stored."""
    person = cast.agreement.people.get(user=cast.officer)
    action = ActionFactory(agreement=cast.agreement, title="Old", owner_person=person, owner_organisation=None)
    committee = CommitteeFactory(agreement=cast.agreement, name="Old")
    seat = SeatFactory(committee=committee, holder=person, organisation=cast.lga.organisation)
    organisation = cast.agreement.organisations.create(name="Old", kind="other")
    somebody = cast.agreement.people.create(name="Old")
    return {
        "action": (action, address(cast, "engagements:edit_action", action.pk), "title", {"owner": label_of(person)}),
        "committee": (committee, address(cast, "engagements:edit_committee", committee.pk), "name", {}),
        "person": (somebody, address(cast, "contacts:edit_person", somebody.pk), "name", {}),
        "organisation": (
            organisation,
            address(cast, "contacts:edit_organisation", organisation.pk),
            "name",
            {"kind": "other"},
        ),
        "seat": (
            seat,
            address(cast, "engagements:edit_seat", committee.pk, seat.pk),
            "role",
            {"whose": cast.lga.name, "held_by": label_of(person)},
        ),
    }


WORDS = {"seat": ("chair", "observer", "Chair")}


@pytest.mark.parametrize("what", ["action", "committee", "person", "organisation", "seat"])
def test_whoever_comes_second_is_told_and_may_save_again(what, rows, cast, sign_in):
    row, page, field, more = rows[what]
    first, second, shown = WORDS.get(what, ("Of the first", "Of the second", "Of the first"))
    client = sign_in(cast.lead)
    seen = client.get(page).context["form"]["seen"].value()
    assert f'value="{seen}"' in client.get(page).content.decode()
    assert client.post(page, {**more, field: first, "seen": seen}).status_code == 302
    told = client.post(page, {**more, field: second, "seen": seen})
    assert told.status_code == 200
    assert f"“{shown}”" in str(told.context["form"].non_field_errors())
    assert told.context["form"][field].value() == second
    row.refresh_from_db()
    assert getattr(row, field) == first
    again = {**more, field: second, "seen": told.context["form"]["seen"].value()}
    assert client.post(page, again).status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) == second


def test_two_who_save_the_same_words_are_not_told(rows, cast, sign_in):
    _, page, field, more = rows["action"]
    client = sign_in(cast.lead)
    seen = client.get(page).context["form"]["seen"].value()
    assert [client.post(page, {**more, field: "The same", "seen": seen}).status_code for _ in "ab"] == [302, 302]


def test_a_damaged_mark_stops_nobody(rows, cast, sign_in):
    _, page, field, more = rows["action"]
    response = sign_in(cast.lead).post(page, {**more, field: "New", "seen": "x=y nonsense =\0 title"})
    assert response.status_code in (200, 302)


def test_a_note_that_was_changed_meanwhile_is_shown(cast, sign_in):
    note = NoteFactory(engagement__agreement=cast.agreement, agreement=cast.agreement, text="Old")
    page = address(cast, "engagements:edit_note", note.engagement_id, note.pk)
    client = sign_in(cast.lead)
    seen = client.get(page).context["form"]["seen"].value()
    for text, status in [("First", 302), ("Second", 200)]:
        response = client.post(page, {"text": text, "audience": "all", "seen": seen})
        assert response.status_code == status
    assert "“First”" in response.content.decode()
