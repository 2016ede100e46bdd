"""Replying for many dates of a series at once, by the link in a mail."""

import datetime as dt
import re

import pytest

from engagements.forms.reply import ANSWERS_IN_WORDS
from engagements.models import Engagement, Participation
from engagements.operations.engagement import cancel_engagement, change_engagement
from engagements.presenters.replies import series_path
from tests.engagements.pages import day, planned
from tests.factories import ParticipationFactory, PersonFactory, SeriesFactory


@pytest.fixture
def ana(cast):
    return PersonFactory(agreement=cast.agreement, name="Ana", email="ana@council.example")


@pytest.fixture
def places(cast, ana):
    """Ana's at the next three dates of a series, to which Bo is invited, too."""
    series = SeriesFactory(agreement=cast.agreement, title="Catch-up")
    bo = PersonFactory(agreement=cast.agreement, name="Bo Secret")
    found = []
    for week in range(3):
        on = day(7 * (week + 1))
        date = planned(cast, title="Catch-up", starts_on=on, start_time=dt.time(14), series=series, series_date=on)
        found.append(ParticipationFactory(engagement=date, person=ana))
        ParticipationFactory(engagement=date, person=bo)
    return found


def link(places, answer="accepted"):
    return series_path(places[0].person_id, places[0].engagement.series_id, answer)


def keys(places, version=1):
    return [f"{place.pk}-{version}" for place in places]


def replies():
    rows = Participation.objects.filter(person__name="Ana").order_by("engagement__starts_on")
    return list(rows.values_list("reply", flat=True))


def text(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("answer", ["accepted", "tentative", "declined"])
def test_the_link_shows_the_dates_all_ticked_with_its_answer_chosen_and_records_nothing(client, places, answer):
    for ask in (client.get, client.head, client.get):
        response = ask(link(places, answer))
    page = text(response)
    for place in places:
        assert f"{place.engagement.starts_on:%A %-d %B %Y}, from 14:00" in page
    assert re.search(rf'value="{answer}">Confirm: {ANSWERS_IN_WORDS[answer]}<', page)
    assert len(re.findall(r'name="dates"[^>]* checked', page)) == 3
    assert "Bo Secret" not in page
    assert replies() == ["", "", ""]
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"


def test_one_press_replies_for_all_dates_that_are_ticked_and_says_for_how_many(client, places):
    response = client.post(link(places), {"reply": "accepted", "dates": keys(places)}, follow=True)
    assert replies() == ["accepted"] * 3
    assert "Your reply is recorded for 3 dates." in text(response)


def test_a_note_and_a_deputy_go_with_the_reply_for_each_date(client, places):
    data = {
        "reply": "declined",
        "dates": keys(places[:2]),
        "note": "On leave",
        "sent_apologies": "on",
        "deputy": " Sam\n O ",
    }
    client.post(link(places), data)
    rows = Participation.objects.filter(person__name="Ana").order_by("pk")
    assert [(row.note, row.sent_apologies, row.deputy) for row in rows] == [
        ("On leave", True, "Sam O"),
        ("On leave", True, "Sam O"),
        ("", False, ""),
    ]


def test_a_date_that_is_left_out_keeps_what_it_had_and_can_be_replied_to_afterwards(client, places):
    response = client.post(link(places), {"reply": "declined", "dates": keys(places[:2])}, follow=True)
    assert replies() == ["declined", "declined", ""]
    assert "You have not replied for 1 date yet." in text(response)
    assert "– Not coming" in text(response)
    client.post(link(places), {"reply": "accepted", "dates": keys(places[2:])})
    assert replies() == ["declined", "declined", "accepted"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"reply": "accepted"}, "Tick at least one date."),
        ({"dates": "all"}, "Select whether you are coming."),
        ({"reply": "nonsense", "dates": "all"}, "Select whether you are coming."),
        ({"reply": "accepted", "dates": ["0-1"]}, "The dates have changed since you opened this page."),
    ],
)
def test_what_is_missing_or_made_up_is_said_and_nothing_is_recorded(client, places, data, words):
    if data.get("dates") == "all":
        data = data | {"dates": keys(places)}
    page = text(client.post(link(places), data))
    assert words in page
    assert replies() == ["", "", ""]


def test_a_date_that_was_moved_since_is_asked_about_again(client, places):
    moved = Engagement.objects.get(pk=places[1].engagement_id)
    moved.start_time = dt.time(16)
    change_engagement(moved, by=None)
    page = text(client.post(link(places), {"reply": "accepted", "dates": keys(places)}))
    assert "The dates have changed since you opened this page." in page
    assert replies() == ["", "", ""]
    assert "from 16:00" in page
    again = [*keys(places[:1]), *keys(places[1:2], 2), *keys(places[2:])]
    client.post(link(places), {"reply": "accepted", "dates": again})
    assert replies() == ["accepted"] * 3


def test_the_place_of_somebody_else_cannot_be_replied_for(client, places):
    theirs = Participation.objects.filter(person__name="Bo Secret").first()
    client.post(link(places), {"reply": "declined", "dates": [f"{theirs.pk}-1"]})
    assert not Participation.objects.exclude(reply="").exists()


def test_what_is_cancelled_is_not_asked_about_and_once_nothing_is_to_come_the_link_says_so(client, places):
    cancel_engagement(places[0].engagement, by=None)
    page = client.get(link(places))
    assert len(re.findall('name="dates"', page.content.decode())) == 2
    for place in places[1:]:
        cancel_engagement(place.engagement, by=None)
    page = client.get(link(places))
    assert page.status_code == 410
    assert "None of its dates is still to come for you" in text(page)


@pytest.mark.parametrize("broken", ["x", "W10.x"])
def test_a_link_that_is_not_whole_is_said_to_be_so(client, broken):
    assert client.get(f"/reply/series/{broken}/").status_code == 404


def test_a_link_for_a_single_date_opens_no_series(client, places):
    single = link(places).replace("/series", "")
    assert client.get(single).status_code == 404


def test_history_names_who_replied(cast, client, places, ana):
    client.post(link(places), {"reply": "accepted", "dates": keys(places)})
    events = Participation.pgh_event_model.objects.filter(reply="accepted")
    assert {event.pgh_context.metadata["person"] for event in events} == {ana.pk}


def test_it_costs_the_same_however_many_dates_there_are(cast, client, ana, places, django_assert_num_queries):
    path = link(places)
    with django_assert_num_queries(3):
        client.get(path)
