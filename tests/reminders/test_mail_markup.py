"""The HTML of each mail is written as the standard has it."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.operations import send_invitation, send_password_link
from engagements.models import Action
from engagements.operations.action import add_action
from engagements.operations.engagement import cancel_engagement
from reminders.operations.notifications import send_record
from reminders.operations.sweeping import sweep
from tests.emails import emails
from tests.factories import DecisionFactory, EngagementFactory, ParticipationFactory
from tests.markup import FOR_MAILS, markup_findings
from tests.reminders.conftest import NOW, make_meeting, make_rule, outbox
from tests.reminders.test_batching import DUE, MONDAY, several

pytestmark = pytest.mark.usefixtures("clock")


def html_of(letters):
    """{subject: HTML} of what the worker sent."""
    return {letter["Subject"]: letter.get_body(("html",)).get_content() for letter in letters}


def test_reminders_notices_records_actions_and_digests(cast, tmp_path):
    make_rule(cast.agreement, 2)
    several(cast, 3)
    sweep(DUE)
    sweep(MONDAY)
    meeting = make_meeting(cast.agreement, "Bo", title="Called off & gone")
    sweep(MONDAY)
    cancel_engagement(meeting, reason="Snow <here>", by=cast.officer)
    held = EngagementFactory(agreement=cast.agreement, outcomes="Agreed & done.", starts_on=dt.date(2026, 11, 30))
    ParticipationFactory(engagement=held, person__name="Cy")
    DecisionFactory(engagement=held)
    send_record(held, by=cast.lead)
    owner = cast.agreement.people.get(user=cast.techuk_officer)
    add_action(Action(agreement=cast.agreement, title="Ring <them>", owner_person=owner), by=cast.lead)
    sweep(NOW + dt.timedelta(days=6))
    sent = html_of(outbox())
    said = " ".join(sent)
    for words in ("things from", "Reminder:", "Cancelled", "Record", "action"):
        assert words.lower() in said.lower(), sent.keys()
    wrong = markup_findings(sent, tmp_path / "mails", rules=FOR_MAILS)
    assert not wrong, "\n".join(wrong)


def test_invitations_and_links_to_a_password(cast, client, tmp_path):
    send_invitation(cast.viewer, agreement=cast.agreement, role="viewer", invited_by=cast.lead)
    send_password_link(cast.viewer)
    client.post(reverse("account_reset_password"), {"email": cast.viewer.email})
    client.post(reverse("account_reset_password"), {"email": "nobody@people.example"})
    sent = {f"{number} {one.subject}": one.html for number, one in enumerate(emails())}
    assert len(sent) == 4
    assert emails()[0].message["Reply-To"].addresses[0].addr_spec == cast.lead.email
    assert all("OOF" in one.message["X-Auto-Response-Suppress"] for one in emails())
    wrong = markup_findings(sent, tmp_path / "mails", rules=FOR_MAILS)
    assert not wrong, "\n".join(wrong)
