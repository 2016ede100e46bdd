"""Nothing typed is lost: drafts on the device, forms that are left, Back, and sessions."""

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from contacts.models import Organisation, Person
from engagements.models import Document, Engagement
from tests.browser import choose, enter, paste
from tests.engagements.pages import address, held
from tests.factories import PersonFactory

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
def test_what_is_typed_before_restore_is_pressed_does_not_replace_what_was_kept(quick_log):
    type_something(quick_log)
    quick_log.goto(quick_log.url)
    quick_log.get_by_label("Title").fill("T")
    quick_log.wait_for_timeout(WAIT)
    quick_log.get_by_role("button", name="Restore").click()
    expect(quick_log.get_by_label("Title")).to_have_value("Talk about cyber")
    expect(quick_log.get_by_label("Outcome")).to_have_value("Much was said.")


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


def leave_by_a_session_that_ends(page, live_server, user):
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.locator(".save-bar").get_by_role("button", name="Save").first.click()
    expect(page.get_by_label("Password")).to_be_visible()
    enter(page, live_server, user)
    page.goto(live_server.url + urlsplit(page.url).query.removeprefix("next="))


def leave_by_an_error_page_and_back(page, live_server, user):
    page.route("**/*", fail_to_save)
    page.locator(".save-bar").get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("It broke.")).to_be_visible()
    page.unroute("**/*")
    page.go_back()


def fail_to_save(route):
    if route.request.method == "POST":
        route.fulfill(status=500, body="It broke.")
    else:
        route.fallback()


LEAVE = pytest.mark.parametrize("leave", [leave_by_a_session_that_ends, leave_by_an_error_page_and_back])


@LEAVE
@browser_test
@pytest.mark.django_db(transaction=True)
def test_rows_that_were_added_and_people_who_were_chosen_are_put_back(leave, cast, page, live_server, problems):
    PersonFactory(agreement=cast.agreement, name="Morag Lewis")
    enter(page, live_server, cast.officer)
    page.goto(f"{live_server.url}/agreements/lga-techuk/engagements/new/full/")
    page.get_by_label("Title").fill("Talk about cyber")
    choose(page, "Workshop")
    page.get_by_label("Date", exact=True).fill(timezone.localdate().isoformat())
    page.get_by_label("techUK", exact=True).check(force=True)
    page.get_by_role("combobox", name="Others").press_sequentially("Third Party")
    expect(page.get_by_role("option", name="Add “Third Party” as a new organisation…")).to_be_visible()
    page.get_by_role("combobox", name="Others").press("Enter")
    who = page.get_by_role("combobox", name="Who came")
    who.press_sequentially("morag")
    expect(page.get_by_role("option").first).to_contain_text("Morag Lewis")
    who.press("Enter")
    paste(page, who, "Jo Reed (Northmoor Council)\nPriya\nAl")
    page.get_by_role("combobox", name="Who Priya is").select_option("New contact")
    page.get_by_role("combobox", name="Who Al is").select_option("Skip")
    for number in (3, 4):
        page.get_by_role("button", name="Add another action").click()
        expect(page.get_by_label("What is to be done")).to_have_count(number)
    page.get_by_label("What is to be done").nth(3).fill("Ring them")
    page.get_by_label("Who does it").nth(3).fill("techUK")
    page.get_by_label("Who does it").nth(3).press("Tab")
    page.wait_for_timeout(WAIT)
    leave(page, live_server, cast.officer)
    page.get_by_role("button", name="Restore").click()
    said = page.get_by_role("status").filter(has_text=re.compile(r"is back\. It is not saved yet\.\s*$"))
    expect(said).to_be_focused()
    expect(said).to_be_in_viewport()
    expect(page.locator("[data-chip-name]")).to_have_text(["Third Party", "Morag Lewis"])
    expect(page.locator("[data-people-summary]")).to_have_text("3 people: 0 already in contacts, 2 new, 1 skipped.")
    expect(page.get_by_label("What is to be done")).to_have_count(4)
    page.locator(".save-bar").get_by_role("button", name="Save engagement").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Talk about cyber")
    engagement = Engagement.objects.get()
    people = Person.objects.filter(participations__engagement=engagement).values_list("name", flat=True)
    assert sorted(people) == ["Jo Reed", "Morag Lewis", "Priya"]
    assert sorted(host.name for host in engagement.hosts.all()) == ["Third Party", "techUK"]
    assert [(action.title, action.owner_organisation) for action in engagement.actions.all()] == [
        ("Ring them", Organisation.objects.get(name="techUK"))
    ]
    assert drafts(page) == []


