"""The history of an engagement: who changed what, when."""

import pytest

from engagements.models import Action, Engagement
from engagements.operations.action import add_action, finish_action
from engagements.operations.engagement import cancel_engagement, change_engagement, log_engagement
from tests.engagements.pages import address, day, person_of
from tests.factories import NoteFactory, PersonFactory


@pytest.fixture
def told(cast, sign_in):
    """An engagement logged by the officer, and the entries of its history as the lead reads them."""
    engagement = log_engagement(
        Engagement(agreement=cast.agreement, title="Workshop", kind="workshop", starts_on=day(5)),
        workstreams=[cast.workstream],
        people=[PersonFactory(agreement=cast.agreement, name="Priya Nair")],
        decisions=["We go on."],
        by=cast.officer,
    )

    def entries():
        page = sign_in(cast.lead).get(address("history", engagement)).context["page_obj"]
        return [(entry.who, entry.verb, [tuple(change) for change in entry.changes]) for entry in page]

    return engagement, entries


def test_it_begins_with_who_logged_it_and_what_came_with_it(told):
    _, entries = told
    assert entries() == [
        (
            "Officer",
            "logged",
            [
                ("Host", "", "LGA"),
                ("Workstream", "", "Procurement"),
                ("Participant", "", "Priya Nair"),
                ("Decision", "", "We go on."),
            ],
        )
    ]


# PostgreSQL's clock stands still within a transaction, so what comes after the other needs real ones.
AS_IT_HAPPENS = pytest.mark.django_db(transaction=True)


@AS_IT_HAPPENS
def test_a_change_is_told_with_both_values_the_newest_first(told, cast):
    engagement, entries = told
    engagement.title = "Long workshop"
    change_engagement(engagement, people=[], by=cast.techuk_officer)
    who, verb, changes = entries()[0]
    assert (who, verb) == ("Officer", "changed")
    assert changes == [("Title", "Workshop", "Long workshop"), ("Participant", "Priya Nair", "")]


@AS_IT_HAPPENS
def test_calling_off_actions_and_notes_are_told_too(told, cast):
    engagement, entries = told
    action = Action(agreement=cast.agreement, engagement=engagement, title="Write it up")
    action.owner_person = person_of(cast.officer, cast.agreement)
    finish_action(add_action(action, by=cast.officer), by=cast.lead)
    NoteFactory(engagement=engagement, text="Ring them")
    cancel_engagement(engagement, reason="Snow", by=cast.lead)
    told = [(who, verb, changes[0]) for who, verb, changes in entries()]
    assert told[0] == ("Lead", "cancelled", ("Status", "Planned", "Cancelled"))
    assert told[1][2] == ("Note", "", "Ring them")
    assert told[2][:2] == ("Lead", "finished")
    assert told[3] == ("Officer", "added", ("Action", "", "Write it up"))


def test_nothing_of_another_engagement_stands_in_it(told, cast):
    _, entries = told
    log_engagement(
        Engagement(agreement=cast.agreement, title="Other", kind="webinar", starts_on=day(6)), by=cast.officer
    )
    assert len(entries()) == 1


def test_it_comes_in_pages_and_a_malformed_page_is_the_first(told, cast, sign_in):
    engagement, _ = told
    for number in range(30):
        engagement.title = f"Workshop {number}"
        engagement = change_engagement(engagement, by=cast.officer)
    client = sign_in(cast.lead)
    for page, length in (("1", 25), ("2", 6), ("x", 25), ("99", 6)):
        assert len(client.get(address("history", engagement), {"page": page}).context["page_obj"]) == length


@pytest.mark.parametrize("changes", [1, 3])
def test_it_costs_the_same_however_much_has_happened(changes, told, cast, sign_in, django_assert_max_num_queries):
    engagement, _ = told
    for number in range(changes):
        engagement.title = f"Workshop {number}"
        people = [PersonFactory(agreement=cast.agreement) for _ in range(number)]
        engagement = change_engagement(engagement, people=people, by=cast.officer)
    client = sign_in(cast.lead)
    with django_assert_max_num_queries(16):
        client.get(address("history", engagement))
