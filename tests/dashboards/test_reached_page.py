"""The organisations behind the number reached."""

import datetime as dt

import pytest

from engagements.models import EngagementHost
from tests.dashboards.pages import Page
from tests.factories import EngagementFactory, OrganisationFactory, ParticipationFactory, PersonFactory

pytestmark = pytest.mark.usefixtures("november")
URL = "/agreements/lga-techuk/reached/"
BUDGET = 7


def reach(cast, name, day="2026-06-10", kind="council", **fields):
    """An organisation whose person came to an engagement of that day."""
    organisation = OrganisationFactory(agreement=cast.agreement, name=name, kind=kind)
    engagement = EngagementFactory(agreement=cast.agreement, starts_on=dt.date.fromisoformat(day), **fields)
    person = PersonFactory(agreement=cast.agreement)
    ParticipationFactory(engagement=engagement, person=person, organisation=organisation, attendance="came")
    return organisation, engagement


def names(response):
    return [organisation.name for organisation in response.context["list"].page]


def test_it_lists_them_by_name_with_how_often_and_when_last(cast, sign_in):
    host = OrganisationFactory(agreement=cast.agreement, name="Zeta")
    _, engagement = reach(cast, "Alpha")
    EngagementHost.objects.create(agreement=cast.agreement, engagement=engagement, organisation=host)
    page = sign_in(cast.viewer).get(URL).context["list"].page
    assert [(row.name, row.came_count, row.hosted_count, row.last_on) for row in page] == [
        ("Alpha", 1, 0, dt.date(2026, 6, 10)),
        ("Zeta", 0, 1, dt.date(2026, 6, 10)),
    ]


def test_it_shows_the_days_and_the_kind_that_are_asked_for(cast, sign_in):
    reach(cast, "Before", "2026-04-30")
    reach(cast, "Within", "2026-05-01")
    reach(cast, "A supplier", "2026-05-31", kind="supplier")
    reach(cast, "After", "2026-06-01")
    client = sign_in(cast.viewer)
    assert names(client.get(URL, {"from": "2026-05-01", "to": "2026-05-31"})) == ["A supplier", "Within"]
    assert names(client.get(URL, {"from": "2026-05-01", "to": "2026-05-31", "kind": "council"})) == ["Within"]
    assert names(client.get(URL, {"from": "2026-05-15"})) == ["A supplier", "After"]
    assert names(client.get(URL, {"to": "2026-04-30"})) == ["Before"]


def test_a_viewer_reads_that_some_are_not_counted_and_an_officer_sees_them(cast, sign_in):
    reach(cast, "Open Council")
    reach(cast, "Quiet Council", chatham_house=True)
    viewer = sign_in(cast.viewer).get(URL)
    assert (names(viewer), viewer.context["list"].page.paginator.count) == (["Open Council"], 1)
    assert "Organisations whose people came only to meetings under the Chatham House Rule are not counted." in (
        Page(viewer).text
    )
    assert "Quiet" not in Page(viewer).html
    officer = sign_in(cast.officer).get(URL)
    assert (names(officer), officer.context["list"].page.paginator.count) == (["Open Council", "Quiet Council"], 2)
    assert "not counted" not in Page(officer).text


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"from": "soon"}, "From: This is not a date."),
        ({"from": "2026-06-01", "to": "2026-05-01"}, "The last day is before the first"),
        ({"kind": "pub\0"}, "is not one of the choices, so this filter is left out"),
        ({"page": "minus one"}, "1 organisation"),
        ({"page": "999999999999999999999"}, "1 organisation"),
        ({"from": "0001-01-01", "to": "9999-12-31"}, "To: Give a year from 1990 to 2100."),
    ],
)
def test_an_address_that_makes_no_sense_is_answered_in_words(cast, sign_in, asked, says):
    reach(cast, "Alpha")
    response = sign_in(cast.viewer).get(URL, asked)
    assert says in Page(response).text
    assert names(response) == ["Alpha"]


def test_it_says_so_when_there_are_none(cast, sign_in):
    assert "None to show" in Page(sign_in(cast.viewer).get(URL)).text


def test_an_outsider_does_not_find_it(cast, sign_in):
    assert sign_in(cast.outsider).get(URL).status_code == 404


@pytest.mark.parametrize("times", [1, 3])
def test_it_asks_the_database_a_fixed_number_of_times(cast, sign_in, django_assert_num_queries, times):
    for i in range(times):
        reach(cast, f"Council {i}")
    client = sign_in(cast.viewer)
    with django_assert_num_queries(BUDGET):
        client.get(URL)
