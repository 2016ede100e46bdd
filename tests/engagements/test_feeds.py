"""Calendar feeds: what a calendar program reads by a private address, and the page where people look after theirs."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from engagements.models import Engagement, Feed, FeedReading
from engagements.operations.feeds import make_feed, renew_feed, revoke_feed
from partnership.models import Membership
from tests.engagements.pages import day, held, person_of, planned, said
from tests.factories import CommitteeFactory, NoteFactory, ParticipationFactory, PersonFactory


@pytest.fixture
def feed(cast):
    """Of the whole agreement, for a viewer."""
    return make_feed(cast.agreement, what="agreement", by=cast.viewer)


def read(feed, **headers):
    """As a calendar program does: without a session or a cookie."""
    client = Client()
    response = client.get(feed.path, **headers)
    assert not client.cookies
    return response


def events(feed):
    return Calendar.from_ical(read(feed).content).events


def titles(feed):
    return [str(event["SUMMARY"]) for event in events(feed)]


def page_of(cast):
    return reverse("engagements:feeds", args=[cast.agreement.slug])


def press(client, cast, verb, choice):
    return client.post(reverse(f"engagements:{verb}_feed", args=[cast.agreement.slug]), {"feed": choice}, follow=True)


def test_it_is_a_calendar_file_that_says_what_it_is_and_how_often_to_look(cast, feed):
    planned(cast, title="AI procurement")
    response = read(feed)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    calendar = Calendar.from_ical(response.content)
    assert (calendar["METHOD"], calendar["X-WR-CALNAME"]) == ("PUBLISH", "LGA and techUK: the whole agreement")
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in response.content
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in response.content


def test_of_the_agreement_it_has_the_last_six_months_and_all_to_come(cast, feed):
    held(cast, title="Long ago", starts_on=day(-184))
    held(cast, title="In spring", starts_on=day(-182))
    planned(cast, title="Next week")
    planned(cast, title="In three years", starts_on=day(1000))
    Engagement.objects.create(
        agreement=cast.elsewhere, title="Elsewhere", kind="workshop", status="planned", starts_on=day(3)
    )
    assert titles(feed) == ["In spring", "Next week", "In three years"]


def test_of_a_committee_it_has_its_meetings(cast):
    committee = CommitteeFactory(agreement=cast.agreement, name="Digital Committee")
    planned(cast, title="Its meeting", kind="committee", committee=committee)
    planned(cast, title="Another", kind="committee")
    assert titles(make_feed(cast.agreement, what="committee", committee=committee, by=cast.viewer)) == ["Its meeting"]


def test_of_mine_it_has_what_i_take_part_in_and_have_not_declined_and_what_we_host_and_i_logged(cast):
    me = person_of(cast.officer, cast.agreement)
    for title, reply in (("Accepted", "accepted"), ("Perhaps", "tentative"), ("Open", ""), ("Declined", "declined")):
        ParticipationFactory(engagement=planned(cast, title=title), person=me, reply=reply)
    ours = planned(cast, title="We host", logged_by=me)
    ours.hosts.add(cast.lga.organisation, through_defaults={"agreement": cast.agreement})
    planned(cast, title="I logged it for them", logged_by=me)
    ParticipationFactory(
        engagement=planned(cast, title="Somebody else's"), person=PersonFactory(agreement=cast.agreement)
    )
    mine = make_feed(cast.agreement, what="mine", by=cast.officer)
    assert titles(mine) == ["Accepted", "Perhaps", "Open", "We host"]
    found = events(mine)
    assert "Your reply: Maybe" in found[1]["DESCRIPTION"]
    assert "Your reply" not in found[2]["DESCRIPTION"]
    assert found[0].walk("VALARM")


def test_what_is_off_says_so_for_a_month_after_its_day(cast, feed):
    for days, title in ((-31, "Last month"), (-29, "This month"), (7, "Next week")):
        planned(cast, title=title, status="cancelled", starts_on=day(days))
    assert titles(feed) == ["Cancelled: This month", "Cancelled: Next week"]
    assert {str(event["STATUS"]) for event in events(feed)} == {"CANCELLED"}


def test_it_names_nobody_and_holds_no_notes(cast):
    meeting = planned(cast, title="Under the Rule", chatham_house=True)
    me = person_of(cast.viewer, cast.agreement)
    ParticipationFactory(engagement=meeting, person=PersonFactory(agreement=cast.agreement, name="Priya Nair"))
    ParticipationFactory(engagement=meeting, person=me)
    NoteFactory(engagement=meeting, text="A secret note", party=cast.lga)
    for what in ("mine", "agreement"):
        content = read(make_feed(cast.agreement, what=what, by=cast.viewer)).content
        assert b"Under the Rule" in content
        assert b"Priya" not in content
        assert b"secret" not in content
        assert b"ATTENDEE" not in content
        assert me.email.encode() not in content


def is_open(feed):
    return read(feed).status_code == 200


def test_it_ends_at_once_with_the_membership_and_is_back_with_it(cast, feed):
    assert is_open(feed)
    Membership.objects.filter(user=cast.viewer).delete()
    assert read(feed).status_code == 404
    Membership.objects.create(agreement=cast.agreement, user=cast.viewer, role="viewer")
    assert is_open(feed)


def test_it_ends_when_its_owner_may_no_longer_sign_in(cast, feed):
    cast.viewer.is_active = False
    cast.viewer.save()
    assert read(feed).status_code == 404


def test_an_administrators_ends_when_they_are_none_any_more(cast):
    feed = make_feed(cast.agreement, what="agreement", by=cast.administrator)
    assert is_open(feed)
    cast.administrator.is_superuser = False
    cast.administrator.save()
    assert read(feed).status_code == 404


def test_revoked_it_is_not_there_and_renewed_it_has_another_address(cast, feed):
    new = renew_feed(feed, by=cast.viewer)
    assert (read(feed).status_code, is_open(new)) == (404, True)
    assert new.path != feed.path
    revoke_feed(new, by=cast.viewer)
    assert read(new).status_code == 404


def test_nobody_guesses_an_address_not_even_with_a_copy_of_the_database(cast, feed):
    for path in (
        f"/feeds/{feed.key}.ics",
        f"/feeds/{feed.pk}.ics",
        feed.path.replace(".ics", "x.ics"),
        "/feeds/é%00.ics",
        "/feeds/..ics",
    ):
        assert Client().get(path).status_code == 404


def test_a_feed_is_read_only(feed):
    assert Client().post(feed.path).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_what_has_not_changed_is_not_sent_again_and_what_has_is(cast, feed):
    """Committed, so that the version of the agreement rises."""
    meeting = planned(cast, title="AI procurement")
    first = read(feed)
    assert first["Last-Modified"].endswith("GMT")
    again = read(feed, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    Engagement.objects.filter(pk=meeting.pk).update(title="AI and procurement")
    changed = read(feed, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)
    assert b"AI and procurement" in changed.content


@pytest.mark.django_db(transaction=True)
def test_a_calendar_that_sends_no_tag_is_sent_the_same_file_again(cast, feed):
    planned(cast, title="AI procurement")
    first, again = read(feed), read(feed)
    assert (again.content, again["Last-Modified"]) == (first.content, first["Last-Modified"])
    feed.refresh_from_db()
    revoke_feed(feed, by=cast.viewer)
    assert read(feed).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_being_read_is_no_change_and_is_noted_once_a_day(cast, feed, django_assert_num_queries):
    first = read(feed)
    assert FeedReading.objects.get().read_on == day(0)
    with django_assert_num_queries(1):
        assert read(feed, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    FeedReading.objects.update(read_on=day(-1))
    assert read(feed, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    assert FeedReading.objects.get().read_on == day(0)


@pytest.mark.parametrize("what", ["mine", "agreement"])
def test_two_thousand_engagements_take_a_handful_of_queries_and_no_more_are_sent(cast, what, django_assert_num_queries):
    me = person_of(cast.officer, cast.agreement)
    rows = Engagement.objects.bulk_create(
        Engagement(
            agreement=cast.agreement, title=f"No {number}", kind="workshop", status="planned",
            starts_on=day(number // 8 - 80), start_time=dt.time(9), logged_by=me,
        )
        for number in range(2200)
    )  # fmt: skip
    rows[0].participations.model.objects.bulk_create(
        ParticipationFactory.build(engagement=row, agreement=cast.agreement, person=me) for row in rows
    )
    feed = make_feed(cast.agreement, what=what, by=cast.officer)
    with connection.cursor() as cursor:
        # PostgreSQL has seen nothing yet of rows that no transaction has committed.
        cursor.execute("ANALYZE")
    read(feed)
    with django_assert_num_queries(4):
        content = read(feed).content
    found = content.count(b"BEGIN:VEVENT")
    assert found == 500 + 1500
    assert b"SUMMARY:No 639\r\n" in content
    assert b"SUMMARY:No 640\r\n" in content


def test_the_page_makes_an_address_shows_it_and_has_it_revoked(cast, sign_in):
    client = sign_in(cast.viewer)
    assert "webcal:" not in client.get(page_of(cast)).content.decode()
    response = press(client, cast, "make", "mine")
    feed = Feed.objects.get()
    assert said(response) == ["The address of “My meetings” is made. Copy it into your calendar."]
    assert feed.address in response.content.decode()
    assert feed.subscribe_address in response.content.decode()
    assert "not read by any calendar yet" in response.content.decode()
    read(feed)
    assert "last read today" in client.get(page_of(cast)).content.decode()
    response = press(client, cast, "renew", "mine")
    assert feed.address not in response.content.decode()
    assert Feed.objects.filter(revoked_at=None).get().address in response.content.decode()
    response = press(client, cast, "revoke", "mine")
    assert said(response) == ["The address of “My meetings” does not work any more."]
    assert not Feed.objects.filter(revoked_at=None).exists()


def test_pressed_twice_it_is_made_once(cast, sign_in):
    client = sign_in(cast.viewer)
    press(client, cast, "make", "agreement")
    press(client, cast, "make", "agreement")
    assert Feed.objects.count() == 1


@pytest.mark.parametrize("verb", ["make", "renew", "revoke"])
@pytest.mark.parametrize("choice", ["", "committee-99999999999999999999", "nonsense", "\0", "committee-elsewhere"])
def test_what_there_is_no_feed_of_is_told(cast, sign_in, verb, choice):
    if choice == "committee-elsewhere":
        choice = f"committee-{CommitteeFactory(agreement=cast.elsewhere).pk}"
    response = press(sign_in(cast.viewer), cast, verb, choice)
    assert said(response) == ["There is no such calendar feed. It may have been removed meanwhile."]
    assert not Feed.objects.exists()


def test_nobody_sees_the_addresses_of_another(cast, feed, sign_in):
    assert feed.address not in sign_in(cast.lead).get(page_of(cast)).content.decode()
    press(sign_in(cast.lead), cast, "revoke", "agreement")
    assert is_open(feed)


def test_the_page_is_a_few_queries_however_many_committees_there_are(cast, sign_in, django_assert_max_num_queries):
    for _ in range(20):
        make_feed(cast.agreement, what="committee", committee=CommitteeFactory(agreement=cast.agreement), by=cast.lead)
    client = sign_in(cast.lead)
    with django_assert_max_num_queries(11):
        client.get(page_of(cast))


def test_its_owner_and_leads_see_who_made_and_who_revoked_it_and_nobody_else(cast, feed, sign_in):
    revoke_feed(feed, by=cast.administrator)
    for who, sees in [(cast.viewer, True), (cast.lead, True), (cast.officer, False)]:
        page = " ".join(sign_in(who).get(page_of(cast)).content.decode().split())
        assert (f"<strong><bdi>{cast.administrator}</bdi></strong> revoked" in page) is sees
        assert (f"<strong><bdi>{feed.user}</bdi></strong> made" in page) is sees
        assert feed.key not in page
    assert feed.user == cast.viewer


def test_admin_shows_and_revokes_but_never_shows_an_address(cast, feed, sign_in):
    client = sign_in(cast.administrator)
    pages = [
        reverse("admin:engagements_feed_changelist"),
        reverse("admin:engagements_feed_change", args=[feed.pk]),
        reverse("admin:engagements_feed_history", args=[feed.pk]),
    ]
    for page in pages:
        response = client.get(page)
        assert response.status_code == 200
        assert feed.key not in response.content.decode()
    client.post(pages[0], {"action": "revoke", "_selected_action": [feed.pk]})
    assert read(feed).status_code == 404
    assert client.post(pages[1], {"what": "mine"}).status_code == 403


def test_history_knows_who_made_and_who_revoked_it_and_not_the_key(cast, feed):
    revoke_feed(feed, by=cast.administrator)
    made, revoked = Feed.pgh_event_model.objects.order_by("pgh_id").select_related("pgh_context")
    assert (made.pgh_context.metadata["user"], made.pgh_context.metadata["verb"]) == (cast.viewer.pk, "make feed")
    assert revoked.pgh_context.metadata["user"] == cast.administrator.pk
    assert "key" not in {field.name for field in Feed.pgh_event_model._meta.fields}
