"""Replying to an invitation: by the link in a mail, without an account, and on the site as oneself."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from engagements.forms.reply import ANSWERS_IN_WORDS
from engagements.models import Engagement, Participation
from engagements.operations.engagement import NotPossibleError, cancel_engagement, change_engagement, delete_engagement
from engagements.operations.reply import give_reply
from engagements.presenters.replies import ANSWERS, Linked, linked, reply_links, reply_path
from partnership.models import Membership
from partnership.operations import remove_role, save_membership
from tests.engagements.pages import address, day, planned, said
from tests.factories import MembershipFactory, ParticipationFactory, PersonFactory, UserFactory


@pytest.fixture
def place(cast):
    """Ana's at a workshop in a week; Bo takes part too."""
    engagement = planned(cast, title="AI procurement", start_time=dt.time(14), venue="Smith Square")
    ParticipationFactory(engagement=engagement, person=PersonFactory(agreement=cast.agreement, name="Bo Secret"))
    ana = PersonFactory(agreement=cast.agreement, name="Ana", email="ana@council.example")
    return ParticipationFactory(engagement=engagement, person=ana)


def link(place, answer="accepted", version=1):
    return reply_path(place.pk, version, answer)


def send(client, place, answer, *, version=1, path=None, **kwargs):
    data = {"reply": answer, "version": version}
    return client.post(path or link(place), data, **kwargs)


def text(response):
    return " ".join(response.content.decode().split())


def stored(place):
    return Participation.objects.get(pk=place.pk).reply


def move(engagement, **fields):
    engagement = Engagement.objects.get(pk=engagement.pk)
    for name, value in fields.items():
        setattr(engagement, name, value)
    return change_engagement(engagement, by=None)


@pytest.mark.parametrize("answer", ["accepted", "tentative", "declined"])
def test_the_link_shows_what_when_and_where_with_its_answer_chosen_and_records_nothing(client, place, answer):
    for ask in (client.get, client.head, client.get):
        response = ask(link(place, answer))
    page = text(response)
    assert "AI procurement" in page
    assert f"{place.engagement.starts_on:%A %-d %B %Y}, from 14:00" in page
    assert "Smith Square" in page
    assert f'value="{answer}"' in page
    assert f"Confirm: {ANSWERS_IN_WORDS[answer]}</button>" in page
    assert page.count("Confirm:") == 1
    assert "Bo Secret" not in page
    assert stored(place) == ""
    assert not Participation.pgh_event_model.objects.filter(pgh_label="update").exists()


@pytest.mark.parametrize(("answer", "words"), ANSWERS)
def test_pressing_the_button_records_it_and_says_so(client, place, answer, words):
    response = send(client, place, answer, follow=True)
    assert f"Your reply is recorded: {words}." in text(response)
    assert "Change your reply" in text(response)
    assert "Confirm:" not in text(response)
    row = Participation.objects.get(pk=place.pk)
    assert row.reply == answer
    assert timezone.now() - row.replied_at < dt.timedelta(minutes=1)


def test_it_takes_no_account_no_session_and_no_cookie(place):
    client = Client(enforce_csrf_checks=True)
    response = send(client, place, "accepted")
    assert response.status_code == 302
    assert (stored(place), dict(client.cookies)) == ("accepted", {})


def test_the_page_is_found_by_no_search_engine_and_tells_nobody_its_address(client, place):
    for response in (client.get(link(place)), client.get("/reply/nonsense/"), send(client, place, "accepted")):
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["Cache-Control"] == "private, no-store"
    assert '<meta name="robots" content="noindex, nofollow">' in text(client.get(link(place)))


def test_the_reply_can_be_changed_by_the_same_link(client, place):
    send(client, place, "accepted")
    assert "You replied: <strong>Coming</strong>" in text(client.get(link(place)))
    send(client, place, "declined")
    assert stored(place) == "declined"


def test_history_says_that_the_person_did_it(cast, client, place, sign_in):
    send(client, place, "tentative")
    entries = sign_in(cast.officer).get(address("history", place.engagement)).context["page_obj"]
    [entry] = [entry for entry in entries if entry.verb == "gave reply"]
    assert entry.who == "Ana"
    assert ("Ana: reply", "", "Maybe") in entry.changes


def test_it_disturbs_nobody_who_is_editing_the_record(client, place):
    before = Engagement.objects.values("revision", "updated_at", "sequence").get()
    send(client, place, "accepted")
    assert Engagement.objects.values("revision", "updated_at", "sequence").get() == before


def test_a_link_from_before_a_move_says_so_and_offers_the_new_date_with_nothing_chosen(client, place):
    moved = move(place.engagement, starts_on=day(14))
    response = client.get(link(place))
    assert response.status_code == 200
    assert "The date has changed since you were asked." in text(response)
    assert f"{moved.starts_on:%A %-d %B %Y}" in text(response)
    assert "Confirm:" not in text(response)
    response = send(client, place, "accepted", version=2, follow=True)
    assert stored(place) == "accepted"
    assert "The date has changed" not in text(response)


