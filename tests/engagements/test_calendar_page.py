"""The calendar: a month as a table or an agenda, its filters, what marks its days, and what it says to bad input."""

import datetime as dt
import re
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from engagements.models import Engagement
from tests.engagements.lists import shown
from tests.engagements.pages import person_of
from tests.factories import (
    AgreementDateFactory,
    EngagementFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
    WorkstreamFactory,
)
from tests.markup import one_line

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
NOVEMBER = "month=2026-11"


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def ask(cast, sign_in):
    """The calendar that an address with ``query`` shows to ``who``."""

    def get(query="", who="officer", agreement=None):
        there = reverse("engagements:calendar", args=[(agreement or cast.agreement).slug])
        return sign_in(getattr(cast, who)).get(f"{there}?{query}")

    return get


@pytest.fixture
def on(cast):
    """An engagement on a day of November 2026."""

    def make(day, **fields):
        fields = {"agreement": cast.agreement, "status": "planned", "starts_on": dt.date(2026, 11, day)} | fields
        return EngagementFactory(**fields)

    return make


def titles(response):
    """{day of the month: the titles that stand on it}."""
    assert response.status_code == 200
    days = [day for week in response.context["weeks"] for day in week if day]
    return {day.on.day: [row.title for row in day.engagements] for day in days if day.engagements}


def cell(response, day):
    """The HTML of one day of the month."""
    page = response.content.decode()
    start = page.index(f'<time datetime="{day}">')
    return page[page.rindex("<td", 0, start) : page.index("</td>", start)]


def put_in(engagement, workstream):
    engagement.workstreams.add(workstream, through_defaults={"agreement": engagement.agreement})


# What it shows


def test_the_month_of_today_is_a_table_of_weeks_from_monday(ask):
    response = ask()
    page = response.content.decode()
    assert re.findall(r'<abbr title="(\w+)">', page) == [
        *["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    ]
    assert "Engagements in November 2026, by day</caption>" in page
    assert [day and day.on.day for day in response.context["weeks"][0]] == [None] * 6 + [1]
    assert re.findall(r'aria-current="date"', page) == ['aria-current="date"']
    assert "Today" in cell(response, "2026-11-24")


def test_an_engagement_is_a_link_with_time_kind_and_workstream(cast, ask, on):
    engagement = on(10, title="A <b>bold</b> talk", kind="webinar", start_time=dt.time(14))
    put_in(engagement, cast.workstream)
    html = cell(ask(NOVEMBER), "2026-11-10")
    assert f'href="{engagement.get_absolute_url()}"' in html
    for text in ("A &lt;b&gt;bold&lt;/b&gt; talk", "14:00 · Webinar", f"ws-{cast.workstream.colour}", "Procurement"):
        assert text in html


def test_everyone_of_the_agreement_sees_the_same_and_nobody_else_anything(cast, ask, on):
    on(10, title="Talk")
    EngagementFactory(agreement=cast.elsewhere, title="Theirs", starts_on=dt.date(2026, 11, 10))
    for who in ("officer", "techuk_lead", "viewer", "administrator"):
        assert titles(ask(NOVEMBER, who=who)) == {10: ["Talk"]}
    assert ask(NOVEMBER, who="outsider").status_code == 404


def test_what_lasts_several_days_stands_on_each_and_goes_over_the_ends_of_the_month(ask, on):
    on(30, title="Late", ends_on=dt.date(2026, 12, 2))
    on(1, title="Early", starts_on=dt.date(2026, 10, 30), ends_on=dt.date(2026, 11, 2))
    on(1, title="Past", starts_on=dt.date(2026, 10, 1), ends_on=dt.date(2026, 10, 31))
    response = ask(NOVEMBER)
    assert titles(response) == {1: ["Early"], 2: ["Early"], 30: ["Late"]}
    assert "day 3 of 4" in cell(response, "2026-11-01")
    assert response.context["number"] == 2
    assert titles(ask("month=2026-12")) == {1: ["Late"], 2: ["Late"]}


def test_a_day_goes_by_the_clock_and_what_goes_on_from_before_comes_first(ask, on):
    on(10, title="Three", start_time=dt.time(15))
    on(10, title="Two", start_time=dt.time(9))
    on(10, title="All day")
    on(9, title="From Monday", start_time=dt.time(16), ends_on=dt.date(2026, 11, 10))
    assert titles(ask(NOVEMBER))[10] == ["From Monday", "All day", "Two", "Three"]


def test_a_cancelled_one_is_struck_through_and_says_so(ask, on):
    on(10, title="Off", status="cancelled")
    for view in ("month", "agenda"):
        page = ask(f"{NOVEMBER}&view={view}").content.decode()
        assert re.search(r"<s[^>]*>Off</s>", page)
        assert "Cancelled" in page[page.index("<section") :]


def test_bank_holidays_and_dates_of_the_agreement_are_marked(cast, ask):
    AgreementDateFactory(agreement=cast.agreement, kind="end", on=dt.date(2026, 12, 31), certainty="inferred")
    AgreementDateFactory(agreement=cast.agreement, kind="review", on=dt.date(2026, 12, 1))
    response = ask("month=2026-12")
    assert "Boxing Day (substitute)" in cell(response, "2026-12-28")
    assert "Bank holiday" not in cell(response, "2026-12-26")
    assert "Agreement: end (inferred)" in cell(response, "2026-12-31")
    assert "Agreement: review<" in cell(response, "2026-12-01")


def test_an_agreement_without_dates_and_engagements_has_a_calendar_that_says_what_to_do(cast, ask):
    cast.agreement.dates.all().delete()
    page = ask(NOVEMBER).content.decode()
    assert "No engagement is recorded in November 2026." in page
    assert "Log one, held or to come" in page
    assert "Log one" not in ask(NOVEMBER, who="viewer").content.decode()


def test_the_agenda_has_only_the_days_on_which_there_is_something(ask, on):
    on(10, title="Talk", start_time=dt.time(14), end_time=dt.time(15, 30), venue="Smith Square")
    response = ask(f"{NOVEMBER}&view=agenda")
    assert [day.on.day for day in response.context["agenda"]] == [10]
    page = response.content.decode()
    for text in ("Tuesday 10 November", "14:00 to 15:30", "Smith Square", "Planned"):
        assert text in page
    assert 'class="month"' not in page


# Filters and links


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("kind=webinar", [11]),
        ("status=cancelled", [12]),
        ("workstream=procurement", [10]),
        ("q=zebras", [11]),
        ("public=yes", [12]),
        ("kind=webinar&status=cancelled", []),
        ("q=&kind=&view=", [10, 11, 12]),
    ],
)
def test_the_filters_are_those_of_the_list(cast, ask, on, query, days):
    put_in(on(10), cast.workstream)
    on(11, kind="webinar", title="On zebras")
    on(12, status="cancelled", is_public_event=True)
    EngagementFactory(agreement=cast.agreement, title="Other zebras", starts_on=dt.date(2026, 10, 11), kind="webinar")
    assert list(titles(ask(f"{NOVEMBER}&{query}"))) == days


