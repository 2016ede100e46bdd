"""Every form that emails people says whom beside its button, with a box, and says afterwards who was emailed."""

import datetime as dt
import uuid

import pytest

from engagements.models import Action, Engagement, Participation, Series
from engagements.operations.engagement import add_people, cancel_engagement, delete_engagement
from engagements.operations.series import start_series
from reminders.models import Delivery, Preference
from reminders.queries import Reason
from tests.factories import PersonFactory
from tests.reminders.conftest import NOW, make_meeting

pytestmark = pytest.mark.usefixtures("clock")

PLACE = 'id="emails"'


def outcomes():
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


@pytest.mark.parametrize(("tick", "outcome"), [({}, WAITS), ({"notify": "no", "notify_default": "yes"}, QUIET)])
def test_the_quick_log(cast, officer, tick, outcome):
    new = "/agreements/lga-techuk/engagements/new/"
    assert PLACE in officer.get(new).content.decode()
    ana = PersonFactory(agreement=cast.agreement, name="Ana")
    data = {"title": "To come", "kind": "roundtable", "starts_on": "2026-12-08", "who": ana.pk}
    officer.post(new, data | {"form_key": uuid.uuid4()} | tick)
    assert Engagement.objects.get().title == "To come"
    assert outcomes() == {("invitation", *outcome)}


@pytest.mark.parametrize(("tick", "outcome"), [({}, WAITS), ({"notify": "no", "notify_default": "yes"}, QUIET)])
def test_cancelling_and_deleting(officer, meeting, tick, outcome):
    assert "Cancelling emails 1 person" in officer.get(path(meeting, "cancel")).content.decode()
    officer.post(path(meeting, "cancel"), {"reason": ""} | tick)
    assert outcomes() == {("cancelled", *outcome)}


@pytest.mark.parametrize(("tick", "outcome"), [({}, WAITS), ({"notify": "no", "notify_default": "yes"}, QUIET)])
def test_deleting(officer, meeting, tick, outcome):
    assert "Deleting emails 1 person" in officer.get(path(meeting, "delete")).content.decode()
    officer.post(path(meeting, "delete"), tick)
    assert outcomes() == {("cancelled", *outcome)}


@pytest.mark.parametrize(("tick", "outcome"), [({}, WAITS), ({"notify": "no", "notify_default": "yes"}, QUIET)])
def test_adding_people(cast, officer, meeting, tick, outcome):
    assert PLACE in officer.get(path(meeting, "people")).content.decode()
    officer.post(path(meeting, "people"), {"who": PersonFactory(agreement=cast.agreement).pk} | tick)
    assert outcomes() == {("invitation", *outcome)}


@pytest.mark.parametrize(("tick", "outcome"), [({}, WAITS), ({"notify": "no", "notify_default": "yes"}, QUIET)])
def test_putting_it_on_again(cast, officer, meeting, tick, outcome):
    cancel_engagement(meeting, by=cast.officer)
    Delivery.objects.filter(kind="cancelled").update(state="sent")
    assert "Reinstating emails 1 person" in officer.get(path(meeting, "reinstate")).content.decode()
    officer.post(path(meeting, "reinstate"), tick)
    assert outcomes() == {("cancelled", "sent", ""), ("invitation", *outcome)}


@pytest.mark.parametrize(("tick", "outcome"), [({}, WAITS), ({"notify": "no", "notify_default": "yes"}, QUIET)])
def test_moving_it_on_the_whole_form(cast, officer, meeting, tick, outcome):
    edit = path(meeting, "edit")
    assert PLACE in officer.get(edit).content.decode()
    data = {"title": "It", "kind": "roundtable", "status": "planned", "starts_on": "2026-12-09", "start_time": "14:00"}
    data |= {
        "time_zone": "Europe/London",
        "who": cast.agreement.people.get(name="Ana").pk,
    }
    officer.post(edit, data | tick)
    meeting.refresh_from_db()
    assert meeting.starts_on == dt.date(2026, 12, 9)
    assert outcomes() == {("moved", *outcome)}


