"""The list as a spreadsheet and as a calendar."""

import csv
import datetime as dt
import io

import pytest
from icalendar import Calendar

from tests.engagements.lists import list_page
from tests.engagements.pages import day, held, planned
from tests.factories import (
    CommitteeFactory,
    DecisionFactory,
    EngagementFactory,
    NoteFactory,
    OrganisationFactory,
    ParticipationFactory,
    PersonFactory,
)


@pytest.fixture
def csv_of(cast, sign_in):
    """The rows of the spreadsheet that an address brings to ``who``, as dicts by the heads of the columns."""

    def get(query="", who="officer"):
        response = sign_in(getattr(cast, who)).get(list_page(cast, query, "export_csv"))
        assert response.status_code == 200
        text = response.getvalue().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    return get


@pytest.fixture
def events(cast, sign_in):
    """The events of the calendar file that an address brings to ``who``."""

    def get(query="", who="officer"):
        response = sign_in(getattr(cast, who)).get(list_page(cast, query, "export_ics"))
        assert response.status_code == 200
        return Calendar.from_ical(response.content).walk("VEVENT")

    return get


def test_a_row_has_all_that_the_record_says_but_the_names_of_those_who_were_there(cast, csv_of):
    committee = CommitteeFactory(agreement=cast.agreement, name="Digital Committee")
    engagement = held(
        cast,
        title="Skills workshop, first",
        kind="committee",
        committee=committee,
        starts_on=dt.date(2026, 5, 12),
        ends_on=dt.date(2026, 5, 13),
        start_time=dt.time(14),
        mode="in_person",
        venue='The "old" hall',
        outcomes="Line one\nLine two",
        chatham_house=True,
    )
    for organisation in (cast.techuk.organisation, cast.lga.organisation):
        engagement.hosts.add(organisation, through_defaults={"agreement": cast.agreement})
    engagement.workstreams.add(cast.workstream, through_defaults={"agreement": cast.agreement})
    for place, text in enumerate(("First", "Second")):
        DecisionFactory(engagement=engagement, text=text, position=place)
    ParticipationFactory(engagement=engagement, attendance="came", person=PersonFactory(agreement=cast.agreement))
    ParticipationFactory(engagement=engagement, attendance="apologies", reply="accepted")
    [row] = csv_of()
    assert row.pop("Address").endswith(engagement.get_absolute_url())
    assert row == {
        "Date": "2026-05-12",
        "Last day": "2026-05-13",
        "From": "14:00",
        "To": "",
        "Time zone": "Europe/London",
        "Title": "Skills workshop, first",
        "Kind": "Committee meeting",
        "State": "Held",
        "Workstreams": "Procurement",
        "Hosts": "techUK, LGA",
        "Committee": "Digital Committee",
        "How people meet": "In person",
        "Venue": 'The "old" hall',
        "Invited": "2",
        "Said they come": "1",
        "Came": "1",
        "Head-count": "",
        "Chatham House Rule": "yes",
        "Public event of a party": "no",
        "Summary": "",
        "Outcomes": "Line one\nLine two",
        "Decisions": "First\nSecond",
        "Why it was cancelled": "",
    }


def test_the_files_have_the_same_filters_and_order_as_the_list(cast, csv_of, events):
    held(cast, title="Talk", kind="workshop")
    held(cast, title="Call", kind="webinar")
    held(cast, title="About calls", kind="webinar")
    query = "kind=webinar&sort=title&page=7"
    assert [row["Title"] for row in csv_of(query)] == ["About calls", "Call"]
    assert [str(event["summary"]) for event in events(query)] == ["About calls", "Call"]
    assert [row["Title"] for row in csv_of("q=talk")] == ["Talk"]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_made_harmless(cast, csv_of, begin):
    formula = f'{begin}HYPERLINK("https://evil.example")'
    engagement = held(cast, title=f"{begin}1+1", summary=formula, outcomes="Fine = fine", venue=formula)
    DecisionFactory(engagement=engagement, text=formula)
    [row] = csv_of()
    # No name begins with a tab or a line break.
    assert row["Title"] == ("1+1" if begin.isspace() else f"'{begin}1+1")
    for column in ("Summary", "Venue", "Decisions"):
        assert row[column] == f"'{formula}"
    assert row["Outcomes"] == "Fine = fine"


