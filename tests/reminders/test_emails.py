"""What a reminder says, as its reader gets it."""

import datetime as dt
import email
import email.policy
import re

import pytest

from engagements.models import Participation
from engagements.presenters.replies import reply_links
from outbox.content import RenderedEmail
from outbox.mailers import default_mailer
from outbox.models import Message
from reminders.models import Preference
from reminders.operations.sweeping import sweep
from tests.factories import OrganisationFactory, ParticipationFactory, PersonFactory
from tests.mailers import mail_by, mail_into
from tests.outbox.reading import files_of
from tests.reminders.conftest import NOW, make_meeting, make_rule, outbox, saved

pytestmark = pytest.mark.usefixtures("clock")

LATER = NOW + dt.timedelta(days=5)
LONG = "Ä" * 175 + "\r\nBcc: x@y.example"


@pytest.fixture
def rule(cast, settings):
    settings.SITE_URL, settings.SITE_HOST = "https://concord.example", "concord.example"
    settings.DEFAULT_FROM_EMAIL = "Concord <concord@concord.example>"
    return make_rule(cast.agreement, 2, name="Round the table")


def letter_about(agreement, **fields):
    """The one mail to Ana about a roundtable with these facts."""
    make_meeting(agreement, "Ana", **fields)
    sweep(LATER)
    [letter] = outbox()
    return letter


def texts(letter):
    """The plain and the HTML part."""
    return [letter.get_body((kind,)).get_content() for kind in ("plain", "html")]


def test_it_says_what_when_where_and_why(cast, rule):
    letter = letter_about(
        cast.agreement, title="AI & procurement", end_time=dt.time(15, 30), mode="hybrid", venue="Smith Square",
        joining_link="https://meet.example/1",
    )  # fmt: skip
    assert letter["Subject"] == "Reminder: AI & procurement, Tuesday 8 December 2026, 14:00"
    plain, html = texts(letter)
    for words in (
        "Tuesday 8 December 2026, 14:00 to 15:30 (London time)",
        "Smith Square and online",
        "https://meet.example/1",
        "You have not replied yet. Can you come?",
        "The reminder rule is “Round the table”: 2 days before, at 09:00.",
    ):
        assert words in plain
        assert words in html
    assert "You got this email because you are invited to “AI & procurement”." in plain
    assert "You got this email because you are invited to “AI &amp; procurement”." in html


def test_the_plain_text_is_easy_on_the_eye_and_ends_with_a_signature(cast, rule):
    """Mail programs know the signature by "-- ", with its space (RFC 3676, section 4.3)."""
    lines = texts(letter_about(cast.agreement))[0].splitlines()
    assert lines.count("-- ") == 1
    assert lines[lines.index("-- ") - 1] == ""
    last_link = max(number for number, line in enumerate(lines) if "/reply/" in line)
    assert lines[last_link + 1] == ""


def test_its_headers_say_that_a_machine_wrote_it_and_when(cast, rule):
    letter = letter_about(cast.agreement)
    assert (letter["From"], letter["To"]) == ("Concord <concord@concord.example>", "Ana <ana@people.example>")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "OOF" in letter["X-Auto-Response-Suppress"]
    assert "NDR" not in letter["X-Auto-Response-Suppress"], "what cannot be delivered has to come back"
    assert letter["Date"].datetime == LATER
    assert letter["Message-ID"] == f"<20261206120000000000.{Message.objects.get().pk}@concord.example>"
    assert [len(letter.get_all(name)) for name in set(letter)] == [1] * len(letter)


def test_it_brings_no_second_calendar_entry(cast, rule):
    make_meeting(cast.agreement, "Ana", "Bo")
    sweep(LATER)
    assert [files_of(bytes(letter)) for letter in outbox()] == [[], []]
    assert "attached" not in outbox()[0].get_body(("plain",)).get_content()


def test_each_reader_finds_what_they_have_said_and_what_they_are_there(cast, rule):
    meeting = make_meeting(cast.agreement, save=False)
    ParticipationFactory(engagement=meeting, person__email="ana@people.example", reply="accepted", role="chair")
    ParticipationFactory(engagement=meeting, person__email="bo@people.example", reply="tentative")
    saved(meeting)
    sweep(LATER)
    ana, bo = (texts(letter) for letter in sorted(outbox(), key=lambda letter: str(letter["To"])))
    assert all("You replied “Coming”" in text and "chair" in text for text in ana)
    assert all("You replied “Maybe”" in text and "chair" not in text for text in bo)


def test_who_has_not_replied_gets_the_links_by_which_they_do_and_nobody_else(cast, rule):
    meeting = make_meeting(cast.agreement, save=False)
    for name, reply in (("ana", ""), ("bo", "accepted"), ("cy", "tentative")):
        ParticipationFactory(engagement=meeting, person__email=f"{name}@people.example", reply=reply)
    saved(meeting)
    sweep(LATER)
    ana, *others = (texts(letter) for letter in sorted(outbox(), key=lambda letter: str(letter["To"])))
    place = Participation.objects.get(person__email="ana@people.example")
    for link in reply_links(place.pk, meeting.schedule_version).values():
        assert all(link in text for text in ana)
    assert not any("https://concord.example/reply/" in text for both in others for text in both)


