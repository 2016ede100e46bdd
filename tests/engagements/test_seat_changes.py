"""When a seat on a committee passes on, its planned meetings follow, as does a meeting that moves past a handover."""

import datetime as dt

import pytest
from django.urls import reverse

from engagements.models import Engagement, Participation, Seat, Series
from engagements.operations.committee import change_seats, delete_seat, save_seat
from engagements.operations.engagement import cancel_engagement, change_engagement, log_engagement, reinstate_engagement
from engagements.operations.seat_changes import MeetingsPreview
from engagements.operations.series import change_this_and_later, start_series
from tests.engagements.first import NOW, THURSDAY
from tests.engagements.pages import address, said
from tests.factories import CommitteeFactory, PersonFactory, SeatFactory

HANDOVER = dt.date(2027, 2, 1)
JANUARY, FEBRUARY, MARCH = dt.date(2027, 1, 14), dt.date(2027, 2, 11), dt.date(2027, 3, 11)


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def people(cast):
    """``people("Nora")`` is a person of the agreement's address book, the same each time."""
    known = {}

    def named(name):
        if name not in known:
            email = f"{name.lower()}@people.example"
            known[name] = PersonFactory(agreement=cast.agreement, name=name, email=email)
        return known[name]

    return named


@pytest.fixture
def committee(cast, people):
    """The Digital Committee, on which Jo holds techUK's seat and Chris is the chair."""
    found = CommitteeFactory(agreement=cast.agreement, name="Digital Committee")
    SeatFactory(committee=found, holder=people("Jo"), organisation=cast.techuk.organisation)
    SeatFactory(committee=found, holder=people("Chris"), role="chair")
    return found


@pytest.fixture
def meet(cast, committee):
    """``meet(day)`` plans a meeting of the committee."""

    def planned(day, **fields):
        facts = {"title": f"Meeting {day:%B}", "kind": "committee", "committee": committee, "start_time": dt.time(10)}
        made = Engagement(agreement=cast.agreement, starts_on=day, **facts | fields)
        return log_engagement(made, by=cast.officer)

    return planned


def at(meeting):
    """The names of those who take part."""
    rows = Participation.objects.filter(engagement=meeting).order_by("person__name")
    return list(rows.values_list("person__name", flat=True))


def seat_of(person):
    return Seat.objects.get(holder=person)


def hand_over(cast, committee, people, day=HANDOVER):
    """Jo's seat ends, and Nora's begins on ``day``."""
    jo = seat_of(people("Jo"))
    jo.ends_on = day - dt.timedelta(days=1)
    save_seat(jo, by=cast.lead)
    nora = Seat(committee=committee, holder=people("Nora"), organisation=jo.organisation, starts_on=day)
    return save_seat(nora, by=cast.lead)


def test_who_takes_a_seat_takes_part_in_the_meetings_planned_for_their_term(cast, committee, people, meet):
    meetings = [meet(day) for day in (JANUARY, FEBRUARY, MARCH)]
    term = {"starts_on": HANDOVER, "ends_on": dt.date(2027, 2, 28)}
    saved = save_seat(Seat(committee=committee, holder=people("Nora"), **term), by=cast.lead)
    assert [at(meeting) for meeting in meetings] == [["Chris", "Jo"], ["Chris", "Jo", "Nora"], ["Chris", "Jo"]]
    [change] = saved.meeting_changes
    assert (change.meeting, change.added, change.removed) == (meetings[1], (people("Nora"),), ())


def test_who_leaves_a_seat_is_removed_from_the_meetings_after_that(cast, committee, people, meet):
    meetings = [meet(day) for day in (JANUARY, FEBRUARY)]
    hand_over(cast, committee, people)
    assert [at(meeting) for meeting in meetings] == [["Chris", "Jo"], ["Chris", "Nora"]]


@pytest.mark.parametrize("change", ["another holder", "nobody", "deleted", "begins later"])
def test_however_a_seat_changes_the_meetings_follow(cast, committee, people, meet, change):
    meeting = meet(JANUARY)
    seat = seat_of(people("Jo"))
    if change == "deleted":
        delete_seat(seat, by=cast.lead)
    else:
        seat.holder = {"another holder": people("Nora"), "nobody": None}.get(change, seat.holder)
        seat.starts_on = HANDOVER if change == "begins later" else None
        save_seat(seat, by=cast.lead)
    assert at(meeting) == (["Chris", "Nora"] if change == "another holder" else ["Chris"])


