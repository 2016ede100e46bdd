"""Nothing typed is lost: drafts on the device, forms that are left, Back, and sessions."""

import datetime as dt
import re

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from engagements.models import Engagement
from tests.browser import enter

browser_test = pytest.mark.browser
WAIT = 900
"""Milliseconds until what is typed is kept, and as many again."""
LOG = "/agreements/lga-techuk/engagements/new/"


@pytest.fixture
def quick_log(cast, page, live_server, problems):
    """The quick log, opened by an officer."""
    enter(page, live_server, cast.officer)
    page.goto(live_server.url + LOG)
    return page


def type_something(page, title="Talk about cyber"):
    page.get_by_label("Title").fill(title)
    page.get_by_label("Outcome").fill("Much was said.")
    page.wait_for_timeout(WAIT)
    assert len(drafts(page)) == 1


def drafts(page):
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('concord-draft:'))")


def fill_in(page, title="Talk about cyber"):
    page.get_by_label("Title").fill(title)
    page.locator("label", has_text=re.compile(r"^\s*Workshop\s*$")).click()
    page.get_by_label("Date").fill(timezone.localdate().isoformat())


@browser_test
@pytest.mark.django_db(transaction=True)
def test_what_was_typed_is_offered_again_and_put_back(quick_log):
    type_something(quick_log)
    quick_log.goto(quick_log.url.replace("new/", ""))
    quick_log.goto(quick_log.url + "new/")
    expect(quick_log.get_by_label("Title")).to_have_value("")
    expect(quick_log.get_by_text(re.compile(r"We kept what you typed at \d\d:\d\d\."))).to_be_visible()
    quick_log.get_by_role("button", name="Restore").click()
    expect(quick_log.get_by_label("Title")).to_have_value("Talk about cyber")
    expect(quick_log.get_by_label("Outcome")).to_have_value("Much was said.")
    fill_in(quick_log)
    quick_log.get_by_role("button", name="Save engagement").click()
    expect(quick_log.get_by_role("heading", level=1)).to_have_text("Talk about cyber")
    assert drafts(quick_log) == []


@browser_test
@pytest.mark.django_db(transaction=True)
def test_it_can_be_discarded(quick_log):
    type_something(quick_log)
    quick_log.goto(quick_log.url)
    quick_log.get_by_role("button", name="Discard").click()
    expect(quick_log.get_by_text("We kept what you typed")).to_have_count(0)
    assert drafts(quick_log) == []


@browser_test
@pytest.mark.django_db(transaction=True)
def test_a_session_that_ends_costs_nothing_that_was_typed(cast, quick_log, live_server):
    type_something(quick_log)
    fill_in(quick_log)
    quick_log.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    quick_log.get_by_role("button", name="Save engagement").click()
    expect(quick_log).to_have_url(re.compile("/accounts/login/|/engagements/new/"))
    assert len(drafts(quick_log)) == 1
    enter(quick_log, live_server, cast.officer)
    quick_log.goto(live_server.url + LOG)
    quick_log.get_by_role("button", name="Restore").click()
    expect(quick_log.get_by_label("Title")).to_have_value("Talk about cyber")


@browser_test
@pytest.mark.django_db(transaction=True)
def test_nobody_else_on_the_device_is_offered_it_and_signing_out_removes_it(cast, quick_log, live_server):
    type_something(quick_log)
    enter(quick_log, live_server, cast.techuk_officer)
    quick_log.goto(live_server.url + LOG)
    expect(quick_log.get_by_role("heading", level=1)).to_be_visible()
    expect(quick_log.get_by_text("We kept what you typed")).to_have_count(0)
    enter(quick_log, live_server, cast.officer)
    quick_log.goto(live_server.url + LOG)
    expect(quick_log.get_by_text("We kept what you typed")).to_be_visible()
    quick_log.locator(".top-bar details:has([data-sign-out]) > summary").click()
    quick_log.locator(".top-bar").get_by_role("button", name="Sign out").click()
    expect(quick_log).to_have_url(re.compile("/accounts/login/"))
    assert drafts(quick_log) == []


