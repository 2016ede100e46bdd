"""Emails that failed or came back are sent again, one or all, by leads; what waits for the server is tried at once."""

import datetime as dt
import re

import pytest

from engagements.operations.engagement import delete_engagement
from outbox.models import BadAddress, Message
from outbox.operations.bounces import note_bounce
from reminders.models import Delivery, Preference
from reminders.operations import planning
from reminders.operations.deliveries import NotWaitingError, send_again, send_one_again
from reminders.operations.preferences import save_preference
from reminders.operations.sweeping import check_all, sweep
from reminders.preferences.rules import How
from tests.factories import ParticipationFactory
from tests.reminders import conftest
from tests.reminders.conftest import NOW, made_on

pytestmark = pytest.mark.usefixtures("clock", "_moved")

ADDRESS = "/agreements/lga-techuk/reminders/"
LATER = NOW + dt.timedelta(days=5)
make_rule, make_meeting = made_on(NOW, conftest.make_rule), made_on(NOW, conftest.make_meeting)
NO_SUCH = "550 5.1.1 no such mailbox"


@pytest.fixture
def _moved(clock):
    clock.move_to(LATER)


@pytest.fixture
def failed(cast, server):
    """A meeting whose reminders to Ana and Bo have failed, and that to Cy was sent."""
    make_rule(cast.agreement, 6)
    meeting = make_meeting(cast.agreement, "Ana", "Bo", "Cy", title="Roundtable")
    server.replies |= {f"{name}@people.example": NO_SUCH for name in ("ana", "bo")}
    assert sweep() == {"failed": 2, "sent": 1}
    server.received.clear()
    return meeting


def all_again(cast, by):
    return send_again(Delivery.objects.filter(agreement=cast.agreement), by=by)


def test_one_is_sent_again_to_the_address_that_they_have_now(cast, failed, server):
    first = Message.objects.get(person__name="Ana")
    cast.agreement.people.filter(name="Ana").update(email="ana@elsewhere.example")
    send_one_again(Delivery.objects.get(person__name="Ana"), by=cast.lead)
    assert sweep() == {"sent": 1}
    assert server.addresses == ["ana@elsewhere.example"]
    first.refresh_from_db()
    assert (first.state, first.address, first.error) == ("failed", "ana@people.example", NO_SUCH)
    again = Delivery.objects.get(person__name="Ana").message
    assert (again.state, again.attempts, again.pk != first.pk) == ("sent", 1, True)
    assert f"{again.pk}@".encode() in server.received[0][1]


def test_all_are_sent_again_once_however_often_it_is_pressed(cast, failed, server):
    server.replies.clear()
    assert all_again(cast, cast.lead) == 2
    assert all_again(cast, cast.lead) == 0
    assert sweep() == {"sent": 2}
    assert sorted(server.addresses) == ["ana@people.example", "bo@people.example"]
    assert all_again(cast, cast.lead) == 0
    assert sweep() == {}
    assert not BadAddress.objects.exists()


def test_what_fails_again_has_failed_again(cast, failed, server):
    assert all_again(cast, cast.lead) == 2
    assert sweep() == {"failed": 2}
    assert Message.objects.filter(state="failed").count() == 4


def test_what_came_back_is_sent_again(cast, failed, server):
    note_bounce(Message.objects.get(person__name="Cy"), "552 5.2.2 full", by=None)
    assert all_again(cast, cast.lead) == 3
    server.replies.clear()
    assert sweep() == {"sent": 3}


def test_what_waits_for_the_server_is_tried_at_once(cast, server):
    make_rule(cast.agreement, 6)
    make_meeting(cast.agreement, "Ana", "Bo")
    server.trouble = lambda address: "554 5.7.1 Relay access denied"
    assert sweep() == {"waiting": 2}
    server.trouble = lambda address: ""
    assert sweep() == {}
    assert all_again(cast, cast.lead) == 2
    assert sweep() == {"sent": 2}
    assert set(Message.objects.values_list("attempts", flat=True)) == {2}


def test_what_went_in_one_email_goes_in_one_email_again(cast, server, clock):
    clock.move_to(NOW)
    make_rule(cast.agreement, 6)
    one = make_meeting(cast.agreement, "Ana", save=False, title="One")
    other = make_meeting(cast.agreement, save=False, title="Other")
    ana = cast.agreement.people.get(name="Ana")
    ParticipationFactory(engagement=other, person=ana)
    save_preference(Preference(person=ana, meetings=How.DAILY), by=None)
    for meeting in (one, other):
        planning.plan_for(meeting)
    server.replies["ana@people.example"] = NO_SUCH
    clock.move_to(dt.datetime(2026, 12, 7, 8, 0, 1, tzinfo=dt.UTC))
    sweep()
    assert Delivery.objects.filter(state="failed").count() == 2
    server.replies.clear()
    assert all_again(cast, cast.lead) == 2
    assert sweep() == {"sent": 1}
    assert Delivery.objects.filter(state="sent").count() == 2


def test_it_is_too_late_once_the_meeting_has_begun(cast, failed, clock):
    clock.move_to(dt.datetime(2026, 12, 8, 14, tzinfo=dt.UTC))
    assert all_again(cast, cast.lead) == 0
    with pytest.raises(NotWaitingError, match="too late"):
        send_one_again(Delivery.objects.get(person__name="Ana"), by=cast.lead)