def test_what_was_held_has_begun_or_is_another_committees_stays(cast, committee, people, meet):
    other = CommitteeFactory(agreement=cast.agreement, name="Board")
    past = meet(dt.date(2026, 11, 2))
    today = meet(NOW.date(), start_time=dt.time(9), end_time=dt.time(17), status="planned")
    elsewhere = meet(JANUARY, committee=other)
    delete_seat(seat_of(people("Jo")), by=cast.lead)
    assert (at(past), at(today), at(elsewhere)) == (["Chris", "Jo"], ["Chris", "Jo"], [])


def test_a_meeting_without_a_time_follows_until_its_day_is_over(cast, committee, people, meet):
    today = meet(NOW.date(), start_time=None, status="planned")
    delete_seat(seat_of(people("Jo")), by=cast.lead)
    assert at(today) == ["Chris"]


def test_who_holds_another_seat_has_a_part_of_their_own_or_was_removed_by_hand_is_left_as_they_are(
    cast, committee, people, meet
):
    SeatFactory(committee=committee, holder=people("Jo"), role="observer")
    meeting, later = meet(JANUARY), meet(FEBRUARY)
    delete_seat(Seat.objects.get(holder=people("Jo"), role="member"), by=cast.lead)
    assert at(meeting) == ["Chris", "Jo"]
    Participation.objects.filter(engagement=meeting, person=people("Jo")).update(role="speaker")
    delete_seat(seat_of(people("Jo")), by=cast.lead)
    assert (at(meeting), at(later)) == (["Chris", "Jo"], ["Chris"])
    Participation.objects.filter(engagement=later).delete()
    chair = seat_of(people("Chris"))
    chair.role = "vice_chair"
    assert save_seat(chair, by=cast.lead).meeting_changes == []
    assert at(later) == []


def test_somebody_on_the_list_of_the_series_stays_and_who_has_left_is_not_added(cast, committee, people, meet):
    first = meet(THURSDAY)
    series = start_series(Series(rule="FREQ=MONTHLY;BYDAY=2TH", count=3), first, by=cast.officer)
    series.person_links.create(agreement=cast.agreement, person=people("Jo"))
    people("Nora").left_on = JANUARY
    people("Nora").save()
    hand_over(cast, committee, people, day=THURSDAY)
    days = [at(meeting) for meeting in Engagement.objects.filter(series=series).order_by("starts_on")]
    assert days == [["Chris", "Jo", "Nora"], ["Chris", "Jo"], ["Chris", "Jo"]]


def test_the_meetings_stay_as_they_are_where_that_is_chosen(cast, committee, people, meet):
    meeting = meet(JANUARY)
    assert delete_seat(seat_of(people("Jo")), update_meetings=False, by=cast.lead) == []
    assert at(meeting) == ["Chris", "Jo"]


def test_one_that_is_cancelled_has_the_right_people_when_it_is_reinstated(cast, committee, people, meet):
    meeting = meet(FEBRUARY)
    cancel_engagement(meeting, by=cast.officer)
    hand_over(cast, committee, people)
    reinstate_engagement(meeting, by=cast.officer)
    assert at(meeting) == ["Chris", "Nora"]


def test_a_seat_that_two_people_swap_is_one_change(cast, committee, people, meet):
    meeting = meet(JANUARY)
    Participation.objects.filter(person=people("Jo")).update(reply="accepted")
    jo, chris = seat_of(people("Jo")), seat_of(people("Chris"))
    jo.holder, chris.holder = people("Chris"), people("Jo")
    assert change_seats(committee, [jo, chris], [], by=cast.lead) == []
    assert at(meeting) == ["Chris", "Jo"]
    assert Participation.objects.get(person=people("Jo")).reply == "accepted"


def test_the_revision_rises_so_that_who_is_editing_the_record_is_told(cast, committee, people, meet):
    meeting = meet(JANUARY)
    delete_seat(seat_of(people("Jo")), by=cast.lead)
    assert Engagement.objects.get(pk=meeting.pk).revision == meeting.revision + 1


# A meeting moves past a handover


@pytest.mark.parametrize(("day", "names"), [(MARCH, ["Chris", "Nora"]), (dt.date(2027, 1, 7), ["Chris", "Jo"])])
def test_a_meeting_that_moves_past_a_handover_has_who_holds_the_seat_on_its_new_date(
    cast, committee, people, meet, day, names
):
    meetings = [meet(JANUARY), meet(FEBRUARY)]
    hand_over(cast, committee, people)
    for meeting in meetings:
        there = list(meeting.participations.values_list("person", flat=True))
        meeting = Engagement.objects.get(pk=meeting.pk)
        meeting.starts_on = day
        # As the form sends it: the people who were on the list stay on it.
        listed = [place.person for place in meeting.participations.select_related("person")]
        change_engagement(meeting, people=listed, by=cast.officer)
        assert at(meeting) == names
        assert there


