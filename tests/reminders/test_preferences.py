"""The pages on which people choose what they are told, and the headers by which mail programs do."""

import datetime as dt
import email
import re

import pytest
from django.test import Client
from django.urls import reverse

from engagements.models import Engagement
from outbox.content import LINE
from reminders.models import Delivery, Preference
from reminders.operations.preferences import opt_out, preference_of, save_preference
from reminders.operations.sweeping import sweep
from reminders.preferences.links import choices_link, off_link, sign
from reminders.preferences.rules import How
from reminders.preferences.topics import TOPICS
from tests.factories import ActionFactory, CommitteeFactory, PersonFactory, SeatFactory
from tests.reminders.conftest import NOW, make_meeting, make_rule, outbox

pytestmark = pytest.mark.usefixtures("clock")

LATER = NOW + dt.timedelta(days=5)
MINE = "/agreements/lga-techuk/reminders/mine/"


def filled(**chosen):
    """The form as it is sent where nothing but ``chosen`` was changed."""
    blank = dict.fromkeys((topic.name for topic in TOPICS), "on")
    return blank | {"quiet_from": "", "quiet_to": "", "paused_until": ""} | chosen


@pytest.fixture
def ana(cast):
    return PersonFactory(agreement=cast.agreement, name="Ana Silva", email="ana@people.example")


@pytest.fixture
def rule(cast, settings):
    settings.SITE_URL, settings.SITE_HOST = "https://concord.example", "concord.example"
    return make_rule(cast.agreement, 2)


@pytest.fixture
def letter(cast, rule, mailoutbox):
    """The bytes of a mail to Ana."""
    make_meeting(cast.agreement, "Ana")
    sweep(LATER)
    [sent] = mailoutbox
    return sent.as_bytes()


def test_everybody_chooses_for_themselves_signed_in(cast, sign_in):
    client = sign_in(cast.viewer)
    assert "Email settings" in client.get(MINE).content.decode()
    answer = client.post(MINE, filled(meetings="off", actions="weekly", quiet_from="19:00", quiet_to="07:30"))
    assert answer["Location"] == MINE
    preference = Preference.objects.get()
    assert preference.person.user == cast.viewer
    assert (preference.meetings, preference.actions, preference.records) == (How.OFF, How.WEEKLY, How.ON)
    assert (preference.quiet_from, preference.quiet_to) == (dt.time(19), dt.time(7, 30))
    [event] = Preference.pgh_event_model.objects.all()
    assert event.pgh_context.metadata["verb"] == "save preference"
    assert event.pgh_context.metadata["user"] == cast.viewer.pk


def test_the_page_is_found_from_the_menu_and_from_my_week(cast, sign_in):
    page = sign_in(cast.viewer).get("/agreements/lga-techuk/my-week/").content.decode()
    assert page.count(f'href="{MINE}"') == 2


def test_an_administrator_without_a_part_in_it_is_told_so(cast, sign_in):
    assert "not in its address book" in sign_in(cast.administrator).get(MINE).content.decode()


def test_the_link_of_a_mail_leads_to_the_choices_without_signing_in(cast, ana, client):
    page = client.get(f"/choices/{sign(ana.pk)}/").content.decode()
    assert "Emails from <bdi>LGA and techUK</bdi>" in page
    assert "a…@people.example" in page
    assert client.post(f"/choices/{sign(ana.pk)}/", filled(records="daily")).status_code == 302
    assert Preference.objects.get(person=ana).records == How.DAILY
    assert "Your email settings are saved." in client.get(f"/choices/{sign(ana.pk)}/").content.decode()


def test_it_shows_no_other_data_of_the_agreement(cast, ana, client):
    make_meeting(cast.agreement, "Zebedee", title="A secret meeting")
    page = client.get(f"/choices/{sign(ana.pk)}/").content.decode()
    for word in ("Ana Silva", "ana@people.example", "Zebedee", "A secret meeting", "/agreements/", str(cast.lead)):
        assert word not in page, word
    assert "no-store" in client.get(f"/choices/{sign(ana.pk)}/")["Cache-Control"]


