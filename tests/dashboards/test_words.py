"""What the lists say of a row."""

import datetime as dt

import pytest

from contacts.models import Organisation, Person
from dashboards import words
from dashboards.widgets.tiles import tiles_of
from engagements.models import Action, Engagement
from tests.dashboards.test_figures import board_of, held
from tests.factories import ActionFactory, CommitmentFactory

DAY = dt.date(2026, 12, 3)


def engagement(host_names=(), invited=1, replied=0, came=0, **fields):
    """An engagement as the lists read it."""
    row = Engagement(title="A", kind="workshop", time_zone="Europe/London", **{"starts_on": DAY} | fields)
    row.host_names, row.invited_count, row.replied_count, row.came_count = host_names, invited, replied, came
    return row


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ""),
        ({"start_time": dt.time(10), "end_time": dt.time(12), "mode": "online"}, "10:00 to 12:00, online"),
        ({"venue": "Smith Square", "mode": "hybrid", "host_names": ["LGA"]}, "Smith Square and online · LGA hosts"),
        ({"host_names": ["LGA", "techUK"]}, "LGA and techUK host"),
        ({"host_names": ["LGA", "techUK", "DSIT"]}, "LGA, techUK and DSIT host"),
        ({"ends_on": dt.date(2026, 12, 4)}, "until Friday 4 December 2026"),
    ],
)
def test_how_it_is_held(fields, expected):
    assert words.how_it_is_held(engagement(**fields)) == expected


@pytest.mark.parametrize(
    ("invited", "replied", "expected"),
    [(0, 0, ""), (1, 0, "1 invited, none replied"), (12, 9, "12 invited, 9 replied")],
)
def test_who_has_replied(invited, replied, expected):
    assert words.replies(engagement(invited=invited, replied=replied)) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "Not confirmed, no time, no venue or joining link yet"),
        ({"status": "confirmed", "start_time": dt.time(10), "mode": "hybrid"}, "No venue, no joining link yet"),
        ({"status": "confirmed", "start_time": dt.time(10), "venue": "Leeds", "invited": 0}, "Nobody is invited yet"),
        ({"status": "confirmed", "start_time": dt.time(10), "venue": "Leeds"}, ""),
        ({"is_public_event": True}, ""),
    ],
)
def test_what_a_meeting_still_lacks(november, fields, expected):
    row = engagement(**{"status": "planned"} | fields)
    row.has_hosts = row.has_papers = True
    row.starts_at, row.ends_at = row.instants()
    assert words.missing_before(row) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "Workshop"),
        ({"came": 14}, "Workshop · 14 came"),
        ({"head_count": 1200}, "Workshop · 1,200 came"),
        ({"head_count": 40, "came": 14}, "Workshop · 40 came"),
    ],
)
def test_what_it_was(fields, expected):
    assert words.what_it_was(engagement(**fields)) == expected


def test_an_action_names_its_owner_with_the_organisation():
    lga, techuk = Organisation(name="LGA"), Organisation(name="techUK")
    ana = Person(name="Ana Duarte", organisation=techuk)
    assert Action(owner_person=ana).owner_names == ["Ana Duarte", "techUK"]
    assert Action(owner_organisation=lga).owner_names == ["LGA"]
    assert Action(owner_person=ana, owner_organisation=lga).owner_names == ["Ana Duarte", "LGA"]
    assert Action(owner_person=Person(name="Morag Lewis")).owner_names == ["Morag Lewis"]


@pytest.mark.usefixtures("november")
def test_each_tile_says_what_its_figure_means(cast):
    held(cast, "2026-09-30")
    for due in (dt.date(2026, 11, 1), dt.date(2026, 11, 23), dt.date(2026, 12, 1)):
        ActionFactory(agreement=cast.agreement, due_on=due)
    assert [(tile.label, tile.figure, tile.of, tile.word) for tile in tiles_of(board_of(cast))] == [
        ("Engagements held", 1, "since 1 April", "last on 30 September"),
        ("Organisations reached", 0, "no council yet", "hosted or came"),
        ("Actions open", 3, "2 overdue", "oldest 23 days late"),
        ("Commitments on course", 0, "", "none can be measured yet"),
    ]


@pytest.mark.usefixtures("november")
def test_with_nothing_late_the_tiles_say_what_is_due_next_and_that_none_is_slipping(cast):
    ActionFactory(agreement=cast.agreement, due_on=dt.date(2026, 12, 1))
    CommitmentFactory(agreement=cast.agreement, measure="due", due_on=dt.date(2027, 3, 31))
    assert [(tile.figure, tile.of, tile.word) for tile in tiles_of(board_of(cast))[2:]] == [
        (1, "", "next due 1 December"),
        (1, "of 1", "none is slipping"),
    ]


@pytest.mark.usefixtures("november")
def test_the_tile_of_commitments_says_how_many_are_late_and_slipping(cast):
    for due in ("2026-11-01", "2026-11-23", "2026-12-01", "2027-03-31"):
        CommitmentFactory(agreement=cast.agreement, measure="due", due_on=dt.date.fromisoformat(due))
    CommitmentFactory(agreement=cast.agreement)
    tile = tiles_of(board_of(cast))[3]
    assert (tile.figure, tile.of, tile.word) == (1, "of 4", "2 late, 1 slipping")