def test_dates_of_a_series_that_move_past_a_handover_do_so_too(cast, committee, people, meet):
    first = meet(dt.date(2027, 1, 28))
    series = start_series(Series(rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", count=2), first, by=cast.officer)
    hand_over(cast, committee, people)
    first = Engagement.objects.get(pk=first.pk)
    assert at(first) == ["Chris", "Jo"]
    first.starts_on = dt.date(2027, 2, 2)
    change_this_and_later(first, by=cast.officer)
    days = [(row.starts_on.day, at(row)) for row in Engagement.objects.filter(series=series).order_by("starts_on")]
    assert days == [(2, ["Chris", "Nora"]), (16, ["Chris", "Nora"])]


def test_on_the_same_day_at_another_time_or_once_it_was_held_the_people_stay(cast, committee, people, meet):
    meeting = meet(FEBRUARY)
    Participation.objects.filter(engagement=meeting, person=people("Jo")).delete()
    meeting.start_time = dt.time(11)
    change_engagement(meeting, by=cast.officer)
    assert at(meeting) == ["Chris"]
    past = meet(dt.date(2026, 11, 2))
    hand_over(cast, committee, people, day=dt.date(2026, 11, 10))
    past.starts_on = dt.date(2026, 11, 12)
    change_engagement(past, by=cast.officer)
    assert at(past) == ["Chris", "Jo"]


# The page


def sent(**more):
    return {"form_key": "6f6f2f5e-51a0-4b0e-8a1c-6d1b8f6a0001", "role": "member"} | more


def words_of(response):
    return " ".join(response.content.decode().split())


def test_before_saving_the_page_shows_which_meetings_change_and_who_is_emailed(cast, committee, people, meet, sign_in):
    meet(FEBRUARY), meet(MARCH)
    people("Nora")
    page, client = address("new_seat", committee), sign_in(cast.lead)
    assert "planned meeting" not in words_of(client.get(page))
    data = sent(held_by="Nora", starts_on="2027-02-01")
    shown = words_of(client.post(page, data | {"preview": "1"}))
    for words in (
        "Saving changes 2 planned meetings:",
        "Meeting February",
        "Meeting March",
        "Adds <bdi>Nora</bdi>",
        "Saving emails 1 person",
        "<bdi>Nora</bdi>.",
    ):
        assert words in shown
    assert Seat.objects.count() == 2
    response = client.post(page, data, follow=True)
    assert said(response) == ["The seat is saved. 2 planned meetings were updated. 1 person was emailed."]
    assert Participation.objects.filter(person=people("Nora")).count() == 2


def test_the_box_unticked_saves_the_seat_alone_and_stays_unticked_while_the_form_changes(
    cast, committee, people, meet, sign_in
):
    meeting = meet(FEBRUARY)
    page, client = address("edit_seat", committee, seat=seat_of(people("Jo")).pk), sign_in(cast.lead)
    data = {"whose": "techUK", "held_by": "Jo", "role": "member", "ends_on": "2027-01-31", "update_meetings": "no"}
    shown = words_of(client.post(page, data | {"preview": "1"}))
    assert "Removes <bdi>Jo</bdi>" in shown
    assert 'id="update_meetings">' in shown
    response = client.post(page, data, follow=True)
    assert said(response) == ["The seat is saved."]
    assert at(meeting) == ["Chris", "Jo"]


def test_the_question_whether_to_delete_a_seat_shows_the_meetings_too(cast, committee, people, meet, sign_in):
    meeting = meet(FEBRUARY)
    page, client = address("delete_seat", committee, seat=seat_of(people("Jo")).pk), sign_in(cast.lead)
    shown = words_of(client.get(page))
    assert "Deleting the seat changes 1 planned meeting:" in shown
    assert "Removes <bdi>Jo</bdi>" in shown
    response = client.post(page, {"update_meetings": ["no", "yes"]}, follow=True)
    assert said(response) == ["The seat is deleted. 1 planned meeting was updated."]
    assert at(meeting) == ["Chris"]


def test_a_form_with_an_error_or_that_changes_no_meeting_says_nothing_untrue(cast, committee, people, meet, sign_in):
    meet(FEBRUARY)
    page, client = address("new_seat", committee), sign_in(cast.lead)
    wrong = words_of(client.post(page, sent(held_by="Jo", starts_on="2027-02-30", preview="1")))
    assert "planned meeting" not in wrong.split("seat-meetings", 1)[1].split("</section>")[0]
    unchanged = words_of(client.post(page, sent(held_by="Jo", starts_on="2027-02-01", preview="1")))
    assert "No planned meetings change." in unchanged


def test_who_has_no_email_address_is_not_said_to_be_emailed(cast, committee, people, meet, sign_in):
    meet(FEBRUARY)
    people("Nora").email = ""
    people("Nora").save()
    shown = words_of(sign_in(cast.lead).post(address("new_seat", committee), sent(held_by="Nora", preview="1")))
    assert "Adds <bdi>Nora</bdi>" in shown
    assert "Nobody is emailed." in shown


def test_the_preview_asks_as_much_of_one_meeting_as_of_many(cast, committee, people, meet, django_assert_num_queries):
    seat = Seat(committee=committee, holder=people("Nora"))
    meet(FEBRUARY)
    with django_assert_num_queries(3):
        assert len(MeetingsPreview.of(committee, [seat]).changes) == 1
    for month in range(3, 9):
        meet(dt.date(2027, month, 11))
    with django_assert_num_queries(3):
        assert len(MeetingsPreview.of(committee, [seat]).changes) == 7


# In admin


def in_admin(committee, *seats, there=(), **more):
    """What the page of a committee sends; ``there`` are the seats there already, as pairs of a seat and changes."""
    data = {"agreement": committee.agreement_id, "name": committee.name, "update_meetings": "on", "notify": "on"} | more
    rows = [
        {"id": seat.pk, "role": seat.role, "organisation": seat.organisation_id or "", "holder": seat.holder_id or ""}
        | changes
        for seat, changes in there
    ]
    rows += [{"role": "member"} | row for row in seats]
    data |= {"seats-TOTAL_FORMS": len(rows), "seats-INITIAL_FORMS": len(there)}
    return data | {f"seats-{place}-{name}": value for place, row in enumerate(rows) for name, value in row.items()}


def test_admin_shows_the_meetings_that_change_and_then_saves(cast, committee, people, meet, admin):
    meeting = meet(FEBRUARY)
    page = reverse("admin:engagements_committee_change", args=[committee.pk])
    jo = seat_of(people("Jo"))
    data = in_admin(
        committee, {"holder": people("Nora").pk, "starts_on": "2027-02-01"}, there=[(jo, {"ends_on": "2027-01-31"})]
    )
    response = admin.post(page, data)
    assert response.status_code == 200
    shown = words_of(response)
    assert "Saving changes 1 planned meeting and emails 2 people. Save again to confirm." in shown
    assert "11 February 2027, Meeting February: adds Nora; removes Jo" in shown
    assert at(meeting) == ["Chris", "Jo"]
    shown = response.context["adminform"].form["shown"].value()
    response = admin.post(page, data | {"shown": shown}, follow=True)
    assert "1 planned meeting was updated." in said(response)
    assert at(meeting) == ["Chris", "Nora"]


def test_admin_asks_again_where_the_meetings_changed_since_and_not_where_they_stay(
    cast, committee, people, meet, admin
):
    meeting = meet(FEBRUARY)
    page = reverse("admin:engagements_committee_change", args=[committee.pk])
    data = in_admin(committee, there=[(seat_of(people("Jo")), {"DELETE": "on"})])
    shown = admin.post(page, data).context["adminform"].form["shown"].value()
    later = meet(MARCH)
    response = admin.post(page, data | {"shown": shown})
    assert "Saving changes 2 planned meetings" in words_of(response)
    without = {name: value for name, value in data.items() if name != "update_meetings"}
    assert admin.post(page, without).status_code == 302
    assert (at(meeting), at(later)) == (["Chris", "Jo"], ["Chris", "Jo"])
    assert not Seat.objects.filter(holder=people("Jo")).exists()


def test_admin_saves_a_committee_whose_meetings_do_not_change_at_once(cast, committee, meet, admin):
    meet(FEBRUARY)
    page = reverse("admin:engagements_committee_change", args=[committee.pk])
    assert admin.post(page, in_admin(committee, name="Digital Board")).status_code == 302
    committee.refresh_from_db()
    assert committee.name == "Digital Board"
