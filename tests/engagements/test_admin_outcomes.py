"""Actions, committees and seats in Django admin: nothing there goes around the verbs or the rules."""

import pytest

from engagements.models import Action, Committee, Seat
from tests.engagements.admin_pages import address, errors, told
from tests.engagements.pages import held
from tests.factories import ActionFactory, CommitteeFactory, OrganisationFactory


def action_fields(cast, **fields):
    return {"agreement": cast.agreement.pk, "title": "Write", "owner_organisation": cast.lga.organisation.pk} | fields


def test_an_action_is_added_and_changed(admin, cast):
    admin.post(address("action_add"), action_fields(cast))
    action = Action.objects.get()
    admin.post(address("action_change", action.pk), action_fields(cast, title="Write it", done_on="2026-01-01"))
    action.refresh_from_db()
    assert (action.title, action.done_on) == ("Write it", None)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"owner_organisation": ""}, "Say who does it: a person or an organisation."),
        ({"title": ""}, "This field is required."),
    ],
)
def test_an_action_that_breaks_a_rule_is_refused_in_words(fields, error, admin, cast):
    response = admin.post(address("action_add"), action_fields(cast, **fields))
    assert error in errors(response)


def test_an_action_of_another_agreements_owner_is_refused(admin, cast):
    owner = OrganisationFactory(agreement=cast.elsewhere)
    response = admin.post(address("action_add"), action_fields(cast, owner_organisation=owner.pk))
    assert "This belongs to another agreement." in errors(response)


def test_actions_are_finished_and_opened_again_by_the_verbs(admin, cast):
    action = ActionFactory(agreement=cast.agreement)
    for press, done in (("finish", True), ("reopen", False)):
        admin.post(address("action_changelist"), {"action": press, "_selected_action": action.pk})
        action.refresh_from_db()
        assert action.is_done is done


def test_an_action_is_deleted(admin, cast):
    action = ActionFactory(agreement=cast.agreement)
    admin.post(address("action_delete", action.pk), {"post": "yes"})
    assert not Action.objects.exists()


def seats(*rows, **fields):
    data = {"seats-TOTAL_FORMS": len(rows), "seats-INITIAL_FORMS": len([row for row in rows if "id" in row])}
    data |= {f"seats-{n}-{key}": value for n, row in enumerate(rows) for key, value in row.items()}
    return data | {"name": "Digital Committee"} | fields


def test_a_committee_is_added_with_its_seats(admin, cast):
    row = {"organisation": cast.techuk.organisation.pk, "role": "member"}
    admin.post(address("committee_add"), seats(row, agreement=cast.agreement.pk))
    seat = Seat.objects.get()
    assert (seat.committee.name, seat.organisation, seat.agreement) == (
        "Digital Committee",
        cast.techuk.organisation,
        cast.agreement,
    )


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ({"role": "member"}, "Say whose seat it is: an organisation, a person or both."),
        ({"role": "member", "starts_on": "2026-02-01", "ends_on": "2026-01-01"}, "A seat cannot end before it begins."),
    ],
)
def test_a_seat_that_breaks_a_rule_is_refused_in_words(row, error, admin, cast):
    row = {"organisation": cast.techuk.organisation.pk} | row if "ends_on" in row else row | {"starts_on": "2026-01-01"}
    response = admin.post(address("committee_add"), seats(row, agreement=cast.agreement.pk))
    assert error in errors(response)
    assert not Committee.objects.exists()


def test_a_committee_that_has_met_is_not_deleted_and_admin_says_why(admin, cast):
    committee = CommitteeFactory(agreement=cast.agreement, name="Digital Committee")
    meeting = held(cast, kind="committee", committee=committee)
    response = admin.post(address("committee_delete", committee.pk), {"post": "yes"}, follow=True)
    assert "Digital Committee cannot be deleted: there are meetings of it." in told(response)
    meeting.delete()
    admin.post(address("committee_delete", committee.pk), {"post": "yes"})
    assert not Committee.objects.exists()
