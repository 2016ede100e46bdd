"""Every number of the dashboard, a workstream and an organisation leads to exactly the rows that it counts."""

import datetime as dt

import pytest

from engagements.models import EngagementHost, EngagementWorkstream
from tests.dashboards.pages import Page, rows_behind
from tests.factories import (
    ActionFactory,
    CommitmentFactory,
    EngagementFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
    WorkstreamFactory,
)

pytestmark = pytest.mark.usefixtures("november")
DAYS = ["2026-03-31", "2026-04-01", "2026-05-31", "2026-06-01", "2026-11-23", "2026-11-24", "2026-12-03", "2027-04-01"]
PAGES = ["", "workstreams/", "workstreams/procurement/"]
PERIODS = [
    "?period=last-year",
    "?period=this-quarter",
    "?period=year-2-quarter-1",
    "?period=since-committee",
    "?from=2026-05-31&to=2026-06-01",
    "?from=2020-01-01&to=2026-11-24",
]


@pytest.fixture
def full(cast):
    """An agreement with a bit of everything: on each side of each boundary, what counts and what does not."""
    council = OrganisationFactory(agreement=cast.agreement, kind="council", name="A council")
    for i, day in enumerate(DAYS):
        for kind, fields in (
            ("workshop", {}),
            ("webinar", {"is_public_event": True}),
            ("roundtable", {"status": "cancelled"}),
            ("committee", {"status": "planned"}),
            ("policy", {"chatham_house": True}),
        ):
            engagement = EngagementFactory(
                agreement=cast.agreement, kind=kind, starts_on=dt.date.fromisoformat(day), **fields
            )
            link = {"agreement": cast.agreement, "engagement": engagement}
            EngagementWorkstream.objects.create(workstream=cast.workstream, **link)
            EngagementHost.objects.create(organisation=cast.lga.organisation, **link)
            organisation = OrganisationFactory(agreement=cast.agreement) if i % 2 else council
            person = PersonFactory(agreement=cast.agreement)
            ParticipationFactory(engagement=engagement, person=person, organisation=organisation, attendance="came")
        due = dt.date.fromisoformat(day)
        ActionFactory(agreement=cast.agreement, due_on=due, workstream=cast.workstream)
        ActionFactory(agreement=cast.agreement, due_on=due, engagement=engagement)
        ActionFactory(agreement=cast.agreement, due_on=due, done_on=due)
    ActionFactory(agreement=cast.agreement)
    archived = WorkstreamFactory(agreement=cast.agreement, archived_on=dt.date(2026, 9, 1))
    for streams in ([], [archived], [cast.workstream, archived]):
        engagement = EngagementFactory(agreement=cast.agreement, starts_on=dt.date(2026, 7, 1))
        engagement.workstreams.add(*streams, through_defaults={"agreement": cast.agreement})
    for number in (1, 100):
        for kind in ("workshop", "webinar"):
            rhythm = {"measure": "rhythm", "rhythm_count": number, "rhythm_period": "year", "rhythm_kinds": [kind]}
            CommitmentFactory(agreement=cast.agreement, **rhythm)
    CommitmentFactory(agreement=cast.agreement, measure="due", due_on=dt.date(2026, 6, 1))
    CommitmentFactory(agreement=cast.agreement)
    EngagementFactory(agreement=cast.elsewhere)
    return cast


@pytest.fixture
def check(sign_in):
    """``check(user, page)`` holds each number of a page against the rows that its link leads to; gives the numbers."""
    rows = {}

    def hold(user, page):
        client = sign_in(user)
        numbers = set(Page(client.get(f"/agreements/lga-techuk/{page}")).numbers)
        for url, _ in numbers:
            if (user.pk, url) not in rows:
                rows[user.pk, url] = rows_behind(client, url)
        assert numbers == {(url, rows[user.pk, url]) for url, _ in numbers}, page
        return numbers

    return hold


@pytest.mark.parametrize("role", ["officer", "viewer"])
def test_every_number_is_that_of_the_rows_behind_it(full, check, role):
    for path in PAGES:
        assert len(check(getattr(full, role), path)) >= 3, path


@pytest.mark.parametrize("role", ["officer", "viewer"])
@pytest.mark.parametrize("path", PAGES)
def test_every_number_of_a_period_is_that_of_the_rows_behind_it(full, check, role, path):
    EngagementFactory(agreement=full.agreement, kind="committee", starts_on=dt.date(2026, 6, 1))
    for period in PERIODS:
        numbers = check(getattr(full, role), path + period)
        assert len(numbers) >= 3, period
        assert sum(number for url, number in numbers if "status=held" in url) > 0, period


@pytest.mark.parametrize("role", ["officer", "viewer"])
def test_every_number_of_an_organisation_is_that_of_the_rows_behind_it(full, check, role):
    for name in ("A council", "LGA"):
        organisation = full.agreement.organisations.get(name=name)
        ActionFactory(agreement=full.agreement, owner_organisation=organisation, due_on=dt.date(2026, 11, 1))
        PersonFactory(agreement=full.agreement, organisation=organisation)
    for name in ("A council", "LGA"):
        page = f"contacts/organisations/{full.agreement.organisations.get(name=name).pk}/"
        for query in ("", "?period=last-year", "?from=2026-05-31&to=2026-06-01"):
            numbers = check(getattr(full, role), page + query)
            assert len(numbers) >= 5, (name, query)
            assert sum(number for url, number in numbers if "status=held" in url) > 0, (name, query)


def test_the_numbers_are_the_same_for_everyone_but_for_whom_the_chatham_house_rule_hides(full, sign_in):
    for path in PAGES:
        officer, viewer = (
            Page(sign_in(user).get(f"/agreements/lga-techuk/{path}")).numbers for user in (full.officer, full.viewer)
        )
        differing = {url for url, number in {*officer} ^ {*viewer} if "/reached/" not in url}
        assert (differing, len(officer)) == (set(), len(viewer))
