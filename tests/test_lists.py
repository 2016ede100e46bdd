"""Every list: nonsense in its address, its orders, its pages, its files, and how many queries it takes."""

import csv
import datetime as dt
import io
from dataclasses import dataclass, field

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reminders.models import Delivery
from tests.factories import (
    ActionFactory,
    CommitmentFactory,
    CommitteeFactory,
    EngagementFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
)

pytestmark = pytest.mark.django_db
FORMULA = "=1+2"
NUMBER = "0012345"
TODAY = dt.date(2026, 11, 24)


@dataclass
class Listed:
    """A list: its page and its file by name, how a row of it is made, and what else its addresses have."""

    page: str
    file: str
    make: object
    args: list = field(default_factory=list)
    query: str = ""
    orders: tuple = ()
    title: str = ""
    by: str = ""
    budget: int = 12
    is_paged: bool = True


def engagements(cast):
    def make(name):
        return EngagementFactory(agreement=cast.agreement, title=name, status="held", starts_on=dt.date(2026, 6, 1))

    orders = ("date", "-date", "title", "-title", "kind", "-kind", "status", "-status")
    return Listed("engagements:list", "engagements:export", make, orders=orders, title="Title", by="Title")


def meetings_of_a_committee(cast):
    committee = CommitteeFactory(agreement=cast.agreement)

    def make(name):
        return EngagementFactory(agreement=cast.agreement, title=name, kind="committee", committee=committee)

    orders = ("date", "-date", "title", "-title")
    query = f"committee={committee.pk}"
    return Listed("engagements:list", "engagements:export", make, query=query, orders=orders, title="Title", by="Title")


def actions(cast):
    def make(name):
        return ActionFactory(agreement=cast.agreement, title=name, due_on=dt.date(2026, 12, 1))

    return Listed("engagements:actions", "engagements:export_actions", make, title="Action", query="show=all")


def people(cast):
    def make(name):
        return PersonFactory(agreement=cast.agreement, name=f"Ada {name}", job_title=name)

    orders = ("name", "-name", "organisation", "-organisation")
    return Listed(
        "contacts:people", "contacts:export_people", make, orders=orders, title="Job title", query="q=ada", by="Name"
    )


def organisations(cast):
    def make(name):
        return OrganisationFactory(agreement=cast.agreement, short_name=name, kind="supplier")

    orders, query = ("name", "-name", "people", "-people"), "kind=supplier"
    names = ("contacts:organisations", "contacts:export_organisations")
    return Listed(*names, make, orders=orders, title="Short name", query=query, by="Name")


def commitments(cast):
    def make(name):
        return CommitmentFactory(agreement=cast.agreement, title=name)

    return Listed("commitments:list", "commitments:export", make, title="Commitment", is_paged=False)


def reminders(cast):
    engagement = EngagementFactory(agreement=cast.agreement)

    def make(name):
        return Delivery.objects.create(
            agreement=cast.agreement,
            kind="invitation",
            engagement=engagement,
            person=PersonFactory(agreement=cast.agreement),
            title=name,
            due_at=timezone.now(),
            expires_at=timezone.now() + dt.timedelta(days=1),
        )

    return Listed("reminders:deliveries", "reminders:export", make, title="About", budget=16)


def organisations_reached(cast):
    engagement = EngagementFactory(agreement=cast.agreement, status="held", starts_on=dt.date(2026, 6, 1))

    def make(name):
        organisation = OrganisationFactory(agreement=cast.agreement, name=name)
        person = PersonFactory(agreement=cast.agreement)
        return ParticipationFactory(engagement=engagement, person=person, organisation=organisation, attendance="came")

    orders = ("name", "-name")
    return Listed(
        "dashboards:reached", "dashboards:export_reached", make, orders=orders, title="Organisation", by="Organisation"
    )


def attendance(cast):
    engagement = EngagementFactory(agreement=cast.agreement)

    def make(name):
        return ParticipationFactory(
            engagement=engagement, person=PersonFactory(agreement=cast.agreement), note=name, reply="accepted"
        )

    page = ("engagements:attendance", "engagements:export_attendance")
    return Listed(
        *page, make, [engagement.pk], title="Note", orders=("name", "-name"), by="Name", budget=25, is_paged=False
    )


LISTS = [
    *(engagements, meetings_of_a_committee, actions, people, organisations, commitments, reminders),
    *(organisations_reached, attendance),
]


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC), tick=False)


@pytest.fixture(params=LISTS, ids=lambda make: make.__name__)
def listed(request, cast):
    return request.param(cast)


@pytest.fixture
def open_list(listed, cast, sign_in):
    """Opens the page of the list, or its file, with more in its address."""
    client = sign_in(cast.lead)

    def get(query="", ending=""):
        name, args = (listed.file, [*listed.args, ending]) if ending else (listed.page, listed.args)
        address = reverse(name, args=[cast.agreement.slug, *args])
        return client.get(f"{address}?{'&'.join(filter(None, [listed.query, query]))}")

    return get


def lines_of(answer):
    """The rows of a CSV file, as dicts by the heads of the columns."""
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline="")))


def sheet_of(answer):
    return openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active


