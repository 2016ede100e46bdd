"""Many people change the same records at the same moment: nothing is lost in silence, and nothing ends in an error."""

import datetime as dt
import random
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, OperationalError, connections
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from psycopg2 import errorcodes

from engagements.models import Action, Engagement, Series
from engagements.operations.series import start_series
from records.atomic_views import in_one_step, overtaken
from records.locks import lock
from reminders.models import Rule, Step
from reminders.operations.rules import save_rule
from reminders.tasks import sweep
from tests.factories import (
    ActionFactory,
    CommitteeFactory,
    EngagementFactory,
    NoteFactory,
    ParticipationFactory,
    SeatFactory,
)
from tests.html_form import as_sent

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 20
TOLD = "while you were editing it"
GONE = "deleted"


def address(cast, name, *args):
    return reverse(name, args=[cast.agreement.slug, *args])


def browser(user):
    """A browser that shows an error page where a test client would raise the error."""
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def together(*calls):
    """Call all of ``calls``, each in a thread of its own, at the same moment. Returns what they return, in order."""
    start = Barrier(len(calls))

    def run(call):
        try:
            start.wait()
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def forms(cast):
    """{what: (row, page of its form, a field of it)}."""
    person = cast.agreement.people.get(user=cast.officer)
    engagement = EngagementFactory(agreement=cast.agreement, title="Old")
    action = ActionFactory(
        agreement=cast.agreement, title="Old", engagement=engagement, owner_person=person, owner_organisation=None
    )
    committee = CommitteeFactory(agreement=cast.agreement, name="Old")
    seat = SeatFactory(committee=committee, holder=person, organisation=cast.lga.organisation, role="member")
    organisation = cast.agreement.organisations.create(name="Old", kind="other")
    somebody = cast.agreement.people.create(name="Old")
    note = NoteFactory(engagement=engagement, text="Old")
    rule = save_rule(
        Rule(agreement=cast.agreement, name="Old", engagement_kinds=["workshop"]), steps=[Step(days=2)], by=None
    )
    return {
        "person": (somebody, address(cast, "contacts:edit_person", somebody.pk), "name"),
        "organisation": (organisation, address(cast, "contacts:edit_organisation", organisation.pk), "name"),
        "action": (action, address(cast, "engagements:edit_action", action.pk), "title"),
        "committee": (committee, address(cast, "engagements:edit_committee", committee.pk), "name"),
        "seat": (seat, address(cast, "engagements:edit_seat", committee.pk, seat.pk), "ends_on"),
        "note": (note, address(cast, "engagements:edit_note", engagement.pk, note.pk), "text"),
        "rule": (rule, address(cast, "reminders:edit_rule", rule.pk), "name"),
    }  # fmt: skip


@pytest.mark.parametrize("what", ["person", "organisation", "action", "committee", "seat", "note", "rule"])
def test_of_twenty_who_save_at_once_one_is_accepted_and_the_others_see_both_versions(what, forms, cast):
    row, page, field = forms[what]
    browsers = [browser(cast.lead) for _ in range(PEOPLE)]
    sent = as_sent(browsers[0].get(page).content.decode(), page)
    values = [f"2027-01-{n + 1:02}" if what == "seat" else f"Version {n}" for n in range(PEOPLE)]
    answers = together(
        *(
            lambda client=client, value=value: client.post(page, sent | {field: value})
            for client, value in zip(browsers, values, strict=True)
        )
    )
    assert Counter(answer.status_code for answer in answers) == {302: 1, 200: PEOPLE - 1}
    row.refresh_from_db()
    saved = next(value for answer, value in zip(answers, values, strict=True) if answer.status_code == 302)
    stored = getattr(row, field)
    assert str(stored) == saved
    shown = f"{stored:%-d %B %Y}" if what == "seat" else saved
    for answer, value in zip(answers, values, strict=True):
        if answer.status_code == 200:
            page_text = answer.content.decode()
            assert TOLD in page_text
            assert shown in page_text, "theirs"
            assert value in page_text, "and one's own"


