"""Which parties have a part in a record: by its history, and by the party that people acted for at the time."""

import pytest
from pghistory.models import Context

from contacts.models import Person
from engagements.models import Action
from engagements.operations.action import add_action, change_action, finish_action
from partnership.involvement import parties_acting, why_not_deleted
from partnership.models import Membership


@pytest.fixture
def action(cast):
    """An action that LGA's officer logged."""
    new = Action(agreement=cast.agreement, title="Send the slides", owner_organisation=cast.lga.organisation)
    return add_action(new, by=cast.officer)


def why(row, by):
    return why_not_deleted(row, by, noun="action")


def test_the_party_that_logged_it_may_delete_it_and_no_other(cast, action):
    assert [why(action, user) for user in (cast.officer, cast.lead, cast.administrator, None)] == [""] * 4
    assert why(action, cast.techuk_lead) == (
        "You cannot delete this action, because LGA logged it. Only LGA can delete it."
    )


def test_once_another_party_has_worked_on_it_nobody_deletes_it_alone(cast, action):
    action.title = "Send all slides"
    change_action(action, by=cast.techuk_officer)
    assert why(action, cast.officer) == "You cannot delete this action, because techUK has worked on it."
    assert why(action, cast.techuk_officer) == (
        "You cannot delete this action, because LGA logged it. Only LGA can delete it."
    )
    assert why(action, cast.administrator) == (
        "You cannot delete this action, because LGA and techUK have worked on it."
    )


def test_marking_it_as_done_is_a_part_in_it(cast, action):
    finish_action(action, by=cast.techuk_officer)
    assert why(action, cast.officer) == "You cannot delete this action, because techUK has worked on it."


def test_an_officer_who_moves_to_another_party_takes_no_record_along(cast, action):
    Membership.objects.filter(user=cast.officer).update(party=cast.techuk)
    assert parties_acting(action.agreement_id, Action.pgh_event_model.objects.all()) == {cast.lga.pk}
    assert "LGA logged it" in why(action, cast.officer)
    assert why(action, cast.lead) == ""


def test_what_nobody_in_particular_logged_any_officer_may_delete(cast):
    row = Person.objects.create(agreement=cast.agreement, name="Ana")
    assert why_not_deleted(row, cast.techuk_officer, noun="person") == ""


def test_of_history_from_before_parties_were_written_down_the_role_of_today_counts(cast, action):
    for context in Context.objects.all():
        context.metadata.pop("parties", None)
        context.save()
    assert parties_acting(action.agreement_id, Action.pgh_event_model.objects.all()) == {cast.lga.pk}
