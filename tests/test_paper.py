"""What people print: a page or two of A4, without navigation, with what it is and of which day on each sheet."""

import datetime as dt
import io
import re

import pytest
from django.utils import timezone
from pypdf import PdfReader

from engagements.models import Engagement
from partnership.models import AgreementDate
from tests.browser import enter
from tests.engagements.pages import person_of
from tests.factories import (
    ActionFactory,
    CommitmentFactory,
    DecisionFactory,
    DocumentFactory,
    EngagementFactory,
    NoteFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
    SeatFactory,
    SeriesFactory,
    WorkstreamFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

A4 = (595, 842)
"""In points, width before height."""


def printed(page, address):
    """The sheets of a page as Chromium prints it: their texts."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert {(round(float(sheet.mediabox.width)), round(float(sheet.mediabox.height))) for sheet in sheets} == {A4}
    return [" ".join(sheet.extract_text().split()) for sheet in sheets]


def today():
    """As the sheets say it."""
    return f"{timezone.localdate():%-d %B %Y}"


@pytest.fixture
def record(cast):
    """An engagement of the usual size: thirty people, two decisions, four actions."""
    record = EngagementFactory(
        agreement=cast.agreement,
        title="Small suppliers and social value",
        outcomes="Buyers would like model answers to compare with. " * 12,
    )
    for number in range(30):
        organisation = OrganisationFactory(agreement=cast.agreement, name=f"Market Harborough Council {number}")
        person = PersonFactory(agreement=cast.agreement, name=f"Philippa Stone {number}", organisation=organisation)
        ParticipationFactory(engagement=record, person=person, organisation=organisation, attendance="came")
    for number in range(2):
        DecisionFactory(engagement=record, text=f"The guide is published, part {number}")
    for number in range(4):
        ActionFactory(agreement=cast.agreement, engagement=record, title=f"Collect model answers {number}")
    return record


def test_a_record_prints_on_two_sheets_with_everybody_who_came(cast, record, live_server, page):
    enter(page, live_server, cast.officer)
    sheets = printed(page, live_server.url + record.get_absolute_url())
    assert len(sheets) <= 2
    text = " ".join(sheets)
    assert all(f"Philippa Stone {number}" in text for number in range(30))
    assert "Add an action" not in text
    assert "Log engagement" not in text
    assert "Reminders" not in text


def test_paper_offers_nothing_to_edit_or_delete(cast, record, live_server, page):
    lead = person_of(cast.techuk_lead, cast.agreement)
    NoteFactory(engagement=record, written_by=lead)
    DocumentFactory(engagement=record, added_by=lead)
    seat = SeatFactory(committee__agreement=cast.agreement, holder=lead)
    series = SeriesFactory(agreement=cast.agreement)
    day = timezone.localdate() + dt.timedelta(days=9)
    EngagementFactory(agreement=cast.agreement, series=series, series_date=day, starts_on=day, status="planned")
    enter(page, live_server, cast.techuk_lead)
    for place in (record, seat.committee, series):
        address = live_server.url + place.get_absolute_url()
        page.goto(address)
        assert page.get_by_role("link", name="Edit").count()
        text = " ".join(printed(page, address))
        assert not re.search(r"\b(Edit|Delete|Add|Remove)\b", text)


def test_each_sheet_says_the_agreement_the_day_and_which_it_is(cast, record, live_server, page):
    enter(page, live_server, cast.officer)
    sheets = printed(page, live_server.url + record.get_absolute_url())
    for number, sheet in enumerate(sheets, 1):
        assert f"LGA and techUK · printed on {today()}" in sheet
        assert f"Page {number} of {len(sheets)}" in sheet


def test_without_javascript_the_first_sheet_says_it(cast, record, live_server, browser):
    page = browser.new_context(java_script_enabled=False).new_page()
    enter(page, live_server, cast.officer)
    first, *_ = printed(page, live_server.url + record.get_absolute_url())
    assert f"LGA and techUK · printed on {today()}" in first
    page.context.close()


def test_what_is_printed_is_light_whatever_the_screen_is(cast, record, live_server, browser):
    page = browser.new_context(color_scheme="dark").new_page()
    enter(page, live_server, cast.officer)
    page.goto(live_server.url + record.get_absolute_url())
    page.emulate_media(media="print")
    ink, paper = page.evaluate(
        "[getComputedStyle(document.querySelector('h1')).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert ink == "rgb(20, 35, 43)"
    assert paper == "rgb(255, 255, 255)"
    page.context.close()


@pytest.fixture
def agreement_year(cast):
    """What an ordinary agreement has after some months: six workstreams, twelve commitments, more of each list."""
    today = timezone.localdate()
    AgreementDate.objects.filter(agreement=cast.agreement).update(on=today - dt.timedelta(days=230))
    streams = [cast.workstream]
    streams += [WorkstreamFactory(agreement=cast.agreement, name=f"Digital inclusion {i}") for i in range(5)]
    for number in range(28):
        engagement = EngagementFactory(
            agreement=cast.agreement,
            title=f"Innovation in adult social care, part {number}",
            kind=Engagement.Kind.values[number % 7],
            starts_on=today - dt.timedelta(days=8 * number + 1),
        )
        stream = streams[number % 6]
        engagement.workstreams.add(stream, through_defaults={"agreement": cast.agreement})
    for number in range(6):
        day = today + dt.timedelta(days=10 * number + 3)
        title = f"Open data from suppliers: what may be asked for, {number}"
        EngagementFactory(agreement=cast.agreement, title=title, status="planned", starts_on=day)
        title = f"Agree who stands in at the committee, {number}"
        ActionFactory(agreement=cast.agreement, title=title, due_on=today - dt.timedelta(days=number + 1))
    for number in range(12):
        rhythm = {"measure": "rhythm", "rhythm_count": number + 2, "rhythm_period": "year"}
        CommitmentFactory(agreement=cast.agreement, title=f"Joint consultations a year, {number}", **rhythm)


def test_the_dashboard_prints_on_two_sheets(cast, agreement_year, live_server, page):
    enter(page, live_server, cast.viewer)
    page.goto(f"{live_server.url}/agreements/lga-techuk/")
    page.wait_for_selector("[data-chart] canvas")
    sheets = printed(page, f"{live_server.url}/agreements/lga-techuk/")
    assert len(sheets) == 2
    text = " ".join(sheets)
    for card in ("Engagements held", "Engagements by month", "Next", "What was promised", "Latest", "Overdue actions"):
        assert card in text
    assert "Workstreams by quarter" in text
    assert "Download as" not in text


def test_each_sheet_of_the_dashboard_says_its_period(cast, agreement_year, live_server, page):
    enter(page, live_server, cast.viewer)
    sheets = printed(page, f"{live_server.url}/agreements/lga-techuk/?from=2026-01-01&to=2026-03-31")
    for sheet in sheets:
        assert f"LGA and techUK · 1 January 2026 to 31 March 2026 · printed on {today()}" in sheet