def test_of_twenty_who_save_an_engagement_at_once_one_is_accepted(cast):
    engagement = EngagementFactory(agreement=cast.agreement, title="Old")
    page = address(cast, "engagements:edit", engagement.pk)
    browsers = [browser(cast.lead) for _ in range(PEOPLE)]
    sent = as_sent(browsers[0].get(page).content.decode(), page)
    answers = together(
        *(
            lambda client=client, n=n: client.post(page, sent | {"title": f"Version {n}"})
            for n, client in enumerate(browsers)
        )
    )
    assert Counter(answer.status_code for answer in answers) == {302: 1, 200: PEOPLE - 1}
    engagement.refresh_from_db()
    for n, answer in enumerate(answers):
        if answer.status_code == 200:
            assert engagement.title in answer.content.decode()
            assert f"Version {n}" in answer.content.decode()


@pytest.mark.parametrize("what", ["person", "organisation", "action", "committee", "seat", "note", "rule"])
def test_who_saves_what_was_deleted_meanwhile_is_told_in_words(what, forms, cast):
    row, page, field = forms[what]
    client = browser(cast.lead)
    opened = client.get(page).content.decode()
    row.delete()
    typed = {field: "2027-01-07" if what == "seat" else "What I typed"}
    answer = client.post(page, as_sent(opened, page) | typed)
    assert answer.status_code == 409
    labels = {name.lower() for name in re.findall("<dt>(.*?)</dt>", answer.content.decode())}
    assert field.replace("_", " ") in labels
    hidden = {*re.findall(r'<input type="hidden" name="([^"]+)"', opened), "notify"}
    assert {name for name in hidden if name.replace("-", " ").replace("_", " ") in labels} == set()
    assert "was deleted while you had it open" in answer.content.decode()
    assert ("2027-01-07" if what == "seat" else "What I typed") in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "label"),
    [("starts_on", "Starts on"), ("actions-0-title", "Actions 1 title"), ("who_3_name", "Who 4 name")]
    + [(name, None) for name in ("notify", "owner_key", "actions-0-id", "actions-TOTAL_FORMS", "initial-p3-reply")]
    + [(name, None) for name in ("who_row", "who_0_choice", "form_key", "csrfmiddlewaretoken", "_save")]
    + [("9" * 50, "9" * 50), ("٣", "٣")],
)
def test_what_was_typed_is_named_in_words(name, label, rf):
    answer = overtaken(rf.post("/", {name: "This"}), "saved").content.decode()
    assert re.findall("<dt>(.*?)</dt>", answer) == ([label] if label else [])


def test_one_who_could_not_see_what_was_deleted_is_told_nothing_of_it(cast):
    note = NoteFactory(engagement__agreement=cast.agreement, agreement=cast.agreement, party=cast.techuk)
    page = address(cast, "engagements:edit_note", note.engagement_id, note.pk)
    note.delete()
    assert browser(cast.lead).post(page, {"text": "Mine"}).status_code == 404
    assert browser(cast.techuk_lead).post(page, {"text": "Mine"}).status_code == 409


def test_a_form_is_sent_once_more_after_a_deadlock(cast, rf):
    one, other = EngagementFactory.create_batch(2, agreement=cast.agreement)
    meet, tries = Barrier(2), Counter()

    @in_one_step
    def take(request, first, second):
        tries[first] += 1
        lock(Engagement, first)
        if tries.total() <= 2:
            meet.wait()
        lock(Engagement, second)
        return HttpResponse("done")

    answers = together(lambda: take(rf.post("/"), one.pk, other.pk), lambda: take(rf.post("/"), other.pk, one.pk))
    assert [answer.content for answer in answers] == [b"done", b"done"]
    assert tries.total() == 3


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (OperationalError, errorcodes.DEADLOCK_DETECTED, "Somebody saved at the same moment"),
        (IntegrityError, errorcodes.UNIQUE_VIOLATION, "Somebody saved at the same moment"),
        (IntegrityError, errorcodes.FOREIGN_KEY_VIOLATION, "Somebody deleted this record"),
    ],
)
def test_what_the_database_refuses_is_told_in_words_with_what_was_typed(rf, error, code, words):
    def view(request):
        raise error from SimpleError(code)

    answer = in_one_step(view)(rf.post("/", {"first_name": "Núria", "seen": "name=12"}))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert words in page
    assert "First name" in page
    assert "Núria" in page
    assert "name=12" not in page


@pytest.mark.parametrize("code", [errorcodes.CHECK_VIOLATION, ""])
def test_another_error_of_the_database_stays_one(rf, code):
    def view(request):
        raise IntegrityError from SimpleError(code)

    with pytest.raises(IntegrityError):
        in_one_step(view)(rf.post("/"))


