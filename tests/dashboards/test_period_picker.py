"""The period in the address of a page of figures: what it governs, what it does not, and what cannot be shown."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from engagements.models import EngagementWorkstream
from tests.dashboards.pages import Page
from tests.factories import (
    ActionFactory,
    AgreementDateFactory,
    EngagementFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
)
from tests.markup import one_line

pytestmark = pytest.mark.usefixtures("november")
DASHBOARD = "/agreements/lga-techuk/"
STREAMS = f"{DASHBOARD}workstreams/"
STREAM = f"{STREAMS}procurement/"
REACHED = f"{DASHBOARD}reached/"
NOW = "What comes next, actions and commitments are shown as they stand today."


def held(cast, day, organisation=None, **fields):
    """An engagement of the workstream held on ``day``, to which somebody of ``organisation`` came."""
    engagement = EngagementFactory(agreement=cast.agreement, starts_on=dt.date.fromisoformat(day), **fields)
    EngagementWorkstream.objects.create(agreement=cast.agreement, engagement=engagement, workstream=cast.workstream)
    if organisation:
        person = PersonFactory(agreement=cast.agreement)
        ParticipationFactory(engagement=engagement, person=person, organisation=organisation, attendance="came")
    return engagement


@pytest.fixture
def record(cast):
    """A year of records: in the first agreement year, in two quarters of the second, to come, and overdue."""
    council = OrganisationFactory(agreement=cast.agreement, kind="council", name="Eastmarch")
    held(cast, "2026-02-10", council, title="A workshop last year")
    held(cast, "2026-05-12", council, title="A workshop in May")
    held(cast, "2026-10-01", title="The committee in October", kind="committee")
    held(cast, "2026-10-02", council, title="A webinar the day after", kind="webinar")
    held(cast, "2026-12-03", title="What comes next", status="planned")
    ActionFactory(agreement=cast.agreement, due_on=dt.date(2026, 11, 1), title="An overdue action")
    cast.council = council
    return cast


@pytest.fixture
def ask(cast, sign_in):
    """``ask(url, **query)``: the answer to a viewer."""
    client = sign_in(cast.viewer)
    return lambda url=DASHBOARD, **query: client.get(url, {name.strip("_"): value for name, value in query.items()})


def tiles(response):
    return {tile.label: tile.figure for tile in response.context["board"].tiles}


@pytest.mark.parametrize(
    ("query", "says", "number", "reached"),
    [
        ({}, "3 engagements held since 1 April 2026.", 3, 1),
        ({"period": "this-year"}, "3 engagements held since 1 April 2026.", 3, 1),
        ({"period": "last-year"}, "1 engagement held from 1 April 2025 to 31 March 2026.", 1, 1),
        ({"period": "year-2-quarter-1"}, "1 engagement held from 1 April to 30 June 2026.", 1, 1),
        ({"period": "year-2-quarter-2"}, "No engagements held from 1 July to 30 September 2026.", 0, 0),
        ({"period": "this-quarter"}, "2 engagements held since 1 October 2026.", 2, 1),
        ({"period": "since-committee"}, "1 engagement held since the committee meeting of 1 October 2026.", 1, 1),
        ({"from_": "2026-10-01", "to_": "2026-10-01"}, "1 engagement held on 1 October 2026.", 1, 0),
        ({"from_": "01/05/2026", "to_": "31 May 2026"}, "1 engagement held from 1 to 31 May 2026.", 1, 1),
        ({"from_": "2027-01-01", "to_": "2027-01-31"}, "No engagements held from 1 to 31 January 2027.", 0, 0),
        ({"from_": "2020-01-01", "to_": "2026-11-24"}, "4 engagements held since 1 January 2020.", 4, 1),
    ],
)
def test_it_governs_what_was_held_and_who_was_reached(record, ask, query, says, number, reached):
    response = ask(**query)
    assert says in Page(response).text
    assert (tiles(response)["Engagements held"], tiles(response)["Organisations reached"]) == (number, reached)


def test_it_governs_the_latest_records_and_not_what_is_so_today(record, ask):
    page = Page(ask(period="last-year"))
    latest = page.text.split(" Latest ")[1].split(" Overdue actions ")[0]
    assert "A workshop last year" in latest
    assert "A workshop in May" not in latest
    for words in ("What comes next", "An overdue action", "1 open action is overdue.", "day 238 of 365"):
        assert words in page.text
    assert f"Last agreement year, 1 April 2025 to 31 March 2026. {NOW}" in page.text


def test_unasked_nothing_is_said_of_the_period(record, ask):
    for query in ({}, {"period": "this-year"}, {"from_": "2026-04-01", "to_": "2027-03-31"}, {"from_": "", "to_": ""}):
        page = Page(ask(**query))
        assert NOW not in page.text
        assert "Period: This agreement year" in page.text


def test_a_period_in_which_nothing_was_held_says_so_and_not_that_nothing_is_recorded(cast, ask):
    held(cast, "2026-05-12")
    text = Page(ask(period="last-year")).text
    assert "None were held in this period." in text
    assert "Nothing is recorded yet" not in text


def test_the_picker_offers_names_with_their_days_and_says_which_is_shown(record, ask):
    page = Page(ask(period="last-quarter"))
    options = re.findall(
        r'<a class="menu-item" href="(\?[^"]*)"( aria-current="true")?>([^<]+)<span[^>]*>([^<]*)', page.html
    )
    assert [(url, bool(here), label.strip(), days) for url, here, label, days in options] == [
        ("?", False, "This agreement year", "1 April 2026 to 31 March 2027"),
        ("?period=last-year", False, "Last agreement year", "1 April 2025 to 31 March 2026"),
        ("?period=year-2-quarter-3", False, "Year 2, quarter 3", "1 October to 31 December 2026"),
        ("?period=year-2-quarter-2", True, "Year 2, quarter 2", "1 July to 30 September 2026"),
        ("?period=year-2-quarter-1", False, "Year 2, quarter 1", "1 April to 30 June 2026"),
        ("?period=year-1-quarter-4", False, "Year 1, quarter 4", "1 January to 31 March 2026"),
        ("?period=since-committee", False, "Since the last committee meeting", "from the day after it"),
    ]
    assert 'name="from" value="2026-07-01"' in one_line(page.html)
    assert 'name="to" value="2026-09-30"' in one_line(page.html)


def test_each_period_that_is_offered_can_be_had(record, ask):
    for option in ask().context["picker"].options:
        picker = ask(DASHBOARD + option.url).context["picker"]
        assert (picker.trouble, [one.label for one in picker.options if one.is_chosen]) == ("", [option.label])


WRONG = [
    ({"period": "tomorrow"}, "“tomorrow” is not the name of a period."),
    ({"period": "x" * 5000}, "is not the name of a period."),
    ({"period": "last\0year"}, "“last�year” is not the name of a period."),
    ({"period": "<script>alert(1)</script>"}, "is not the name of a period."),
    ({"period": "year-7"}, "Agreement year 7 has not begun."),
    ({"period": "year-1-quarter-9"}, "The quarters of an agreement year are counted from 1 to 4."),
    ({"period": ["last-year", "this-year"]}, "This stands in the address more than once."),
    ({"period": "last-year", "from_": "2026-05-01"}, "only one of them can be."),
    ({"from_": "2026-06-01", "to_": "2026-05-01"}, "To: The last day is before the first."),
    ({"from_": "1990-01-01", "to_": "2100-12-31"}, "To: A period spans at most 10 years."),
    ({"from_": "1990-01-01"}, "To: A period spans at most 10 years."),
    ({"from_": "1526-01-01", "to_": "2026-01-01"}, "From: Give a year from 1990 to 2100."),
    ({"from_": "2026-01-01", "to_": "9999-12-31"}, "To: Give a year from 1990 to 2100."),
    ({"from_": "soon"}, "From: This is not a date. Write it like 2026-05-12."),
    ({"to_": "2026-02-30"}, "To: This is not a date. Write it like 2026-05-12."),
    ({"to_": "9" * 5000}, "To: This is not a date."),
    ({"to_": "2026-05-\0"}, "To: This is not a date."),
    ({"from_": ["2026-05-01", "2026-06-01"]}, "From: This stands in the address more than once."),
]


@pytest.mark.parametrize(
    ("url", "query", "says"),
    [(DASHBOARD, *one) for one in WRONG] + [(url, *one) for url in (STREAMS, STREAM, REACHED) for one in WRONG[2:4]],
)
def test_what_cannot_be_shown_is_said_and_the_agreement_year_is_shown_instead(record, ask, url, query, says):
    response = ask(url, **query)
    page = Page(response)
    assert response.status_code == 200
    assert re.search(rf"{re.escape(says)}.* This agreement year is shown instead\.", page.text)
    assert response.context["picker"].shown.days == (dt.date(2026, 4, 1), dt.date(2027, 3, 31))
    assert "\0" not in page.html
    assert "<script>alert" not in page.html


@pytest.mark.parametrize("url", [DASHBOARD, REACHED])
def test_what_is_wrong_with_a_date_stands_beside_its_field_with_what_was_typed(record, ask, url):
    html = one_line(ask(url, from_="2026-06-01", to_="2026-05-01").content.decode())
    assert re.search(r'name="to" value="2026-05-01" aria-invalid="true" aria-describedby="to-fault"', html)
    assert '<p class="invalid-feedback" id="to-fault">The last day is before the first.</p>' in html
    assert 'name="from" value="2026-06-01">' in html


def test_the_choice_stands_open_where_a_date_has_to_be_put_right(record, ask):
    assert "data-menu open>" in ask(to_="soon").content.decode()
    assert "data-menu open>" not in ask(period="soon").content.decode()


def test_before_any_committee_met_there_is_nothing_since(cast, ask):
    held(cast, "2026-10-01", kind="committee", status="cancelled")
    held(cast, "2026-10-02", kind="committee", is_public_event=True)
    held(cast, "2026-11-24", kind="committee")
    held(cast, "2015-10-02", kind="committee")
    EngagementFactory(agreement=cast.elsewhere, kind="committee")
    says = "No committee meeting is on record as held before today. This agreement year is shown instead."
    assert says in Page(ask(period="since-committee")).text


@pytest.mark.parametrize("name", ["this-year", "last-year", "year-1-quarter-1"])
def test_without_an_effective_date_there_are_no_years_and_others_are_offered(record, ask, name):
    record.agreement.dates.all().delete()
    response = ask(period=name)
    text = Page(response).text
    assert "so its years and quarters cannot be counted. The last twelve months are shown instead." in text
    labels = [option.label for option in response.context["picker"].options]
    assert labels == ["The last twelve months", "Since the last committee meeting"]
    assert "4 engagements held since 1 December 2025." in text
    assert "1 engagement held from 1 to 31 May 2026." in Page(ask(from_="2026-05-01", to_="2026-05-31")).text


def test_of_an_agreement_that_has_not_begun_any_days_can_be_looked_at(cast, ask):
    cast.agreement.dates.update(on=dt.date(2027, 4, 1))
    held(cast, "2026-05-12")
    assert "held since" not in Page(ask()).text
    assert "1 engagement held from 1 to 31 May 2026." in Page(ask(from_="2026-05-01", to_="2026-05-31")).text
    says = "There was no agreement year before this one. The first agreement year is shown instead."
    assert says in Page(ask(period="last-year")).text


def test_of_an_agreement_that_has_ended_the_last_year_is_shown_unless_another_is_asked_for(cast, ask):
    cast.agreement.status = "ended"
    cast.agreement.save()
    AgreementDateFactory(agreement=cast.agreement, kind="end", on=dt.date(2026, 9, 30))
    for day in ("2025-05-12", "2026-05-12", "2026-05-13"):
        held(cast, day)
    assert "2 engagements held in its last year." in Page(ask()).text
    assert "1 engagement held from 1 April 2025 to 31 March 2026." in Page(ask(period="last-year")).text
    assert "Quarter 3 of agreement year 2 has not begun." in Page(ask(period="year-2-quarter-3")).text


def test_an_agreement_of_a_29_february_has_a_page_for_each_of_its_periods(cast, ask):
    cast.agreement.dates.update(on=dt.date(2024, 2, 29))
    for day in ("2025-02-28", "2025-03-01"):
        held(cast, day)
    assert "1 engagement held from 29 February 2024 to 28 February 2025." in Page(ask(period="year-1")).text
    assert "1 engagement held from 1 March 2025 to 28 February 2026." in Page(ask(period="year-2")).text
    assert "1 engagement held from 1 March to 28 May 2025." in Page(ask(period="year-2-quarter-1")).text


def test_a_long_period_is_told_by_calendar_year_and_a_short_one_by_its_days(record, ask):
    long = Page(ask(from_="2022-01-01", to_="2026-11-24"))
    assert "Engagements by year" in long.text
    assert long.data("months-data")["labels"] == ["2022", "2023", "2024", "2025", "2026"]
    short = Page(ask(from_="2026-05-10", to_="2026-05-16"))
    assert "Engagements by month" in short.text
    assert short.data("months-data")["names"] == ["10 to 16 May 2026"]


def test_the_pages_of_workstreams_keep_the_period_between_them(record, ask):
    quarter = "?period=year-2-quarter-1"
    page = Page(ask(STREAMS + quarter))
    assert "Held 1 from 1 April to 30 June 2026" in page.text
    assert f'href="{STREAM}{quarter}"' in page.html
    page = Page(ask(STREAM + quarter))
    assert f'href="{STREAMS}{quarter}"' in page.html
    latest = page.text.split(" Latest ")[1].split(" Overdue actions ")[0]
    assert "A workshop in May" in latest
    assert "A webinar the day after" not in latest
    assert f"Year 2, quarter 1, 1 April to 30 June 2026. {NOW}" in page.text


def test_unasked_the_pages_of_workstreams_have_plain_addresses(record, ask):
    assert f'href="{STREAM}"' in ask(STREAMS).content.decode()
    assert f'href="{STREAMS}"' in ask(STREAM).content.decode()


def test_the_page_of_organisations_reached_knows_the_names_too_and_keeps_the_kind(record, ask):
    response = ask(REACHED, period="year-2-quarter-2", kind="council")
    assert response.context["list"].page.paginator.count == 0
    assert 'name="from" value="2026-07-01"' in one_line(response.content.decode())
    assert ask(REACHED, period="last-year", kind="council").context["list"].page.paginator.count == 1


def test_an_organisation_shows_all_its_engagements_unless_a_period_is_asked_for(record, ask):
    url = reverse("dashboards:organisation", args=[record.agreement.slug, record.council.pk])

    def titles(**query):
        return [row.title for row in ask(url, **query).context["page_obj"]]

    assert titles() == ["A webinar the day after", "A workshop in May", "A workshop last year"]
    assert "Period: Any time" in Page(ask(url)).text
    assert titles(period="this-year") == ["A webinar the day after", "A workshop in May"]
    assert titles(period="year-2-quarter-1") == ["A workshop in May"]
    text = Page(ask(url, period="year-2-quarter-2")).text
    assert "Nobody from Eastmarch has been at an engagement in this time." in text
    assert "all else is shown as it stands today. Back to any time" in text
    assert "This is not a date. Write it like 2026-05-12. Any time is shown instead." in Page(ask(url, to_="x")).text
    assert len(titles(to_="x")) == 3


def test_what_a_number_reached_counts_is_found_behind_the_organisation(record, ask):
    html = ask(REACHED, period="last-year").content.decode()
    url = reverse("dashboards:organisation", args=[record.agreement.slug, record.council.pk])
    assert f'href="{url}?period=last-year"' in html
    assert len(ask(f"{url}?period=last-year").context["page_obj"]) == 1


@pytest.mark.parametrize(
    ("query", "budget"), [({"period": "last-year"}, 14), ({"to_": "x"}, 13), ({"period": "since-committee"}, 14)]
)
def test_only_the_last_committee_meeting_has_to_be_looked_for(
    record, sign_in, django_assert_num_queries, query, budget
):
    client = sign_in(record.officer)
    with django_assert_num_queries(budget):
        client.get(DASHBOARD, {name.strip("_"): value for name, value in query.items()})