def test_a_page_that_was_open_while_it_was_moved_records_nothing_for_the_new_date(client, place):
    move(place.engagement, starts_on=day(14))
    response = send(client, place, "accepted", version=1)
    assert "The date has changed since you were asked." in text(response)
    assert stored(place) == ""


@pytest.mark.parametrize("given", ["", "maybe", "\0", "x" * 5000])
def test_no_answer_or_a_strange_one_is_asked_for_again(client, place, given):
    response = send(client, place, given)
    assert response.status_code == 200
    assert "Select whether you are coming." in text(response)
    assert stored(place) == ""


@pytest.mark.parametrize("version", ["", "x", "\0", "9" * 5000, ["1", "2"]])
def test_a_strange_occurrence_records_nothing(client, place, version):
    assert send(client, place, "accepted", version=version).status_code == 200
    assert stored(place) == ""


def test_a_link_that_is_not_whole_says_what_to_do(client, place):
    for broken in (link(place)[:-8] + "/", link(place).replace("reply/", "reply/x"), "/reply/é.\u200b/", "/reply/%00/"):
        for ask in (client.get, client.post):
            response = ask(broken)
            assert response.status_code == 404
            assert "This link does not work" in text(response)


def test_a_link_for_one_answer_cannot_be_made_into_one_for_another_person(client, place):
    payload, signature = link(place).split("/")[2].split(".")
    other = link(Participation.objects.exclude(pk=place.pk).get()).split("/")[2].split(".")[0]
    assert client.get(f"/reply/{other}.{signature}/").status_code == 404
    assert client.get(f"/reply/{payload}.{signature}/").status_code == 200


@given(st.text(max_size=80))
def test_nothing_but_what_we_signed_is_a_link(signed):
    assert linked(signed) is None


def test_what_was_signed_comes_back():
    path = reply_links(7, 3)["declined"]
    assert linked(path.split("/")[-2]) == Linked(7, 3, "declined")


def test_once_it_is_over_replies_are_closed(client, place):
    send(client, place, "accepted")
    Engagement.objects.update(starts_on=day(0), start_time=dt.time(0))
    for response in (client.get(link(place)), send(client, place, "declined")):
        assert response.status_code == 410
        assert "This meeting is over, so replies are closed." in text(response)
        assert "Your reply was: Coming." in text(response)
    assert stored(place) == "accepted"


def test_of_one_that_is_off_it_says_so(client, place):
    cancel_engagement(place.engagement, by=None)
    for response in (client.get(link(place)), send(client, place, "declined")):
        assert response.status_code == 410
        assert "It is cancelled" in text(response)


def test_whoever_is_off_the_list_is_told_and_of_a_deleted_one_nothing_is(client, place):
    delete_engagement(place.engagement, by=None)
    for response in (client.get(link(place)), send(client, place, "declined")):
        assert response.status_code == 410
        assert "You are no longer invited" in text(response)
        assert "AI procurement" not in text(response)


def test_the_calendar_file_says_the_reply_and_names_nobody(client, place):
    send(client, place, "tentative")
    content = client.get(link(place) + "invite.ics").content
    [event] = Calendar.from_ical(content).events
    assert "Your reply: Maybe" in event["DESCRIPTION"]
    assert b"Bo Secret" not in content
    assert b"ATTENDEE" not in content


