"""Two people edit the same record: what only one of them changed is kept, and nobody's words are lost."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from reminders.models import Rule, Step
from reminders.operations.rules import save_rule
from tests.factories import (
    ActionFactory,
    CommitmentFactory,
    CommitteeFactory,
    EngagementFactory,
    NoteFactory,
    ParticipationFactory,
    SeatFactory,
)
from tests.html_form import as_sent

VERSIONS = "Theirs, as saved"


@dataclass
class Editable:
    """The page of a record's form: a ``field`` with two ``values``, and ``another`` field with a value of its own."""

    page: str
    field: str
    values: tuple
    another: str = ""
    value: str = ""


def action(cast):
    row = ActionFactory(
        agreement=cast.agreement, title="Old", owner_person=None, owner_organisation=cast.lga.organisation
    )
    return Editable(at(cast, "engagements:edit_action", row.pk), "title", WORDS, "progress", "Half done")


def attendance(cast):
    place = ParticipationFactory(engagement=EngagementFactory(agreement=cast.agreement, status="held"))
    page = at(cast, "engagements:attendance", place.engagement_id)
    return Editable(page, f"p{place.pk}-role", ("chair", "speaker"), f"p{place.pk}-attendance", "came")


def commitment(cast):
    row = CommitmentFactory(agreement=cast.agreement, title="Old")
    return Editable(at(cast, "commitments:edit", row.pk), "title", WORDS, "text", "In full")


def committee(cast):
    row = CommitteeFactory(agreement=cast.agreement, name="Old")
    return Editable(at(cast, "engagements:edit_committee", row.pk), "name", WORDS, "purpose", "To meet")


def engagement(cast):
    row = EngagementFactory(agreement=cast.agreement, title="Old")
    return Editable(at(cast, "engagements:edit", row.pk), "title", WORDS, "summary", "In short")


def note(cast):
    row = NoteFactory(engagement__agreement=cast.agreement, agreement=cast.agreement, text="Old")
    return Editable(at(cast, "engagements:edit_note", row.engagement_id, row.pk), "text", WORDS)


def organisation(cast):
    row = cast.agreement.organisations.create(name="Old", kind="other")
    return Editable(at(cast, "contacts:edit_organisation", row.pk), "name", WORDS, "short_name", "O")


def person(cast):
    row = cast.agreement.people.create(name="Old")
    return Editable(at(cast, "contacts:edit_person", row.pk), "name", WORDS, "job_title", "Officer")


def plan(cast):
    return Editable(at(cast, "commitments:edit_plan"), "workshop", ("4", "5"), "webinar", "3")


def preference(cast):
    return Editable(at(cast, "reminders:mine"), "meetings", ("daily", "off"), "quiet_from", "22:00")


def rule(cast):
    row = save_rule(
        Rule(agreement=cast.agreement, name="Old", engagement_kinds=["workshop"]), steps=[Step(days=-2)], by=None
    )
    return Editable(at(cast, "reminders:edit_rule", row.pk), "name", WORDS, "text", "Please come")


def seat(cast):
    row = SeatFactory(committee=CommitteeFactory(agreement=cast.agreement), organisation=cast.lga.organisation)
    page = at(cast, "engagements:edit_seat", row.committee_id, row.pk)
    return Editable(page, "role", ("chair", "observer"), "ends_on", "2027-01-31")


def series(cast):
    row = EngagementFactory(agreement=cast.agreement, starts_on=dt.date(2026, 12, 10))
    page = at(cast, "engagements:repeat", row.pk)
    client = browser(cast)
    answer = client.post(page, sent(client, page) | {"every": "month", "on": "weekday", "end": "never"})
    return Editable(f"{answer['Location']}edit/", "every", ("quarter", "year"))


WORDS = ("Of the first", "Of the second")
RECORDS = [
    *(action, attendance, commitment, committee, engagement, note, organisation, person, plan, preference, rule, seat),
    series,
]
"""All that people edit on a page of its own."""


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC), tick=False)


