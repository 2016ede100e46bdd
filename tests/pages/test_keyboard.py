"""The keyboard's shorter ways: each is on its page, works where there is something to press, can be switched off."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from pages.navigation import shortcuts
from tests.browser import enter

PATH = "/agreements/lga-techuk/"


@pytest.mark.django_db
def test_the_page_lists_the_keys_that_an_agreements_page_has(cast, sign_in):
    page = sign_in(cast.officer).get(f"{PATH}actions/").content.decode()
    assert set(re.findall(r'data-keys="([^"]+)"', page)) == {keys for keys, _ in shortcuts()}
    listed = sign_in(cast.officer).get(reverse("keyboard")).content.decode()
    assert listed.count("<kbd>g</kbd> then") == sum(keys.startswith("g ") for keys, _ in shortcuts())


@pytest.mark.django_db
def test_somebody_who_switches_them_off_has_none_until_they_switch_them_on(cast, sign_in):
    client = sign_in(cast.officer)
    answer = client.post(reverse("keyboard_switch"), {"shortcuts": "off"}, follow=True).content.decode()
    assert "The shortcuts are switched off." in answer
    assert "Switch the shortcuts on" in answer
    assert "shortcuts.js" not in client.get(f"{PATH}actions/").content.decode()
    client.post(reverse("keyboard_switch"), {"shortcuts": "on"})
    assert "shortcuts.js" in client.get(f"{PATH}actions/").content.decode()


@pytest.mark.django_db
def test_the_page_opens_signed_out_without_a_switch(client):
    page = client.get(reverse("keyboard"))
    assert page.status_code == 200
    assert "Switch the shortcuts" not in page.content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_keys_press_what_they_say_and_not_while_one_types(cast, live_server, page, problems):
    enter(page, live_server, cast.officer)
    page.goto(f"{live_server.url}{PATH}actions/")
    page.keyboard.press("g")
    page.keyboard.press("e")
    expect(page).to_have_url(f"{live_server.url}{PATH}engagements/")
    page.wait_for_load_state()
    page.keyboard.press("/")
    search = page.get_by_role("searchbox", name="Search engagements").first
    expect(search).to_be_focused()
    page.keyboard.type("n?ge")
    expect(search).to_have_value("n?ge")
    expect(page).to_have_url(f"{live_server.url}{PATH}engagements/")
    page.locator("h1").click()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("Log an engagement")
    page.wait_for_load_state()
    page.locator("h1").click()
    page.keyboard.press("Shift+?")
    expect(page).to_have_url(f"{live_server.url}/keyboard/")
    assert problems == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_switched_off_the_keys_do_nothing(cast, live_server, page):
    enter(page, live_server, cast.officer)
    page.goto(f"{live_server.url}/keyboard/")
    page.get_by_role("button", name="Switch the shortcuts off").click()
    expect(page.get_by_text("The shortcuts are switched off.")).to_be_visible()
    page.goto(f"{live_server.url}{PATH}actions/")
    page.keyboard.press("n")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search engagements").first).not_to_be_focused()
    expect(page).to_have_url(f"{live_server.url}{PATH}actions/")
