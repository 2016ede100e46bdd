"""A page is not sent again for as long as it would look the same, and no longer."""

import datetime as dt
import threading

import pytest
from django.apps import apps
from django.db import connection, connections, transaction
from django.test import Client

from engagements.models import Engagement
from engagements.operations.engagement import cancel_engagement
from partnership.models import Version
from partnership.operations import give_role
from records.versions import TRIGGER, watched
from tests.factories import (
    ActionFactory,
    CommitmentFactory,
    EngagementFactory,
    NoteFactory,
    ParticipationFactory,
    PersonFactory,
    WorkstreamFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


class Browser(Client):
    """A browser that keeps what it was sent, and asks whether that still holds, as one with no-cache has to."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.kept, self.statuses = {}, []

    def get(self, url, **kwargs):
        tag = self.kept[url]["ETag"] if url in self.kept else ""
        answer = super().get(url, **kwargs, **({"headers": {"If-None-Match": tag}} if tag else {}))
        self.statuses.append(answer.status_code)
        if answer.status_code == 200 and answer.has_header("ETag"):
            self.kept[url] = answer
        return self.kept[url] if answer.status_code == 304 else answer


@pytest.fixture
def sign_in():
    def open_browser(user):
        browser = Browser()
        browser.force_login(user)
        return browser

    return open_browser


PAGES = {
    "dashboard": "",
    "list": "engagements/",
    "search": "engagements/?q=skills",
    "record": "engagements/{pk}/",
    "actions": "actions/",
    "calendar": "calendar/?month=2030-05",
    "commitments": "commitments/",
    "workstreams": "workstreams/",
    "workstream": "workstreams/procurement/",
}


@pytest.fixture
def engagement(cast):
    """One to come, with somebody in it."""
    engagement = EngagementFactory(
        agreement=cast.agreement, title="Skills roundtable", status="planned", starts_on=dt.date(2030, 5, 2)
    )
    engagement.workstreams.add(cast.workstream, through_defaults={"agreement": cast.agreement})
    ParticipationFactory(engagement=engagement, person=PersonFactory(agreement=cast.agreement))
    return engagement


def address(cast, name, engagement):
    """The address of one of ``PAGES``."""
    return f"/agreements/{cast.agreement.slug}/{PAGES[name].format(pk=engagement.pk)}"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_seen_again_is_not_sent_again(cast, sign_in, engagement, name, django_assert_max_num_queries):
    browser, url = sign_in(cast.officer), address(cast, name, engagement)
    # With the first page comes the secret of its forms.
    for _ in range(2):
        browser.get(url)
    # The session, the user, the memberships; and for a record the tally of its deliveries and those that wait.
    with django_assert_max_num_queries(5 if name == "record" else 3):
        browser.get(url)
    assert browser.statuses[-1] == 304


def test_the_tag_is_weak_and_the_page_the_readers_own(cast, sign_in, engagement):
    answer = sign_in(cast.officer).get(address(cast, "dashboard", engagement))
    assert answer["ETag"].startswith('W/"')
    assert answer["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("tag", ["*", 'W/"nonsense-99999999999"', 'W/"-"', '"', 'W/"x-y", 3'])
def test_a_tag_that_is_not_ours_brings_the_page(cast, client, engagement, tag):
    client.force_login(cast.officer)
    url = address(cast, "dashboard", engagement)
    client.get(url)
    answer = client.get(url, headers={"If-None-Match": tag})
    assert answer.status_code == (304 if tag == "*" else 200)


def test_another_release_sends_the_page_again(cast, sign_in, engagement, monkeypatch):
    browser, url = sign_in(cast.officer), address(cast, "dashboard", engagement)
    for _ in range(3):
        browser.get(url)
    monkeypatch.setattr("pages.conditional.release", lambda: "another")
    browser.get(url)
    assert browser.statuses[-2:] == [304, 200]


def test_while_the_site_is_built_no_page_has_a_tag(cast, client, engagement, settings):
    settings.DEBUG = True
    client.force_login(cast.officer)
    assert not client.get(address(cast, "dashboard", engagement)).has_header("ETag")


@pytest.mark.parametrize("name", PAGES)
def test_what_anybody_changes_is_seen_at_once(cast, sign_in, engagement, name):
    client, url = sign_in(cast.officer), address(cast, name, engagement)
    client.get(url)
    # By hand, past every action and signal of the code.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE engagements_engagement SET title = 'Skills breakfast' WHERE id = %s", [engagement.pk])
        cursor.execute("UPDATE workstreams_workstream SET name = 'Buying' WHERE id = %s", [cast.workstream.pk])
    CommitmentFactory(agreement=cast.agreement, title="Meet often")
    ActionFactory(agreement=cast.agreement, title="Send the slides")
    body = client.get(url).content.decode()
    expected = {"actions": "Send the slides", "commitments": "Meet often", "workstreams": "Buying"}
    assert expected.get(name, "Skills breakfast") in body


def test_a_form_on_a_page_that_was_not_sent_again_still_works(cast, engagement):
    Engagement.objects.filter(pk=engagement.pk).update(starts_on=dt.date(2026, 5, 2))
    client = Browser(enforce_csrf_checks=True)
    client.force_login(cast.officer)
    url = address(cast, "record", engagement)
    for _ in range(2):
        client.get(url)
    body = client.get(url).content.decode()
    assert client.statuses[-1] == 304
    token = body.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert client.post(f"{url}took-place/", {"csrfmiddlewaretoken": token}).status_code == 302
    engagement.refresh_from_db()
    assert engagement.status == "held"


def test_nobody_is_shown_the_page_of_somebody_else(cast, engagement):
    client = Browser()
    NoteFactory(engagement=engagement, text="Ours alone", party=cast.lga)
    url = address(cast, "record", engagement)
    for user, sees in ((cast.officer, True), (cast.techuk_officer, False), (cast.viewer, False)):
        client.force_login(user)
        for _ in range(2):
            assert (b"Ours alone" in client.get(url).content) is sees
    client.force_login(cast.outsider)
    assert client.get(url).status_code == 404


def test_a_role_that_is_taken_away_shows_at_once(cast, sign_in, engagement):
    client, url = sign_in(cast.officer), address(cast, "record", engagement)
    assert b"Edit" in client.get(url).content
    give_role(cast.agreement, email=cast.officer.email, role="viewer", party=cast.lga, by=None)
    assert b"/edit/" not in client.get(url).content


def test_a_message_is_shown_once(cast, sign_in, engagement):
    client, url = sign_in(cast.officer), address(cast, "record", engagement)
    client.get(url)
    client.post(f"{url}confirm/")
    assert b"It is confirmed." in client.get(url).content
    assert b"It is confirmed." not in client.get(url).content


def test_a_page_is_sent_again_when_an_engagement_begins_and_ends(cast, sign_in, engagement, time_machine):
    Engagement.objects.filter(pk=engagement.pk).update(start_time="10:00", end_time="11:00")
    time_machine.move_to(dt.datetime(2030, 5, 2, 8, 30, tzinfo=dt.UTC), tick=False)
    client, url = sign_in(cast.officer), address(cast, "record", engagement)
    assert b"Did it take place?" not in client.get(url).content
    time_machine.move_to(dt.datetime(2030, 5, 2, 9, 59, tzinfo=dt.UTC), tick=False)
    assert b"Did it take place?" not in client.get(url).content
    time_machine.move_to(dt.datetime(2030, 5, 2, 10, 0, tzinfo=dt.UTC), tick=False)
    assert b"Did it take place?" in client.get(url).content


def test_a_page_is_sent_again_at_midnight(cast, sign_in, engagement, time_machine):
    ActionFactory(agreement=cast.agreement, title="Send it", due_on=dt.date(2030, 4, 1), engagement=engagement)
    # A minute to midnight in London.
    time_machine.move_to(dt.datetime(2030, 4, 1, 22, 59, tzinfo=dt.UTC), tick=False)
    client, url = sign_in(cast.officer), f"{address(cast, 'actions', engagement)}?show=overdue"
    assert b"Send it" not in client.get(url).content
    time_machine.move_to(dt.datetime(2030, 4, 1, 23, 0, tzinfo=dt.UTC), tick=False)
    assert b"Send it" in client.get(url).content


def test_what_is_not_committed_is_not_kept_as_if_it_were(cast, sign_in, engagement):
    """Who looks while somebody else is still saving sees what was, and afterwards what is."""
    client, url = sign_in(cast.officer), address(cast, "record", engagement)
    changed, seen = threading.Event(), threading.Event()

    def save():
        with transaction.atomic():
            cancel_engagement(engagement, reason="The room is gone", by=cast.lead)
            changed.set()
            seen.wait(5)
        connections.close_all()

    other = threading.Thread(target=save)
    other.start()
    changed.wait(5)
    during = client.get(url).content
    seen.set()
    other.join()
    assert b"The room is gone" not in during
    assert b"The room is gone" in client.get(url).content


def test_every_table_that_a_page_shows_raises_the_version(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s", [TRIGGER])
        tables = {table for (table,) in cursor.fetchall()}
    assert tables == set(watched())
    rows = [model for model in apps.get_models() if hasattr(model, "pgh_event_model")]
    # A tracked model outside every agreement would be a page's that is kept too long.
    assert {model._meta.db_table for model in rows} <= tables


def test_a_transaction_raises_the_version_once_however_many_rows_it_changes(cast):
    before = Version.objects.get(agreement=cast.agreement).number
    with transaction.atomic():
        for number in range(20):
            WorkstreamFactory(agreement=cast.agreement, name=f"Stream {number}", slug=f"stream-{number}")
    assert Version.objects.get(agreement=cast.agreement).number == before + 1


def test_another_agreement_keeps_its_version(cast, engagement):
    before = Version.objects.get(agreement=cast.elsewhere).number
    Engagement.objects.filter(pk=engagement.pk).update(title="Other")
    assert Version.objects.get(agreement=cast.elsewhere).number == before


def test_signing_in_raises_no_version_and_a_new_name_does(cast):
    before = Version.objects.get(agreement=cast.agreement).number
    cast.officer.save(update_fields=["last_login"])
    assert Version.objects.get(agreement=cast.agreement).number == before
    cast.officer.name = "Ada Lovelace"
    cast.officer.save(update_fields=["name"])
    assert Version.objects.get(agreement=cast.agreement).number == before + 1


def test_an_agreement_can_be_deleted(cast):
    cast.elsewhere.memberships.all().delete()
    cast.elsewhere.delete()
    assert not Version.objects.filter(agreement=cast.elsewhere.pk).exists()