@pytest.mark.parametrize("query", ["q=%00", "page=x", "page=-1", "page=" + "9" * 30, "sort=nonsense", "kind=%F0%9F"])
def test_nonsense_in_the_address_is_no_error(listed, open_list, query):
    listed.make("One")
    assert open_list(query).status_code == 200
    assert "One" in [line[listed.title] for line in lines_of(open_list(query, "csv"))]


def test_it_is_in_the_order_asked_for_and_another_is_said(listed, open_list):
    if not listed.orders:
        pytest.skip("It has one order.")
    for name in ("One", "Two", "Three"):
        listed.make(name)
    assert {open_list(f"sort={order}").status_code for order in listed.orders} == {200}
    both_ways = [order for order in listed.orders if f"-{order}" in listed.orders]
    name = next((order for order in ("title", "name") if order in both_ways), both_ways[0])
    found = {
        order: [line[listed.by] for line in lines_of(open_list(f"sort={order}", "csv"))] for order in (name, f"-{name}")
    }
    assert found[name] == found[f"-{name}"][::-1] == sorted(found[name])
    assert "is not an order of this list" in open_list("sort=nonsense").content.decode() or not listed.is_paged


def test_it_is_shown_a_page_at_a_time_and_its_file_has_all(listed, open_list):
    if not listed.is_paged:
        pytest.skip("All of it is on one page.")
    for number in range(55):
        listed.make(f"Row {number}")
    first, last = open_list(), open_list("page=999")
    assert "Next page" in first.content.decode()
    assert "There is no page 999, so this is the last one" in last.content.decode()
    assert len(lines_of(open_list("page=2", "csv"))) == 55


def test_its_files_hold_texts_as_texts_and_no_formula(listed, open_list):
    listed.make(FORMULA)
    listed.make(NUMBER)
    assert {line[listed.title] for line in lines_of(open_list(ending="csv"))} == {f"'{FORMULA}", NUMBER}
    sheet = sheet_of(open_list(ending="xlsx"))
    heads = [cell.value for cell in sheet[1]]
    cells = [row[heads.index(listed.title)] for row in sheet.iter_rows(min_row=2)]
    assert {cell.value for cell in cells} == {FORMULA, NUMBER}
    assert {cell.data_type for cell in cells} == {"s"}


def test_the_heading_of_its_sheet_is_frozen_and_has_filters(listed, open_list):
    listed.make("One")
    sheet = sheet_of(open_list(ending="xlsx"))
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert sheet[1][0].font.bold


def test_its_page_offers_its_files(listed, open_list, cast):
    listed.make("One")
    page = open_list().content.decode()
    for ending in ("csv", "xlsx"):
        assert f'href="{reverse(listed.file, args=[cast.agreement.slug, *listed.args, ending])}?' in page


def test_it_takes_as_many_queries_however_long_it_is(listed, open_list):
    def queries(ending):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = open_list(ending=ending)
            assert answer.status_code == 200
            answer.getvalue()
        return len(asked)

    listed.make("One")
    open_list()
    of_one = [queries(ending) for ending in ("", "csv", "xlsx")]
    for number in range(9):
        listed.make(f"Row {number}")
    assert [queries(ending) for ending in ("", "csv", "xlsx")] == of_one
    assert max(of_one) <= listed.budget


def test_days_and_numbers_of_a_sheet_are_such(cast, sign_in):
    EngagementFactory(agreement=cast.agreement, starts_on=TODAY, start_time=dt.time(14, 30), head_count=12)
    sheet = sheet_of(sign_in(cast.viewer).get(reverse("engagements:export", args=[cast.agreement.slug, "xlsx"])))
    row = dict(zip([cell.value for cell in sheet[1]], [cell.value for cell in sheet[2]], strict=True))
    assert (row["Date"], row["From"], row["Head-count"]) == (dt.datetime.combine(TODAY, dt.time()), dt.time(14, 30), 12)


def test_a_text_too_long_for_a_cell_is_cut_and_says_so(cast, sign_in):
    EngagementFactory(agreement=cast.agreement, summary="x" * 40_000)
    client = sign_in(cast.viewer)
    sheet = sheet_of(client.get(reverse("engagements:export", args=[cast.agreement.slug, "xlsx"])))
    row = dict(zip([cell.value for cell in sheet[1]], [cell.value for cell in sheet[2]], strict=True))
    assert len(row["Summary"]) == 32_767
    assert row["Summary"].endswith("the CSV file has all of it)")
    [line] = lines_of(client.get(reverse("engagements:export", args=[cast.agreement.slug, "csv"])))
    assert len(line["Summary"]) == 40_000


def test_who_was_at_a_meeting_under_the_rule_is_in_no_file_of_a_viewer(cast, sign_in):
    engagement = EngagementFactory(agreement=cast.agreement, chatham_house=True)
    ParticipationFactory(engagement=engagement, person=PersonFactory(agreement=cast.agreement, name="Quiet Person"))
    page = reverse("engagements:export_attendance", args=[cast.agreement.slug, engagement.pk, "csv"])
    assert lines_of(sign_in(cast.viewer).get(page)) == []
    assert [line["Name"] for line in lines_of(sign_in(cast.officer).get(page))] == ["Quiet Person"]
