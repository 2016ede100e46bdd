"""Pages of series: repeating an engagement, the series itself, "only this one" and "this one and later"."""

import datetime as dt

import pytest
from django.urls import reverse

from engagements.models import Engagement, EngagementHost, Series
from engagements.operations.series import MOST_PAST, start_series
from tests.engagements.first import NOW, THURSDAY, first_of
from tests.engagements.forms import errors_of, full, log_page
from tests.engagements.pages import address, said
from tests.factories import CommitteeFactory, ParticipationFactory, PersonFactory, SeriesFactory
from tests.markup import one_line

CHRISTMAS = dt.date(2026, 12, 25)


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


def started(cast, rule="FREQ=MONTHLY;BYDAY=2TH", **fields):
    return start_series(Series(rule=rule), first_of(cast, **fields), by=cast.officer)


def rows_of(series):
    return list(Engagement.objects.filter(series=series).order_by("series_date"))


def choices(**more):
    return {"every": "month", "on": "weekday", "end": "never", "on_free_days": "keep"} | more


def words_of(response):
    return " ".join(response.content.decode().split())


def lines(response):
    return [(f"{line.day:%-d %b %Y}", line.note) for line in response.context["form"].preview.lines]


def test_the_next_six_dates_are_seen_before_anything_is_saved(cast, sign_in):
    engagement = first_of(cast)
    client = sign_in(cast.officer)
    page = client.get(address("repeat", engagement))
    assert "Every second Thursday of the month, 10:00 to 11:30" in words_of(page)
    assert [day for day, _ in lines(page)][:3] == ["10 Dec 2026", "14 Jan 2027", "11 Feb 2027"]
    page = client.post(address("repeat", engagement), choices(every="quarter", preview="1"))
    assert [day for day, _ in lines(page)][:3] == ["10 Dec 2026", "11 Mar 2027", "10 Jun 2027"]
    assert len(lines(page)) == 6
    assert not Series.objects.exists()


def test_a_series_is_started_and_its_page_says_how_often_and_when(cast, sign_in):
    engagement = first_of(cast, venue="Town Hall")
    response = sign_in(cast.officer).post(address("repeat", engagement), choices(), follow=True)
    assert said(response) == ["The series is started. Every second Thursday of the month, 10:00 to 11:30."]
    page = words_of(response)
    for words in (
        "Thursday 10 December 2026, 10:00 to 11:30, Town Hall",
        "11 November 2027",
        "None has taken place yet.",
    ):
        assert words in page


def test_bank_holidays_are_flagged_and_never_in_the_way(cast, sign_in):
    engagement = first_of(cast, starts_on=CHRISTMAS)
    client = sign_in(cast.officer)
    page = client.post(address("repeat", engagement), choices(every="week", on_free_days="move", preview="1"))
    assert lines(page)[:3] == [
        ("25 Dec 2026", "Christmas Day."),
        ("4 Jan 2027", "Moved from 1 January: New Year’s Day."),
        ("8 Jan 2027", ""),
    ]
    page = client.post(address("repeat", engagement), choices(every="week", on_free_days="skip", preview="1"))
    assert lines(page)[1] == ("1 Jan 2027", "Left out: New Year’s Day")
    response = client.post(address("repeat", engagement), choices(every="week", on_free_days="move"), follow=True)
    page = words_of(response)
    assert "Friday 25 December 2026, 10:00 to 11:30 · Christmas Day" in page
    assert "Monday 4 January 2027, 10:00 to 11:30 · In place of 1 January" in page


def test_a_bank_holiday_is_told_beside_the_date_and_on_the_record(cast, sign_in):
    client = sign_in(cast.officer)
    told = "25 December 2026 is a bank holiday: Christmas Day."
    note = reverse("engagements:day_note", args=[cast.agreement.slug])
    assert told in client.get(note, {"starts_on": "2026-12-25"}).content.decode()
    for nothing in ("2026-12-24", "", "soon", "2026-02-30", "0001-01-01", "9999-12-31", "\0"):
        assert "bank holiday" not in client.get(note, {"starts_on": nothing}).content.decode()
    for name in ("quick_log", "full_log"):
        assert told in words_of(client.get(log_page(cast, name), {"date": "2026-12-25"}))
    assert told in words_of(client.get(first_of(cast, starts_on=CHRISTMAS).get_absolute_url()))
    assert "bank holiday" not in words_of(client.get(first_of(cast).get_absolute_url()))


