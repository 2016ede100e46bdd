"""Repeating is a part of the form: the dates are seen before anything is saved, and people are told once."""

import datetime as dt
import uuid

import pytest

from engagements.models import Engagement, Participation, Series
from reminders.models import Delivery
from reminders.operations.sweeping import sweep
from tests.factories import CommitteeFactory, PersonFactory, SeatFactory
from tests.reminders.conftest import NOW, outbox

pytestmark = pytest.mark.django_db

NEW = "/agreements/lga-techuk/engagements/new/full/"
HTMX = {"HX-Request": "true"}
TUESDAY = dt.date(2026, 12, 8)


@pytest.fixture
def officer(cast, sign_in, time_machine):
    time_machine.move_to(NOW, tick=False)
    return sign_in(cast.officer)


@pytest.fixture
def people(cast):
    names = ("Ana", "Bo")
    return [PersonFactory(agreement=cast.agreement, name=n, email=f"{n.lower()}@people.example") for n in names]


def form(**fields):
    facts = {"title": "Board", "kind": "roundtable", "starts_on": "2026-12-08", "start_time": "14:00"}
    return facts | {"time_zone": "Europe/London", "form_key": uuid.uuid4()} | fields


def repeats(**fields):
    facts = {"every": "month", "on": "weekday", "end": "after", "count": "12", "on_free_days": "keep"} | fields
    return {f"repeat-{name}": value for name, value in facts.items()}


def test_the_dates_are_shown_before_anything_is_saved(officer, people):
    data = form(who=people[0].pk, look="1") | repeats()
    page = officer.post(NEW, data, headers=HTMX).content.decode()
    assert "Every second Tuesday of the month, from 14:00" in page
    assert "12 times" in page
    for date in ("8 December 2026", "12 January 2027", "9 February 2027"):
        assert f"Tuesday {date}" in page
    assert "and 6 more" in page
    assert "Saving emails 1 person you invite" in page
    assert not Engagement.objects.exists()
    assert not Series.objects.exists()


def test_the_dates_are_shown_as_soon_as_there_is_a_day_whatever_else_is_missing(officer):
    page = officer.post(NEW, form(title="", kind="", look="1") | repeats(every="week"), headers=HTMX).content.decode()
    assert "Tuesday 15 December 2026" in page


def test_without_javascript_the_page_shows_them(officer):
    page = officer.post(NEW, form(look="1") | repeats(every="quarter", count="3")).content.decode()
    assert "Tuesday 9 March 2027" in page
    assert not Engagement.objects.exists()
    assert 'value="Board"' in page


def test_saved_each_person_gets_one_email_with_all_dates(officer, people, cast):
    data = form(who=[person.pk for person in people]) | repeats(every="week", count="4")
    response = officer.post(NEW, data, follow=True)
    series = Series.objects.get()
    assert response.redirect_chain[-1][0] == series.get_absolute_url()
    words = response.content.decode()
    assert "Saved: Board (every Tuesday, from 14:00, 4 times from 8 December 2026). 2 people were emailed." in words
    dates = Engagement.objects.filter(series=series).order_by("starts_on")
    assert [date.starts_on.day for date in dates] == [8, 15, 22, 29]
    assert all(Participation.objects.filter(engagement=date).count() == 2 for date in dates)
    sweep()
    subjects = [letter["Subject"] for letter in outbox()]
    assert subjects == ["Invitation: Board, 4 dates from Tuesday 8 December 2026, 14:00"] * 2
    sweep()
    assert len(outbox()) == 2


def test_nothing_goes_about_the_first_date_alone(officer, people):
    officer.post(NEW, form(who=people[0].pk) | repeats(every="week", count="4"))
    batch_ids = set(Delivery.objects.filter(kind="invitation").values_list("batch_id", flat=True))
    assert len(batch_ids) == 1
    assert None not in batch_ids


def test_one_that_does_not_repeat_is_no_series(officer, people):
    officer.post(NEW, form(who=people[0].pk) | repeats(every="no", count="nonsense"))
    assert Engagement.objects.get().series is None


def test_a_program_that_says_nothing_of_it_logs_one_engagement(officer):
    officer.post(NEW, form())
    assert Engagement.objects.get().series is None


def test_sent_twice_it_is_one_series(officer):
    data = form() | repeats(every="week", count="4")
    officer.post(NEW, data)
    response = officer.post(NEW, data, follow=True)
    assert Series.objects.count() == 1
    assert Engagement.objects.count() == 4
    assert response.redirect_chain[-1][0] == Series.objects.get().get_absolute_url()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"count": ""}, "Say how many times."),
        ({"count": "0"}, "Give a number from 1 up."),
        ({"end": "on", "ends_on": "2026-12-01"}, "This is before the first date, 8 December 2026."),
        ({"end": "on", "ends_on": ""}, "Give the last date."),
        ({"on": "last"}, "8 December 2026 is not the last Tuesday of its month."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_in_the_summary_and_nothing_is_lost(officer, fields, said):
    page = officer.post(NEW, form(summary="What we discuss") | repeats(**fields)).content.decode()
    assert page.count(said) >= 2
    assert "What we discuss" in page
    assert not Engagement.objects.exists()


def test_one_that_began_in_the_past_asks_about_its_dates_and_invites_to_those_to_come(officer, people):
    data = form(starts_on="2026-11-17", who=people[0].pk) | repeats(every="week", count="6")
    assert "1 date has passed" in officer.post(NEW, data).content.decode()
    assert not Engagement.objects.exists()
    officer.post(NEW, data | {"repeat-past": "record"})
    assert [date.status for date in Engagement.objects.order_by("starts_on")] == ["held"] * 2 + ["planned"] * 4
    assert Delivery.objects.filter(kind="invitation", state="planned").count() == 4


def test_a_committee_that_meets_monthly_has_its_members_on_each_date(officer, cast, people):
    committee = CommitteeFactory(agreement=cast.agreement)
    SeatFactory(committee=committee, holder=people[0], ends_on=dt.date(2027, 1, 31))
    SeatFactory(committee=committee, holder=people[1], starts_on=dt.date(2027, 2, 1))
    officer.post(NEW, form(kind="committee", committee=committee.pk) | repeats(count="4"))
    rows = Participation.objects.order_by("engagement__starts_on").values_list("person__name", flat=True)
    assert list(rows) == ["Ana", "Ana", "Bo", "Bo"]


def test_without_emailing_it_is_saved_and_nobody_is_emailed(officer, people):
    data = form(who=people[0].pk, notify="no", notify_default="yes") | repeats(every="week", count="4")
    assert "Nobody was emailed." in officer.post(NEW, data, follow=True).content.decode()
    sweep()
    assert outbox() == []
