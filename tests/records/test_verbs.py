"""What history is told of a verb."""

import pytest

from records.history import HistorySource, changes_of
from records.verbs import PAST, verb
from tests.factories import WorkstreamFactory
from workstreams.models import Workstream
from workstreams.operations import archive_workstream, restore_workstream

SAY_NO_MORE_THAN_THE_CHANGE = {"save", "note", "trust", "people", "attendance", "organisations", "standard"}
"""First words of verbs of which history tells the change alone."""


def test_each_verb_says_how_history_tells_it():
    without = {name for name, past in PAST.items() if not past}
    assert {name.split()[0] for name in without} <= SAY_NO_MORE_THAN_THE_CHANGE


@pytest.mark.django_db
def test_history_is_told_in_the_past_tense_that_the_verb_declares(cast):
    @verb(past="repainted")
    def repaint_workstream(workstream, *, by):
        workstream.colour = "teal"
        workstream.save()

    workstream = WorkstreamFactory(agreement=cast.agreement)
    try:
        repaint_workstream(workstream, by=cast.lead)
        assert [entry.verb for entry in told(workstream)] == ["repainted", "added"]
    finally:
        del PAST["repaint workstream"]


@pytest.mark.django_db
def test_what_happens_in_one_transaction_is_told_newest_first(cast):
    workstream = WorkstreamFactory(agreement=cast.agreement)
    archive_workstream(workstream, by=cast.lead)
    restore_workstream(workstream, by=cast.lead)
    assert [entry.verb for entry in told(workstream)] == ["restored", "archived", "added"]


def told(workstream):
    """The history of a workstream."""
    return changes_of(HistorySource(Workstream.pgh_event_model.objects.filter(pgh_obj_id=workstream.pk), "workstream"))