@pytest.mark.parametrize("signed", ["1", "1.x", "x.y", "{pk}.{other}", "999999999999999999999.x", "{gone}", "%00.x"])
def test_a_link_that_is_not_ours_leads_nowhere(cast, ana, client, signed):
    other = sign(ana.pk + 1).partition(".")[2]
    signed = signed.format(pk=ana.pk, other=other, gone=sign(10**30))
    for path in (f"/choices/{signed}/", f"/choices/{signed}/off/meetings/"):
        assert client.get(path).status_code == 404
        assert client.post(path, filled()).status_code == 404


def test_a_form_sent_by_another_site_is_refused(ana):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/choices/{sign(ana.pk)}/", filled(meetings="off")).status_code == 403
    assert not Preference.objects.exists()


@pytest.mark.parametrize(
    ("chosen", "field", "words"),
    [
        ({"quiet_from": "22:00"}, "quiet_to", "Give both times"),
        ({"quiet_to": "07:00"}, "quiet_from", "Give both times"),
        ({"quiet_from": "07:00", "quiet_to": "07:00"}, "quiet_to", "other than the first"),
        ({"quiet_from": "25:99", "quiet_to": "07:00"}, "quiet_from", "Give a time such as 14:30."),
        ({"paused_until": "2026-12-01"}, "paused_until", "Give a day after today"),
        ({"paused_until": "2028-12-01"}, "paused_until", "within a year"),
        ({"paused_until": "9999-12-01"}, "paused_until", "1990 to 2100"),
        ({"paused_until": "soon\x00"}, "paused_until", "Give a date such as"),
        ({"meetings": "sometimes"}, "meetings", "Choose one of those shown."),
        ({"meetings": ""}, "meetings", "Choose one of those shown."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_nothing_is_lost(cast, sign_in, chosen, field, words):
    answer = sign_in(cast.viewer).post(MINE, filled(actions="weekly") | chosen)
    assert answer.status_code == 200
    assert [words in error for error in answer.context["form"].errors[field]] == [True]
    assert answer.context["form"]["actions"].value() == "weekly"
    assert not Preference.objects.exists()


def test_who_turns_everything_off_is_told_what_that_means(cast, sign_in):
    nothing = {topic.name: "off" for topic in TOPICS}
    answer = sign_in(cast.viewer).post(MINE, filled(**nothing), follow=True)
    assert "not even when a meeting is cancelled" in str(next(iter(answer.context["messages"])))


def test_each_mail_has_the_headers_of_one_click_and_the_link(cast, letter):
    ana = cast.agreement.people.get(name="Ana")
    read = email.message_from_bytes(letter)
    assert read["List-Unsubscribe"] == f"<{off_link(choices_link(ana.pk), ['meetings'])}>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.count(b"List-Unsubscribe") == 3
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in letter
    texts = [outbox()[0].get_body((kind,)).get_content() for kind in ("plain", "html")]
    assert all(choices_link(ana.pk) in text for text in texts)
    assert b"choose.invalid" not in letter
    body = letter.partition(b"\r\n\r\n")[2]
    assert max(len(line) for line in body.split(b"\r\n") if b"=" in line) <= 78
    assert LINE < 76


def test_one_click_turns_that_kind_off_without_cookies_or_token_and_twice_is_once(cast, letter):
    link = re.search(rb"List-Unsubscribe: <(.*)>", letter)[1].decode()
    program = Client(enforce_csrf_checks=True)
    path = link.removeprefix("https://concord.example")
    for _ in range(2):
        answer = program.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200
    preference = Preference.objects.get()
    assert (preference.person.name, preference.meetings, preference.invitations) == ("Ana", How.OFF, How.ON)
    assert Preference.pgh_event_model.objects.count() == 1
    make_meeting(cast.agreement, title="Another", starts_on=dt.date(2026, 12, 9))
    Engagement.objects.get(title="Another").participations.create(agreement=cast.agreement, person=preference.person)
    sweep(LATER + dt.timedelta(days=2))
    assert len(outbox()) == 1


def test_looking_at_that_address_changes_nothing_and_asks(ana, client):
    """Scanners of mail follow links."""
    path = f"/choices/{sign(ana.pk)}/off/meetings-actions/"
    page = client.get(path).content.decode()
    assert "Stop these emails" in page
    assert "Reminders of meetings" in page
    assert "Your actions" in page
    assert not Preference.objects.exists()
    assert "You will no longer get:" in client.post(path).content.decode()
    preference = Preference.objects.get(person=ana)
    assert (preference.meetings, preference.actions) == (How.OFF, How.OFF)
    assert client.get(f"/choices/{sign(ana.pk)}/off/meetings-x/").status_code == 404


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_one_press_stops_all_emails_and_another_starts_them_again(cast, ana, client, sign_in, is_signed_in):
    person = cast.agreement.people.get(user=cast.viewer) if is_signed_in else ana
    client, path = (sign_in(cast.viewer), MINE) if is_signed_in else (client, f"/choices/{sign(ana.pk)}/")
    assert "Stop all emails" in client.get(path).content.decode()
    page = client.post(path, {"stop_all": "1"}, follow=True).content.decode()
    assert "All emails are stopped." in page
    assert {getattr(preference_of(person), topic.name) for topic in TOPICS} == {How.OFF}
    page = client.post(path, {"start_all": "1"}, follow=True).content.decode()
    assert "Stop all emails" in page
    assert {getattr(preference_of(person), topic.name) for topic in TOPICS} == {How.ON}


def test_the_page_behind_the_unsubscribe_link_stops_all_with_one_press_too(ana, client):
    path = f"/choices/{sign(ana.pk)}/off/meetings/"
    assert "Stop all emails" in client.get(path).content.decode()
    assert not Preference.objects.exists()
    assert "All emails are stopped" in client.post(path, {"stop_all": "1"}).content.decode()
    assert {getattr(preference_of(ana), topic.name) for topic in TOPICS} == {How.OFF}


def topics_shown(page):
    return {topic.name for topic in TOPICS if f'name="{topic.name}"' in page}


def test_people_see_only_the_topics_that_they_can_get(cast, ana, client, sign_in):
    page = f"/choices/{sign(ana.pk)}/"
    guest = {"meetings", "invitations", "replies", "records"}
    assert topics_shown(client.get(page).content.decode()) == guest
    ActionFactory(agreement=cast.agreement, owner_person=ana)
    SeatFactory(
        committee=CommitteeFactory(agreement=cast.agreement),
        holder=PersonFactory(agreement=cast.agreement),
        deputy=ana,
    )
    assert topics_shown(client.get(page).content.decode()) == guest | {"actions", "papers"}
    shown = {
        who: topics_shown(sign_in(getattr(cast, who)).get(MINE).content.decode())
        for who in ("viewer", "officer", "lead")
    }
    assert shown["viewer"] == guest | {"actions"}
    assert shown["officer"] == guest | {"actions", "papers", "lacking"}
    assert shown["lead"] == {topic.name for topic in TOPICS}


def test_what_is_not_shown_stays_as_it_was(ana, client):
    opt_out(ana, [topic for topic in TOPICS if topic.name == "progress"], by=None)
    client.post(f"/choices/{sign(ana.pk)}/", filled(records="off", progress="on"))
    assert (preference_of(ana).records, preference_of(ana).progress) == (How.OFF, How.OFF)


def test_opting_out_leaves_all_else_as_it_was(ana):
    opt_out(ana, [TOPICS[0]], by=None)
    preference = preference_of(ana)
    assert {topic.name for topic in TOPICS if getattr(preference, topic.name) == How.OFF} == {TOPICS[0].name}


def test_two_first_choices_at_the_same_moment_are_one_row(ana):
    """A form that is sent twice, or a mail program and its owner."""
    one, other = preference_of(ana), preference_of(ana)
    save_preference(one, by=None)
    other.papers = How.OFF
    save_preference(other, by=None)
    assert list(Preference.objects.values_list("person", "papers")) == [(ana.pk, How.OFF)]


def test_only_officers_and_the_person_see_what_somebody_chose(cast, ana):
    opt_out(cast.agreement.people.get(user=cast.viewer), [TOPICS[0]], by=None)
    opt_out(ana, [TOPICS[0]], by=None)
    seen = {who: Preference.objects.visible_to(getattr(cast, who)).count() for who in ("viewer", "lead", "outsider")}
    assert seen == {"viewer": 1, "lead": 2, "outsider": 0}


def test_the_pages_cost_few_queries(cast, ana, sign_in, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        client.get(f"/choices/{sign(ana.pk)}/")
    signed_in = sign_in(cast.viewer)
    with django_assert_max_num_queries(10):
        signed_in.get(MINE)


def test_the_leads_list_says_why_and_until_when(cast, rule, sign_in):
    make_meeting(cast.agreement, "Ana", "Bo")
    ana, bo = (cast.agreement.people.get(name=name) for name in ("Ana", "Bo"))
    opt_out(ana, [TOPICS[0]], by=None)
    Preference.objects.create(agreement=cast.agreement, person=bo, meetings=How.DAILY)
    sweep(dt.datetime(2026, 12, 6, 9, tzinfo=dt.UTC))
    page = sign_in(cast.lead).get("/agreements/lga-techuk/reminders/?state=all").content.decode()
    assert "opted out of reminders of meetings" in page
    assert "waits until 7 December 2026, 08:00, as they have chosen" in page
    assert Delivery.objects.get(person=bo).deferred_until


def test_the_addresses_are_those_that_the_mails_name(ana, settings):
    settings.SITE_URL = ""
    assert reverse("choices", args=[sign(ana.pk)]) == choices_link(ana.pk)
    assert reverse("choices_off", args=[sign(ana.pk), "meetings-actions"]) == off_link(
        choices_link(ana.pk), ["meetings", "actions"]
    )


def test_leads_read_on_the_page_of_a_person_what_they_chose(cast, ana, sign_in):
    page = f"/agreements/lga-techuk/contacts/people/{ana.pk}/"
    assert "they have chosen nothing else" in sign_in(cast.lead).get(page).content.decode()
    Preference.objects.create(
        agreement=cast.agreement, person=ana, meetings=How.WEEKLY, papers=How.OFF, quiet_from=dt.time(19),
        quiet_to=dt.time(7), paused_until=dt.date(2026, 12, 9),
    )  # fmt: skip
    card = sign_in(cast.lead).get(page).content.decode().partition('id="told"')[2].partition("</section>")[0]
    facts = re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", card)
    assert facts == [
        ("Reminders of meetings", "Mondays"),
        ("Papers", "Off"),
        ("Quiet hours", "19:00 to 07:00"),
        ("Paused until", "9 December 2026"),
    ]
    assert "<form" not in card
    assert 'id="told"' not in sign_in(cast.officer).get(page).content.decode()


def test_an_administrator_puts_it_right_in_admin(cast, ana, sign_in):
    client = sign_in(cast.administrator)
    new = {"person": ana.pk} | filled(meetings="off")
    answer = client.post(reverse("admin:reminders_preference_add"), new)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    preference = Preference.objects.get(person=ana)
    assert (preference.agreement, preference.meetings) == (cast.agreement, How.OFF)
    assert client.post(reverse("admin:reminders_preference_add"), new).status_code == 200
    only_from = {"person": ana.pk} | filled(quiet_from="10:00")
    answer = client.post(reverse("admin:reminders_preference_change", args=[preference.pk]), only_from)
    assert "Quiet hours need two different times" in answer.content.decode()
    client.post(reverse("admin:reminders_preference_delete", args=[preference.pk]), {"post": "yes"})
    assert not Preference.objects.exists()
    verbs = [event.pgh_context.metadata["verb"] for event in Preference.pgh_event_model.objects.order_by("pgh_id")]
    assert verbs == ["save preference", "delete preference"]


def test_people_choose_only_of_what_concord_tells(cast, sign_in):
    page = sign_in(cast.lead).get(MINE).content.decode()
    for topic in TOPICS:
        assert (topic.label in page) is bool(topic.kinds)