FILE = {"name": "Agenda – May.txt", "mimeType": "text/plain", "buffer": b"1. Cyber"}


@pytest.fixture
def paper_form(cast, page, live_server, problems, settings, tmp_path):
    """The form of a new paper, opened by an officer, with a file chosen."""
    settings.MEDIA_ROOT = tmp_path
    enter(page, live_server, cast.officer)
    page.goto(live_server.url + address("new_document", held(cast)))
    page.get_by_label("File").set_input_files(FILE)
    return page


def chosen(page):
    """The names of the files that are chosen."""
    return page.evaluate("[...document.querySelector('[type=file]').files].map((file) => file.name)")


def kept_files(page):
    return page.evaluate("caches.open('concord-draft-files').then((all) => all.keys()).then((keys) => keys.length)")


def save_paper(page):
    page.get_by_role("button", name="Save paper").click()


@browser_test
@pytest.mark.django_db(transaction=True)
def test_a_chosen_file_is_there_when_the_form_comes_back_with_an_error(paper_form):
    save_paper(paper_form)
    expect(paper_form.locator("[data-error-summary] li")).to_have_text(
        ["Who may read it: Say who: everyone, or your party only."]
    )
    paper_form.wait_for_function("document.querySelector('[type=file]').files.length === 1")
    choose(paper_form, "Everyone in the agreement")
    save_paper(paper_form)
    expect(paper_form.get_by_text("“Agenda – May.txt” is added.")).to_be_visible()
    with Document.objects.get().file as file:
        assert file.read() == b"1. Cyber"
    assert (drafts(paper_form), kept_files(paper_form)) == ([], 0)


@browser_test
@pytest.mark.django_db(transaction=True)
def test_a_chosen_file_is_restored_after_a_session_that_ended_and_removed_on_signing_out(cast, paper_form, live_server):
    choose(paper_form, "LGA only")
    leave_by_a_session_that_ends(paper_form, live_server, cast.officer)
    assert chosen(paper_form) == []
    paper_form.get_by_role("button", name="Restore").click()
    expect(paper_form.get_by_text("It is not saved yet.")).to_be_visible()
    paper_form.wait_for_function("document.querySelector('[type=file]').files.length === 1")
    assert chosen(paper_form) == ["Agenda – May.txt"]
    paper_form.locator(".top-bar details:has([data-sign-out]) > summary").click()
    paper_form.locator(".top-bar").get_by_role("button", name="Sign out").click()
    expect(paper_form).to_have_url(re.compile("/accounts/login/"))
    paper_form.wait_for_function(
        "caches.open('concord-draft-files').then((all) => all.keys()).then((keys) => !keys.length)"
    )
    assert drafts(paper_form) == []


@browser_test
@pytest.mark.django_db(transaction=True)
def test_a_file_that_cannot_be_kept_is_asked_for_again(paper_form):
    paper_form.evaluate("document.querySelector('[type=file]').dataset.largest = 1")
    paper_form.get_by_label("File").set_input_files(FILE)
    save_paper(paper_form)
    expect(paper_form.locator("[data-error-summary]")).to_contain_text("Choose the file “Agenda – May.txt” again.")
    assert chosen(paper_form) == []


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