def test_nobody_is_named_in_either_file(cast, csv_of, events):
    engagement = planned(cast, title="Talk", chatham_house=True)
    person = PersonFactory(agreement=cast.agreement, name="Zoë Müller", email="zoe@muller.example")
    ParticipationFactory(engagement=engagement, person=person)
    for who in ("viewer", "officer"):
        assert "Müller" not in str(csv_of(who=who))
        [event] = events(who=who)
        assert "muller" not in event.to_ical().decode().lower()


def test_under_the_chatham_house_rule_no_file_tells_a_viewer_who_was_there_by_a_filter(cast, csv_of, events):
    person = PersonFactory(agreement=cast.agreement, name="Zoë Müller")
    organisation = OrganisationFactory(agreement=cast.agreement)
    ParticipationFactory(engagement=held(cast, chatham_house=True), person=person, organisation=organisation)
    for query in (f"person={person.pk}", f"organisation={organisation.pk}", "q=zoe"):
        assert csv_of(query, "viewer") == events(query, "viewer") == []
        assert len(csv_of(query)) == len(events(query)) == 1


def test_no_private_note_is_in_a_file(cast, csv_of, events):
    engagement = held(cast, title="Talk")
    NoteFactory(engagement=engagement, party=cast.techuk, text="Between us")
    assert "Between us" not in str(csv_of())
    assert "Between us" not in events()[0].to_ical().decode()


def test_nothing_of_another_agreement_is_in_a_file(cast, csv_of, events):
    EngagementFactory(agreement=cast.elsewhere)
    assert csv_of() == events() == []


@pytest.mark.parametrize(
    ("name", "kind"), [("export_csv", "text/csv; charset=utf-8"), ("export_ics", "text/calendar; charset=utf-8")]
)
def test_a_file_is_saved_under_the_agreements_name_and_the_day(cast, sign_in, time_machine, name, kind):
    time_machine.move_to(dt.datetime(2026, 5, 12, 12, tzinfo=dt.UTC), tick=False)
    response = sign_in(cast.viewer).get(list_page(cast, name=name))
    ending = name.rpartition("_")[2]
    assert response["Content-Type"] == kind
    assert response["Content-Disposition"] == f'attachment; filename="lga-techuk-engagements-2026-05-12.{ending}"'


def test_excel_is_told_that_the_file_is_utf_8_once(cast, sign_in):
    held(cast, title="Zoë")
    content = sign_in(cast.officer).get(list_page(cast, name="export_csv")).getvalue()
    assert content.startswith(b"\xef\xbb\xbfDate,")
    assert content.count(b"\xef\xbb\xbf") == 1


def test_the_spreadsheet_is_written_in_one_query_however_many_rows(cast, sign_in, django_assert_num_queries):
    EngagementFactory.create_batch(5, agreement=cast.agreement)
    client = sign_in(cast.officer)
    with django_assert_num_queries(6):
        client.get(list_page(cast, name="export_csv")).getvalue()


def test_a_malformed_filter_is_left_out_of_a_file_too(cast, csv_of):
    held(cast, title="Talk", starts_on=day(-1))
    assert [row["Title"] for row in csv_of("kind=nonsense&from=soon&q=a%00b")] == ["Talk"]


@pytest.mark.parametrize("name", ["export_csv", "export_ics"])
def test_files_are_for_those_who_belong(cast, sign_in, name):
    assert sign_in(cast.outsider).get(list_page(cast, name=name)).status_code == 404


def test_the_list_offers_its_files_with_its_filters(cast, sign_in):
    held(cast, kind="webinar")
    page = sign_in(cast.officer).get(list_page(cast, "kind=webinar&page=1")).content.decode()
    assert f'href="{list_page(cast, "kind=webinar", "export_csv")}"' in page
    assert f'href="{list_page(cast, "kind=webinar", "export_ics")}"' in page