class SimpleError(Exception):
    """What psycopg2 raises, as far as it is looked at."""

    def __init__(self, pgcode):
        self.pgcode = pgcode


def plan(cast, n):
    """A series of four dates to come, and an engagement beside it, each with people, an action and reminders."""
    day = timezone.localdate() + dt.timedelta(days=7)
    people = [cast.agreement.people.get(user=user) for user in (cast.viewer, cast.officer, cast.techuk_officer)]
    first, single = (
        EngagementFactory(agreement=cast.agreement, title=f"{title} {n}", status="planned", starts_on=day)
        for title in ("Series", "Single")
    )
    for row in (first, single):
        for person in people:
            ParticipationFactory(engagement=row, person=person)
        ActionFactory(agreement=cast.agreement, engagement=row, owner_person=people[1], owner_organisation=None)
    series = Series(rule=f"FREQ=WEEKLY;BYDAY={['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'][day.weekday()]}", count=4)
    start_series(series, first, by=cast.lead)
    return series, list(Engagement.objects.filter(series=series).order_by("series_date")), single


def changes_of(cast, reader, series, engagement):
    """What can be done to an engagement and its series: pairs of a page and what a browser sends to it."""
    names = ("edit", "cancel", "delete", "confirm", "reinstate", "attendance", "new_note", "my_reply")
    pages = {name: address(cast, f"engagements:{name}", engagement.pk) for name in names}

    def filled_in(page):
        return as_sent(reader.get(page).content.decode(), page)

    edit, action = filled_in(pages["edit"]), Action.objects.filter(engagement=engagement).first()
    changes = [
        (pages["edit"], edit | {"title": "Edited", "venue": "Town hall"}),
        (pages["edit"], edit | {"starts_on": "2027-06-01"}),
        (pages["cancel"], {"reason": "Snow", "scope": "this"}),
        (pages["delete"], {}),
        (pages["confirm"], {}),
        (pages["reinstate"], {}),
        (pages["attendance"], filled_in(pages["attendance"])),
        (pages["new_note"], {"text": "A note", "audience": "all"}),
        (pages["my_reply"], {"reply": "accepted", "version": engagement.schedule_version}),
    ]
    if action:
        change, remove = (address(cast, f"engagements:{name}", action.pk) for name in ("edit_action", "delete_action"))
        changes += [(change, filled_in(change) | {"title": "Do it"}), (remove, {})]
    if series:
        rule, stop = (address(cast, f"engagements:{name}", series.pk) for name in ("edit_series", "stop_series"))
        changes += [
            (pages["edit"], edit | {"scope": "later", "title": "All of them"}),
            (pages["cancel"], {"reason": "Snow", "scope": "later"}),
            (rule, filled_in(rule) | {"count": "3"}),
            (rule, filled_in(rule) | {"every": "2"}),
            (stop, {"planned": "cancel"}),
            (stop, {"planned": "keep"}),
        ]
    return changes


@pytest.mark.parametrize("rounds", [5, pytest.param(200, marks=pytest.mark.long)])
def test_a_series_and_its_dates_are_edited_cancelled_and_deleted_at_once_without_an_error(cast, rounds):
    dice, found = random.Random(4), Counter()
    clients = [browser(cast.lead) for _ in range(4)] + [browser(cast.officer) for _ in range(3)]
    for n in range(rounds):
        series, dates, single = plan(cast, n)
        targets = [(None, single)] if n % 2 else [(series, dates[0]), (series, dates[1]), (series, dates[2])]
        offered = [changes_of(cast, clients[0], *target) for target in targets]
        chosen = [(client, *dice.choice(offered[k % len(offered)])) for k, client in enumerate(clients)]
        posts = [lambda client=client, page=page, sent=sent: client.post(page, sent) for client, page, sent in chosen]
        answers = together(*posts, sweep)[:-1]
        found += Counter(answer.status_code for answer in answers)
        wrong = [(page, answer.content.decode()[:2000]) for (_, page, _), answer in zip(chosen, answers, strict=True)
                 if answer.status_code >= 500]  # fmt: skip
        assert not wrong, f"round {n}: {wrong}"
    print(f"{rounds} rounds: {dict(found)}")
    assert found[302] > rounds, "most of what is sent is done"