def test_who_has_an_account_is_led_to_the_record_and_nobody_else(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana", save=False)
    ParticipationFactory(engagement=meeting, person=cast.agreement.people.get(user=cast.viewer))
    saved(meeting)
    sweep(LATER)
    guest, member = (texts(letter) for letter in sorted(outbox(), key=lambda letter: str(letter["To"])))
    assert not any("/engagements/" in text for text in guest)
    assert "Open the record" in member[1]


def test_hosts_are_named_and_another_time_zone_is_said(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana", time_zone="America/New_York", save=False)
    for name in ("LGA (host)", "Northmoor Council"):
        meeting.hosts.add(
            OrganisationFactory(agreement=cast.agreement, name=name), through_defaults={"agreement": cast.agreement}
        )
    saved(meeting)
    sweep(LATER + dt.timedelta(hours=12))
    [letter] = outbox()
    assert letter["Subject"].endswith("Tuesday 8 December 2026, 14:00 New York time")
    assert "Hosts: LGA (host) and Northmoor Council" in texts(letter)[0]
    assert "from 14:00 (New York time), which begins at 19:00 London time" in texts(letter)[0]


@pytest.mark.parametrize("title", [LONG, "😀 " * 60, "اجتماع" * 30, "x" * 200, "<b>bold</b>"])
def test_a_title_can_be_anything_and_smuggles_in_no_header(cast, rule, title):
    letter = letter_about(cast.agreement, title=title)
    assert letter["Subject"] == f"Reminder: {' '.join(title.split())}, Tuesday 8 December 2026, 14:00"
    assert letter["Bcc"] is None
    assert "<b>bold</b>" not in texts(letter)[1]


@pytest.mark.parametrize("name", ['O\'Brien, Ann "Nan"', "Zoë Müller", "Ana\r\nBcc: x@y.example", "Ж" * 200, "x" * 200])
def test_a_name_can_be_anything_and_smuggles_in_no_header(cast, rule, name):
    meeting = make_meeting(cast.agreement, save=False)
    ParticipationFactory(engagement=meeting, person__name=name, person__email="ana@people.example")
    saved(meeting)
    sweep(LATER)
    [letter] = outbox()
    [to] = letter["To"].addresses
    assert (to.display_name.replace(" ", ""), to.addr_spec) == ("".join(name.split()), "ana@people.example")
    assert letter["Bcc"] is None


def test_an_address_in_a_domain_of_other_letters_is_written_as_mail_servers_know_it(cast, rule):
    meeting = make_meeting(cast.agreement, save=False)
    ParticipationFactory(engagement=meeting, person__name="Ana", person__email="ana@bücher.example")
    saved(meeting)
    sweep(LATER)
    assert outbox()[0]["To"] == "Ana <ana@xn--bcher-kva.example>"


def test_the_bytes_are_made_once_for_all_readers_of_a_kind(cast, rule, mailoutbox):
    """Made twice they would differ: the line between the parts is drawn anew each time."""
    make_meeting(cast.agreement, *(f"P{n}" for n in range(20)))
    Participation.objects.filter(person__name="P1").update(reply="accepted")
    sweep(LATER)
    common = {re.search(rb"boundary=(.*)", letter.content)[1] for letter in mailoutbox}
    assert (len(mailoutbox), len(common)) == (20, 2)


def test_in_the_folder_of_mails_it_is_one_file_for_each_reader(cast, rule, settings, tmp_path):
    mail_into(settings, tmp_path)
    make_meeting(cast.agreement, "Ana", "Bo")
    sweep(LATER)
    letters = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in tmp_path.glob("*.eml")
    ]
    assert sorted(letter["To"].addresses[0].username for letter in letters) == ["ana", "bo"]
    assert all(letter.get_body(("html",)) for letter in letters)


def test_the_backend_that_prints_mails_takes_it_too(capsys, settings):
    mail_by(settings, "django.core.mail.backends.console.EmailBackend")
    letter = RenderedEmail(
        "ana@people.example", "Reminder", b"To: ana@people.example\r\n\r\nTomorrow.\r\n", "concord@concord.example"
    )
    default_mailer().send_messages([letter])
    assert "Tomorrow." in capsys.readouterr().out


def test_a_demonstration_says_that_it_is_one(cast, rule):
    cast.agreement.is_demo = True
    cast.agreement.save()
    assert all("its records are invented" in text for text in texts(letter_about(cast.agreement)))


def test_a_digest_has_the_links_of_each_meeting_that_its_reader_owes_an_answer_to(cast, rule):
    ana = PersonFactory(agreement=cast.agreement, email="ana@people.example")
    Preference.objects.create(agreement=cast.agreement, person=ana, meetings="daily")
    for reply in ("", "", "accepted"):
        meeting = make_meeting(cast.agreement, save=False)
        ParticipationFactory(engagement=meeting, person=ana, reply=reply)
        saved(meeting)
    sweep(LATER + dt.timedelta(days=1))
    [letter] = outbox()
    owed = Participation.objects.filter(reply="")
    links = [link for place in owed for link in reply_links(place.pk, 1).values()]
    assert len(links) == 6
    assert all(link in text for link in links for text in texts(letter))
    assert "reply.invalid" not in "".join(texts(letter))
