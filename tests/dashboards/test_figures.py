"""What the figures count, and what they leave out."""

import datetime as dt

import pytest
from django.utils import timezone

from dashboards.pages.agreement import Board
from dashboards.queries import figures
from engagements.models import EngagementHost
from tests.factories import (
    ActionFactory,
    AgreementDateFactory,
    EngagementFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
)

pytestmark = pytest.mark.usefixtures("november")


def board_of(cast, user=None):
    cast.agreement.refresh_from_db()
    calendar = figures.calendar(cast.agreement, timezone.localdate())
    return Board(user or cast.officer, cast.agreement, timezone.now(), calendar)


def held_by(board):
    """The engagements that the figures of ``board`` count."""
    return figures.held_in(board.period, figures.engagements_of(board.user, board.agreement))


def held(cast, day="2026-06-10", **fields):
    return EngagementFactory(agreement=cast.agreement, starts_on=dt.date.fromisoformat(day), **fields)


def came(engagement, organisation, attendance="came"):
    person = PersonFactory(agreement=engagement.agreement)
    return ParticipationFactory(engagement=engagement, person=person, organisation=organisation, attendance=attendance)


@pytest.mark.parametrize(
    ("day", "fields", "counts"),
    [
        ("2026-03-31", {}, 0),
        ("2026-04-01", {}, 1),
        ("2027-03-31", {}, 1),
        ("2027-04-01", {}, 0),
        ("2026-03-31", {"ends_on": dt.date(2026, 4, 2)}, 0),
        ("2026-06-10", {"is_public_event": True}, 0),
        ("2026-06-10", {"status": "cancelled"}, 0),
        ("2026-06-10", {"status": "planned"}, 0),
        ("2026-06-10", {"status": "confirmed"}, 0),
        ("2026-12-10", {"status": "planned"}, 0),
        ("2026-06-10", {"chatham_house": True}, 1),
    ],
)
def test_an_engagement_counts_if_it_was_held_in_the_year_under_the_agreement(cast, day, fields, counts):
    held(cast, day, **fields)
    assert board_of(cast).table.total.count == counts


def test_an_engagement_of_another_agreement_does_not_count(cast):
    EngagementFactory(agreement=cast.elsewhere)
    ActionFactory(agreement=cast.elsewhere)
    board = board_of(cast)
    assert (board.table.total.count, board.actions["open"], board.is_empty) == (0, 0, True)


def test_the_table_counts_by_month_and_kind_and_shows_the_kinds_that_occur(cast):
    for day, kind in [("2026-04-01", "webinar"), ("2026-04-30", "webinar"), ("2026-05-01", "workshop")]:
        held(cast, day, kind=kind)
    table = board_of(cast).table
    assert [kind.value for kind in table.kinds] == ["workshop", "webinar"]
    assert [[cell.count for cell in row.cells] for row in table.rows[:3]] == [[0, 2], [1, 0], [0, 0]]
    assert ([row.total.count for row in table.rows[:3]], len(table.rows)) == ([2, 1, 0], 12)
    assert ([cell.count for cell in table.totals], table.total.count) == ([1, 2], 3)


def test_a_year_that_begins_in_mid_month_counts_its_two_halves_apart(cast):
    cast.agreement.dates.all().delete()
    AgreementDateFactory(agreement=cast.agreement, on=dt.date(2025, 4, 15))
    for day in ("2026-04-14", "2026-04-15", "2027-04-14", "2027-04-15"):
        held(cast, day)
    rows = board_of(cast).table.rows
    assert [(row.month.name, row.total.count) for row in (rows[0], rows[-1])] == [
        ("15 to 30 April 2026", 1),
        ("1 to 14 April 2027", 1),
    ]


def test_the_chart_draws_the_figures_of_the_table(cast):
    for day, kind in [("2026-04-01", "webinar"), ("2026-05-01", "workshop")]:
        held(cast, day, kind=kind)
    table = board_of(cast).table
    chart = table.as_chart()
    assert (chart["labels"][:2], chart["names"][:2]) == (["Apr", "May"], ["April 2026", "May 2026"])
    assert [one["name"] for one in chart["series"]] == [kind.label for kind in table.kinds]
    for i, one in enumerate(chart["series"]):
        column = [row.cells[i] for row in table.rows]
        assert (one["counts"], one["urls"]) == ([cell.count for cell in column], [cell.url for cell in column])


def test_an_organisation_is_reached_when_it_hosts_or_its_people_come(cast):
    hosting, coming, sorry, invited = (OrganisationFactory(agreement=cast.agreement) for _ in range(4))
    engagement = held(cast)
    EngagementHost.objects.create(agreement=cast.agreement, engagement=engagement, organisation=hosting)
    came(engagement, coming)
    came(engagement, sorry, attendance="apologies")
    came(engagement, invited, attendance="")
    rows = figures.organisations_named(held_by(board_of(cast)), cast.officer, cast.agreement)
    assert set(rows) == {hosting, coming}


def number_reached(cast):
    """How many organisations were reached, and how many of them are councils."""
    reached = board_of(cast).reached
    return reached["organisations"], reached["councils"]


def test_an_organisation_is_reached_once_however_often_it_comes_and_councils_are_counted_apart(cast):
    council = OrganisationFactory(agreement=cast.agreement, kind="council")
    engagement = held(cast)
    EngagementHost.objects.create(agreement=cast.agreement, engagement=engagement, organisation=council)
    for one in (engagement, engagement, held(cast)):
        came(one, council)
    came(engagement, OrganisationFactory(agreement=cast.agreement, kind="supplier"))
    assert number_reached(cast) == (2, 1)


