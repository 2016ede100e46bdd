"""The pages of feeds and replies in a real browser, with JavaScript and without, and what axe finds on them."""

import datetime as dt

import pytest
from django.urls import reverse

from engagements.models import Participation
from engagements.operations.feeds import make_feed
from engagements.presenters.replies import reply_path
from tests.browser import axe_findings, enter
from tests.engagements.pages import planned
from tests.factories import ParticipationFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place(cast):
    person = cast.agreement.people.get(user=cast.viewer)
    return ParticipationFactory(engagement=planned(cast, title="AI " * 60, start_time=dt.time(14)), person=person)


def test_an_address_is_copied_by_a_button(cast, live_server, page, problems):
    feed = make_feed(cast.agreement, what="mine", by=cast.viewer)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    enter(page, live_server, cast.viewer)
    page.goto(live_server.url + reverse("engagements:feeds", args=[cast.agreement.slug]))
    assert axe_findings(page) == []
    page.get_by_role("button", name="Copy the address of “My meetings”").click()
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == feed.address
    assert problems == []


@pytest.mark.parametrize("scripts", [True, False])
def test_one_replies_by_the_link_without_an_account(place, live_server, browser, scripts):
    context = browser.new_context(java_script_enabled=scripts, viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(live_server.url + reply_path(place.pk, 1, "tentative"))
    assert page.get_by_role("button", name="Confirm: Maybe").is_visible()
    page.get_by_text("Add a note, apologies or a deputy").click()
    page.get_by_label("Send my apologies").check()
    page.get_by_label("Deputy").fill("Sam Okafor")
    page.get_by_role("button", name="I am not coming").click()
    page.get_by_text("Your reply is recorded: Not coming.").wait_for()
    row = Participation.objects.get(pk=place.pk)
    assert (row.reply, row.sent_apologies, row.deputy) == ("declined", True, "Sam Okafor")
    context.close()


def test_the_pages_of_a_reply_have_no_barrier(place, live_server, page, problems):
    wrong = {}
    for path in (reply_path(place.pk, 1, "accepted"), reply_path(place.pk, 9, "accepted"), "/reply/broken/"):
        page.goto(live_server.url + path)
        wrong[path] = axe_findings(page)
    page.goto(live_server.url + reply_path(place.pk, 1, "accepted"))
    page.get_by_role("button", name="Confirm: I am coming").click()
    page.get_by_text("Your reply is recorded").wait_for()
    wrong["recorded"] = axe_findings(page)
    place.engagement.status = "cancelled"
    place.engagement.save()
    page.goto(live_server.url + reply_path(place.pk, 1, "accepted"))
    wrong["off"] = axe_findings(page)
    assert {path: found for path, found in wrong.items() if found} == {}


def test_the_buttons_on_my_week_and_the_record_have_no_barrier_and_work(cast, place, live_server, page, problems):
    enter(page, live_server, cast.viewer)
    page.goto(live_server.url + reverse("dashboards:my_week", args=[cast.agreement.slug]))
    assert axe_findings(page) == []
    page.get_by_role("button", name="Maybe").click()
    page.get_by_text("is recorded: Maybe.").wait_for()
    page.goto(live_server.url + place.engagement.get_absolute_url())
    assert axe_findings(page) == []
    page.get_by_role("button", name="Coming", exact=True).click()
    page.get_by_text("is recorded: Coming.").wait_for()
    assert problems == []