def test_nothing_that_they_opted_out_of_is_sent_again(cast, failed, server):
    ana = Delivery.objects.get(person__name="Ana")
    save_preference(Preference(person=ana.person, meetings=How.OFF), by=None)
    with pytest.raises(NotWaitingError, match="Ana has opted out"):
        send_one_again(ana, by=cast.lead)
    all_again(cast, cast.lead)
    server.replies.clear()
    assert sweep() == {"sent": 1, "skipped": 1}
    ana.refresh_from_db()
    assert (ana.state, ana.reason) == ("skipped", "opted out of reminders of meetings")


def test_that_a_deleted_meeting_is_off_can_be_sent_again(cast, server, clock):
    meeting = make_meeting(cast.agreement, "Ana", title="Roundtable")
    planning.plan_for(meeting)
    Delivery.objects.all().delete()
    make_rule(cast.agreement, 6)
    sweep()
    server.received.clear()
    server.replies["ana@people.example"] = NO_SUCH
    delete_engagement(meeting, by=cast.officer)
    assert sweep() == {"failed": 1}
    check_all(every=dt.timedelta(0))
    server.replies.clear()
    assert all_again(cast, cast.lead) == 1
    assert sweep() == {"sent": 1}
    check_all(every=dt.timedelta(0))
    assert not Delivery.objects.filter(cancellation_notice__isnull=False).exists()


def test_a_lead_sends_one_again_on_the_page(cast, failed, sign_in, server):
    client = sign_in(cast.lead)
    page = client.get(f"{ADDRESS}?state=failed").content.decode()
    key = Delivery.objects.get(person__name="Ana").pk
    assert f'action="{ADDRESS}{key}/send-again/"' in page
    server.replies.clear()
    answer = client.post(f"{ADDRESS}{key}/send-again/", {"next": f"{ADDRESS}?state=failed"}, follow=True)
    assert answer.redirect_chain == [(f"{ADDRESS}?state=failed", 302)]
    assert "The email to Ana is being sent again." in answer.content.decode()
    sweep()
    assert server.addresses == ["ana@people.example"]
    again = client.post(f"{ADDRESS}{key}/send-again/", follow=True).content.decode()
    assert "It cannot be sent again: it has been sent, or it is too late for it." in again


def test_all_on_the_page_are_those_that_its_filters_let_through(cast, failed, sign_in, server):
    client = sign_in(cast.lead)
    server.replies.clear()
    page = client.get(f"{ADDRESS}?state=failed").content.decode()
    assert "2 emails that failed can still be sent." in page
    page = client.get(f"{ADDRESS}?state=failed&q=bo").content.decode()
    form = re.search(r'<form class="send-again".*?</form>', page, re.DOTALL)[0]
    assert "1 email that failed can still be sent." in form
    sent = dict(re.findall(r'name="(state|q|engagement)" value="(.*?)"', form))
    answer = client.post(f"{ADDRESS}send-again/", sent, follow=True).content.decode()
    assert "1 email is being sent again." in answer
    assert sweep() == {"sent": 1}
    assert server.addresses == ["bo@people.example"]
    client.post(f"{ADDRESS}send-again/", {"state": "failed"})
    assert sweep() == {"sent": 1}
    assert (
        "There is no email to send again."
        in client.post(f"{ADDRESS}send-again/", {"state": "failed"}, follow=True).content.decode()
    )
    assert "send-again" not in client.get(f"{ADDRESS}?state=failed").content.decode()


def test_what_waits_for_the_server_is_tried_at_once_by_the_page(cast, server, sign_in):
    make_rule(cast.agreement, 6)
    make_meeting(cast.agreement, "Ana", "Bo")
    server.trouble = lambda address: "554 5.7.1 Relay access denied"
    sweep()
    client = sign_in(cast.lead)
    page = client.get(ADDRESS).content.decode()
    assert "2 emails are waiting for the next attempt." in page
    assert page.count("Try now<") == 2
    server.trouble = lambda address: ""
    assert "2 emails are being sent again." in client.post(f"{ADDRESS}send-again/", {}, follow=True).content.decode()
    assert sweep() == {"sent": 2}


@pytest.mark.parametrize("who", ["officer", "viewer", "administrator", "outsider"])
def test_it_is_for_leads_of_the_agreement(cast, failed, sign_in, who):
    client = sign_in(getattr(cast, who))
    key = Delivery.objects.filter(state="failed").first().pk
    assert client.post(f"{ADDRESS}send-again/", {"state": "failed"}).status_code in (403, 404)
    assert client.post(f"{ADDRESS}{key}/send-again/").status_code in (403, 404)
    assert Delivery.objects.filter(state="failed").count() == 2


def test_another_agreement_is_left_alone(cast, failed, sign_in, server):
    make_rule(cast.elsewhere, 6)
    foreign = make_meeting(cast.elsewhere, "Ana2")
    server.replies["ana2@people.example"] = NO_SUCH
    sweep()
    client = sign_in(cast.lead)
    client.post(f"{ADDRESS}send-again/", {"state": "failed"})
    assert client.post(f"{ADDRESS}{foreign.deliveries.get().pk}/send-again/").status_code == 404
    assert foreign.deliveries.get().state == "failed"
