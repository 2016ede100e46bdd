"""A time that the clocks skip in spring is refused wherever one is given, and said why."""

import datetime as dt

import pytest

from engagements.models import Engagement, Series
from engagements.operations.engagement import NotPossibleError, change_engagement, log_engagement
from engagements.operations.series import (
    change_series,
    change_this_and_later,
    extend_series,
    put_back_date,
    start_series,
)
from engagements.rules.timezones import instant, is_shown_once, skipped_time, time_that_is_there
from tests.engagements.admin_pages import address as in_admin
from tests.engagements.first import NOW, first_of
from tests.engagements.forms import errors_of, full, log_page, quick
from tests.engagements.pages import address
from tests.engagements.test_admin import sent

SPRING, AUTUMN = dt.date(2027, 3, 28), dt.date(2027, 10, 31)
HALF_PAST_ONE = {"start_time": dt.time(1, 30), "end_time": dt.time(3)}
SKIPPED = "01:30 does not exist on 28 March 2027: the clocks go forward from 01:00 to 02:00."


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.mark.parametrize(
    ("day", "time", "zone", "sentence"),
    [
        (SPRING, dt.time(1, 30), "Europe/London", SKIPPED),
        (SPRING, dt.time(1), "Europe/London", SKIPPED.replace("01:30", "01:00", 1)),
        (SPRING, dt.time(0, 59), "Europe/London", ""),
        (SPRING, dt.time(2), "Europe/London", ""),
        (AUTUMN, dt.time(1, 30), "Europe/London", ""),
        (SPRING, dt.time(1, 30), "Asia/Kolkata", ""),
        (SPRING, dt.time(1, 30), "Nowhere/At all", ""),
        (SPRING, dt.time(1, 30), "", ""),
        (SPRING, None, "Europe/London", ""),
        (None, dt.time(1, 30), "Europe/London", ""),
        (
            dt.date(2027, 3, 14), dt.time(2, 1), "America/New_York",
            "02:01 does not exist on 14 March 2027: the clocks go forward from 02:00 to 03:00.",
        ),
        (
            dt.date(2027, 10, 3), dt.time(2, 15), "Australia/Lord_Howe",
            "02:15 does not exist on 3 October 2027: the clocks go forward from 02:00 to 02:30.",
        ),
        (
            dt.date(2027, 3, 14), dt.time(0, 5), "America/Havana",
            "00:05 does not exist on 14 March 2027: the clocks go forward from 00:00 to 01:00.",
        ),
    ],
)  # fmt: skip
def test_a_time_that_the_clocks_skip_is_known_in_each_zone(day, time, zone, sentence):
    assert skipped_time(day, time, zone) == sentence