@pytest.mark.parametrize(("tick", "outcome"), [({}, WAITS), ({"notify": "no", "notify_default": "yes"}, QUIET)])
def test_giving_somebody_an_action(cast, officer, tick, outcome):
    new = "/agreements/lga-techuk/actions/new/"
    assert PLACE in officer.get(new).content.decode()
    ana = PersonFactory(agreement=cast.agreement, name="Ana")
    officer.post(new, {"title": "Write", "owner": "Ana", "form_key": uuid.uuid4()} | tick)
    assert Action.objects.get().owner_person == ana
    assert outcomes() == {("action", *outcome)}


RULE = {"every": "week", "on": "weekday", "end": "after", "count": "4", "on_free_days": "keep"}


@pytest.fixture
def series(cast, meeting):
    """Four Tuesdays, which were begun without telling anyone."""
    Delivery.objects.all().delete()
    series = start_series(Series(rule="FREQ=WEEKLY;BYDAY=TU", count=4), meeting, notify=False, by=cast.officer)
    Delivery.objects.all().delete()
    return series


@pytest.mark.parametrize(("tick", "outcome"), [({}, WAITS), ({"notify": "no", "notify_default": "yes"}, QUIET)])
def test_starting_a_series(officer, meeting, tick, outcome):
    assert PLACE in officer.get(path(meeting, "repeat")).content.decode()
    officer.post(path(meeting, "repeat"), RULE | tick)
    assert Series.objects.exists()
    assert outcomes() == {("invitation", *outcome)}


@pytest.mark.parametrize(("tick", "outcome"), [({}, WAITS), ({"notify": "no", "notify_default": "yes"}, QUIET)])
def test_changing_how_often(officer, series, tick, outcome):
    edit = f"/agreements/lga-techuk/engagements/series/{series.pk}/edit/"
    assert PLACE in officer.get(edit).content.decode()
    officer.post(edit, RULE | {"every": "fortnight", "first_day": "2026-12-08"} | tick)
    assert ("cancelled", *outcome) in outcomes()
    assert {row[1:] for row in outcomes()} == {outcome}


@pytest.mark.parametrize(("tick", "outcome"), [({}, WAITS), ({"notify": "no", "notify_default": "yes"}, QUIET)])
def test_stopping_a_series(officer, series, tick, outcome):
    stop = f"/agreements/lga-techuk/engagements/series/{series.pk}/stop/"
    assert PLACE in officer.get(stop).content.decode()
    officer.post(stop, {"planned": "cancel", "reason": ""} | tick)
    assert outcomes() == {("cancelled", *outcome)}


@pytest.mark.parametrize(("tick", "outcome"), [({}, WAITS), ({"notify": "no", "notify_default": "yes"}, QUIET)])
def test_putting_a_date_back(cast, officer, series, tick, outcome):
    delete_engagement(Engagement.objects.get(series_date="2026-12-15"), notify=False, by=cast.officer)
    Delivery.objects.all().delete()
    page = f"/agreements/lga-techuk/engagements/series/{series.pk}/"
    assert "Saving emails 1 person you invite" in officer.get(f"{page}put-back/?day=2026-12-15").content.decode()
    officer.post(f"{page}put-back/", {"day": "2026-12-15"} | tick)
    assert outcomes() == {("invitation", *outcome)}


def test_a_form_that_comes_back_with_an_error_keeps_the_choice(officer):
    new = "/agreements/lga-techuk/engagements/new/"
    page = officer.post(new, {"title": "", "notify": "no", "notify_default": "yes"}).content.decode()
    assert 'name="notify" value="no"' in page
    assert 'value="yes" id="notify">' in page


def test_of_what_has_begun_nobody_is_emailed_so_there_is_nothing_to_tick(cast, officer):
    past = make_meeting(cast.agreement, status="held", starts_on=(NOW - dt.timedelta(days=9)).date())
    for verb in ("cancel", "delete", "people"):
        assert 'id="notify"' not in officer.get(path(past, verb)).content.decode()


