"""The rules about replies, papers, records, rhythms and what is quiet: their pages, their mail, and what each costs."""

import datetime as dt

import pytest

from reminders.models import Delivery, Rule
from reminders.notification_types import type_of
from reminders.operations.rules import standard_rules
from reminders.operations.sweeping import sweep
from tests.factories import CommitmentFactory, CommitteeFactory, EngagementFactory, ParticipationFactory
from tests.reminders.conftest import NOW, make_meeting, outbox
from tests.reminders.ruled import html, plain, rule_about
from tests.reminders.test_rules_pages import rule_form, rules

pytestmark = pytest.mark.usefixtures("clock")

LACKING = {
    "reply": "Will you be there? Digital meeting, Tuesday 8 December 2026, 14:00",
    "papers": "Papers are due today: Digital meeting, Tuesday 8 December 2026, 14:00",
    "unrecorded": "The record is not complete: Market day, 30 November 2026",
    "rhythm": "Late: A guide",
    "quiet": "Nothing held since",
}


@pytest.fixture
def lead(cast, sign_in):
    return sign_in(cast.lead)


@pytest.fixture
def there(cast):
    """Something of each kind to show the mails with."""
    committee = CommitteeFactory(agreement=cast.agreement, papers_days=5)
    make_meeting(cast.agreement, "Ana", title="Digital meeting", kind="committee", committee=committee)
    held = {"status": "held", "starts_on": NOW.date() - dt.timedelta(days=1)}
    EngagementFactory(agreement=cast.agreement, title="Market day", **held)
    late = {"measure": "due", "due_on": NOW.date() - dt.timedelta(days=1)}
    CommitmentFactory(agreement=cast.agreement, title="A guide", **late)
    return standard_rules(cast.agreement, by=None)


@pytest.mark.parametrize(("about", "subject"), LACKING.items())
def test_the_page_of_a_rule_shows_its_mail_and_sends_it_as_a_test(cast, lead, there, about, subject):
    rule = Rule.objects.filter(agreement=cast.agreement, kind=about).first()
    page = lead.get(rules(f"{rule.pk}/"))
    assert subject in page.content.decode()
    assert "reply.invalid" not in page.content.decode()
    lead.post(rules(f"{rule.pk}/test/"), {"of": page.context["shown"].pk})
    [letter] = outbox()
    assert letter["Subject"].strip().startswith(f"Test: {subject}")
    assert "invalid" not in plain(letter) + html(letter)
    assert f"The reminder rule is “{rule.name}”" in plain(letter)
    assert not Delivery.objects.filter(state="sent").exists()


@pytest.mark.parametrize("about", LACKING)
def test_the_page_of_a_rule_says_so_where_there_is_nothing_to_show_it_with(cast, lead, about):
    cast.agreement.workstreams.update(archived_on=NOW.date())
    rule = rule_about(cast.agreement, about, 0, audience=[type_of(about).audiences[0]])
    assert "there is nothing to show it with" in lead.get(rules(f"{rule.pk}/")).content.decode()


@pytest.mark.parametrize(("about", "side"), [("reply", "Days before"), ("unrecorded", "Days after")])
def test_a_rule_is_made_with_what_applies_to_it(cast, lead, about, side):
    form = lead.get(rules(f"new/?kind={about}")).content.decode()
    assert side in form
    sent = rule_form(("", 3, False), name="Mine", audience=[type_of(about).audiences[0]])
    page = lead.post(rules(f"new/?kind={about}"), sent, follow=True)
    assert "Rule saved." in page.content.decode()
    assert Rule.objects.get().steps.get().days == (-3 if about == "reply" else 3)


@pytest.mark.parametrize(("about", "placeholder"), [("rhythm", "{why}"), ("quiet", "{since}")])
def test_a_rule_has_words_of_its_own(cast, lead, there, about, placeholder):
    rule = Rule.objects.get(agreement=cast.agreement, kind=about)
    rule.subject, rule.text = "{title}", f"Please look: {placeholder}."
    rule.full_clean()
    rule.save()
    mail = lead.get(rules(f"{rule.pk}/")).context["mail"]
    assert "Please look:" in mail.plain
    assert placeholder not in mail.plain


@pytest.mark.parametrize("about", LACKING)
def test_each_page_costs_a_few_queries_however_much_there_is(cast, lead, there, about, django_assert_max_num_queries):
    for number in range(3):
        make_meeting(cast.agreement, f"Bo{number}", kind="committee", committee=CommitteeFactory(
            agreement=cast.agreement, papers_days=2))  # fmt: skip
        CommitmentFactory(agreement=cast.agreement, measure="due", due_on=NOW.date())
    rule = Rule.objects.filter(agreement=cast.agreement, kind=about).first()
    lead.get(rules(f"{rule.pk}/"))
    with django_assert_max_num_queries(18):
        lead.get(rules(f"{rule.pk}/"))


def test_the_record_says_what_goes_besides_reminders_and_lists_lead_there(cast, lead, there):
    held = {"status": "held", "starts_on": NOW.date(), "logged_by": cast.agreement.people.get(user=cast.officer)}
    record = EngagementFactory(agreement=cast.agreement, title="Of today", **held)
    ParticipationFactory(engagement=record, attendance="came")
    sweep(plan_everything=True)
    page = " ".join(lead.get(record.get_absolute_url()).content.decode().split())
    assert "Mails besides: 4 to go to say what the record lacks." in page
    listed = lead.get("/agreements/lga-techuk/reminders/?state=all").content.decode()
    for delivery in Delivery.objects.filter(kind__in=["rhythm", "quiet"]):
        assert f'href="{(delivery.commitment or delivery.workstream).get_absolute_url()}"' in listed


def test_a_rule_of_every_kind_of_engagement_says_so(there):
    said = {rule.name: rule.kind_in_words for rule in there}
    assert said["Replies"] == "A reply that is missing: all kinds"
    assert said["Roundtables"] == "A meeting to come: Roundtable"