def test_each_minute_of_the_two_nights_is_the_moment_that_the_database_has(cast):
    for day in (SPRING, AUTUMN):
        for minute in range(0, 240, 15):
            time = dt.time(minute // 60, minute % 60)
            row = first_of(cast, starts_on=day, start_time=time, end_time=None)
            row.refresh_from_db(fields=["starts_at"])
            assert instant(day, time, "Europe/London").astimezone(dt.UTC) == row.starts_at
            is_odd = dt.time(1) <= time < dt.time(2)
            assert is_shown_once(instant(day, time, "Europe/London")) is not is_odd
            assert (time_that_is_there(day, time, "Europe/London") == time) is not (is_odd and day == SPRING)


@pytest.mark.parametrize("name", ["quick_log", "full_log"])
def test_a_form_that_logs_says_so_beside_the_field_and_keeps_what_was_typed(cast, sign_in, name):
    data = {"starts_on": SPRING.isoformat(), "start_time": "01:30", "end_time": "03:00"}
    data = quick(**data) if name == "quick_log" else full(**data)
    response = sign_in(cast.officer).post(log_page(cast, name), data)
    assert errors_of(response) == {"start_time": [f"{SKIPPED} Enter a different time."]}
    assert 'value="01:30"' in response.content.decode()
    assert not Engagement.objects.exists()


def test_the_form_of_a_record_says_so_of_its_end_and_of_another_zone(cast, sign_in):
    engagement = first_of(cast, starts_on=SPRING - dt.timedelta(days=1), start_time=dt.time(22), end_time=dt.time(23))
    client, facts = sign_in(cast.officer), {"title": "Night", "status": "planned", "revision": 1}
    over_night = facts | {"starts_on": "2027-03-27", "start_time": "22:00", "ends_on": "2027-03-28"}
    response = client.post(address("edit", engagement), full(**over_night, end_time="01:30"))
    assert errors_of(response) == {"end_time": [f"{SKIPPED} Enter a different time."]}
    moved = facts | {"starts_on": "2027-03-14", "start_time": "02:30", "time_zone": "America/New_York"}
    assert set(errors_of(client.post(address("edit", engagement), full(**moved)))) == {"start_time"}
    response = client.post(address("edit", engagement), full(**moved | {"time_zone": "Europe/London"}))
    assert response.status_code == 302


def test_admin_says_so_beside_the_field(admin, cast):
    data = sent(agreement=cast.agreement.pk, starts_on="2027-03-28", start_time="01:30")
    response = admin.post(in_admin("engagement_add"), data)
    assert response.status_code == 200
    assert response.context["adminform"].form.errors == {"start_time": [f"{SKIPPED} Enter a different time."]}


def test_the_operations_refuse_it_whoever_calls_them(cast):
    with pytest.raises(NotPossibleError, match="does not exist on 28 March 2027"):
        log_engagement(
            Engagement(agreement=cast.agreement, title="Night", kind="workshop", starts_on=SPRING, **HALF_PAST_ONE),
            by=cast.officer,
        )
    engagement = first_of(cast, **HALF_PAST_ONE)
    engagement.starts_on = SPRING
    with pytest.raises(NotPossibleError, match="does not exist"):
        change_engagement(engagement, by=cast.officer)


def test_a_record_of_before_that_has_such_a_time_can_be_changed_otherwise(cast):
    engagement = first_of(cast, starts_on=SPRING, **HALF_PAST_ONE)
    engagement.title = "Another title"
    change_engagement(engagement, by=cast.officer)
    assert Engagement.objects.get().title == "Another title"


SUNDAY = dt.date(2027, 3, 14)


def test_a_series_is_not_started_over_such_a_night(cast, sign_in):
    engagement = first_of(cast, starts_on=SUNDAY, **HALF_PAST_ONE)
    choices = {"every": "fortnight", "end": "never", "on_free_days": "keep"}
    response = sign_in(cast.officer).post(address("repeat", engagement), choices)
    said = f"{SKIPPED} Choose other dates, or change the time of the meetings first."
    assert errors_of(response) == {"__all__": [said]}
    assert said in response.content.decode()
    with pytest.raises(NotPossibleError, match="does not exist"):
        start_series(Series(rule="FREQ=WEEKLY"), engagement, by=cast.officer)
    assert not Series.objects.exists()


def test_a_series_is_not_moved_to_such_a_time_or_day(cast):
    first = first_of(cast, starts_on=SUNDAY)
    series = start_series(Series(rule="FREQ=WEEKLY;BYDAY=SU"), first, by=cast.officer)
    first = Engagement.objects.get(pk=first.pk)
    first.start_time = dt.time(1, 30)
    with pytest.raises(NotPossibleError, match="28 March 2027"):
        change_this_and_later(first, by=cast.officer)
    series.start_time = dt.time(1, 30)
    with pytest.raises(NotPossibleError, match="28 March 2027"):
        change_series(series, by=cast.officer)
    assert set(Engagement.objects.values_list("start_time", flat=True)) == {dt.time(10)}


def test_a_date_that_was_left_out_is_not_put_back_at_such_a_time(cast):
    first = first_of(cast, starts_on=SUNDAY, **HALF_PAST_ONE)
    rule = Series(rule="FREQ=WEEKLY;BYDAY=SU", skipped=[SPRING])
    series = start_series(rule, first, by=cast.officer)
    with pytest.raises(NotPossibleError, match="does not exist"):
        put_back_date(series, SPRING, by=cast.officer)
    assert not Engagement.objects.filter(starts_on=SPRING).exists()


@pytest.mark.parametrize(
    ("times", "found"),
    [
        ((dt.time(1, 30), dt.time(3)), (dt.time(2, 30), dt.time(4))),
        ((dt.time(1, 30), dt.time(1, 45)), (dt.time(2, 30), dt.time(2, 45))),
        ((dt.time(0, 30), dt.time(1, 30)), (dt.time(0, 30), dt.time(2, 30))),
        ((dt.time(1, 30), None), (dt.time(2, 30), None)),
        ((None, None), (None, None)),
    ],
)
def test_the_daily_task_has_nobody_to_ask_and_starts_as_much_later(cast, time_machine, times, found):
    """The date of next year is not there yet when the series is started."""
    start, end = times
    first = first_of(cast, starts_on=dt.date(2026, 12, 28), start_time=start, end_time=end)
    time_machine.move_to(dt.datetime(2025, 12, 28, tzinfo=dt.UTC))
    series = start_series(Series(rule="FREQ=MONTHLY;BYMONTHDAY=28"), first, by=cast.officer)
    time_machine.move_to(NOW)
    extend_series(series, by=None)
    spring = Engagement.objects.get(starts_on=SPRING)
    assert (spring.start_time, spring.end_time) == found
    summer = Engagement.objects.get(starts_on=dt.date(2027, 4, 28))
    assert (summer.start_time, summer.end_time) == times
