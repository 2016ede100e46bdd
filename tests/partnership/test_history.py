"""Reading history in words."""

import pytest
from django.utils import timezone

from engagements.models import Engagement, EngagementHost, Note, Participation
from records.history import Change, HistorySource, changes_of, differences
from tests.factories import AgreementFactory, EngagementFactory, NoteFactory, ParticipationFactory, PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)


def of_engagement(engagement):
    events = Engagement.pgh_event_model.objects.filter(pgh_obj_id=engagement.pk)
    return changes_of(HistorySource(events, "engagement"))


def test_values_are_told_in_words(cast):
    engagement = EngagementFactory(agreement=cast.agreement, kind="workshop", starts_on="2026-06-10")
    engagement = Engagement.objects.get(pk=engagement.pk)
    engagement.kind, engagement.chatham_house = "policy", True
    engagement.starts_on, engagement.start_time = (
        timezone.datetime(2026, 6, 11).date(),
        timezone.datetime(1, 1, 1, 14).time(),
    )
    engagement.save()
    assert set(of_engagement(engagement)[0].changes) == {
        Change("Kind", "Workshop", "Policy discussion"),
        Change("Date", "10 June 2026", "11 June 2026"),
        Change("From", "", "14:00"),
        Change("Under the Chatham House Rule", "no", "yes"),
    }


def test_what_people_do_not_edit_is_left_out(cast):
    engagement = EngagementFactory(agreement=cast.agreement)
    Engagement.objects.filter(pk=engagement.pk).update(revision=2, sequence=5, updated_at=timezone.now())
    entries = of_engagement(engagement)
    assert [(entry.verb, entry.changes) for entry in entries] == [("added", [])]


def test_rows_that_are_parts_are_told_by_name_added_and_removed(cast):
    person = PersonFactory(agreement=cast.agreement, name="Zoë")
    participation = ParticipationFactory(engagement=EngagementFactory(agreement=cast.agreement), person=person)
    Participation.objects.filter(pk=participation.pk).update(attendance="came")
    participation.delete()
    events = Participation.pgh_event_model.objects.filter(engagement=participation.engagement_id)
    told = [entry.changes for entry in changes_of(HistorySource(events, "participant", named_by="person"))]
    assert told == [
        [Change("Participant", "Zoë", "")],
        [Change("Zoë: attendance", "", "Came")],
        [Change("Participant", "", "Zoë")],
    ]


def test_a_linked_row_that_is_gone_is_said_to_be(cast):
    engagement = EngagementFactory(agreement=cast.agreement)
    organisation = cast.lga.organisation
    EngagementHost.objects.create(agreement=cast.agreement, engagement=engagement, organisation=organisation)
    EngagementHost.objects.all().delete()
    cast.agreement.memberships.all().delete()
    cast.agreement.people.all().delete()
    organisation.delete()
    events = EngagementHost.pgh_event_model.objects.filter(engagement=engagement.pk)
    newest = changes_of(HistorySource(events, "host", named_by="organisation"))[0]
    assert newest.changes == [Change("Host", "(since deleted)", "")]


def test_a_reader_is_told_only_of_the_events_that_were_chosen(cast):
    engagement = EngagementFactory(agreement=cast.agreement)
    NoteFactory(engagement=engagement, party=cast.techuk, text="Ours alone")
    NoteFactory(engagement=engagement, text="For all")
    events = Note.pgh_event_model.objects.filter(engagement=engagement.pk, party=None)
    told = [
        change.after for entry in changes_of(HistorySource(events, "note", named_by="text")) for change in entry.changes
    ]
    assert told == ["For all"]


def test_the_number_of_queries_does_not_grow_with_the_history(cast, django_assert_num_queries):
    engagement = EngagementFactory(agreement=cast.agreement)
    for number in range(3):
        Engagement.objects.filter(pk=engagement.pk).update(title=f"Title {number}")
    with django_assert_num_queries(1):
        assert len(of_engagement(engagement)) == 4


def test_only_the_newest_entries_are_given(cast):
    engagement = EngagementFactory(agreement=cast.agreement)
    for number in range(3):
        Engagement.objects.filter(pk=engagement.pk).update(title=f"Title {number}")
    events = Engagement.pgh_event_model.objects.filter(pgh_obj_id=engagement.pk)
    newest = changes_of(HistorySource(events, "engagement"), limit=1)
    assert [entry.changes for entry in newest] == [[Change("Title", "Title 1", "Title 2")]]


def test_two_versions_of_a_row_are_compared_in_words(cast):
    one = AgreementFactory.build(name="One", status="draft")
    other = AgreementFactory.build(name="Other", status="in_force", slug=one.slug)
    assert differences(one, other) == [Change("Name", "One", "Other"), Change("Status", "Draft", "In force")]