@browser_test
@pytest.mark.django_db(transaction=True)
def test_leaving_a_changed_form_asks_first_and_saving_it_does_not(quick_log):
    asked = []
    quick_log.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    type_something(quick_log)
    quick_log.get_by_role("link", name="Cancel").click()
    quick_log.wait_for_url("**/engagements/")
    assert asked == ["beforeunload"]
    quick_log.goto(quick_log.url + "new/")
    fill_in(quick_log)
    quick_log.get_by_role("button", name="Save engagement").click()
    expect(quick_log.get_by_role("heading", level=1)).to_have_text("Talk about cyber")
    assert asked == ["beforeunload"]


@browser_test
@pytest.mark.django_db(transaction=True)
def test_offline_saving_says_so_and_waits(quick_log):
    fill_in(quick_log)
    quick_log.context.set_offline(True)
    quick_log.get_by_role("button", name="Save engagement").click()
    expect(quick_log.get_by_text("You are offline.")).to_be_visible()
    assert not Engagement.objects.exists()
    quick_log.context.set_offline(False)
    expect(quick_log.get_by_role("heading", level=1)).to_have_text("Talk about cyber")
    assert Engagement.objects.count() == 1


@browser_test
@pytest.mark.django_db(transaction=True)
def test_back_and_save_asks_before_a_second_record(quick_log):
    fill_in(quick_log)
    quick_log.get_by_role("button", name="Save engagement").click()
    expect(quick_log.get_by_role("heading", level=1)).to_have_text("Talk about cyber")
    quick_log.go_back()
    fill_in(quick_log, "Talk about cyber security")
    quick_log.get_by_role("button", name="Save engagement").click()
    expect(quick_log.get_by_text("You have already saved this form, as")).to_be_visible()
    assert Engagement.objects.count() == 1
    quick_log.get_by_role("button", name="Save engagement").click()
    expect(quick_log.get_by_role("heading", level=1)).to_have_text("Talk about cyber security")
    assert Engagement.objects.count() == 2


def login(user):
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def test_a_session_lasts_two_weeks_from_its_last_use(cast):
    with time_machine.travel(dt.datetime(2026, 5, 4, 9, tzinfo=dt.UTC), tick=False) as clock:
        client = login(cast.officer)
        for _ in range(3):
            clock.shift(dt.timedelta(days=13))
            assert client.get(LOG).status_code == 200
        clock.shift(dt.timedelta(days=15))
        assert client.get(LOG).status_code == 302


def test_a_session_is_written_once_a_day(cast, django_assert_num_queries):
    client = login(cast.officer)
    client.get("/privacy/")
    with django_assert_num_queries(2):
        client.get("/privacy/")


def test_the_browser_is_told_only_of_a_form_that_was_taken(cast):
    client, sent = login(cast.officer), {"title": "Talk", "kind": "workshop", "draft": "concord-draft:1:/x#"}
    refused = client.post(LOG, sent)
    assert "concord_saved_draft" not in refused.cookies
    taken = client.post(LOG, sent | {"starts_on": timezone.localdate().isoformat()})
    assert taken.cookies["concord_saved_draft"].value == "concord-draft%3A1%3A%2Fx%23"
    assert "concord_saved_draft" not in Client().post(LOG, sent).cookies


@pytest.mark.parametrize("again", ["same", "other"])
def test_the_same_form_sent_again_is_a_second_record_only_if_asked(cast, again):
    client = login(cast.officer)
    sent = {"title": "Talk", "kind": "workshop", "starts_on": timezone.localdate().isoformat()}
    sent["form_key"] = "0b4c1f6e-3f0c-4f59-8d0c-3a0f4f0f0f0f"
    client.post(LOG, sent)
    response = client.post(LOG, sent | {"title": "Talk" if again == "same" else "Talks"})
    assert Engagement.objects.count() == 1
    assert response.status_code == (302 if again == "same" else 200)
    if again == "other":
        assert "You have already saved this form" in response.content.decode()
        key = response.context["form"]["form_key"].value()
        client.post(LOG, sent | {"title": "Talks", "form_key": key})
        assert sorted(Engagement.objects.values_list("title", flat=True)) == ["Talk", "Talks"]