# Before saving: by htmx while the form is filled in, and by a button without JavaScript


NEW = "/agreements/lga-techuk/engagements/new/full/"
HTMX = {"HX-Request": "true"}


def full(**fields):
    facts = {"title": "AI", "kind": "roundtable", "starts_on": "2026-12-08", "start_time": "14:00"}
    return facts | {"time_zone": "Europe/London", "form_key": uuid.uuid4(), "look": "1"} | fields


def action(row, title, owner):
    return {f"actions-{row}-title": title, f"actions-{row}-owner": owner}


def actions(*rows):
    found = {"actions-TOTAL_FORMS": len(rows), "actions-INITIAL_FORMS": "0"}
    for number, (title, owner) in enumerate(rows):
        found |= action(number, title, owner)
    return found


@pytest.fixture
def people(cast):
    return [
        PersonFactory(agreement=cast.agreement, name=name, email=f"{name[:2].lower()}@people.example")
        for name in ("Ana Abbey", "Bo Crane", "Cy Dent")
    ]


def test_the_form_says_whom_it_emails_and_saves_nothing(officer, people):
    ana, bo, _ = people
    data = full(who=[ana.pk, bo.pk], **actions(("Write", "Bo Crane"), ("Print", "Cy Dent")))
    page = officer.post(NEW, data, headers=HTMX).content.decode()
    assert "Saving emails 2 people you invite and 2 action owners" in page
    assert all(f"<bdi>{person.name}</bdi>" in page for person in people)
    assert 'id="notify" checked' in page
    assert "<form" not in page
    assert not Engagement.objects.exists()
    assert not Delivery.objects.exists()


def test_what_it_says_is_what_saving_does(officer, people):
    ana, bo, cy = people
    PersonFactory(agreement=ana.agreement, name="Without Address", email="")
    Preference.objects.create(agreement=ana.agreement, person=bo, invitations="off")
    without = ana.agreement.people.get(name="Without Address")
    data = full(who=[ana.pk, bo.pk, cy.pk, without.pk])
    assert "Saving emails 2 people you invite" in officer.post(NEW, data, headers=HTMX).content.decode()
    del data["look"]
    page = officer.post(NEW, data, follow=True).content.decode()
    assert "Saved: AI (planned). 2 people were emailed." in page
    assert Delivery.objects.filter(kind="invitation", state="planned").count() == 2


def test_after_saving_it_says_when_they_are_emailed(officer, people, settings):
    settings.NOTIFY_AFTER_MINUTES = 10
    data = full(who=[people[0].pk])
    del data["look"]
    page = officer.post(NEW, data, follow=True).content.decode()
    assert "Saved: AI (planned). 1 person will be emailed at 12:10." in page
    assert "1 email goes at 12:10." in page


def test_a_form_that_cannot_be_saved_yet_leaves_the_sentence_as_it_is(officer):
    assert officer.post("/agreements/lga-techuk/engagements/new/", full(title=""), headers=HTMX).status_code == 204


def test_without_javascript_a_button_shows_the_same_on_the_page_and_keeps_what_was_typed(officer, people):
    page = officer.post(NEW, full(who=[people[0].pk], summary="What we discuss")).content.decode()
    assert "Saving emails 1 person you invite" in page
    assert "What we discuss" in page
    assert "There is a problem" not in page
    assert not Engagement.objects.exists()
    for path in ("/engagements/new/", "/engagements/new/full/", "/actions/new/"):
        assert (
            'name="look" value="1">Show who will be emailed'
            in officer.get(f"/agreements/lga-techuk{path}").content.decode()
        )


