"""An engagement lasts until it ends: until then people are notified of changes, and it is not logged as held."""

import datetime as dt

import pytest

from engagements.models import Engagement, Participation
from engagements.operations.engagement import (
    add_people,
    cancel_engagement,
    change_engagement,
    delete_engagement,
    log_engagement,
    record_as_held,
    take_attendance,
)
from engagements.operations.reply import give_reply
from reminders.models import Delivery
from reminders.operations.sweeping import sweep
from tests.factories import PersonFactory
from tests.reminders.conftest import NOW, outbox

pytestmark = pytest.mark.usefixtures("clock")

TODAY = NOW.date()
ONE_DAY, NIGHT = dt.timedelta(days=1), dt.timedelta(hours=11, minutes=59)

LASTING = {
    "a day without a time": {"starts_on": TODAY},
    "two days without a time": {"starts_on": TODAY - ONE_DAY, "ends_on": TODAY},
    "three days, this is the second": {"starts_on": TODAY - ONE_DAY, "ends_on": TODAY + ONE_DAY},
    "two days from a time on": {"starts_on": TODAY - ONE_DAY, "start_time": dt.time(9), "ends_on": TODAY},
    "two days from a time to a time": {
        "starts_on": TODAY - ONE_DAY,
        "start_time": dt.time(9),
        "ends_on": TODAY,
        "end_time": dt.time(13),
    },
    "from before now to after now": {"starts_on": TODAY, "start_time": dt.time(11), "end_time": dt.time(13)},
}
OVER = {
    "yesterday": {"starts_on": TODAY - ONE_DAY},
    "until yesterday": {"starts_on": TODAY - 3 * ONE_DAY, "ends_on": TODAY - ONE_DAY},
    "until an hour ago": {"starts_on": TODAY, "start_time": dt.time(9), "end_time": dt.time(11)},
    "two days until an hour ago": {
        "starts_on": TODAY - ONE_DAY,
        "start_time": dt.time(9),
        "ends_on": TODAY,
        "end_time": dt.time(11),
    },
    "from an hour ago, nobody knows how long": {"starts_on": TODAY, "start_time": dt.time(11)},
}


@pytest.fixture
def invited(cast, clock):
    """A visit to come to which Ada and Oli have been invited."""
    people = [
        PersonFactory(agreement=cast.agreement, name=name, email=f"{name.lower()}@people.example")
        for name in ("Ada", "Oli")
    ]
    clock.move_to(NOW - 20 * ONE_DAY)
    visit = Engagement(agreement=cast.agreement, title="Visit", kind="workshop", starts_on=TODAY + 9 * ONE_DAY)
    visit = log_engagement(visit, people=people, by=cast.officer)
    sweep()
    clock.move_to(NOW)
    return visit


def put(engagement, fields, by):
    """Have it be at other times, by its form."""
    engagement.refresh_from_db()
    for name in ("start_time", "end_time", "ends_on"):
        setattr(engagement, name, None)
    for name, value in fields.items():
        setattr(engagement, name, value)
    return change_engagement(engagement, by=by)


def subjects():
    """Send what is due; the first word of each mail."""
    before = len(outbox())
    sweep()
    return [letter["Subject"].split(":")[0] for letter in outbox()[before:]]


@pytest.mark.parametrize("fields", LASTING.values(), ids=LASTING)
def test_who_is_invited_hears_of_every_change_until_it_ends(cast, invited, fields):
    put(invited, fields, cast.officer)
    assert subjects() == ["Moved", "Moved"]
    invited.venue, invited.mode = "Town Hall", "in_person"
    change_engagement(invited, by=cast.officer)
    assert subjects() == ["Moved", "Moved"]
    [oli] = Participation.objects.filter(person__name="Oli")
    take_attendance(invited, [], removed=[oli], by=cast.officer)
    assert subjects() == ["No longer invited"]
    cancel_engagement(invited, reason="Burst pipe", by=cast.officer)
    assert subjects() == ["Cancelled"]


