"""The picker in a real browser: by keyboard, by touch, and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from contacts.models import Person
from tests.browser import axe_findings, enter, paste
from tests.factories import PersonFactory

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.contacts.trial")]


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


def rows(page):
    """The names in the table of people to check, from the top."""
    page.wait_for_selector("[data-person-row]")
    return [box.input_value() for box in page.get_by_role("textbox", name="Name", exact=True).all()]


def choice(page, name):
    """The control that says who somebody in the table is."""
    return page.get_by_role("combobox", name=f"Who {name} is")


def test_a_list_is_read_when_it_is_pasted_and_saved_with_one_press(trial, who, book, problems):
    paste(trial, who, "Morag Lewis, Eastmarch\r\nReed, Jo (Northmoor Council)\r\nPriya")
    assert rows(trial) == ["Priya", "Morag Lewis", "Jo Reed"]
    said(trial, "3 people: 1 already in contacts, 1 new. 1 to check.")
    expect(choice(trial, "Priya")).to_have_value("")
    expect(choice(trial, "Morag Lewis")).to_have_value(str(book.morag.pk))
    expect(choice(trial, "Jo Reed")).to_have_value("new")
    assert axe_findings(trial) == []
    choice(trial, "Priya").select_option("Skip")
    expect(trial.locator("[data-people-summary]")).to_have_text("3 people: 1 already in contacts, 1 new, 1 skipped.")
    assert "Saved: Morag Lewis, Jo Reed; hosts" in save(trial)
    assert Person.objects.get(name="Jo Reed").organisation == book.northmoor
    assert problems == []


def test_a_cell_that_is_edited_is_read_anew(trial, who, book):
    paste(trial, who, "Priya\nJo Reed")
    name = trial.get_by_role("textbox", name="Name", exact=True).first
    expect(name).to_be_focused()
    name.fill("Cllr Priya Nair")
    name.press("Tab")
    expect(trial.locator("[data-person-choice] select").first).to_have_value(str(book.priya.pk))
    expect(trial.locator(".people-row").first).not_to_have_class(re.compile("is-doubtful"))
    expect(trial.locator("[data-people-summary]")).to_have_text("2 people: 1 already in contacts, 1 new.")
    assert "Saved: Priya Nair, Jo Reed; hosts" in save(trial)


def test_a_second_list_joins_the_first_and_those_in_doubt_stand_together(trial, who):
    paste(trial, who, "Jo Reed\nAl")
    assert rows(trial) == ["Al", "Jo Reed"]
    paste(trial, who, "Xu Li\nBo")
    expect(trial.locator("[data-person-row]")).to_have_count(4)
    assert rows(trial) == ["Al", "Bo", "Jo Reed", "Xu Li"]


def test_a_list_that_cannot_be_read_stays_as_it_was_pasted(trial, who):
    paste(trial, who, "Jo Reed\n" * 501)
    expect(trial.get_by_label("One a line").first).to_be_visible()
    assert "This list has more than 500 people." in save(trial)
    assert trial.get_by_label("One a line").first.input_value().count("Jo Reed") == 501


def test_one_name_that_is_pasted_is_searched_for_and_what_was_not_chosen_is_not_lost(trial, who):
    paste(trial, who, "Jo Reed")
    expect(trial.get_by_label("One a line").first).to_be_hidden()
    search(who, "Jo Reed")
    who.press("Escape")
    assert "Check that we read them correctly" in save(trial)
    expect(choice(trial, "Jo Reed")).to_have_value("new")


def test_a_new_person_begun_and_not_added_is_not_lost(trial, who):
    search(who, "Jo Reed")
    who.press("Enter")
    trial.get_by_role("combobox", name="Organisation").fill("Northmoor Council")
    assert "Check that we read them correctly" in save(trial)
    expect(choice(trial, "Jo Reed")).to_have_value("new")
    expect(trial.get_by_role("textbox", name="Organisation of Jo Reed")).to_have_value("Northmoor Council")


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


def test_enter_takes_the_first_suggestion_of_an_owner_and_sends_nothing(trial, book):
    owner = trial.get_by_role("combobox", name="Owner")
    owner.press_sequentially("pri")
    expect(trial.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    owner.press("Enter")
    expect(owner).to_have_value("Priya Nair, Northmoor Council")
    said(trial, "Chosen: Priya Nair, Northmoor Council.")
    assert "Saved: ; hosts: ; owner: Priya Nair" in save(trial)


def test_enter_pressed_before_the_suggestions_are_there_takes_the_first_as_well(trial, book):
    owner = trial.get_by_role("combobox", name="Owner")
    owner.fill("morag")
    owner.press("Enter")
    expect(owner).to_have_value("Morag Lewis, Eastmarch")
    expect(owner).to_be_focused()
    # What is chosen is chosen: Enter now sends the form.
    owner.press("Enter")
    expect(trial.get_by_text("owner: Morag Lewis")).to_be_visible()


def test_an_owner_who_is_in_no_contacts_is_added_without_leaving_the_form(trial, book, problems):
    owner = trial.get_by_role("combobox", name="Owner")
    owner.press_sequentially("Jo Reed")
    trial.get_by_role("option", name="Add “Jo Reed” as a new person…").click()
    expect(trial.get_by_label("Name", exact=True)).to_be_focused()
    trial.get_by_label("Name", exact=True).fill("Dr Jo Reed")
    trial.get_by_role("button", name="Add this person").click()
    said(trial, "Chosen: Jo Reed.")
    expect(owner).to_have_value("Jo Reed")
    assert Person.objects.get(name="Jo Reed").title == "Dr"
    assert "owner: Dr Jo Reed" in save(trial)
    assert problems == []


def test_several_owners_of_one_name_are_offered_as_a_choice(trial, book):
    PersonFactory(agreement=book.agreement, name="Morag Lee")
    trial.get_by_role("combobox", name="Owner").fill("morag")
    assert "2 people match “morag”. Select one." in save(trial)
    assert axe_findings(trial) == []
    trial.get_by_role("radio", name="Morag Lee").check()
    assert "owner: Morag Lee" in save(trial)


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
        trial.get_by_label("Who came").fill("Morag Lewis\nJo Reed, New Council, jo@new.example\nAl\nCllr X Li")
        trial.get_by_label("techUK").check()
        assert "Check that we read them correctly, then save." in save(trial)
        assert rows(trial) == ["Al", "Morag Lewis", "Jo Reed", "Cllr X Li"]
        assert "Select who “Al” is." in save(trial)
        choice(trial, "Al").select_option("Skip")
        choice(trial, "Cllr X Li").select_option("Skip")
        assert "Saved: Morag Lewis, Jo Reed; hosts: techUK;" in save(trial)
        assert Person.objects.get(name="Jo Reed").organisation.name == "New Council"

    def test_an_owner_is_selected_or_added(self, trial, book):
        PersonFactory(agreement=book.agreement, name="Morag Lee")
        trial.get_by_label("Owner").fill("Morag")
        assert "2 people match “Morag”. Select one." in save(trial)
        trial.get_by_label("Morag Lee").check()
        assert "owner: Morag Lee" in save(trial)

    def test_an_owner_whom_nobody_knows_is_added(self, trial, book):
        trial.get_by_label("Owner").fill("Jo Reed, Northmoor Council")
        assert "No match for “Jo Reed, Northmoor Council”." in save(trial)
        trial.get_by_label("Add “Jo Reed, Northmoor Council” as a new contact").check()
        assert "owner: Jo Reed" in save(trial)
        assert Person.objects.get(name="Jo Reed").organisation == book.northmoor

    def test_who_was_there_before_can_be_unticked(self, trial, book):
        trial.goto(f"{trial.url}?who={book.morag.pk}&who={book.priya.pk}")
        trial.get_by_label("Title").fill("A title")
        trial.get_by_label("Morag Lewis Eastmarch").uncheck()
        assert "Saved: Priya Nair; hosts" in save(trial)
