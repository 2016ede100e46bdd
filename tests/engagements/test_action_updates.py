"""The owner of an action marks it as done, or says how it is going, by a signed link and without an account."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from engagements.models import Action
from engagements.operations.action import add_action, finish_action
from engagements.rules.action_links import LinkedAction, action_path, linked_action
from reminders.operations.sweeping import sweep
from tests.engagements.pages import address, planned
from tests.factories import ActionFactory, PersonFactory
from tests.reminders.conftest import outbox


@pytest.fixture
def ana(cast):
    return PersonFactory(agreement=cast.agreement, name="Ana", email="ana@council.example")


@pytest.fixture
def action(cast, ana):
    return ActionFactory(
        agreement=cast.agreement,
        engagement=planned(cast, title="AI procurement"),
        title="Send the draft",
        owner_organisation=None,
        owner_person=ana,
        due_on=dt.date(2027, 3, 9),
    )


def path(action):
    return action_path(action.pk, action.owner_person_id)


def text(response):
    return " ".join(response.content.decode().split())


def test_looking_changes_nothing(client, action):
    for ask in (client.get, client.head, client.get):
        response = ask(path(action))
    page = text(response)
    for words in ("Send the draft", "Tuesday 9 March 2027", "AI procurement", "Mark as done", "Save progress"):
        assert words in page
    assert not Action.pgh_event_model.objects.filter(pgh_label="update").exists()
    for header, value in {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}.items():
        assert response[header] == value


def test_one_press_marks_it_as_done_and_says_so(cast, action):
    client = Client(enforce_csrf_checks=True)
    response = client.post(path(action), {"press": "done", "progress": "Sent on Monday"}, follow=True)
    assert "Marked as done." in text(response)
    action.refresh_from_db()
    assert (action.done_on, action.done_by, action.progress) == (
        timezone.localdate(),
        action.owner_person,
        "Sent on Monday",
    )


def test_how_it_is_going_is_kept_and_shown_to_all_who_see_the_action(cast, client, action, sign_in):
    response = client.post(path(action), {"press": "save", "progress": "Half <way>"}, follow=True)
    assert "Progress saved." in text(response)
    assert "Half &lt;way&gt;" in text(response)
    action.refresh_from_db()
    assert (action.is_done, action.progress_on) == (False, timezone.localdate())
    for page in (action.engagement.get_absolute_url(), f"/agreements/{cast.agreement.slug}/actions/"):
        assert "Half &lt;way&gt;" in text(sign_in(cast.viewer).get(page))


def test_history_says_that_the_owner_did_it(cast, client, action, sign_in):
    client.post(path(action), {"press": "save", "progress": "Half way"})
    entries = sign_in(cast.officer).get(address("history", action.engagement)).context["page_obj"]
    [entry] = [entry for entry in entries if entry.verb == "updated progress"]
    assert entry.who == "Ana"
    assert ("Send the draft: progress", "", "Half way") in entry.changes


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"press": "save", "progress": ""}, "Enter how the action is going."),
        ({"press": "save", "progress": " \n "}, "Enter how the action is going."),
        ({"progress": "Half way"}, "Select Mark as done or Save progress."),
        ({"press": "burn", "progress": "Half way"}, "Select Mark as done or Save progress."),
        ({"press": "done", "progress": "x" * 1001}, "at most 1000 are possible"),
    ],
)
def test_what_is_missing_or_too_long_is_said_and_nothing_is_saved(client, action, data, words):
    response = client.post(path(action), data)
    assert words in text(response)
    assert data.get("progress", "").strip() in text(response)
    action.refresh_from_db()
    assert (action.is_done, action.progress) == (False, "")


def test_what_is_done_stays_as_it_was(cast, client, action):
    finish_action(action, by=cast.officer)
    assert "Mark as done" not in text(client.get(path(action)))
    client.post(path(action), {"press": "save", "progress": "Too late"})
    action.refresh_from_db()
    assert (action.progress, action.done_by) == ("", cast.agreement.people.get(user=cast.officer))


def reassign(action):
    Action.objects.filter(pk=action.pk).update(owner_person=PersonFactory(agreement=action.agreement))


def let_go(action):
    action.owner_person.left_on = timezone.localdate()
    action.owner_person.save()


@pytest.mark.parametrize("change", [reassign, let_go, Action.delete])
def test_a_link_of_somebody_who_no_longer_owns_it_opens_nothing(client, action, change):
    link = path(action)
    change(action)
    for response in (client.get(link), client.post(link, {"press": "done"})):
        assert response.status_code == 410
        assert "Send the draft" not in text(response)
    assert not Action.objects.filter(done_on__isnull=False).exists()


@given(st.text(max_size=80))
def test_nothing_but_what_we_signed_is_a_link(signed):
    assert linked_action(signed) is None


def test_what_was_signed_comes_back():
    assert linked_action(action_path(7, 3).split("/")[-2]) == LinkedAction(7, 3)


def test_a_link_for_a_reply_opens_no_action(client):
    assert client.get("/action/W10.x/").status_code == 404


def test_the_email_to_an_owner_without_an_account_has_the_link(cast, action, settings):
    settings.SITE_URL = "https://concord.example"
    add_action(Action(agreement=cast.agreement, title="Ring", owner_person=action.owner_person), by=cast.officer)
    sweep()
    [letter] = outbox()
    link = f"https://concord.example{action_path(Action.objects.get(title='Ring').pk, action.owner_person_id)}"
    assert all(link in letter.get_body((kind,)).get_content() for kind in ("plain", "html"))


def progress_page(action):
    return f"/agreements/{action.agreement.slug}/actions/{action.pk}/progress/"


@pytest.mark.parametrize("who", ["officer", "viewer"])
def test_officers_and_an_owner_with_an_account_do_the_same_when_they_sign_in(cast, action, sign_in, who):
    Action.objects.filter(pk=action.pk).update(owner_person=cast.agreement.people.get(user=cast.viewer))
    client = sign_in(getattr(cast, who))
    is_linked = progress_page(action) in text(client.get(action.engagement.get_absolute_url()))
    assert is_linked is (who == "viewer"), "an officer finds it in the form of the action"
    assert "Enter how the action is going." in text(client.post(progress_page(action), {"press": "save"}))
    page = text(client.post(progress_page(action), {"press": "save", "progress": "Half way"}, follow=True))
    assert "Progress saved." in page
    assert "Half way" in page
    client.post(progress_page(action), {"press": "done", "progress": "Sent"})
    action.refresh_from_db()
    assert (action.done_by.user, action.progress) == (getattr(cast, who), "Sent")


def test_nobody_else_may(cast, action, sign_in):
    client = sign_in(cast.viewer)
    assert client.get(progress_page(action)).status_code == 403
    assert client.post(progress_page(action), {"press": "done"}).status_code == 403
    assert progress_page(action) not in text(client.get(action.engagement.get_absolute_url()))


def test_an_officer_writes_progress_in_the_form_too(cast, action, sign_in):
    page = text(sign_in(cast.officer).get(f"/agreements/{cast.agreement.slug}/actions/{action.pk}/edit/"))
    assert 'name="progress"' in page
