"""The verbs of an engagement and of actions."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from engagements.models import Action, Engagement, Participation
from engagements.operations.action import change_action, delete_action, finish_action, reopen_action
from engagements.operations.engagement import (
    NotPossibleError,
    add_people,
    cancel_engagement,
    change_engagement,
    confirm_engagement,
    delete_engagement,
    log_engagement,
    record_as_held,
    reinstate_engagement,
    take_attendance,
)
from engagements.signals import engagement_deleting, engagement_saved
from records.edit_conflicts import ConflictError, marks_of
from tests.engagements.pages import day, held, person_of, planned
from tests.factories import (
    ActionFactory,
    CommitteeFactory,
    DecisionFactory,
    EngagementFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
    SeatFactory,
    WorkstreamFactory,
)


def new(cast, **fields):
    return Engagement(agreement=cast.agreement, **{"title": "Talk", "kind": "workshop", "starts_on": day(-1)} | fields)


def names(engagement):
    return [participation.person.name for participation in engagement.participations.order_by("person__name")]


@pytest.fixture
def heard():
    """The engagements that ``engagement_saved`` told of."""
    told = []

    def listen(engagement, **kwargs):
        told.append(engagement)

    engagement_saved.connect(listen)
    yield told
    engagement_saved.disconnect(listen)


# Logging


@pytest.mark.parametrize(
    ("days", "start", "status"),
    [
        (-1, None, "held"),
        (0, None, "planned"),
        (1, None, "planned"),
        (0, dt.time(9), "held"),
        (0, dt.time(15), "planned"),
    ],
)
def test_an_engagement_is_held_or_planned_by_its_date(cast, time_machine, days, start, status):
    time_machine.move_to(dt.datetime(2026, 6, 10, 12, tzinfo=dt.UTC), tick=False)
    engagement = log_engagement(new(cast, starts_on=dt.date(2026, 6, 10 + days), start_time=start), by=cast.officer)
    assert engagement.status == status


def test_a_state_that_is_given_stays(cast):
    assert log_engagement(new(cast, status="confirmed", starts_on=day(3)), by=cast.officer).status == "confirmed"


def test_it_is_hosted_by_the_party_of_whoever_logs_it(cast):
    assert [str(host) for host in log_engagement(new(cast), by=cast.techuk_officer).hosts.all()] == ["techUK"]


def test_hosts_that_are_named_are_the_hosts(cast):
    third = OrganisationFactory(agreement=cast.agreement, name="A third party")
    assert list(log_engagement(new(cast), hosts=[third], by=cast.officer).hosts.all()) == [third]


def test_what_nobody_of_a_party_logs_has_no_host(cast):
    assert not log_engagement(new(cast), by=None).hosts.exists()


def test_it_is_logged_with_all_its_parts(cast, heard):
    person = PersonFactory(agreement=cast.agreement, organisation=cast.techuk.organisation)
    action = Action(title="Write it up", owner_person=person)
    engagement = log_engagement(
        new(cast),
        workstreams=[cast.workstream],
        people=[person, person],
        decisions=["We go on.", " ", "We go on."],
        actions=[action],
        by=cast.officer,
    )
    assert list(engagement.workstreams.all()) == [cast.workstream]
    assert [p.organisation for p in engagement.participations.all()] == [cast.techuk.organisation]
    assert [decision.text for decision in engagement.decisions.all()] == ["We go on."]
    assert list(engagement.actions.all()) == [action]
    assert action.agreement == cast.agreement
    assert engagement.logged_by == person_of(cast.officer, cast.agreement)
    assert heard == [engagement]


def test_who_is_named_came_if_it_was_held_and_is_invited_if_it_is_to_come(cast):
    person = PersonFactory(agreement=cast.agreement)
    past = log_engagement(new(cast), people=[person], by=cast.officer)
    future = log_engagement(new(cast, starts_on=day(5)), people=[person], by=cast.officer)
    assert [p.attendance for p in (*past.participations.all(), *future.participations.all())] == ["came", ""]


def test_the_holders_of_a_committees_seats_on_the_day_take_part_in_its_meeting(cast):
    committee = CommitteeFactory(agreement=cast.agreement)
    holder, gone, named = (PersonFactory(agreement=cast.agreement, name=name) for name in ("Holder", "Gone", "Named"))
    SeatFactory(committee=committee, holder=holder)
    SeatFactory(committee=committee, holder=gone, ends_on=day(-90))
    meeting = log_engagement(new(cast, kind="committee", committee=committee), people=[named], by=cast.officer)
    assert names(meeting) == ["Holder", "Named"]
    # That somebody has a seat does not say that they came.
    assert [p.attendance for p in meeting.participations.order_by("person__name")] == ["", "came"]


def test_sent_twice_it_is_logged_once(cast, heard):
    key = uuid.uuid4()
    first = log_engagement(new(cast, form_key=key), decisions=["One"], by=cast.officer)
    second = log_engagement(new(cast, form_key=key, title="Again"), decisions=["Two"], by=cast.officer)
    assert (second, second.title) == (first, "Talk")
    assert [decision.text for decision in first.decisions.all()] == ["One"]
    assert len(heard) == 1


# Changing


def change(engagement, by, **more):
    return change_engagement(engagement, **{"by": by} | more)


def test_a_change_raises_the_revision_and_says_who_made_it(cast, heard):
    engagement = held(cast)
    engagement.title = "Better"
    change(engagement, cast.techuk_officer)
    stored = Engagement.objects.get(pk=engagement.pk)
    assert (stored.title, stored.revision, stored.updated_by.user) == ("Better", 2, cast.techuk_officer)
    assert heard == [engagement]


def test_a_change_of_what_somebody_else_changed_is_refused_and_brings_what_they_saved(cast):
    theirs = held(cast)
    mine = Engagement.objects.get(pk=theirs.pk)
    seen = marks_of(mine)
    theirs.title = "Theirs"
    change(theirs, cast.techuk_officer)
    mine.title = "Mine"
    with pytest.raises(ConflictError) as refused:
        change(mine, cast.officer, seen=seen)
    assert refused.value.row.title == Engagement.objects.get(pk=mine.pk).title == "Theirs"


def test_lists_that_are_not_given_stay(cast):
    engagement = log_engagement(
        new(cast),
        workstreams=[cast.workstream],
        people=[PersonFactory(agreement=cast.agreement, name="Ada")],
        decisions=["One"],
        by=cast.officer,
    )
    change(engagement, cast.officer)
    assert (engagement.workstreams.count(), names(engagement), engagement.decisions.count()) == (1, ["Ada"], 1)


def test_lists_that_are_given_become_so(cast):
    engagement = held(cast)
    staying, leaving, joining = (PersonFactory(agreement=cast.agreement, name=name) for name in "ABC")
    stays = ParticipationFactory(engagement=engagement, person=staying, role="chair", attendance="apologies")
    ParticipationFactory(engagement=engagement, person=leaving)
    kept, dropped = (DecisionFactory(engagement=engagement, text=text) for text in ("Kept", "Dropped"))
    other = WorkstreamFactory(agreement=cast.agreement)
    change(
        engagement,
        cast.officer,
        people=[staying, joining],
        decisions=["New", "Kept"],
        hosts=[cast.techuk.organisation],
        workstreams=[other],
    )
    stays.refresh_from_db()
    assert (names(engagement), stays.role, stays.attendance) == (["A", "C"], "chair", "apologies")
    assert [(d.text, d.position) for d in engagement.decisions.all()] == [("New", 0), ("Kept", 1)]
    assert engagement.decisions.get(text="Kept").pk == kept.pk
    assert not engagement.decisions.filter(pk=dropped.pk).exists()
    assert (list(engagement.hosts.all()), list(engagement.workstreams.all())) == ([cast.techuk.organisation], [other])


def test_actions_are_added_changed_and_removed_with_it(cast):
    engagement = held(cast)
    changed, gone = (ActionFactory(agreement=cast.agreement, engagement=engagement) for _ in range(2))
    changed.title = "Changed"
    added = Action(title="Added", owner_organisation=cast.lga.organisation)
    change(engagement, cast.officer, actions=[changed, added], removed_actions=[gone])
    assert sorted(action.title for action in engagement.actions.all()) == ["Added", "Changed"]


def test_other_hosts_are_a_change_that_calendars_hear_of_the_same_ones_are_none(cast):
    engagement = log_engagement(new(cast, starts_on=day(7)), by=cast.officer)
    council = OrganisationFactory(agreement=cast.agreement)
    same = list(engagement.hosts.all())
    assert change_engagement(engagement, hosts=same, by=cast.officer).sequence == 0
    assert change_engagement(engagement, hosts=[*same, council], by=cast.officer).sequence == 1
    assert change_engagement(engagement, hosts=None, by=cast.officer).sequence == 1
    assert change_engagement(engagement, hosts=[council], by=cast.officer).sequence == 2


def test_a_committee_that_is_new_brings_its_seat_holders(cast):
    engagement = planned(cast, kind="committee")
    engagement.committee = CommitteeFactory(agreement=cast.agreement)
    SeatFactory(committee=engagement.committee, holder=PersonFactory(agreement=cast.agreement, name="Holder"))
    change(engagement, cast.officer, people=[])
    assert names(engagement) == ["Holder"]
    change(engagement, cast.officer, people=[])
    assert names(engagement) == []


@pytest.mark.parametrize(
    ("field", "value", "counters"),
    [
        ("starts_on", day(30), (1, 2)),
        ("start_time", dt.time(10), (1, 2)),
        ("time_zone", "Europe/Paris", (1, 2)),
        ("title", "Another", (1, 1)),
        ("venue", "Leeds", (1, 1)),
        ("joining_link", "https://meet.example/2", (1, 1)),
        ("mode", "online", (1, 1)),
        ("ends_on", day(9), (1, 2)),
        ("summary", "What it is about", (0, 1)),
        ("outcomes", "Much", (0, 1)),
    ],
)
def test_a_move_is_a_new_occurrence_and_calendars_hear_of_what_they_show(cast, field, value, counters):
    engagement = planned(cast)
    setattr(engagement, field, value)
    change(engagement, cast.officer)
    assert (engagement.sequence, engagement.schedule_version) == counters


def test_after_a_move_the_instants_are_those_of_the_new_day(cast, heard):
    engagement = planned(cast, time_zone="UTC")
    engagement.starts_on = dt.date(2030, 1, 2)
    change(engagement, cast.officer)
    assert heard[0].starts_at == dt.datetime(2030, 1, 2, tzinfo=dt.UTC)


# On its way


def test_it_is_confirmed_held_cancelled_and_reinstated(cast, time_machine):
    engagement = planned(cast)
    assert confirm_engagement(engagement, by=cast.officer).status == "confirmed"
    off = cancel_engagement(engagement, reason="Snow", by=cast.officer)
    assert (off.status, off.cancel_reason, off.schedule_version) == ("cancelled", "Snow", 1)
    on = reinstate_engagement(engagement, by=cast.officer)
    assert (on.status, on.cancel_reason, on.schedule_version) == ("planned", "", 2)
    assert (off.sequence, on.sequence) == (2, 3)
    time_machine.move_to(timezone.now() + dt.timedelta(days=9))
    assert record_as_held(engagement, by=cast.officer).status == "held"


def test_each_of_these_raises_revision_and_sequence_once(cast):
    engagement = confirm_engagement(planned(cast), by=cast.officer)
    assert (engagement.revision, engagement.sequence) == (2, 1)


def test_what_is_to_come_cannot_have_taken_place(cast):
    with pytest.raises(NotPossibleError, match="not begun"):
        record_as_held(planned(cast), by=cast.officer)


@pytest.mark.parametrize(
    ("verb", "status"),
    [
        (confirm_engagement, "held"),
        (record_as_held, "cancelled"),
        (cancel_engagement, "cancelled"),
        (reinstate_engagement, "held"),
    ],
)
def test_a_verb_that_does_not_fit_the_state_says_so_and_changes_nothing(cast, verb, status):
    engagement = held(cast, status=status)
    with pytest.raises(NotPossibleError, match="already"):
        verb(engagement, by=cast.officer)
    assert Engagement.objects.get(pk=engagement.pk).revision == 1


def test_one_that_is_reinstated_after_its_day_was_held(cast):
    assert reinstate_engagement(held(cast, status="cancelled"), by=cast.officer).status == "held"


def test_a_deleted_one_leaves_its_actions_and_is_told_of_before(cast):
    engagement, told = held(cast), []
    action = ActionFactory(agreement=cast.agreement, engagement=engagement)

    def listen(engagement, **kwargs):
        told.append(engagement.pk)

    engagement_deleting.connect(listen)
    key = engagement.pk
    delete_engagement(engagement, by=cast.officer)
    engagement_deleting.disconnect(listen)
    action.refresh_from_db()
    assert (told, action.engagement, Engagement.objects.filter(pk=key).exists()) == ([key], None, False)


# People


def test_attendance_is_taken(cast, heard):
    engagement = held(cast)
    participation = ParticipationFactory(engagement=engagement)
    participation.attendance = "apologies"
    take_attendance(engagement, [participation], by=cast.officer)
    assert Participation.objects.get(pk=participation.pk).attendance == "apologies"
    assert (heard[0].revision, heard[0].updated_by.user) == (2, cast.officer)


def test_people_are_added_to_those_who_are_there(cast):
    engagement = held(cast)
    there = ParticipationFactory(engagement=engagement, attendance="absent")
    added = PersonFactory(agreement=cast.agreement)
    add_people(engagement, [there.person, added], by=cast.officer)
    found = engagement.participations.order_by("id").values_list("person", "attendance")
    assert list(found) == [(there.person.pk, "absent"), (added.pk, "came")]


# Actions


def test_an_action_is_done_and_is_not_after_all(cast):
    action = ActionFactory(agreement=cast.agreement)
    finish_action(action, by=cast.officer)
    assert (action.done_on, action.done_by.user) == (timezone.localdate(), cast.officer)
    reopen_action(action, by=cast.officer)
    assert (action.done_on, action.done_by) == (None, None)


def test_an_action_that_is_changed_or_deleted_tells_whoever_edits_its_engagement(cast):
    engagement = held(cast)
    action = ActionFactory(agreement=cast.agreement, engagement=engagement)
    change_action(action, by=cast.officer)
    delete_action(action, by=cast.officer)
    engagement.refresh_from_db()
    assert engagement.revision == 3


def test_an_action_without_an_engagement_is_changed_and_deleted_too(cast):
    action = ActionFactory(agreement=cast.agreement)
    change_action(action, by=cast.officer)
    delete_action(action, by=cast.officer)
    assert not Action.objects.exists()


def test_the_history_names_the_verb_and_who_did_it(cast):
    engagement = log_engagement(new(cast), by=cast.officer)
    context = Engagement.pgh_event_model.objects.get(pgh_obj_id=engagement.pk).pgh_context
    assert context.metadata == {"verb": "log engagement", "user": cast.officer.pk, "parties": [cast.lga.pk]}


def test_nothing_of_a_verb_that_fails_is_kept(cast):
    stranger = PersonFactory(agreement=cast.elsewhere)
    engagement = EngagementFactory(agreement=cast.agreement)
    engagement.title = "Changed"
    engagement.kind = "nonsense"
    with pytest.raises(Exception, match="engagement_kind_known"):
        change(engagement, cast.officer, people=[stranger])
    assert Engagement.objects.get(pk=engagement.pk).title != "Changed"