@pytest.mark.parametrize("fields", LASTING.values(), ids=LASTING)
def test_what_is_deleted_before_it_ends_is_cancelled_for_those_invited(cast, invited, fields):
    put(invited, fields, cast.officer)
    subjects()
    delete_engagement(invited, by=cast.officer)
    assert subjects() == ["Cancelled", "Cancelled"]


@pytest.mark.parametrize("fields", OVER.values(), ids=OVER)
def test_once_it_is_over_nobody_hears_of_a_change(cast, invited, fields):
    put(invited, fields, cast.officer)
    assert subjects() == []
    cancel_engagement(invited, by=cast.officer)
    assert subjects() == []


def test_a_cancellation_that_waits_goes_until_the_last_minute_and_not_after_it(cast, invited, clock):
    put(invited, {"starts_on": TODAY}, cast.officer)
    sweep()
    cancel_engagement(invited, by=cast.officer)
    clock.move_to(NOW + NIGHT)
    assert subjects() == ["Cancelled", "Cancelled"]


def test_what_could_not_go_before_it_was_over_has_expired(cast, invited, clock):
    put(invited, {"starts_on": TODAY}, cast.officer)
    clock.move_to(NOW + NIGHT + dt.timedelta(minutes=1))
    assert subjects() == []
    assert set(Delivery.objects.filter(kind="moved").values_list("state", "reason")) == {("expired", "it was over")}


def test_nobody_is_invited_to_what_has_begun(cast, invited):
    put(invited, {"starts_on": TODAY}, cast.officer)
    sweep()
    eve = PersonFactory(agreement=cast.agreement, name="Eve", email="eve@people.example")
    add_people(invited, [eve], by=cast.officer)
    assert subjects() == []
    cancel_engagement(invited, by=cast.officer)
    assert subjects() == ["Cancelled"] * 3


def test_people_can_reply_until_it_is_over(cast, invited):
    put(invited, {"starts_on": TODAY, "ends_on": TODAY + ONE_DAY}, cast.officer)
    invited.refresh_from_db()
    place = Participation.objects.get(person__name="Ada")
    assert give_reply(place, "accepted", version=invited.schedule_version, by=None).reply == "accepted"


def log(cast, **fields):
    people = [PersonFactory(agreement=cast.agreement)]
    facts = {"agreement": cast.agreement, "title": "T", "kind": "workshop"}
    return log_engagement(Engagement(**facts | fields), people=people, by=cast.officer)


@pytest.mark.parametrize(("fields", "status"), [
    *((fields, "planned") for fields in LASTING.values()), *((fields, "held") for fields in OVER.values()),
])  # fmt: skip
def test_it_is_logged_as_held_only_when_it_is_over(cast, fields, status):
    engagement = log(cast, **fields)
    assert engagement.status == status
    assert engagement.recorded_on == (TODAY if status == "held" else None)
    assert subjects() == []


def test_the_database_and_the_model_agree_on_when_it_is_over(cast):
    for fields in [*LASTING.values(), *OVER.values(), {"starts_on": TODAY, "time_zone": "Pacific/Auckland"}]:
        engagement = log(cast, **fields)
        engagement.refresh_from_db()
        for moment in (engagement.over_at - dt.timedelta(seconds=1), engagement.over_at):
            assert engagement.is_over_by(moment) == (engagement.over_at <= moment)


def test_the_day_it_was_recorded_as_held_is_kept_and_given_up_with_that(cast, clock):
    engagement = log(cast, starts_on=TODAY)
    clock.move_to(NOW + 3 * ONE_DAY)
    engagement = record_as_held(engagement, by=cast.officer)
    assert engagement.recorded_on == TODAY + 3 * ONE_DAY
    clock.move_to(NOW + 5 * ONE_DAY)
    engagement.title = "Another"
    assert change_engagement(engagement, by=cast.officer).recorded_on == TODAY + 3 * ONE_DAY
    assert cancel_engagement(engagement, by=cast.officer).recorded_on is None
