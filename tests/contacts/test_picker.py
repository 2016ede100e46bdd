"""The picker in a real browser: by keyboard, by touch, and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from contacts.models import Person
from tests.browser import axe_findings, enter
from tests.factories import PersonFactory

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.contacts.trial")]

PASTE = """([field, text]) => {
    const data = new DataTransfer();
    data.setData("text", text);
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def trial(page, live_server, book, cast):
    """The trial page, open for an officer."""
    enter(page, live_server, cast.officer)
    page.goto(f"{live_server.url}/agreements/{cast.agreement.slug}/trial/")
    page.get_by_label("Title").fill("A title")
    return page


@pytest.fixture
def who(trial):
    """The combobox of who came."""
    return trial.get_by_role("combobox", name="Who came")


def search(who, text):
    """Type and wait for the list."""
    who.press_sequentially(text)
    expect(who).to_have_attribute("aria-expanded", "true")
    options = who.page.get_by_role("option")
    expect(options.filter(has_text=re.compile(f"Add “{text}”"))).to_be_visible()
    return options


def chips(page):
    """What is chosen, as text."""
    return page.locator("[data-picker=people] [data-chip-name]")


def save(page):
    """Send the form; what the answer says."""
    page.get_by_role("button", name="Save").click()
    return page.locator("body").inner_text()


def said(page, words):
    """What those hear who do not see the page change."""
    expect(page.locator("#announcer")).to_have_text(words)


def test_somebody_is_chosen_by_keyboard_alone(trial, who, book, problems):
    trial.get_by_label("Title").press("Tab")
    expect(who).to_be_focused()
    options = search(who, "mor")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(who).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    who.press("Enter")
    expect(chips(trial)).to_have_text(["Morag Lewis"])
    said(trial, "Added Morag Lewis.")
    expect(who).to_be_focused()
    expect(who).to_have_value("")
    assert "Saved: Morag Lewis; hosts" in save(trial)
    assert problems == []


def test_arrows_move_through_the_list_and_escape_closes_it(trial, who, book):
    PersonFactory(agreement=book.agreement, name="Morwenna Ash")
    options = search(who, "mor")
    who.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(options.nth(0)).to_have_attribute("aria-selected", "false")
    who.press("ArrowUp")
    who.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    who.press("Escape")
    expect(who).to_have_attribute("aria-expanded", "false")
    expect(who).to_have_value("mor")


def test_the_number_of_results_is_said_and_tab_leaves_the_field(trial, who):
    search(who, "mor")
    said(trial, "1 result.")
    assert axe_findings(trial) == []
    who.fill("")
    search(who, "zzz")
    said(trial, "Nothing found.")
    who.press("Tab")
    expect(who).not_to_be_focused()
    expect(who).to_have_attribute("aria-expanded", "false")


def test_chips_are_taken_away_by_backspace_or_their_button_and_nobody_is_chosen_twice(trial, who):
    for text in ("mor", "pri", "mor"):
        search(who, text)
        who.press("Enter")
    said(trial, "Morag Lewis is chosen already.")
    expect(chips(trial)).to_have_text(["Morag Lewis", "Priya Nair"])
    who.press("Backspace")
    said(trial, "Removed Priya Nair.")
    trial.get_by_role("button", name="Remove Morag Lewis").click()
    expect(chips(trial)).to_have_count(0)
    expect(who).to_be_focused()


def test_a_new_person_is_added_without_leaving_the_form(trial, who, book, problems):
    search(who, "Jo Reed")
    who.press("Enter")
    expect(trial.get_by_label("Name", exact=True)).to_be_focused()
    organisation = trial.get_by_role("combobox", name="Organisation")
    organisation.press_sequentially("north")
    trial.get_by_role("option", name="Northmoor Council").click()
    expect(organisation).to_have_value("Northmoor Council")
    trial.get_by_label("Email").fill("jo@northmoor.example")
    trial.get_by_label("Email").press("Enter")
    expect(chips(trial)).to_have_text(["Jo Reed"])
    expect(who).to_be_focused()
    jo = Person.objects.get(name="Jo Reed")
    assert (jo.organisation, jo.email) == (book.northmoor, "jo@northmoor.example")
    assert "Saved: Jo Reed; hosts" in save(trial)
    assert problems == []


def test_what_is_wrong_with_a_new_person_is_said_beside_the_field(trial, who, problems):
    search(who, "Jo Reed")
    who.press("Enter")
    trial.get_by_label("Email").fill("morag@eastmarch.example")
    trial.get_by_role("button", name="Add this person").click()
    error = trial.locator("#id_new_person-email_error")
    expect(error).to_contain_text("Morag Lewis, Eastmarch has this email already.")
    expect(error).to_be_visible()
    expect(trial.get_by_label("Email")).to_be_focused()
    expect(trial.get_by_label("Name", exact=True)).to_have_value("Jo Reed")
    assert axe_findings(trial) == []
    trial.get_by_label("Email").press("Escape")
    expect(trial.get_by_role("group", name="New person")).to_have_count(0)
    expect(who).to_be_focused()
    assert problems == []


def test_a_list_that_is_pasted_is_shown_and_confirmed_when_saving(trial, who, book):
    who.focus()
    trial.evaluate(PASTE, [who.element_handle(), "Morag Lewis, Eastmarch\r\nJo Reed, Northmoor Council"])
    said(trial, "2 lines are below, to be checked when you save.")
    expect(trial.get_by_label("One a line").first).to_have_value("Morag Lewis, Eastmarch\nJo Reed, Northmoor Council")
    assert "Check who the people are that you typed, then save again." in save(trial)
    expect(trial.get_by_role("group", name="You typed Jo Reed, Northmoor Council")).to_be_visible()
    assert axe_findings(trial) == []
    assert "Saved: Morag Lewis, Jo Reed; hosts" in save(trial)
    assert Person.objects.get(name="Jo Reed").organisation == book.northmoor


def test_one_name_that_is_pasted_is_searched_for_and_what_was_not_chosen_is_not_lost(trial, who):
    who.focus()
    trial.evaluate(PASTE, [who.element_handle(), "Jo Reed"])
    expect(trial.get_by_label("One a line").first).to_be_hidden()
    search(who, "Jo Reed")
    who.press("Escape")
    assert "Check who the people are" in save(trial)
    expect(trial.get_by_label("New person: Jo Reed")).to_be_checked()


def test_a_new_person_begun_and_not_added_is_not_lost(trial, who):
    search(who, "Jo Reed")
    who.press("Enter")
    trial.get_by_role("combobox", name="Organisation").fill("Northmoor Council")
    assert "Check who the people are" in save(trial)
    expect(trial.get_by_label("New person: Jo Reed at Northmoor Council")).to_be_checked()


def test_when_the_server_cannot_be_reached_a_list_can_still_be_typed(trial, who):
    trial.route("**/contacts/pick/**", lambda route: route.abort())
    who.press_sequentially("mor")
    said(trial, "The contacts cannot be reached. Type below, one a line.")
    expect(trial.get_by_label("One a line").first).to_be_visible()


def test_an_owner_is_completed_to_what_the_server_understands_and_chips_outlive_an_error(trial, who, book):
    PersonFactory(agreement=book.agreement, name="Morag Lewis", organisation=book.eastmarch)
    search(who, "pri")
    who.press("Enter")
    owner = trial.get_by_role("combobox", name="Owner")
    owner.press_sequentially("morag")
    trial.get_by_role("option", name="Morag Lewis").last.click()
    expect(owner).to_have_value("Morag Lewis, Eastmarch")
    trial.get_by_label("Title").fill("")
    assert "Nothing is saved yet." in save(trial)
    expect(chips(trial)).to_have_text(["Priya Nair"])
    trial.get_by_label("Title").fill("A title")
    assert "Saved: Priya Nair; hosts: ; owner: Morag Lewis" in save(trial)


def test_another_host_is_chosen_or_added(trial):
    others = trial.get_by_role("combobox", name="Others")
    others.press_sequentially("northm")
    expect(trial.get_by_role("option").first).to_contain_text("Northmoor Council")
    others.press("Enter")
    others.press_sequentially("Third Party")
    expect(trial.get_by_role("option", name="Add “Third Party” as a new organisation…")).to_be_visible()
    others.press("Enter")
    trial.get_by_label("techUK").check()
    assert "hosts: techUK, Northmoor Council, Third Party;" in save(trial)


class TestByTouch:
    """On a telephone."""

    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return browser_context_args | {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

    def test_people_are_chosen_taken_away_and_added_by_touch(self, trial, who):
        who.tap()
        options = search(who, "mor")
        assert options.first.bounding_box()["height"] >= 44
        options.first.tap()
        expect(chips(trial)).to_have_text(["Morag Lewis"])
        expect(who).to_be_focused()
        trial.get_by_role("button", name="Remove Morag Lewis").tap()
        expect(chips(trial)).to_have_count(0)
        search(who, "Jo Reed").last.tap()
        trial.get_by_role("button", name="Add this person").tap()
        expect(chips(trial)).to_have_text(["Jo Reed"])


class TestWithoutJavaScript:
    """Everything works, in two steps."""

    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return browser_context_args | {"java_script_enabled": False}

    def test_lines_are_typed_confirmed_and_saved(self, trial, book):
        trial.get_by_label("Who came").fill("Morag Lewis\nJo Reed, New Council, jo@new.example\nAl")
        trial.get_by_label("techUK").check()
        assert "Check who the people are that you typed, then save again." in save(trial)
        trial.get_by_role("group", name="You typed Al").get_by_label("Leave out").check()
        assert "Saved: Morag Lewis, Jo Reed; hosts: techUK;" in save(trial)
        assert Person.objects.get(name="Jo Reed").organisation.name == "New Council"

    def test_who_was_there_before_can_be_unticked(self, trial, book):
        trial.goto(f"{trial.url}?who={book.morag.pk}&who={book.priya.pk}")
        trial.get_by_label("Title").fill("A title")
        trial.get_by_label("Morag Lewis Eastmarch").uncheck()
        assert "Saved: Priya Nair; hosts" in save(trial)