def test_the_parties_themselves_are_not_reached(cast):
    engagement = held(cast)
    EngagementHost.objects.create(agreement=cast.agreement, engagement=engagement, organisation=cast.lga.organisation)
    came(engagement, cast.techuk.organisation)
    came(engagement, None)
    assert number_reached(cast) == (0, 0)


@pytest.mark.parametrize(
    "fields", [{"is_public_event": True}, {"status": "planned"}, {"starts_on": dt.date(2026, 3, 31)}]
)
def test_who_came_to_what_does_not_count_is_not_reached(cast, fields):
    came(EngagementFactory(agreement=cast.agreement, **fields), OrganisationFactory(agreement=cast.agreement))
    assert board_of(cast).reached["organisations"] == 0


def test_the_number_reached_leaves_out_whom_the_names_leave_out(cast):
    engagement = held(cast, chatham_house=True)
    came(engagement, OrganisationFactory(agreement=cast.agreement))
    host = OrganisationFactory(agreement=cast.agreement)
    EngagementHost.objects.create(agreement=cast.agreement, engagement=engagement, organisation=host)
    boards = board_of(cast, cast.officer), board_of(cast, cast.viewer)
    assert [board.reached["organisations"] for board in boards] == [2, 1]
    assert [board.reached["hides_some"] for board in boards] == [False, True]
    named = [figures.organisations_named(held_by(board), board.user, cast.agreement) for board in boards]
    assert ([rows.count() for rows in named], list(named[1])) == ([2, 1], [host])


def test_what_is_said_of_an_organisation_leaves_out_what_the_rule_hides(cast):
    organisation = OrganisationFactory(agreement=cast.agreement)
    came(held(cast, "2026-05-01"), organisation)
    came(held(cast, "2026-09-01", chatham_house=True), organisation)

    def line(user):
        row = figures.organisations_named(held_by(board_of(cast)), user, cast.agreement).get()
        return row.came_count, row.hosted_count, row.last_on

    assert line(cast.officer) == (2, 0, dt.date(2026, 9, 1))
    assert line(cast.viewer) == (1, 0, dt.date(2026, 5, 1))


@pytest.mark.parametrize(
    ("due", "done", "counts"),
    [
        (None, None, (1, 0)),
        (dt.date(2026, 11, 23), None, (1, 1)),
        (dt.date(2026, 11, 24), None, (1, 0)),
        (dt.date(2026, 11, 25), None, (1, 0)),
        (dt.date(2026, 11, 23), dt.date(2026, 11, 24), (0, 0)),
    ],
)
def test_an_action_is_open_until_done_and_overdue_from_the_day_after_it_is_due(cast, due, done, counts):
    ActionFactory(agreement=cast.agreement, due_on=due, done_on=done)
    board = board_of(cast)
    assert (board.actions["open"], board.actions["overdue"]) == counts
    assert len(board.overdue) == counts[1]


def test_next_is_what_is_not_over_yet_the_soonest_first(cast):
    for title, day, status in [
        ("Later", "2027-01-15", "planned"),
        ("Sooner", "2026-11-24", "confirmed"),
        ("Off", "2026-12-01", "cancelled"),
        ("Unanswered", "2026-11-23", "planned"),
    ]:
        held(cast, day, title=title, status=status)
    held(cast, "2026-12-01", title="Theirs", status="planned", is_public_event=True)
    assert [engagement.title for engagement in board_of(cast).next] == ["Sooner", "Later"]


def test_the_sentence_names_what_begins_next_rather_than_what_goes_on(cast):
    held(cast, "2026-11-01", title="A long consultation", status="confirmed", ends_on=dt.date(2026, 12, 31))
    assert board_of(cast).next_meeting.title == "A long consultation"
    held(cast, "2026-12-03", title="Digital Committee", status="confirmed")
    assert board_of(cast).next_meeting.title == "Digital Committee"


def test_who_has_replied_and_who_hosts_are_told_of_what_comes_next(cast):
    engagement = held(cast, "2026-12-03", status="planned")
    EngagementHost.objects.create(agreement=cast.agreement, engagement=engagement, organisation=cast.lga.organisation)
    for reply in ("accepted", "declined", ""):
        ParticipationFactory(engagement=engagement, person=PersonFactory(agreement=cast.agreement), reply=reply)
    row = board_of(cast).next[0]
    assert (row.replied_count, row.invited_count, row.host_names) == (2, 3, ["LGA"])


def test_records_to_complete_are_those_unanswered_and_then_those_unwritten(cast):
    whole = held(cast, "2026-06-01", title="Whole", outcomes="Agreed.")
    came(whole, None)
    held(cast, "2026-06-02", title="Unwritten")
    held(cast, "2026-03-02", title="Unanswered", status="planned")
    held(cast, "2026-12-02", title="To come", status="planned")
    rows = board_of(cast).to_complete
    assert [(row.title, row.lacks_answer) for row in rows] == [("Unanswered", True), ("Unwritten", False)]


def test_what_is_older_than_a_year_and_a_bit_is_left_to_the_list(cast):
    held(cast, "2025-09-19", title="Old")
    held(cast, "2025-09-20", title="Within reach")
    assert [row.title for row in board_of(cast).to_complete] == ["Within reach"]