@pytest.mark.parametrize(
    ("sent", "emailed"),
    [
        ({}, False),
        ({"notify": ["yes", "no"], "notify_default": "yes"}, False),
        ({"notify": ["yes", "no", "yes"], "notify_default": "yes"}, False),
        ({"notify": ["no", "no", "yes"], "notify_default": "no"}, True),
    ],
    ids=["a program", "unticked", "left ticked as it was before the date was changed", "ticked"],
)
def test_the_record_of_a_past_meeting_emails_nobody_unless_somebody_ticks_it(officer, people, sent, emailed):
    past = full(starts_on="2026-11-24", **actions(("Write", "Bo Crane")))
    page = officer.post(NEW, past, headers=HTMX).content.decode()
    assert "Email 1 action owner" in page
    assert 'id="notify">' in page
    del past["look"]
    page = officer.post(NEW, past | sent, follow=True).content.decode()
    assert ("1 person was emailed." if emailed else "Nobody was emailed.") in page
    assert outcomes() == {("action", "planned", "") if emailed else ("action", *QUIET)}


def test_editing_a_past_record_emails_nobody_either(cast, officer, people):
    past = make_meeting(cast.agreement, status="held", starts_on=(NOW - dt.timedelta(days=9)).date())
    data = full(status="held", starts_on="2026-11-22", **actions(("Write", "Bo Crane")))
    assert "Email 1 action owner" in officer.post(path(past, "edit"), data, headers=HTMX).content.decode()
    del data["look"]
    assert "Saved. Nobody was emailed." in officer.post(path(past, "edit"), data, follow=True).content.decode()
    assert outcomes() == {("action", *QUIET)}


def test_moving_says_how_many_hear_of_it(officer, cast, meeting):
    ana = cast.agreement.people.get(name="Ana")
    data = full(status="planned", starts_on="2026-12-09", who=ana.pk)
    page = officer.post(path(meeting, "edit"), data, headers=HTMX).content.decode()
    assert "Saving emails 1 person about the new time or place" in page
    meeting.refresh_from_db()
    assert meeting.starts_on == dt.date(2026, 12, 8)


def test_a_change_that_concerns_nobody_says_nothing(officer, cast, meeting):
    ana = cast.agreement.people.get(name="Ana")
    data = full(title="It", status="planned", who=ana.pk)
    page = officer.post(path(meeting, "edit"), data | {"outcomes": "x"}, headers=HTMX).content.decode()
    assert "emails" not in page.split("</div>")[0].split('name="notify"')[-1]
    assert 'id="notify"' not in page


def test_an_action_names_its_owner(officer, people):
    new = "/agreements/lga-techuk/actions/new/"
    data = {"title": "Write", "owner": "Ana Abbey", "form_key": uuid.uuid4()}
    page = officer.post(new, data | {"look": "1"}, headers=HTMX).content.decode()
    assert "Saving emails 1 action owner" in page
    assert not Action.objects.exists()
    assert "The action is saved. 1 person was emailed." in officer.post(new, data, follow=True).content.decode()


def test_inviting_people_from_their_page(officer, meeting, people):
    data = {"who": people[0].pk, "look": "1"}
    page = officer.post(path(meeting, "people"), data, headers=HTMX).content.decode()
    assert "Saving emails 1 person you invite" in page
    assert Participation.objects.filter(engagement=meeting).count() == 1


def test_a_series_counts_each_person_once(officer, meeting, people):
    page = officer.post(path(meeting, "repeat"), RULE | {"preview": "1"}).content.decode()
    assert "Saving emails 1 person you invite" in page
    assert not Series.objects.exists()
    page = officer.post(path(meeting, "repeat"), RULE, follow=True).content.decode()
    assert "1 person was emailed." in page


def test_cancelling_this_and_later_counts_all_their_people(cast, officer, series, people):
    for date in Engagement.objects.filter(series=series).order_by("starts_on")[1:3]:
        add_people(date, people[:2], notify=False, by=cast.officer)
    first = Engagement.objects.filter(series=series).earliest("starts_on")
    cancel = path(first, "cancel")
    one = officer.post(cancel, {"scope": "this", "look": "1"}, headers=HTMX).content.decode()
    all_of_them = officer.post(cancel, {"scope": "later", "look": "1"}, headers=HTMX).content.decode()
    assert "Cancelling emails 1 person" in one
    assert "Cancelling emails 3 people" in all_of_them
    assert not Engagement.objects.filter(status="cancelled").exists()
