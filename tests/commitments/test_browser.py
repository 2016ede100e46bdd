"""Commitments in a real browser: clean for assistive technology, by keyboard alone, and without JavaScript."""

import pytest

from commitments.models import Commitment, PlanNumber
from tests.browser import axe_findings, enter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "/agreements/lga-techuk/commitments/"


def test_each_page_is_clean_for_assistive_technology(cast, live_server, page, problems, commitment):
    enter(page, live_server, cast.lead)
    for where in ("", "new/", "{pk}/", "{pk}/edit/", "{pk}/history/", "{pk}/delete/", "plan/", "plan/edit/"):
        page.goto(live_server.url + LIST + where.format(pk=commitment.pk))
        assert axe_findings(page) == [], where
    assert problems == []


def test_an_error_is_clean_too_and_leads_to_its_field(cast, live_server, page, problems):
    enter(page, live_server, cast.lead)
    page.goto(f"{live_server.url}{LIST}new/")
    page.get_by_label("Title").fill("Four roundtables a year")
    page.get_by_label("A rhythm: so many in a period").check()
    page.get_by_role("button", name="Save commitment").click()
    page.get_by_role("link", name="Say how many").click()
    assert page.evaluate("document.activeElement.name") == "rhythm_count"
    assert axe_findings(page) == []


def test_a_commitment_is_added_by_keyboard_alone(cast, live_server, page):
    enter(page, live_server, cast.lead)
    page.goto(f"{live_server.url}{LIST}new/")
    page.get_by_label("Title").focus()
    page.keyboard.type("Kept by keys")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Kept by keys").wait_for()
    assert Commitment.objects.get().title == "Kept by keys"


def test_a_commitment_is_changed_without_javascript(cast, live_server, browser, commitment):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(page, live_server, cast.lead)
    page.goto(f"{live_server.url}{LIST}{commitment.pk}/edit/")
    page.get_by_label("Done by a date").check()
    page.get_by_label("Due").fill("2027-03-31")
    page.get_by_role("button", name="Save commitment").click()
    assert "By 31 March 2027" in page.content()
    context.close()


def test_the_plan_is_set_by_keyboard_alone_and_an_error_leads_to_its_field(cast, live_server, page, problems):
    enter(page, live_server, cast.lead)
    page.goto(f"{live_server.url}{LIST}plan/")
    page.get_by_role("link", name="Set the plan").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Workshop").focus()
    page.keyboard.type("abc")
    page.keyboard.press("Tab")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Workshop: Give a whole number").click()
    assert page.evaluate("document.activeElement.name") == "workshop"
    assert axe_findings(page) == []
    page.keyboard.press("Control+A")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    page.get_by_text("0 held of 16 in the plan").wait_for()
    assert axe_findings(page) == []
    assert problems == []


def test_the_plan_is_set_and_left_to_the_rhythms_without_javascript(cast, live_server, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    enter(page, live_server, cast.lead)
    page.goto(f"{live_server.url}{LIST}plan/edit/")
    page.get_by_label("Webinar").fill("6")
    page.get_by_role("button", name="Save the plan").click()
    assert PlanNumber.objects.get().number == 6
    page.get_by_role("link", name="Change the plan").click()
    page.get_by_role("button", name="Use the sum of the rhythms instead").click()
    page.get_by_text("This year has no plan").wait_for()
    assert not PlanNumber.objects.exists()
    context.close()
