"""What must never be false of this room's rows, the database itself refuses."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from tests.factories import (
    ActionFactory,
    CommitteeFactory,
    DecisionFactory,
    EngagementFactory,
    NoteFactory,
    ParticipationFactory,
    PersonFactory,
    SeatFactory,
)

DAY = dt.date(2026, 6, 10)
BEFORE, AFTER = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)
NINE, TEN = dt.time(9), dt.time(10)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"title": ""}, "engagement_has_a_title"),
        ({"kind": "party"}, "engagement_kind_known"),
        ({"status": "perhaps"}, "engagement_status_known"),
        ({"mode": "by_post"}, "engagement_mode_known"),
        ({"start_time": TEN, "end_time": NINE}, "engagement_ends_after_start"),
        ({"start_time": TEN, "end_time": TEN}, "engagement_ends_after_start"),
        ({"start_time": TEN, "end_time": NINE, "ends_on": DAY}, "engagement_ends_after_start"),
        ({"end_time": NINE}, "engagement_end_time_needs_start"),
        ({"ends_on": BEFORE}, "engagement_last_day_not_before_first"),
        ({"joining_link": "javascript:alert(1)"}, "engagement_links_are_web_addresses"),
        ({"source_url": "ftp://x.example"}, "engagement_links_are_web_addresses"),
        ({"ends_on": dt.date(9999, 12, 31)}, "engagement_within_reach"),
    ],
)
def test_an_engagement_that_cannot_be_is_refused(fields, constraint, cast):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        EngagementFactory(agreement=cast.agreement, starts_on=DAY, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"start_time": TEN},
        {"start_time": NINE, "end_time": TEN},
        {"start_time": TEN, "end_time": NINE, "ends_on": AFTER},
        {"ends_on": DAY},
        {"joining_link": "https://meet.example/1"},
    ],
)
def test_one_that_can_be_is_not(fields, cast):
    assert EngagementFactory(agreement=cast.agreement, starts_on=DAY, **fields).pk


@pytest.mark.parametrize(
    ("make", "fields", "constraint"),
    [
        (ActionFactory, {"owner_organisation": None}, "action_has_an_owner"),
        (ActionFactory, {"title": ""}, "action_has_a_title"),
    ],
)
def test_an_action_that_cannot_be_is_refused(make, fields, constraint, cast):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make(agreement=cast.agreement, **fields)


@pytest.mark.parametrize(
    ("make", "fields", "constraint"),
    [
        (NoteFactory, {"text": ""}, "note_says_something"),
        (DecisionFactory, {"text": ""}, "decision_says_something"),
    ],
)
def test_what_says_nothing_is_refused(make, fields, constraint, cast):
    engagement = EngagementFactory(agreement=cast.agreement)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make(engagement=engagement, **fields)


def test_somebody_takes_part_once(cast):
    part = ParticipationFactory(
        engagement=EngagementFactory(agreement=cast.agreement), person=PersonFactory(agreement=cast.agreement)
    )
    with pytest.raises(IntegrityError, match="participation_once"), transaction.atomic():
        ParticipationFactory(engagement=part.engagement, person=part.person)


def test_only_a_committee_meeting_has_a_committee(cast):
    committee = CommitteeFactory(agreement=cast.agreement)
    with pytest.raises(IntegrityError, match="only_for_its_meetings"), transaction.atomic():
        EngagementFactory(agreement=cast.agreement, kind="webinar", committee=committee)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({}, "seat_has_someone"),
        ({"organisation": True, "role": "king"}, "seat_role_known"),
        ({"organisation": True, "starts_on": DAY, "ends_on": BEFORE}, "seat_ends_after_start"),
        ({"holder": True, "deputy": True}, "seat_deputy_is_another"),
    ],
)
def test_a_seat_that_cannot_be_is_refused(fields, constraint, cast):
    person = PersonFactory(agreement=cast.agreement)
    real = {"organisation": cast.lga.organisation, "holder": person, "deputy": person}
    fields = {name: real[name] if value is True else value for name, value in fields.items()}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        SeatFactory(committee=CommitteeFactory(agreement=cast.agreement), **fields)
