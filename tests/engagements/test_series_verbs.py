"""Series: what their verbs make of engagements."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from config.celery import app
from engagements.models import Engagement, EngagementHost, EngagementWorkstream, Participation, Series
from engagements.operations.engagement import (
    NotPossibleError,
    cancel_engagement,
    change_engagement,
    delete_engagement,
    reinstate_engagement,
)
from engagements.operations.series import (
    cancel_this_and_later,
    change_series,
    change_this_and_later,
    delete_series,
    extend_all_series,
    extend_series,
    put_back_date,
    start_series,
    stop_series,
)
from engagements.tasks import extend_series as task
from records.deletion import InUseError
from records.edit_conflicts import ConflictError, marks_of
from reminders.models import Delivery, Rule, Step
from tests.engagements.first import NOW, THURSDAY, first_of
from tests.factories import (
    CommitteeFactory,
    EngagementFactory,
    NoteFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
    SeatFactory,
    SeriesFactory,
)


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


def start(cast, rule="FREQ=MONTHLY;BYDAY=2TH", *, engagement=None, record_past=False, **fields):
    series = Series(agreement=cast.agreement, rule=rule, **fields)
    return start_series(series, engagement or first_of(cast), record_past=record_past, by=cast.officer)


def rows_of(series):
    return list(Engagement.objects.filter(series=series).order_by("series_date"))


def dates_of(series):
    return [row.starts_on for row in rows_of(series)]


def test_a_series_begins_with_an_engagement_and_makes_a_year_of_dates(cast):
    series = start(cast)
    found = dates_of(series)
    assert found[:3] == [THURSDAY, dt.date(2027, 1, 14), dt.date(2027, 2, 11)]
    assert found[-1] == dt.date(2027, 11, 11)
    assert {(row.title, row.status, str(row.start_time)) for row in rows_of(series)} == {
        ("Digital board", "planned", "10:00:00")
    }
    assert len({row.uid for row in rows_of(series)}) == len(found)


def test_the_wall_clock_is_kept_over_both_changes(cast):
    rows = rows_of(start(cast, "FREQ=WEEKLY;BYDAY=TH"))
    london = ZoneInfo("Europe/London")
    assert {row.starts_at.astimezone(london).time() for row in rows} == {dt.time(10)}
    assert {row.starts_at.astimezone(dt.UTC).hour for row in rows} == {9, 10}


def test_what_each_has_is_what_the_first_has(cast):
    first = first_of(cast, venue="Town Hall", mode="in_person", summary="News of all")
    person = PersonFactory(agreement=cast.agreement, organisation=cast.lga.organisation)
    ParticipationFactory(engagement=first, person=person)
    EngagementHost.objects.create(agreement=cast.agreement, engagement=first, organisation=cast.lga.organisation)
    EngagementWorkstream.objects.create(agreement=cast.agreement, engagement=first, workstream=cast.workstream)
    second = rows_of(start(cast, engagement=first))[1]
    assert (second.venue, second.mode, second.summary) == ("Town Hall", "in_person", "News of all")
    assert list(second.hosts.all()) == [cast.lga.organisation]
    assert list(second.workstreams.all()) == [cast.workstream]
    participation = second.participations.get()
    assert (participation.person, participation.organisation) == (person, cast.lga.organisation)


def test_holders_of_seats_are_invited_for_their_time_and_nobody_who_has_left(cast):
    committee = CommitteeFactory(agreement=cast.agreement)
    stays, goes, gone = (PersonFactory(agreement=cast.agreement) for _ in range(3))
    SeatFactory(committee=committee, holder=stays)
    SeatFactory(committee=committee, holder=goes, ends_on=dt.date(2027, 1, 31))
    gone.left_on = dt.date(2027, 1, 1)
    gone.save()
    first = first_of(cast, kind="committee", committee=committee)
    ParticipationFactory(engagement=first, person=gone)
    rows = rows_of(start(cast, engagement=first))
    invited = [{each.person for each in row.participations.all()} for row in rows]
    assert invited[1] == {stays, goes}
    assert invited[2] == {stays}


def test_lasting_two_days_each_does(cast):
    first = first_of(cast, ends_on=THURSDAY + dt.timedelta(1))
    assert all(row.last_day == row.starts_on + dt.timedelta(1) for row in rows_of(start(cast, engagement=first)))


def test_an_engagement_is_of_one_series_only(cast):
    first = first_of(cast)
    start(cast, engagement=first)
    with pytest.raises(NotPossibleError, match="already"):
        start(cast, engagement=first)
    with pytest.raises(NotPossibleError, match="cancelled"):
        start(cast, engagement=first_of(cast, status="cancelled"))
    assert Series.objects.count() == 1


def test_dates_of_the_past_are_made_only_where_that_is_wanted(cast):
    engagement = first_of(cast, starts_on=dt.date(2026, 9, 10), status="held")
    series = start(cast, engagement=engagement)
    assert [day for day in dates_of(series) if day < NOW.date()] == [dt.date(2026, 9, 10)]
    told = start(cast, engagement=first_of(cast, starts_on=dt.date(2026, 9, 10), status="held"), record_past=True)
    past = [row for row in rows_of(told) if row.starts_on < NOW.date()]
    assert [(row.starts_on.month, row.status) for row in past] == [(9, "held"), (10, "held"), (11, "held")]


def test_a_yearly_series_always_has_its_next_date(cast):
    series = start(
        cast, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", engagement=first_of(cast, starts_on=dt.date(2024, 2, 29))
    )
    assert dates_of(series) == [dt.date(2024, 2, 29), dt.date(2028, 2, 29)]


def test_the_daily_task_makes_what_is_missing_and_nothing_twice(cast, time_machine):
    series = start(cast)
    before = dates_of(series)
    assert extend_all_series() == 0
    time_machine.move_to(NOW + dt.timedelta(days=70), tick=False)
    task()
    assert dates_of(series)[: len(before)] == before
    assert len(dates_of(series)) == len(before) + 2
    assert extend_all_series() == 0


def test_of_an_agreement_that_has_ended_no_more_dates_are_made(cast, time_machine):
    start(cast)
    cast.agreement.status = "ended"
    cast.agreement.save()
    time_machine.move_to(NOW + dt.timedelta(days=70), tick=False)
    assert extend_all_series() == 0


def test_one_series_that_fails_stops_no_other(cast, monkeypatch, caplog):
    broken = SeriesFactory(agreement=cast.agreement)
    SeriesFactory(agreement=cast.agreement)
    Series.objects.filter(pk=broken.pk).update(rule="NONSENSE")
    assert extend_all_series() > 0
    assert "could not be made" in caplog.text


def test_the_database_lets_a_date_of_a_series_be_once(cast):
    series = start(cast)
    row = {"agreement": cast.agreement, "series": series}
    with pytest.raises(IntegrityError, match="engagement_occurrence_once"), transaction.atomic():
        EngagementFactory(**row, series_date=THURSDAY)
    with pytest.raises(IntegrityError, match="engagement_series_with_date"), transaction.atomic():
        EngagementFactory(**row)


def test_one_cancelled_moved_or_deleted_alone_does_not_come_back(cast):
    series = start(cast)
    rows = rows_of(series)
    cancel_engagement(rows[1], by=cast.officer)
    rows[2].starts_on += dt.timedelta(1)
    change_engagement(rows[2], by=cast.officer)
    delete_engagement(rows[3], by=cast.officer)
    extend_all_series()
    after = rows_of(series)
    assert [row.pk for row in after] == [row.pk for row in rows if row != rows[3]]
    assert (after[1].status, after[2].starts_on) == ("cancelled", dt.date(2027, 2, 12))
    series.refresh_from_db()
    assert series.skipped == [dt.date(2027, 3, 11)]
    put_back_date(series, dt.date(2027, 3, 11), by=cast.officer)
    assert dt.date(2027, 3, 11) in dates_of(series)


def test_this_and_later_changes_the_later_ones_and_leaves_what_was_changed_alone(cast):
    series = start(cast)
    rows = rows_of(series)
    rows[3].title = "Digital board, with guests"
    change_engagement(rows[3], by=cast.officer)
    cancel_engagement(rows[4], by=cast.officer)
    rows[1].title, rows[1].start_time, rows[1].end_time = "Digital forum", dt.time(14), dt.time(15)
    change_this_and_later(rows[1], by=cast.officer)
    after = rows_of(series)
    assert [row.title for row in after[:6]] == [
        "Digital board",
        "Digital forum",
        "Digital forum",
        "Digital board, with guests",
        "Digital board",
        "Digital forum",
    ]
    assert [row.start_time.hour for row in after[:6]] == [10, 14, 14, 14, 10, 14]
    assert [row.starts_on for row in after] == [row.starts_on for row in rows]
    series.refresh_from_db()
    assert (series.title, series.first_day) == ("Digital forum", THURSDAY)


def test_moved_with_the_later_ones_the_rule_goes_by_the_new_day(cast):
    series = start(cast, count=6)
    rows = rows_of(series)
    rows[2].starts_on = dt.date(2027, 2, 2)
    change_this_and_later(rows[2], by=cast.officer)
    series.refresh_from_db()
    assert (series.rule, series.first_day, series.count) == ("FREQ=MONTHLY;BYDAY=1TU", dt.date(2027, 2, 2), 4)
    assert [f"{day:%-d %b}" for day in dates_of(series)] == ["10 Dec", "14 Jan", "2 Feb", "2 Mar", "6 Apr", "4 May"]
    assert [row.pk for row in rows_of(series)] == [row.pk for row in rows]
    assert all(row.series_date == row.starts_on for row in rows_of(series))


@pytest.mark.parametrize("days", [-6, -1, 1, 6, 7, 8])
def test_a_weekly_series_may_move_to_any_day_even_that_of_the_next_one(days, cast):
    series = start(cast, "FREQ=WEEKLY;BYDAY=TH")
    before, rows = dates_of(series), rows_of(series)
    rows[1].starts_on += dt.timedelta(days)
    change_this_and_later(rows[1], by=cast.officer)
    after = dates_of(series)
    assert [two - one for one, two in zip(before[1:20], after[1:20], strict=True)] == [dt.timedelta(days)] * 19
    assert after[0] == before[0]


def test_before_the_one_before_it_or_off_the_rule_it_cannot_move_with_the_later_ones(cast):
    rows = rows_of(start(cast, "FREQ=MONTHLY;BYDAY=-1TH", engagement=first_of(cast, starts_on=dt.date(2026, 12, 31))))
    rows[1].starts_on = dt.date(2026, 12, 31)
    with pytest.raises(NotPossibleError, match="The one before it is on 31 December 2026"):
        change_this_and_later(rows[1], by=cast.officer)
    rows[1].starts_on = dt.date(2027, 1, 12)
    with pytest.raises(NotPossibleError, match="is not the last Tuesday of its month"):
        change_this_and_later(rows[1], by=cast.officer)


def test_whoever_is_overtaken_changes_neither_this_one_nor_the_later_ones(cast):
    series = start(cast)
    row = rows_of(series)[1]
    seen = marks_of(row)
    type(row).objects.filter(pk=row.pk).update(title="Theirs")
    row.title = "Mine"
    with pytest.raises(ConflictError):
        change_this_and_later(row, seen=seen, by=cast.officer)
    assert {each.title for each in rows_of(series)} == {"Digital board", "Theirs"}


def test_people_hosts_and_workstreams_follow_for_the_later_ones(cast):
    first = first_of(cast)
    old, new = (PersonFactory(agreement=cast.agreement) for _ in range(2))
    ParticipationFactory(engagement=first, person=old)
    series = start(cast, engagement=first)
    rows = rows_of(series)
    host = OrganisationFactory(agreement=cast.agreement)
    change_this_and_later(rows[1], people=[new], hosts=[host], workstreams=[cast.workstream], by=cast.officer)
    for row, person, hosts in [(rows[0], old, []), (rows[2], new, [host]), (rows[9], new, [host])]:
        assert [each.person for each in row.participations.all()] == [person]
        assert list(row.hosts.all()) == hosts
    assert list(series.people.all()) == [new]


def test_another_beat_keeps_dates_that_fit_and_takes_away_those_that_do_not(cast):
    series = start(cast, "FREQ=WEEKLY;BYDAY=TH")
    rows = rows_of(series)
    NoteFactory(engagement=rows[1], written_by=cast.agreement.people.get(user=cast.officer))
    series.refresh_from_db()
    series.rule = "FREQ=MONTHLY;BYDAY=2TH"
    change_series(series, by=cast.officer)
    found = rows_of(series)
    assert [row.starts_on for row in found] == [row.starts_on for row in rows if row.starts_on.day in range(8, 15)]
    assert {row.pk for row in found} <= {row.pk for row in rows}
    noted = Engagement.objects.get(pk=rows[1].pk)
    assert (noted.status, noted.series, noted.cancel_reason) == (
        "cancelled",
        None,
        "Its series is held on other days now.",
    )
    assert not Engagement.objects.filter(pk=rows[2].pk).exists()


def test_bank_holidays_may_be_moved_later_on(cast):
    series = start(cast, "FREQ=WEEKLY;BYDAY=MO", engagement=first_of(cast, starts_on=dt.date(2026, 12, 7)))
    series.on_free_days = "move"
    change_series(series, by=cast.officer)
    assert dt.date(2026, 12, 28) not in dates_of(series)
    assert dt.date(2026, 12, 29) in dates_of(series)
    assert [row.series_date for row in rows_of(series)][3] == dt.date(2026, 12, 28)
    series.on_free_days = "skip"
    change_series(series, by=cast.officer)
    assert not Engagement.objects.filter(series=series, series_date=dt.date(2026, 12, 28)).exists()


def test_this_and_later_are_cancelled_with_the_reason_and_no_more_are_made(cast):
    series = start(cast)
    rows = rows_of(series)
    cancel_this_and_later(rows[3], reason="The board is wound up.", by=cast.officer)
    after = rows_of(series)
    assert [row.status for row in after] == ["planned"] * 3 + ["cancelled"] * (len(rows) - 3)
    assert after[-1].cancel_reason == "The board is wound up."
    series.refresh_from_db()
    assert (series.stopped_on, series.stop_reason) == (NOW.date(), "The board is wound up.")
    assert extend_all_series() == 0
    reinstate_engagement(after[3], by=cast.officer)
    assert rows_of(series)[3].status == "planned"


@pytest.mark.parametrize(("cancel_coming", "status"), [(False, "planned"), (True, "cancelled")])
def test_a_stopped_series_keeps_what_is_planned_or_cancels_it(cancel_coming, status, cast):
    series = start(cast)
    stop_series(series, cancel_coming=cancel_coming, reason="Enough.", by=cast.officer)
    assert {row.status for row in rows_of(series)} == {status}
    assert extend_series(series, by=None) == 0
    with pytest.raises(NotPossibleError, match="stopped already"):
        stop_series(series, by=cast.officer)


def test_a_series_with_engagements_is_not_deleted(cast):
    with pytest.raises(InUseError, match="Stop it instead"):
        delete_series(start(cast), by=cast.administrator)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "never comes"),
        ({"rule": "FREQ=WEEKLY;BYDAY=TH", "ends_on": dt.date(2090, 1, 1)}, "more than 500 dates"),
        ({"ends_on": dt.date(2026, 1, 1)}, "before the first"),
        ({"rule": "every week"}, "cannot stand in a rule"),
        ({"count": 501}, "from 1 to 500"),
        ({"count": 3, "ends_on": dt.date(2027, 3, 3)}, "not both"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_words(fields, said, cast):
    series = SeriesFactory.build(agreement=cast.agreement, **fields)
    with pytest.raises(ValidationError, match=said):
        series.full_clean()


def test_reminders_follow_each_occurrence(cast, time_machine):
    rule = Rule.objects.create(
        agreement=cast.agreement, name="Workshops", engagement_kinds=["workshop"], on_working_days=False
    )
    Step.objects.create(agreement=cast.agreement, rule=rule, days=-2, at=dt.time(9))
    first = first_of(cast)
    ParticipationFactory(engagement=first, person=PersonFactory(agreement=cast.agreement))
    series = start(cast, engagement=first)
    time_machine.move_to(NOW + dt.timedelta(days=30), tick=False)
    assert extend_all_series() == 1
    last = rows_of(series)[-1]
    delivery = Delivery.objects.get(engagement=last)
    assert (delivery.state, delivery.due_at.date()) == ("planned", last.starts_on - dt.timedelta(2))
    second = rows_of(series)[1]
    second.starts_on += dt.timedelta(1)
    change_this_and_later(second, by=cast.officer)
    states = list(
        Delivery.objects.filter(engagement=last, kind="reminder").order_by("pk").values_list("state", flat=True)
    )
    assert states == ["superseded", "planned"]
    cancel_this_and_later(rows_of(series)[2], by=cast.officer)
    told = Delivery.objects.filter(engagement=last, kind="reminder").latest("pk")
    assert (told.state, told.reason) == ("skipped", "cancelled")
    assert Delivery.objects.filter(engagement=second, state="planned").exists()


def test_a_form_that_was_opened_before_the_series_moved_does_not_move_it_back(cast):
    series = start(cast, "FREQ=WEEKLY;BYDAY=TH")
    alone = rows_of(series)[4]
    alone.starts_on += dt.timedelta(1)
    change_engagement(alone, by=cast.officer)
    opened = Engagement.objects.get(pk=alone.pk)
    second = rows_of(series)[1]
    second.starts_on += dt.timedelta(7)
    change_this_and_later(second, by=cast.officer)
    opened.title = "Kept apart"
    change_engagement(opened, by=cast.officer)
    opened.refresh_from_db()
    assert opened.series_date == THURSDAY + dt.timedelta(5 * 7)
    assert opened.starts_on == THURSDAY + dt.timedelta(4 * 7 + 1)


def test_beat_knows_each_task_that_it_gives_out():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(app.tasks)
    assert settings.CELERY_BEAT_SCHEDULE["series"]["task"] == task.name


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_make_each_date_once(cast):
    series = SeriesFactory(agreement=cast.agreement, rule="FREQ=WEEKLY;BYDAY=TH")
    at_once = Barrier(4)

    def run():
        try:
            at_once.wait()
            return extend_all_series()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = [future.result() for future in [pool.submit(run) for _ in range(4)]]
    days = [row.series_date for row in rows_of(series)]
    assert len(days) == len(set(days)) == sum(made) > 50


def test_all_of_it_is_in_the_history(cast):
    series = start(cast)
    stop_series(series, reason="Enough.", by=cast.officer)
    events = Series.pgh_event_model.objects.filter(pgh_obj=series.pk).order_by("pgh_id")
    assert [event.pgh_context.metadata["verb"] for event in events] == ["start series", "stop series"]
    assert {event.pgh_context.metadata["user"] for event in events} == {cast.officer.pk}
    assert Participation.objects.count() == 0