def test_a_person_is_filtered_by_as_far_as_the_chatham_house_rule_allows(cast, ask, on):
    person = PersonFactory(agreement=cast.agreement, name="Ada Speaker")
    ParticipationFactory(engagement=on(10), person=person)
    ParticipationFactory(engagement=on(11, chatham_house=True), person=person)
    query = f"{NOVEMBER}&person={person.pk}"
    assert list(titles(ask(query))) == [10, 11]
    assert list(titles(ask(query, who="viewer"))) == [10]
    assert "Ada Speaker" in ask(query).content.decode()


def test_an_organisation_is_filtered_by_and_named_and_can_be_taken_off(cast, ask, on):
    organisation = OrganisationFactory(agreement=cast.agreement, name="Eastmarch County Council")
    ParticipationFactory(engagement=on(10), organisation=organisation)
    ParticipationFactory(engagement=on(11, chatham_house=True), organisation=organisation)
    on(12)
    query = f"{NOVEMBER}&organisation={organisation.pk}"
    assert list(titles(ask(query))) == [10, 11]
    assert list(titles(ask(query, who="viewer"))) == [10]
    link = f'href="?{NOVEMBER}" ><span class="visually-hidden">Remove the filter</span><bdi>Eastmarch'
    assert link in one_line(ask(query).content.decode())


def test_the_months_beside_keep_the_filters_and_the_view(ask):
    response = ask("month=2026-01&kind=webinar&view=agenda")
    assert response.context["previous"] == "?month=2025-12&view=agenda&kind=webinar"
    assert response.context["next"] == "?month=2026-02&view=agenda&kind=webinar"
    assert response.context["this_month"] == "?view=agenda&kind=webinar"
    assert '<input type="hidden" name="kind" value="webinar">' in response.content.decode()


def test_the_calendar_ends_where_days_end(ask):
    assert ask("month=1990-01").context["previous"] is None
    assert ask("month=2100-12").context["next"] is None


