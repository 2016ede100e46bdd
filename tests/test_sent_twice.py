"""A form that is sent twice at the same moment saves once, and nobody sees an error page.

One request is held back just before its first row of the kind is written, until the other has been answered: both
have then looked whether it is there already, and found nothing.
"""

import re
import threading

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models.signals import pre_save
from django.test import Client
from django.urls import reverse

from commitments.models import Commitment, PlanNumber
from contacts.models import Organisation, Person
from engagements.models import Action, Committee, Engagement, Feed, Note, Seat
from partnership.models import Agreement, Membership, Party
from reminders.models import Preference, Rule
from tests.engagements.pages import day
from tests.factories import CommitteeFactory, EngagementFactory
from tests.form_fields import fields_of
from workstreams.models import Workstream

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 1.5
"""Seconds for which the first waits for the second, which may itself wait for a lock that the first has."""

STEP = {"steps-0-number": "2", "steps-0-side": "before", "steps-0-at": "09:00"}


def page(name, *args):
    return lambda cast, made: reverse(name, args=[cast.agreement.slug, *(made[arg] for arg in args)])


def admin(name):
    return lambda cast, made: reverse(f"admin:{name}_add")


def of(cast):
    return {"agreement": cast.agreement.pk}


CASES = {
    # what: (model, who, address, what is typed)
    "rule": (
        Rule,
        "lead",
        lambda cast, made: page("reminders:new_rule")(cast, made) + "?kind=reminder",
        lambda cast: {"name": "Twice", "engagement_kinds": ["workshop"], "audience": ["participants"]} | STEP,
    ),
    "commitment": (
        Commitment,
        "lead",
        page("commitments:new"),
        lambda cast: {"title": "Twice", "measure": "narrative"},
    ),
    "plan": (PlanNumber, "lead", page("commitments:edit_plan"), lambda cast: {"workshop": "4"}),
    "committee": (Committee, "lead", page("engagements:new_committee"), lambda cast: {"name": "Twice"}),
    "seat": (Seat, "lead", page("engagements:new_seat", "committee"), lambda cast: {"whose": "LGA", "role": "member"}),
    "organisation": (
        Organisation,
        "officer",
        page("contacts:new_organisation"),
        lambda cast: {"name": "Twice", "kind": "council"},
    ),
    "person": (
        Person,
        "officer",
        page("contacts:new_person"),
        lambda cast: {"name": "Twice", "email": "twice@people.example"},
    ),
    "engagement": (
        Engagement,
        "officer",
        page("engagements:quick_log"),
        lambda cast: {"title": "Twice", "kind": "workshop", "starts_on": day(-1).isoformat()},
    ),
    "note": (
        Note,
        "officer",
        page("engagements:new_note", "engagement"),
        lambda cast: {"text": "A", "audience": "all"},
    ),
    "action": (
        Action,
        "officer",
        page("engagements:new_action"),
        lambda cast: {"title": "Twice", "owner": "LGA"},
    ),
    "choices": (Preference, "officer", page("reminders:mine"), lambda cast: {"meetings": "off"}),
    "feed": (Feed, "officer", page("engagements:make_feed"), lambda cast: {"feed": "mine"}),
    "admin: rule": (
        Rule,
        "administrator",
        admin("reminders_rule"),
        lambda cast: (
            of(cast)
            | {"name": "Twice", "kind": "reminder", "engagement_kinds": ["workshop"], "audience": ["participants"]}
            | STEP
        ),
    ),
    "admin: membership": (
        Membership,
        "administrator",
        admin("partnership_membership"),
        lambda cast: of(cast) | {"email": "twice@people.example", "role": "viewer"},
    ),
    "admin: agreement": (
        Agreement,
        "administrator",
        admin("partnership_agreement"),
        lambda cast: {"name": "Twice", "slug": "twice", "status": "draft"},
    ),
    "admin: party": (
        Party,
        "administrator",
        admin("partnership_party"),
        lambda cast: of(cast) | {"name": "Twice", "short_name": "Twice", "position": "5"},
    ),
    "admin: user": (
        get_user_model(),
        "administrator",
        admin("accounts_user"),
        lambda cast: {"email": "twice@people.example", "name": "Twice"},
    ),
    "admin: workstream": (
        Workstream,
        "administrator",
        admin("workstreams_workstream"),
        lambda cast: of(cast) | {"name": "Twice", "slug": "twice", "colour": "blue", "position": "1"},
    ),
    "admin: organisation": (
        Organisation,
        "administrator",
        admin("contacts_organisation"),
        lambda cast: of(cast) | {"name": "Twice", "kind": "council"},
    ),
    "admin: person": (
        Person,
        "administrator",
        admin("contacts_person"),
        lambda cast: of(cast) | {"name": "Twice", "email": "twice@people.example"},
    ),
    "admin: plan": (
        PlanNumber,
        "administrator",
        admin("commitments_plannumber"),
        lambda cast: of(cast) | {"year": "2", "kind": "workshop", "number": "4"},
    ),
}


@pytest.fixture
def enter(cast):
    """``enter(who)`` gives a client of its own, as each browser has one, to which an error is a page."""

    def sign_in(who):
        client = Client(raise_request_exception=False)
        client.force_login(getattr(cast, who))
        return client

    return sign_in


class Race:
    """Sends the same twice; the first is held back before it writes its first row of ``model``."""

    def __init__(self, model):
        self.model, self.is_there, self.may_go = model, threading.Event(), threading.Event()
        self.first = None

    def hold(self, sender, raw=False, **kwargs):
        if sender is self.model and threading.current_thread() is self.first and not self.is_there.is_set():
            self.is_there.set()
            self.may_go.wait(PATIENCE)

    def run(self, send_first, send_second):
        """Both answers."""
        answers = []

        def send():
            try:
                answers.append(send_first())
            finally:
                connection.close()

        self.first = threading.Thread(target=send)
        pre_save.connect(self.hold)
        try:
            self.first.start()
            self.is_there.wait(5)
            second = send_second()
            self.may_go.set()
            self.first.join()
        finally:
            pre_save.disconnect(self.hold)
        return answers[0], second


def rows_of(model):
    return set(model.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("what", CASES)
def test_it_is_saved_once_and_nobody_sees_an_error_page(cast, enter, what):
    model, who, address, typed = CASES[what]
    made = {
        "committee": CommitteeFactory(agreement=cast.agreement).pk,
        "engagement": EngagementFactory(agreement=cast.agreement).pk,
    }
    path = address(cast, made)
    one, other = enter(who), enter(who)
    shown = one.get(path)
    sent = (fields_of(shown.content.decode()) if shown.status_code == 200 else {}) | typed(cast)
    before = rows_of(model)
    first, second = Race(model).run(lambda: one.post(path, sent), lambda: other.post(path, sent))
    assert {first.status_code, second.status_code} <= {200, 302}
    assert 302 in (first.status_code, second.status_code), re.findall('class="(?:invalid|error).*', str(first.content))
    assert len(rows_of(model) - before) == 1