@pytest.fixture(params=RECORDS, ids=lambda make: make.__name__)
def record(request, cast):
    return request.param(cast)


@pytest.fixture(params=[make for make in RECORDS if make not in (note, series)], ids=lambda make: make.__name__)
def record_of_two_fields(request, cast):
    return request.param(cast)


def at(cast, name, *args):
    return reverse(name, args=[cast.agreement.slug, *args])


def browser(cast):
    client = Client()
    client.force_login(cast.lead)
    return client


def sent(client, page):
    """What a browser sends of the form of a page that it opens now."""
    return as_sent(client.get(page).content.decode(), page)


def stands(client, page, field):
    """What stands in a field of the form of a page that is opened now."""
    return sent(client, page).get(field, [""])[0]


@pytest.mark.django_db
def test_whoever_comes_second_is_shown_both_versions_and_may_save_again(record, cast):
    client, (first, second) = browser(cast), record.values
    opened = sent(client, record.page)
    assert client.post(record.page, opened | {record.field: first}).status_code == 302
    told = client.post(record.page, opened | {record.field: second})
    assert told.status_code == 200
    assert VERSIONS in told.content.decode()
    again = as_sent(told.content.decode(), record.page)
    assert again[record.field] == [second]
    assert stands(client, record.page, record.field) == first
    assert client.post(record.page, again).status_code == 302
    assert stands(client, record.page, record.field) == second


@pytest.mark.django_db
def test_what_only_one_of_two_changed_has_what_that_one_wrote(record_of_two_fields, cast):
    record, client = record_of_two_fields, browser(cast)
    more = {"quiet_to": "07:00"} if record.another == "quiet_from" else {}
    opened = sent(client, record.page)
    assert client.post(record.page, opened | more | {record.another: record.value}).status_code == 302
    assert client.post(record.page, opened | {record.field: record.values[0]}).status_code == 302
    assert stands(client, record.page, record.another) == record.value
    assert stands(client, record.page, record.field) == record.values[0]


@pytest.mark.django_db
def test_what_only_they_changed_stays_theirs_when_a_conflict_is_settled(record_of_two_fields, cast):
    record, client = record_of_two_fields, browser(cast)
    more = {"quiet_to": "07:00"} if record.another == "quiet_from" else {}
    opened, (first, second) = sent(client, record.page), record.values
    theirs = opened | more | {record.field: first, record.another: record.value}
    assert client.post(record.page, theirs).status_code == 302
    told = client.post(record.page, opened | {record.field: second})
    assert client.post(record.page, as_sent(told.content.decode(), record.page)).status_code == 302
    assert stands(client, record.page, record.field) == second
    assert stands(client, record.page, record.another) == record.value


@pytest.mark.django_db
def test_two_who_save_the_same_are_not_told(record, cast):
    client = browser(cast)
    mine = sent(client, record.page) | {record.field: record.values[0]}
    assert [client.post(record.page, mine).status_code for _ in "ab"] == [302, 302]


@pytest.mark.django_db
def test_a_damaged_mark_stops_nobody(record, cast):
    client = browser(cast)
    mine = sent(client, record.page) | {record.field: record.values[0], "seen": "x=y nonsense = title"}
    assert client.post(record.page, mine).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_moment_one_is_told(record, cast):
    start, clients = Barrier(2), [browser(cast) for _ in record.values]
    opened = sent(clients[0], record.page)

    def save(client, value):
        try:
            start.wait()
            return client.post(record.page, opened | {record.field: value})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(save, clients, record.values))
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    saved = next(value for answer, value in zip(answers, record.values, strict=True) if answer.status_code == 302)
    told = next(answer for answer in answers if answer.status_code == 200)
    assert VERSIONS in told.content.decode()
    assert stands(clients[0], record.page, record.field) == saved