def test_more_than_fit_on_a_day_are_a_link_to_its_list(cast, ask, on, sign_in):
    for number in range(9):
        on(10, title=f"Talk {number}", kind="webinar")
    on(10, kind="bilateral")
    response = ask(f"{NOVEMBER}&kind=webinar")
    assert len(titles(response)[10]) == 4
    html = cell(response, "2026-11-10")
    assert "and 5 more" in html
    there = unescape(re.search(r'class="month-more" href="([^"]+)"', html).group(1))
    assert len(shown(sign_in(cast.officer).get(there))) == 9


def test_the_list_of_a_day_full_of_long_ones_begins_where_they_do(cast, ask, on, sign_in):
    for number in range(6):
        on(9, title=f"Long {number}", ends_on=dt.date(2026, 11, 11))
    html = cell(ask(NOVEMBER), "2026-11-10")
    there = unescape(re.search(r'class="month-more" href="([^"]+)"', html).group(1))
    assert len(shown(sign_in(cast.officer).get(there))) == 6


# Bad input


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("month=2026-13", "“2026-13” is not a month: write it as 2026-11. This is November 2026."),
        ("month=November", "“November” is not a month"),
        ("month=2026-1", "“2026-1” is not a month"),
        ("month=٢٠٢٦-١١", "is not a month"),
        ("month=2026-11%00", "is not a month"),
        ("month=1989-12", "The calendar goes from January 1990 to December 2100, so “1989-12” is out of its reach."),
        ("month=2101-01", "The calendar goes from January 1990 to December 2100"),
        ("view=week", "“week” is not a view of the calendar, so this is the month."),
        ("from=2026-01-01", "The calendar shows whole months, so From and To are left out."),
        ("kind=party", "“party” is not one of the choices"),
        ("person=x", "Person:"),
    ],
)
def test_what_cannot_be_shown_is_said_and_the_month_of_today_stands_there(ask, on, query, sentence):
    on(10, title="Talk")
    response = ask(query)
    assert titles(response) == {10: ["Talk"]}
    assert sentence in unescape(response.content.decode())


@pytest.mark.parametrize("title", ["x" * 200, "🧭 Kick-off", "לוח זמנים للمشروع"])
def test_any_title_is_shown(ask, on, title):
    on(10, title=title)
    assert title in ask(NOVEMBER).content.decode()


# Size


@pytest.mark.parametrize("view", ["month", "agenda"])
@pytest.mark.parametrize("number", [1, 3])
def test_it_takes_eight_queries_however_many_rows(cast, sign_in, on, django_assert_num_queries, number, view):
    for day in range(number):
        put_in(on(10 + day), cast.workstream)
    client, there = sign_in(cast.officer), reverse("engagements:calendar", args=[cast.agreement.slug])
    with django_assert_num_queries(8):
        assert len(titles(client.get(f"{there}?{NOVEMBER}&view={view}"))) == number


@pytest.mark.parametrize("number", [1, 3])
def test_with_every_filter_and_a_search_it_takes_nine(cast, sign_in, on, django_assert_num_queries, number):
    person = person_of(cast.officer, cast.agreement)
    for _ in range(number):
        engagement = on(10, title="On guides", status="held")
        put_in(engagement, cast.workstream)
        engagement.hosts.add(cast.lga.organisation, through_defaults={"agreement": cast.agreement})
        ParticipationFactory(engagement=engagement, person=person)
    client, there = sign_in(cast.officer), reverse("engagements:calendar", args=[cast.agreement.slug])
    query = (
        f"{NOVEMBER}&q=guides&kind=workshop&status=held&workstream=procurement&host={cast.lga.organisation.pk}"
        f"&person={person.pk}&public=no&lacks=1"
    )
    with django_assert_num_queries(9):
        assert len(titles(client.get(f"{there}?{query}"))[10]) == number


@pytest.mark.parametrize("view", ["month", "agenda"])
def test_two_thousand_engagements_in_a_month_are_a_clear_page(cast, ask, view):
    other = WorkstreamFactory(agreement=cast.agreement)
    rows = Engagement.objects.bulk_create(
        Engagement(
            agreement=cast.agreement,
            title=f"Engagement {n}",
            kind=Engagement.Kind.values[n % 7],
            status="held",
            starts_on=dt.date(2026, 11, 1 + n % 30),
        )
        for n in range(2000)
    )
    put_in(rows[0], other)
    response = ask(f"{NOVEMBER}&view={view}")
    assert response.context["number"] == 2000
    days = [day for week in response.context["weeks"] for day in week if day]
    assert sum(day.total for day in days) == 2000
    assert {len(day.engagements) for day in days} == {{"month": 4, "agenda": 20}[view]}
    assert len(response.content) < 500_000
    assert "2,000" in response.content.decode()