def test_a_page_is_a_few_queries(client, place, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        client.get(link(place))


def mine(cast, **fields):
    person = cast.agreement.people.get(user=cast.viewer)
    return ParticipationFactory(engagement=planned(cast, title="Mine", **fields), person=person)


def my_address(place):
    return address("my_reply", place.engagement)


def test_my_week_has_the_buttons_beside_what_waits(cast, sign_in):
    place = mine(cast)
    client = sign_in(cast.viewer)
    week = reverse("dashboards:my_week", args=[cast.agreement.slug])
    assert my_address(place) in text(client.get(week))
    response = client.post(my_address(place), {"reply": "tentative", "version": 1, "next": week}, follow=True)
    assert said(response) == ["Your reply to “Mine” is recorded: Maybe."]
    assert "Waiting for your reply" not in text(response)


def test_the_record_has_them_too_and_says_what_was_said(cast, sign_in):
    place = mine(cast)
    client = sign_in(cast.viewer)
    assert "You are invited. Can you come?" in text(client.get(place.engagement.get_absolute_url()))
    client.post(my_address(place), {"reply": "accepted", "version": 1})
    assert "You replied: <strong>Coming</strong>" in text(client.get(place.engagement.get_absolute_url()))


def test_a_note_apologies_and_a_deputy_are_kept_and_shown_to_those_who_may_see_who_is_invited(
    cast, client, place, sign_in
):
    extra = {"note": "Sorry <b>", "sent_apologies": "on", "deputy": "Sam Okafor"}
    response = client.post(link(place, "declined"), {"reply": "declined", "version": 1} | extra, follow=True)
    for page in (
        text(response),
        text(sign_in(cast.viewer).get(place.engagement.get_absolute_url())),
        text(sign_in(cast.officer).get(address("attendance", place.engagement))),
    ):
        for words in ("Sent apologies", "Deputy: Sam Okafor", "Note: Sorry &lt;b&gt;"):
            assert words in page
    Engagement.objects.update(chatham_house=True)
    page = text(sign_in(cast.viewer).get(place.engagement.get_absolute_url()))
    assert "Sam Okafor" not in page
    assert "Sorry" not in page


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ({"deputy": "Sam"}, "Delete the deputy’s name if you may come yourself."),
        ({"sent_apologies": "on"}, "Clear this box if you may come yourself."),
        ({"note": "x" * 501}, "at most 500 are possible"),
        ({"deputy": "x" * 201}, "at most 200 are possible"),
    ],
)
def test_what_does_not_fit_the_reply_is_said_beside_the_field_and_nothing_is_lost(client, place, extra, words):
    data = {"reply": "accepted", "version": 1, "note": "Late", "deputy": ""} | extra
    page = text(client.post(link(place), data))
    assert words in page
    assert data["note"] in page
    assert data["deputy"] in page
    assert stored(place) == ""


def test_whoever_signs_in_adds_a_note_on_a_page_of_their_own(cast, sign_in, place):
    mine = ParticipationFactory(engagement=place.engagement, person=cast.agreement.people.get(user=cast.viewer))
    client = sign_in(cast.viewer)
    assert my_address(mine) in text(client.get(place.engagement.get_absolute_url()))
    data = {"reply": "accepted", "version": 1, "note": "Late", "deputy": "Sam"}
    assert "Delete the deputy’s name" in text(client.post(my_address(mine), data))
    client.post(my_address(mine), data | {"deputy": ""})
    row = Participation.objects.get(pk=mine.pk)
    assert (row.reply, row.note) == ("accepted", "Late")
    assert "Late</textarea>" in text(client.get(my_address(mine)))


def test_a_quick_press_of_the_same_reply_keeps_the_note_and_another_reply_drops_it(cast, sign_in, place):
    person = cast.agreement.people.get(user=cast.viewer)
    mine = ParticipationFactory(engagement=place.engagement, person=person)
    give_reply(mine, "declined", version=1, note="On leave", deputy="Sam", by=None)
    client = sign_in(cast.viewer)
    client.post(my_address(mine), {"reply": "declined", "version": 1})
    assert Participation.objects.get(pk=mine.pk).note == "On leave"
    client.post(my_address(mine), {"reply": "accepted", "version": 1})
    row = Participation.objects.get(pk=mine.pk)
    assert (row.note, row.deputy) == ("", "")


def leave_organisation(person):
    person.left_on = timezone.localdate()
    person.save()


def lose_role(person):
    person.user = UserFactory()
    person.save()
    remove_role(
        save_membership(Membership(agreement=person.agreement, user=person.user, role="viewer"), by=None), by=None
    )


def lose_account(person):
    membership = MembershipFactory(agreement=person.agreement)
    person.user = membership.user
    person.save()
    membership.user.is_active = False
    membership.user.save()


@pytest.mark.parametrize("leave", [leave_organisation, lose_role, lose_account])
def test_the_link_of_somebody_who_has_left_opens_nothing_and_records_nothing(client, place, leave):
    leave(place.person)
    for response in (client.get(link(place)), client.get(link(place) + "invite.ics"), send(client, place, "declined")):
        assert response.status_code == 410
        assert "AI procurement" not in text(response)
    assert stored(place) == ""
    with pytest.raises(NotPossibleError):
        give_reply(place, "accepted", version=1, by=None)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"reply": "accepted", "version": 9}, "The date has changed since you were asked."),
        ({"reply": "accepted"}, "The date has changed since you were asked."),
        ({"reply": "\0", "version": 1}, "Select whether you are coming."),
    ],
)
def test_a_strange_reply_on_the_site_is_told_and_not_recorded(cast, sign_in, data, words):
    place = mine(cast)
    response = sign_in(cast.viewer).post(my_address(place), data, follow=True)
    assert words in said(response)[0]
    assert stored(place) == ""


def test_who_does_not_take_part_cannot_reply(cast, sign_in):
    place = mine(cast)
    assert sign_in(cast.officer).post(my_address(place), {"reply": "accepted", "version": 1}).status_code == 403
    assert stored(place) == ""
