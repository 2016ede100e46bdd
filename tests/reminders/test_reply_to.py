"""Each email names somebody and has their address as Reply-To: the organiser, otherwise a lead."""

import datetime as dt

import pytest

from engagements.models import Action, EngagementHost
from engagements.operations.action import add_action
from engagements.operations.engagement import add_people, delete_engagement
from partnership.models import Membership
from reminders.models import Preference
from reminders.operations.sweeping import sweep
from tests.factories import OrganisationFactory, ParticipationFactory, PersonFactory
from tests.reminders.conftest import NOW, make_meeting, make_rule, outbox, saved

pytestmark = pytest.mark.usefixtures("clock")

LATER = NOW + dt.timedelta(days=5)


@pytest.fixture
def rule(cast, settings):
    settings.SITE_URL, settings.CONTACT_EMAIL = "https://concord.example", "help@concord.example"
    return make_rule(cast.agreement, 2)


@pytest.fixture
def helen(cast):
    lga = OrganisationFactory(agreement=cast.agreement, name="Local Government Office", short_name="LGO")
    return PersonFactory(agreement=cast.agreement, name="Helen Ashdown", email="helen@lga.example", organisation=lga)


def lead_of(cast, who="lead"):
    return cast.agreement.people.get(user=getattr(cast, who))


def reply_to(letter):
    [address] = letter["Reply-To"].addresses
    return address.addr_spec


def texts(letter):
    return [letter.get_body((kind,)).get_content() for kind in ("plain", "html")]


def by_reader(letters):
    return {str(letter["To"]).partition(" ")[0]: letter for letter in letters}


def test_the_organiser_is_named_and_gets_the_replies_and_they_themselves_have_a_lead(cast, rule, helen):
    meeting = make_meeting(cast.agreement, "Ana", save=False)
    ParticipationFactory(engagement=meeting, person=helen, role="organiser")
    saved(meeting)
    sweep(LATER)
    letters = by_reader(outbox())
    assert str(letters["Ana"]["Reply-To"]) == "Helen Ashdown <helen@lga.example>"
    assert all("Helen Ashdown (LGO)" in text and "helen@lga.example" in text for text in texts(letters["Ana"]))
    assert reply_to(letters["Helen"]) in {lead_of(cast).email, lead_of(cast, "techuk_lead").email}
    assert [len(letters["Ana"].get_all(name)) for name in set(letters["Ana"])] == [1] * len(letters["Ana"])


def test_an_invitation_says_who_invites(cast, rule, helen):
    meeting = make_meeting(cast.agreement, save=False)
    ParticipationFactory(engagement=meeting, person=helen, role="organiser")
    guest = PersonFactory(agreement=cast.agreement, name="Guest", email="guest@people.example")
    add_people(meeting, [guest], by=cast.officer)
    sweep(NOW)
    [letter] = outbox()
    assert all("Helen Ashdown (LGO) has invited you to this meeting." in text for text in texts(letter))


def test_without_an_organiser_it_is_a_lead_of_the_party_that_hosts(cast, rule):
    meeting = make_meeting(cast.agreement, "Ana", save=False)
    host = lead_of(cast, "techuk_lead").organisation
    EngagementHost.objects.create(agreement=cast.agreement, engagement=meeting, organisation=host)
    saved(meeting)
    sweep(LATER)
    assert reply_to(outbox()[0]) == lead_of(cast, "techuk_lead").email


@pytest.mark.parametrize(
    "change",
    [
        {"email": ""},
        {"left_on": NOW.date()},
        {"email": "not an address"},
    ],
)
def test_an_organiser_whom_no_email_reaches_is_not_named(cast, rule, helen, change):
    type(helen).objects.filter(pk=helen.pk).update(**change)
    meeting = make_meeting(cast.agreement, "Ana", save=False)
    ParticipationFactory(engagement=meeting, person=helen, role="organiser")
    saved(meeting)
    sweep(LATER)
    letter = by_reader(outbox())["Ana"]
    assert reply_to(letter) == lead_of(cast).email
    assert "Helen" not in "".join(texts(letter))


def test_under_the_chatham_house_rule_nobody_is_named_as_being_there(cast, rule, helen):
    meeting = make_meeting(cast.agreement, "Ana", save=False, chatham_house=True)
    ParticipationFactory(engagement=meeting, person=helen, role="organiser")
    saved(meeting)
    sweep(LATER)
    letter = by_reader(outbox())["Ana"]
    assert reply_to(letter) == lead_of(cast).email
    assert "elen" not in letter.as_string()


def test_where_nobody_leads_the_address_of_the_site_gets_the_replies(cast, rule):
    Membership.objects.filter(role="lead").delete()
    make_meeting(cast.agreement, "Ana")
    sweep(LATER)
    assert reply_to(outbox()[0]) == "help@concord.example"
    assert "Questions?" not in "".join(texts(outbox()[0]))


def test_an_action_a_record_of_what_is_gone_and_several_things_at_once_have_somebody_too(cast, rule, helen):
    ana = PersonFactory(agreement=cast.agreement, name="Ana", email="ana@people.example")
    meeting = make_meeting(cast.agreement, save=False)
    ParticipationFactory(engagement=meeting, person=helen, role="organiser")
    add_people(meeting, [ana], by=cast.officer)
    add_action(Action(agreement=cast.agreement, engagement=meeting, title="Ring", owner_person=ana), by=cast.officer)
    sweep(NOW)
    assert {reply_to(letter) for letter in outbox()} == {"helen@lga.example"}
    delete_engagement(meeting, by=cast.officer)
    Preference.objects.create(agreement=cast.agreement, person=ana, actions="daily", invitations="daily")
    for title in ("One", "Two"):
        add_action(Action(agreement=cast.agreement, title=title, owner_person=ana), by=cast.officer)
    sweep(NOW + dt.timedelta(days=1))
    digest = outbox()[-1]
    assert "things" in digest["Subject"]
    assert reply_to(digest) == lead_of(cast).email
    assert all("Questions?" in text for text in texts(digest))
