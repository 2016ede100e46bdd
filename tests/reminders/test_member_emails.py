"""The rules page says how many emails each member gets about a meeting, and a rule cannot make them more than four."""

import datetime as dt

import pytest

from reminders.models import Rule
from reminders.operations.rules import pause_rule, standard_rules
from reminders.rules.member_emails import MOST, Sending, emails_about, emails_by_kind
from tests.reminders.conftest import make_rule
from tests.reminders.ruled import rule_about
from tests.reminders.test_rules_pages import rule_form, rules

NINE = dt.time(9)
TWICE = "The invitation; reminders 7 days before and 2 days before"
ASKED = "The invitation; a reminder 1 day before; if they have not replied, a request 7 days before"
PAPERS = "The invitation; requests for papers 3 days before and on the day"


@pytest.fixture
def lead(cast, sign_in):
    return sign_in(cast.lead)


def sending(about, *days, kinds=("committee",), audience=("participants",)):
    return Sending(about, frozenset(kinds), frozenset(audience), frozenset((day, NINE) for day in days))


@pytest.mark.parametrize(
    ("sendings", "number", "words"),
    [
        ([], 1, "The invitation"),
        ([sending("reminder", -7, -2)], 3, TWICE),
        ([sending("reminder", -7, -2), sending("reply", -7, -2)], 3, TWICE),
        ([sending("reminder", -14, -7, -1), sending("reply", -7, -2)], 4, None),
        ([sending("reminder", -1), sending("reply", -7, -2)], 3, ASKED),
        ([sending("reminder", -1), sending("reminder", -1, audience=["seats"])], 2, None),
        ([sending("reminder", -7, audience=["leads"])], 1, None),
        ([sending("reminder", -7, kinds=["webinar"])], 1, None),
        ([sending("papers", -3, 0, audience=["hosts"])], 1, None),
        ([sending("papers", -3, 0, audience=["seats"])], 3, PAPERS),
    ],
)  # fmt: skip
def test_what_a_member_gets(sendings, number, words):
    found = emails_about("committee", sendings)
    assert found.number == number
    if words:
        assert found.in_words == words


def test_by_the_standard_rules_nobody_gets_more_than_four(cast):
    sendings = [Sending.of(rule) for rule in standard_rules(cast.agreement, by=None)]
    found = {one.kinds_in_words: (one.number_in_words, one.is_too_many) for one in emails_by_kind(sendings)}
    assert found == {
        "Workshop, webinar, joint consultation, policy discussion, bilateral": ("up to 3 emails", False),
        "Roundtable, committee meeting": ("3 emails", False),
    }


def test_the_page_of_the_rules_says_it(cast, lead):
    standard_rules(cast.agreement, by=None)
    rule_about(cast.agreement, "papers", -3, 0, audience=["seats"], engagement_kinds=["committee"], name="For all")
    page = " ".join(lead.get(rules()).content.decode().split())
    assert "What each member gets" in page
    assert "requests for papers 3 days before and on the day" in page
    assert "5 emails" in page
    pause_rule(Rule.objects.get(name="For all"), by=None)
    assert "5 emails" not in lead.get(rules()).content.decode()


def test_a_rule_that_would_make_them_more_is_refused_in_words(cast, lead):
    make_rule(cast.agreement, 14, 7)
    form = rule_form(("", 3, False), ("", 1, False), name="More")
    page = lead.post(rules("new/?kind=reminder"), form).content.decode()
    assert f"Each member would get 5 emails about one roundtable. {MOST} is the most, with the invitation." in page
    assert not Rule.objects.filter(name="More").exists()
    lead.post(rules("new/?kind=reminder"), rule_form(("", 1, False), name="More"))
    assert Rule.objects.filter(name="More").exists()


def test_a_rule_that_makes_too_many_already_can_be_changed_as_long_as_it_makes_no_more(cast, lead):
    rule = make_rule(cast.agreement, 14, 7, 5, 3, 1)
    steps = list(rule.steps.order_by("days"))
    form = rule_form(*((step.pk, -step.days, False) for step in steps[:-1]), (steps[-1].pk, 1, True), name="Fewer")
    lead.post(rules(f"{rule.pk}/edit/"), form)
    rule.refresh_from_db()
    assert (rule.name, rule.steps.count()) == ("Fewer", 4)


def test_a_paused_rule_that_would_make_them_more_is_not_resumed(cast, lead):
    rule = pause_rule(make_rule(cast.agreement, 3, 1, name="Paused"), by=None)
    make_rule(cast.agreement, 14, 7)
    page = lead.post(rules(f"{rule.pk}/resume/"), follow=True).content.decode()
    assert "is the most" in page
    rule.refresh_from_db()
    assert not rule.is_active