@pytest.mark.parametrize(
    ("day", "data", "field", "sentence"),
    [
        (THURSDAY, {"every": ""}, "every", "Choose one of those shown."),
        (THURSDAY, {"every": "daily"}, "every", "Choose one of those shown."),
        (THURSDAY, {"end": "on"}, "ends_on", "Give the last date."),
        (
            THURSDAY,
            {"end": "on", "ends_on": "2026-12-09"},
            "ends_on",
            "This is before the first date, 10 December 2026.",
        ),
        (THURSDAY, {"end": "on", "ends_on": "2999-01-01"}, "ends_on", "Give a year from 1990 to 2100."),
        (THURSDAY, {"end": "after"}, "count", "Say how many times."),
        (THURSDAY, {"end": "after", "count": "0"}, "count", "Give a number from 1 up."),
        (THURSDAY, {"end": "after", "count": "9" * 40}, "count", "At most 500 is possible."),
        (THURSDAY, {"end": "after", "count": "\0"}, "count", "Give a whole number."),
        (
            THURSDAY,
            {"on": "last"},
            "on",
            "10 December 2026 is not the last Thursday of its month. Choose another place, or another first date.",
        ),
        (
            THURSDAY,
            {"on": "last_day"},
            "on",
            "10 December 2026 is not the last day of its month. Choose another place, or another first date.",
        ),
        (
            THURSDAY,
            {"every": "week", "end": "on", "ends_on": "2090-01-01"},
            "ends_on",
            "These are more than 500 dates. Give an earlier last day, or none: dates are then made a year ahead.",
        ),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(day, data, field, sentence, cast, sign_in):
    engagement = first_of(cast, starts_on=day)
    response = sign_in(cast.officer).post(address("repeat", engagement), choices(**data))
    assert errors_of(response) == {field: [sentence]}
    assert "These choices give no dates yet" in words_of(response)
    assert not Series.objects.exists()


def test_repeated_parameters_and_an_empty_form_are_no_accident(cast, sign_in):
    client = sign_in(cast.officer)
    page = address("repeat", first_of(cast))
    assert set(errors_of(client.post(page))) == {"every", "end", "on_free_days"}
    assert client.post(page, choices() | {"every": ["week", "month"], "preview": ["1", "1"]}).status_code == 200


def test_29_february_is_explained(cast, sign_in):
    engagement = first_of(cast, starts_on=dt.date(2028, 2, 29))
    data = choices(every="year", on="day", preview="1")
    page = sign_in(cast.officer).post(address("repeat", engagement), data)
    assert "29 February comes only in leap years. For a date in every year choose 1 March" in words_of(page)
    assert [day for day, _ in lines(page)][:2] == ["29 Feb 2028", "29 Feb 2032"]


def test_of_a_time_that_the_clocks_skip_in_a_later_year_the_preview_says_when_that_one_starts(cast, sign_in):
    night = {"start_time": dt.time(2, 30), "end_time": dt.time(4), "time_zone": "America/New_York"}
    engagement = first_of(cast, starts_on=dt.date(2027, 3, 12), **night)
    data = choices(every="year", on="day", preview="1")
    page = sign_in(cast.officer).post(address("repeat", engagement), data)
    skipped = "02:30 does not exist on 12 March 2028: the clocks go forward from 02:00 to 03:00."
    assert lines(page)[:2] == [
        ("12 Mar 2027", ""),
        (
            "12 Mar 2028",
            f"A Sunday. {skipped} This one starts at 03:30.",
        ),
    ]


def test_of_dates_that_have_passed_it_asks(cast, sign_in):
    engagement = first_of(cast, starts_on=dt.date(2026, 9, 10), status="held")
    client, page = sign_in(cast.officer), address("repeat", engagement)
    response = client.post(page, choices())
    assert errors_of(response) == {
        "past": ["2 dates have passed since then: say whether to leave them out or to record them."]
    }
    client.post(page, choices(past="record"))
    assert [row.status for row in rows_of(Series.objects.get())][:4] == ["held", "held", "held", "planned"]


def test_hundreds_of_past_dates_are_not_recorded(cast, sign_in):
    engagement = first_of(cast, starts_on=dt.date(2000, 1, 6), status="held")
    client, page = sign_in(cast.officer), address("repeat", engagement)
    response = client.post(page, choices(every="week", past="record"))
    assert f"at most {MOST_PAST} can be recorded" in errors_of(response)["past"][0]
    client.post(page, choices(every="week", past="leave"))
    assert min(row.starts_on for row in rows_of(Series.objects.get())[1:]) == dt.date(2026, 11, 26)


def test_what_is_of_a_series_or_off_is_not_repeated(cast, sign_in):
    client = sign_in(cast.officer)
    series = started(cast)
    response = client.get(address("repeat", rows_of(series)[2]), follow=True)
    assert response.redirect_chain[-1][0] == series.get_absolute_url()
    response = client.get(address("repeat", first_of(cast, status="cancelled")), follow=True)
    assert said(response) == ["This engagement is cancelled, so nothing can follow it."]


def test_the_record_says_which_of_its_series_it_is_and_when_the_next_one_is(
    cast, sign_in, django_assert_max_num_queries
):
    rows = rows_of(started(cast))
    client = sign_in(cast.viewer)
    page = words_of(client.get(rows[2].get_absolute_url()))
    assert f'One of <a href="{rows[0].series.get_absolute_url()}">a series</a>: 3rd, next on' in page
    assert f'<a href="{rows[3].get_absolute_url()}">11 March 2027</a>' in page
    assert "next on" not in words_of(client.get(rows[-1].get_absolute_url()))
    with django_assert_max_num_queries(12):
        client.get(rows[2].get_absolute_url())


def form_of(engagement, **more):
    return full(
        title=engagement.title,
        kind=engagement.kind,
        starts_on=engagement.starts_on.isoformat(),
        start_time="10:00",
        end_time="11:30",
        status="planned",
        **more,
    )


def test_editing_asks_whether_the_later_ones_follow(cast, sign_in):
    series = started(cast)
    rows, client = rows_of(series), sign_in(cast.officer)
    assert "This one and later" in words_of(client.get(address("edit", rows[1])))
    assert "This one and later" not in words_of(client.get(address("edit", first_of(cast))))
    client.post(address("edit", rows[1]), form_of(rows[1]) | {"title": "Alone"})
    assert [row.title for row in rows_of(series)][:3] == ["Digital board", "Alone", "Digital board"]
    client.post(address("edit", rows[2]), form_of(rows[2]) | {"title": "Forum", "scope": "later"})
    assert [row.title for row in rows_of(series)][:4] == ["Digital board", "Alone", "Forum", "Forum"]


def test_where_the_later_ones_cannot_follow_the_form_says_why_and_keeps_what_was_typed(cast, sign_in):
    series = started(cast)
    row = rows_of(series)[1]
    data = form_of(row) | {"starts_on": "2026-12-10", "title": "Forum", "scope": "later"}
    response = sign_in(cast.officer).post(address("edit", row), data)
    assert errors_of(response)["starts_on"] == ["The one before it is on 10 December 2026: choose a day after that."]
    assert "Forum" in response.content.decode()
    assert {row.title for row in rows_of(series)} == {"Digital board"}


def test_cancelling_asks_whether_the_later_ones_are_too(cast, sign_in):
    series = started(cast)
    rows, client = rows_of(series), sign_in(cast.officer)
    assert "Only this one" in words_of(client.get(address("cancel", rows[1])))
    client.post(address("cancel", rows[1]), {"reason": "Snow.", "scope": "this"})
    response = client.post(address("cancel", rows[3]), {"reason": "Wound up.", "scope": "later"}, follow=True)
    assert said(response) == [
        "The engagement is cancelled.",
        "This one and the later ones are cancelled, and the series is stopped.",
    ]
    assert [row.is_off for row in rows_of(series)][:5] == [False, True, False, True, True]
    page = words_of(client.get(series.get_absolute_url()))
    assert "This series is stopped: no further dates are planned." in page
    assert "Wound up." in page


def test_the_page_of_a_series_tells_what_was_changed_alone(cast, sign_in):
    series = started(cast)
    rows, client = rows_of(series), sign_in(cast.officer)
    data = form_of(rows[1]) | {"starts_on": "2027-01-15", "start_time": "14:00", "end_time": "15:00", "venue": "Hall"}
    client.post(address("edit", rows[1]), data)
    client.post(address("delete", rows[2]))
    page = words_of(client.get(series.get_absolute_url()))
    assert "Hall · Moved from 14 January · Another time · Another place" in page
    assert "Left out" in page
    assert "Thursday 11 February 2027" in page
    put_back = address("put_back_series_date", series)
    response = client.post(put_back, {"day": "2027-02-11"}, follow=True)
    assert said(response)[-1] == "11 February 2027 is planned again."
    for nothing in ("2027-02-11", "", "soon", "\0"):
        response = client.post(put_back, {"day": nothing}, follow=True)
        assert said(response) == ["This date is not left out any more."]


def test_how_often_is_changed_from_the_next_date_on(cast, sign_in):
    series = started(cast)
    client, page = sign_in(cast.officer), address("edit_series", series)
    form = client.get(page).context["form"]
    assert (form["every"].value(), form["on"].value(), form["first_day"].value()) == ("month", "weekday", THURSDAY)
    data = choices(every="quarter", first_day="2026-12-10", since="2026-12-10")
    response = client.post(page, data, follow=True)
    assert said(response) == ["The series is changed. Every quarter on the second Thursday, 10:00 to 11:30."]
    assert [f"{row.starts_on:%-d %b}" for row in rows_of(series)] == ["10 Dec", "11 Mar", "10 Jun", "9 Sep"]


@pytest.mark.parametrize(
    ("since", "data", "field", "said"),
    [
        ("2026-12-10", {"first_day": "2026-11-01"}, "first_day", "This day has passed"),
        ("2027-01-14", {"first_day": "2026-12-10"}, "first_day", "The one before it is on 10 December 2026"),
        ("2026-12-10", {"first_day": ""}, "first_day", "Give the first date."),
        ("2026-12-10", {"first_day": "2026-12-11", "every": "as_is"}, "every", "Choose one of those shown."),
        ("1990-01-01", {"first_day": "2027-01-02", "every": ""}, "every", "Choose one of those shown."),
    ],
)
def test_a_change_that_cannot_be_is_said(since, data, field, said, cast, sign_in):
    series = started(cast)
    data = choices(first_day="2026-12-10", since=since) | data
    response = sign_in(cast.officer).post(address("edit_series", series), data)
    assert errors_of(response)[field][0].startswith(said)


def test_a_rule_that_no_form_makes_stays_as_it_is_unless_another_is_chosen(cast, sign_in):
    series = started(cast, "FREQ=WEEKLY;INTERVAL=9;BYDAY=TH")
    client, page = sign_in(cast.officer), address("edit_series", series)
    assert "As it is: Every nine weeks on Thursday" in words_of(client.get(page))
    before = [row.pk for row in rows_of(series)]
    response = client.post(page, choices(every="as_is", first_day="2026-12-10", since="2026-12-10"), follow=True)
    assert said(response) == ["The series is changed. Every nine weeks on Thursday, 10:00 to 11:30."]
    assert [row.pk for row in rows_of(series)] == before
    wrong = client.post(page, choices(every="as_is", first_day="2026-12-11", since="2026-12-10"))
    assert "is not a day of the rule" in errors_of(wrong)["first_day"][0]


def test_a_series_is_stopped_and_taken_up_again(cast, sign_in):
    series = started(cast)
    client, page = sign_in(cast.officer), address("stop_series", series)
    assert errors_of(client.post(page)) == {"planned": ["Choose one of those shown."]}
    response = client.post(page, {"planned": "cancel", "reason": "Wound up."}, follow=True)
    assert said(response) == ["The series is stopped."]
    assert {row.status for row in rows_of(series)} == {"cancelled"}
    assert said(client.post(page, {"planned": "keep"}, follow=True)) == ["This series is stopped already."]
    data = choices(first_day="2026-12-08", since="2026-12-08")
    client.post(address("edit_series", series), data)
    series.refresh_from_db()
    assert series.stopped_on is None
    assert next(row.starts_on for row in rows_of(series) if not row.is_off) == dt.date(2026, 12, 8)


@pytest.mark.parametrize("who", ["viewer", "administrator"])
def test_a_single_date_under_the_chatham_house_rule_hides_the_names_on_the_series_page_too(who, cast, sign_in):
    first = first_of(cast)
    ParticipationFactory(engagement=first, person=PersonFactory(agreement=cast.agreement, name="Priya Nair"))
    series = start_series(Series(rule="FREQ=MONTHLY;BYDAY=2TH"), first, by=cast.officer)
    client = sign_in(getattr(cast, who))
    assert "Priya Nair" in client.get(series.get_absolute_url()).content.decode()
    Engagement.objects.filter(pk=rows_of(series)[2].pk).update(chatham_house=True)
    page = client.get(series.get_absolute_url()).content.decode()
    assert "Priya Nair" not in page
    assert "Under the Chatham House Rule, only officers can see who is invited." in one_line(page)
    assert "Priya Nair" in sign_in(cast.techuk_officer).get(series.get_absolute_url()).content.decode()


def test_who_is_invited_under_the_chatham_house_rule_is_not_shown_to_viewers(cast, sign_in):
    first = first_of(cast, chatham_house=True)
    ParticipationFactory(engagement=first, person=PersonFactory(agreement=cast.agreement, name="Priya Nair"))
    series = start_series(Series(rule="FREQ=WEEKLY;BYDAY=TH"), first, by=cast.officer)
    assert "Priya Nair" in words_of(sign_in(cast.officer).get(series.get_absolute_url()))
    assert "Priya Nair" not in words_of(sign_in(cast.viewer).get(series.get_absolute_url()))


def test_a_viewer_sees_a_series_and_changes_nothing(cast, sign_in):
    series = started(cast)
    page = words_of(sign_in(cast.viewer).get(series.get_absolute_url()))
    assert "Every second Thursday of the month" in page
    for name in ("edit_series", "stop_series", "series_history", "put_back_series_date"):
        assert address(name, series) not in page
    assert (
        sign_in(cast.officer)
        .get(address("series", SeriesFactory(agreement=cast.elsewhere)).replace("elsewhere", cast.agreement.slug))
        .status_code
        == 404
    )


@pytest.mark.parametrize("rule", ["FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=10", "FREQ=WEEKLY;BYDAY=TH"])
def test_the_page_costs_the_same_however_many_dates_there_are(rule, cast, sign_in, django_assert_max_num_queries):
    committee = CommitteeFactory(agreement=cast.agreement)
    first = first_of(cast, kind="committee", committee=committee)
    EngagementHost.objects.create(agreement=cast.agreement, engagement=first, organisation=cast.lga.organisation)
    series = start_series(Series(rule=rule), first, by=cast.officer)
    client = sign_in(cast.viewer)
    with django_assert_max_num_queries(11):
        client.get(series.get_absolute_url())


def test_history_tells_who_started_it_and_who_stopped_it(cast, sign_in):
    series = started(cast)
    client = sign_in(cast.officer)
    client.post(address("stop_series", series), {"planned": "keep", "reason": "Enough."})
    page = words_of(client.get(address("series_history", series)))
    assert "Officer</bdi></strong> stopped" in page
    assert "Officer</bdi></strong> started" in page
    assert "Enough." in page


def admin_form(series, **more):
    fields = ["title", "kind", "rule", "on_free_days", "time_zone", "length_days"]
    return {name: getattr(series, name) for name in fields} | {"start_time": "10:00", "end_time": "11:30"} | more


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("every week", "cannot stand in a rule"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never comes"),
        ("FREQ=WEEKLY;INTERVAL=0", "cannot stand in a rule"),
        ("FREQ=WEEKLY;COUNT=100000000000", "have fields of their own"),
    ],
)
def test_a_rule_that_does_not_parse_is_refused_in_admin(rule, sentence, cast, sign_in):
    series = started(cast)
    page = reverse("admin:engagements_series_change", args=[series.pk])
    response = sign_in(cast.administrator).post(page, admin_form(series, rule=rule))
    assert sentence in words_of(response)


def test_admin_changes_a_series_from_its_next_date_on(cast, sign_in):
    series = started(cast)
    client = sign_in(cast.administrator)
    page = reverse("admin:engagements_series_change", args=[series.pk])
    client.post(page, admin_form(series, rule="rrule:freq=monthly;byday=2th", title="Forum", venue="Hall"))
    series.refresh_from_db()
    assert (series.title, series.rule) == ("Forum", "FREQ=MONTHLY;BYDAY=2TH")
    assert {(row.title, row.venue) for row in rows_of(series)} == {("Forum", "Hall")}
    assert client.get(reverse("admin:engagements_series_changelist")).status_code == 200
    assert client.get(reverse("admin:engagements_series_history", args=[series.pk])).status_code == 200
    client.post(reverse("admin:engagements_series_changelist"), {"action": "stop", "_selected_action": [series.pk]})
    series.refresh_from_db()
    assert series.is_stopped
    deleted = client.post(reverse("admin:engagements_series_delete", args=[series.pk]), {"post": "yes"}, follow=True)
    assert "Stop it instead" in words_of(deleted)
