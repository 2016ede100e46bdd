"""Every form that has people told has "without telling anyone" beside its button, and what is ticked is kept."""

import datetime as dt
import uuid

import pytest

from engagements.actions.engagement import delete_engagement
from engagements.actions.series import start_series
from engagements.models import Action, Engagement, Series
from reminders.models import Delivery
from reminders.queries import Reason
from tests.factories import PersonFactory
from tests.reminders.conftest import NOW, make_meeting

pytestmark = pytest.mark.usefixtures("clock")

TICK = 'name="quietly"'


def fates():
    return set(Delivery.objects.exclude(kind="reminder").values_list("kind", "state", "reason"))


@pytest.fixture
def officer(cast, sign_in):
    return sign_in(cast.officer)


@pytest.fixture
def meeting(cast):
    return make_meeting(cast.agreement, "Ana")


def path(meeting, verb):
    return f"/agreements/lga-techuk/engagements/{meeting.pk}/{verb}/"


QUIET = ("skipped", Reason.SILENT)
WAITS = ("planned", "")


@pytest.mark.parametrize(("tick", "fate"), [({}, WAITS), ({"quietly": "1"}, QUIET)])
def test_the_quick_log(cast, officer, tick, fate):
    new = "/agreements/lga-techuk/engagements/new/"
    assert TICK in officer.get(new).content.decode()
    ana = PersonFactory(agreement=cast.agreement, name="Ana")
    data = {"title": "To come", "kind": "roundtable", "starts_on": "2026-12-08", "who": ana.pk}
    officer.post(new, data | {"form_key": uuid.uuid4()} | tick)
    assert Engagement.objects.get().title == "To come"
    assert fates() == {("invitation", *fate)}


@pytest.mark.parametrize(("tick", "fate"), [({}, WAITS), ({"quietly": "1"}, QUIET)])
def test_cancelling_and_deleting(officer, meeting, tick, fate):
    assert TICK in officer.get(path(meeting, "cancel")).content.decode()
    officer.post(path(meeting, "cancel"), {"reason": ""} | tick)
    assert fates() == {("cancelled", *fate)}


@pytest.mark.parametrize(("tick", "fate"), [({}, WAITS), ({"quietly": "1"}, QUIET)])
def test_deleting(officer, meeting, tick, fate):
    assert TICK in officer.get(path(meeting, "delete")).content.decode()
    officer.post(path(meeting, "delete"), tick)
    assert fates() == {("cancelled", *fate)}


@pytest.mark.parametrize(("tick", "fate"), [({}, WAITS), ({"quietly": "1"}, QUIET)])
def test_adding_people(cast, officer, meeting, tick, fate):
    assert TICK in officer.get(path(meeting, "people")).content.decode()
    officer.post(path(meeting, "people"), {"who": PersonFactory(agreement=cast.agreement).pk} | tick)
    assert fates() == {("invitation", *fate)}


@pytest.mark.parametrize(("tick", "fate"), [({}, WAITS), ({"quietly": "1"}, QUIET)])
def test_putting_it_on_again(cast, officer, meeting, tick, fate):
    Engagement.objects.update(status="cancelled")
    officer.post(path(meeting, "reinstate"), tick)
    assert fates() == {("invitation", *fate)}


@pytest.mark.parametrize(("tick", "fate"), [({}, WAITS), ({"quietly": "1"}, QUIET)])
def test_moving_it_on_the_whole_form(cast, officer, meeting, tick, fate):
    edit = path(meeting, "edit")
    assert TICK in officer.get(edit).content.decode()
    data = {"title": "It", "kind": "roundtable", "status": "planned", "starts_on": "2026-12-09", "start_time": "14:00"}
    data |= {
        "time_zone": "Europe/London",
        "revision": meeting.revision,
        "who": cast.agreement.people.get(name="Ana").pk,
    }
    officer.post(edit, data | tick)
    meeting.refresh_from_db()
    assert meeting.starts_on == dt.date(2026, 12, 9)
    assert fates() == {("moved", *fate)}


@pytest.mark.parametrize(("tick", "fate"), [({}, WAITS), ({"quietly": "1"}, QUIET)])
def test_giving_somebody_an_action(cast, officer, tick, fate):
    new = "/agreements/lga-techuk/actions/new/"
    assert TICK in officer.get(new).content.decode()
    ana = PersonFactory(agreement=cast.agreement, name="Ana")
    officer.post(new, {"title": "Write", "owner": "Ana", "form_key": uuid.uuid4()} | tick)
    assert Action.objects.get().owner_person == ana
    assert fates() == {("action", *fate)}


RULE = {"every": "week", "on": "weekday", "end": "after", "count": "4", "on_free_days": "keep"}


@pytest.fixture
def series(cast, meeting):
    """Four Tuesdays, which were begun without telling anyone."""
    Delivery.objects.all().delete()
    series = start_series(Series(rule="FREQ=WEEKLY;BYDAY=TU", count=4), meeting, tell=False, by=cast.officer)
    Delivery.objects.all().delete()
    return series


@pytest.mark.parametrize(("tick", "fate"), [({}, WAITS), ({"quietly": "1"}, QUIET)])
def test_starting_a_series(officer, meeting, tick, fate):
    assert TICK in officer.get(path(meeting, "repeat")).content.decode()
    officer.post(path(meeting, "repeat"), RULE | tick)
    assert Series.objects.exists()
    assert fates() == {("invitation", *fate)}


@pytest.mark.parametrize(("tick", "fate"), [({}, WAITS), ({"quietly": "1"}, QUIET)])
def test_changing_how_often(officer, series, tick, fate):
    edit = f"/agreements/lga-techuk/engagements/series/{series.pk}/edit/"
    assert TICK in officer.get(edit).content.decode()
    officer.post(edit, RULE | {"every": "fortnight", "first_day": "2026-12-08"} | tick)
    assert ("cancelled", *fate) in fates()
    assert {row[1:] for row in fates()} == {fate}


@pytest.mark.parametrize(("tick", "fate"), [({}, WAITS), ({"quietly": "1"}, QUIET)])
def test_stopping_a_series(officer, series, tick, fate):
    stop = f"/agreements/lga-techuk/engagements/series/{series.pk}/stop/"
    assert TICK in officer.get(stop).content.decode()
    officer.post(stop, {"planned": "cancel", "reason": ""} | tick)
    assert fates() == {("cancelled", *fate)}


@pytest.mark.parametrize(("tick", "fate"), [({}, WAITS), ({"quietly": "1"}, QUIET)])
def test_putting_a_date_back(cast, officer, series, tick, fate):
    delete_engagement(Engagement.objects.get(series_date="2026-12-15"), tell=False, by=cast.officer)
    Delivery.objects.all().delete()
    page = f"/agreements/lga-techuk/engagements/series/{series.pk}/"
    assert TICK in officer.get(page).content.decode()
    officer.post(f"{page}put-back/", {"day": "2026-12-15"} | tick)
    assert fates() == {("invitation", *fate)}


def test_a_form_that_comes_back_with_an_error_keeps_the_tick(officer):
    page = officer.post("/agreements/lga-techuk/engagements/new/", {"title": "", "quietly": "1"}).content.decode()
    assert f'{TICK} value="1" id="quietly" checked' in page


def test_of_what_has_begun_nobody_is_told_so_there_is_nothing_to_tick(cast, officer):
    past = make_meeting(cast.agreement, status="held", starts_on=(NOW - dt.timedelta(days=9)).date())
    for verb in ("cancel", "delete", "people"):
        assert TICK not in officer.get(path(past, verb)).content.decode()
