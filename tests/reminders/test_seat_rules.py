"""When a seat passes on, who takes it is invited to the planned meetings; who leaves it is told: an email each."""

import datetime as dt

import pytest

from engagements.models import Engagement, Participation, Seat, Series
from engagements.operations.committee import delete_seat, save_seat
from engagements.operations.engagement import change_engagement, log_engagement
from engagements.operations.series import start_series
from reminders.operations.sweeping import sweep
from tests.factories import CommitteeFactory, PersonFactory, SeatFactory
from tests.outbox.reading import files_of, read
from tests.reminders.conftest import NOW

pytestmark = pytest.mark.usefixtures("clock")

HANDOVER = dt.date(2027, 2, 1)


@pytest.fixture
def people(cast):
    return {
        name: PersonFactory(agreement=cast.agreement, name=name, email=f"{name.lower()}@people.example")
        for name in ("Jo", "Chris", "Nora")
    }


@pytest.fixture
def committee(cast, people):
    """The Digital Committee, on which Jo and Chris hold seats."""
    found = CommitteeFactory(agreement=cast.agreement, name="Digital Committee")
    for name in ("Jo", "Chris"):
        SeatFactory(committee=found, holder=people[name])
    return found


@pytest.fixture
def came(server):
    """``came()`` sends what is due and gives what came since, sorted: (who, subject); ``came.last`` are the mails."""

    def look():
        server.received.clear()
        sweep(NOW)
        look.last = {to.split("@")[0]: content for to, content in server.received}
        return sorted((to.split("@")[0], str(read(content)["Subject"])) for to, content in server.received)

    return look


def meet(cast, committee, *days):
    made = []
    for day in days:
        facts = {"title": "Digital Committee", "kind": "committee", "start_time": dt.time(10)}
        meeting = Engagement(agreement=cast.agreement, committee=committee, starts_on=day, **facts)
        made.append(log_engagement(meeting, by=cast.officer))
    return made


def pass_on(cast, committee, people, **how):
    """Jo's seat is Nora's from the handover on."""
    seat = Seat.objects.get(holder=people["Jo"])
    seat.ends_on = HANDOVER - dt.timedelta(days=1)
    save_seat(seat, by=cast.lead, **how)
    save_seat(Seat(committee=committee, holder=people["Nora"], starts_on=HANDOVER), by=cast.lead, **how)


def test_one_email_each_about_all_meetings_and_none_to_the_others(cast, committee, people, came):
    meetings = meet(cast, committee, dt.date(2027, 1, 14), dt.date(2027, 2, 11), dt.date(2027, 3, 11))
    came()
    pass_on(cast, committee, people)
    assert [(who, subject.split(",")[0]) for who, subject in came()] == [
        ("jo", "No longer invited: Digital Committee"),
        ("nora", "Invitation: Digital Committee"),
    ]
    words = read(came.last["nora"]).get_body(("plain",)).get_content()
    assert "You are invited to these 2 meetings." in words
    assert words.count("/reply/") == 2
    invited = {str(event["UID"]) for file in files_of(came.last["nora"]) for event in file.walk("VEVENT")}
    assert invited == {str(meeting.uid) for meeting in meetings[1:]}
    assert {str(file["METHOD"]) for file in files_of(came.last["jo"])} == {"CANCEL"}
    assert came() == []


def test_of_a_series_one_link_replies_for_all_its_dates(cast, committee, people, came):
    [first] = meet(cast, committee, dt.date(2027, 1, 14))
    start_series(Series(rule="FREQ=MONTHLY;BYDAY=2TH", count=4), first, by=cast.officer)
    came()
    pass_on(cast, committee, people)
    assert [who for who, _ in came()] == ["jo", "nora"]
    words = read(came.last["nora"]).get_body(("plain",)).get_content()
    assert words.count("/reply/series/") == words.count("/reply/") >= 3


def test_nobody_is_emailed_where_that_is_chosen(cast, committee, people, came):
    meet(cast, committee, dt.date(2027, 2, 11))
    came()
    pass_on(cast, committee, people, notify=False)
    assert Participation.objects.filter(person=people["Nora"]).exists()
    assert came() == []


def test_a_meeting_that_moves_past_a_handover_invites_the_one_and_not_the_other(cast, committee, people, came):
    [meeting] = meet(cast, committee, dt.date(2027, 1, 14))
    pass_on(cast, committee, people)
    came()
    meeting = Engagement.objects.get()
    meeting.starts_on = dt.date(2027, 2, 4)
    listed = [place.person for place in meeting.participations.select_related("person")]
    change_engagement(meeting, people=listed, by=cast.officer)
    assert [(who, subject.split(":")[0]) for who, subject in came()] == [
        ("chris", "Moved"),
        ("jo", "No longer invited"),
        ("nora", "Invitation"),
    ]


def test_who_loses_a_seat_by_mistake_and_gets_it_back_at_once_is_not_emailed(cast, committee, people, came):
    meet(cast, committee, dt.date(2027, 1, 14))
    came()
    delete_seat(Seat.objects.get(holder=people["Jo"]), by=cast.lead)
    save_seat(Seat(committee=committee, holder=people["Jo"]), by=cast.lead)
    assert came() == []
