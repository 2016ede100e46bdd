"""When the papers of a committee's meetings are due, and where that is said."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from engagements.models import Committee
from engagements.queries import PAPERS_AHEAD
from pages.holidays import is_day_off, working_day_before
from tests.engagements.pages import address
from tests.factories import CommitteeFactory, EngagementFactory

NOON = dt.datetime(2026, 11, 18, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def committee(cast):
    """A committee that wants its papers five working days before it meets."""
    return CommitteeFactory(agreement=cast.agreement, name="Digital Committee", papers_days=5)


@pytest.fixture
def meeting(committee):
    """Its meeting on Monday 30 November 2026."""
    facts = {"kind": "committee", "status": "planned", "starts_on": dt.date(2026, 11, 30), "title": "Winter meeting"}
    return EngagementFactory(agreement=committee.agreement, committee=committee, **facts)


def page_of(client, path):
    """The text of a page, its white space in single blanks."""
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


# The day


@pytest.mark.parametrize(
    ("meets_on", "days", "due_on"),
    [
        ("2026-11-30", 5, "2026-11-23"),  # a Monday: the week before
        ("2026-11-24", 1, "2026-11-23"),
        ("2026-11-23", 1, "2026-11-20"),  # over a weekend
        ("2026-11-22", 1, "2026-11-20"),  # it meets on a Sunday
        ("2026-12-30", 2, "2026-12-24"),  # Christmas Day, and the substitute for Boxing Day, do not count
        ("2027-03-30", 1, "2027-03-25"),  # Easter Monday and Good Friday do not count
        ("2026-11-30", None, None),
    ],
)
def test_papers_are_due_so_many_working_days_before_a_meeting(meets_on, days, due_on):
    found = Committee(papers_days=days).papers_due_for(dt.date.fromisoformat(meets_on))
    assert (found and found.isoformat()) == due_on


@given(st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)), st.integers(1, 60))
def test_the_day_is_a_working_day_with_as_many_up_to_the_meeting(day, number):
    due = working_day_before(day, number)
    between = [due + dt.timedelta(days=each) for each in range((day - due).days)]
    assert not is_day_off(due)
    assert sum(not is_day_off(each) for each in between) == number
    assert day - due < PAPERS_AHEAD


def test_the_database_keeps_the_number_within_reason(committee):
    for days in (0, 61):
        with pytest.raises(IntegrityError), transaction.atomic():
            Committee.objects.update(papers_days=days)


# The pages


def test_a_lead_sets_the_day_and_its_page_and_history_say_so(cast, sign_in):
    client = sign_in(cast.lead)
    there = reverse("engagements:new_committee", args=[cast.agreement.slug])
    client.post(there, {"form_key": str(uuid.uuid4()), "name": "Digital Committee", "papers_days": "1"})
    committee = Committee.objects.get()
    assert "<dt>Papers due</dt><dd>1 working day before a meeting</dd>" in page_of(client, committee.get_absolute_url())
    client.post(address("edit_committee", committee), {"name": "Digital Committee", "papers_days": "5"})
    assert "5 working days before a meeting" in page_of(client, committee.get_absolute_url())
    client.post(address("edit_committee", committee), {"name": "Digital Committee", "papers_days": ""})
    assert "no day is set" in page_of(client, committee.get_absolute_url())
    assert [event.papers_days for event in committee.events.order_by("pgh_id")] == [1, 5, None]


def test_the_record_of_a_meeting_to_come_says_when(meeting, cast, sign_in):
    client = sign_in(cast.viewer)
    words = "<dt>Papers due</dt><dd>Monday 23 November 2026</dd>"
    assert words in page_of(client, meeting.get_absolute_url())
    for status in ("held", "cancelled"):
        type(meeting).objects.update(status=status)
        assert "Papers due" not in page_of(client, meeting.get_absolute_url())


@pytest.mark.parametrize("view", ["month", "agenda"])
def test_the_calendar_has_it_on_the_day(meeting, cast, sign_in, view):
    there = reverse("engagements:calendar", args=[cast.agreement.slug])
    response = sign_in(cast.viewer).get(f"{there}?month=2026-11&view={view}")
    assert f'<a href="{meeting.get_absolute_url()}">Papers due: <bdi>Winter meeting</bdi></a>' in (
        response.content.decode()
    )
    days = [day for week in response.context["weeks"] for day in week if day]
    assert [day.on.day for day in days if day.papers] == [23]


def test_the_calendar_of_the_month_before_has_it_too(committee, cast, sign_in):
    EngagementFactory(
        agreement=cast.agreement, kind="committee", committee=committee, status="planned", starts_on="2026-12-02"
    )
    there = reverse("engagements:calendar", args=[cast.agreement.slug])
    assert "Papers due:" in sign_in(cast.viewer).get(f"{there}?month=2026-11").content.decode()
    assert "Papers due:" not in sign_in(cast.viewer).get(f"{there}?month=2026-12").content.decode()


@pytest.mark.parametrize("query", ["kind=workshop", "q=winter"])
def test_a_calendar_that_is_filtered_has_none(meeting, cast, sign_in, query):
    there = reverse("engagements:calendar", args=[cast.agreement.slug])
    assert "Papers due" not in sign_in(cast.viewer).get(f"{there}?month=2026-11&{query}").content.decode()


def test_papers_of_a_meeting_that_is_off_or_of_another_agreement_are_due_nowhere(meeting, cast, sign_in):
    other = CommitteeFactory(agreement=cast.elsewhere, papers_days=5)
    EngagementFactory(
        agreement=cast.elsewhere, kind="committee", committee=other, status="planned", starts_on="2026-11-30"
    )
    type(meeting).objects.filter(pk=meeting.pk).update(status="cancelled")
    there = reverse("engagements:calendar", args=[cast.agreement.slug])
    assert "Papers due" not in sign_in(cast.viewer).get(f"{there}?month=2026-11").content.decode()
