"""Walks the new kind from its migration to its email, in a process of its own, and prints what it saw as JSON."""

import datetime as dt
import json
from urllib.parse import urlsplit

import time_machine
from django.apps import apps
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse
from django.utils import timezone

from partnership.operations import give_role, save_party
from reminders.models import Delivery, Preference, Rule
from reminders.operations.sweeping import sweep
from tests.emails import emails
from tests.factories import AgreementFactory, PartyFactory, WorkstreamFactory

SEEN = {}


def migrate():
    """Apply what ``makemigrations`` would write: one migration, of the reminders alone."""
    loader = MigrationLoader(connection)
    found = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(loader.graph)
    SEEN["migrations"] = {app: len(migrations) for app, migrations in found.items()}
    with connection.schema_editor() as editor:
        found["reminders"][0].apply(loader.project_state(), editor)


def agreement_with_a_lead():
    """An agreement with one workstream, one lead, and none of the rules that it begins with."""
    agreement = AgreementFactory(slug="lga-techuk", status="in_force")
    party = save_party(PartyFactory.build(agreement=agreement, name="LGA"), by=None)
    lead = give_role(agreement, email="lead@lga.example", role="lead", party=party, name="Lead", by=None).user
    lead.confirm_email()
    Rule.objects.of(agreement).delete()
    WorkstreamFactory(agreement=agreement, name="Cyber", slug="cyber")
    return agreement, lead


def make_rule(browser, slug):
    """A lead makes a rule of it on the pages, and looks at what it would send."""
    new = reverse("reminders:new_rule", args=[slug])
    SEEN["offered"] = "How long a workstream has been going" in browser.get(new).content.decode()
    new += "?kind=anniversary"
    SEEN["form names"] = "{days}" in browser.get(new).content.decode()
    form = {"name": "Birthdays", "audience": "leads", "subject": "{title} is {days} days old", "text": "Well done."}
    form |= {"is_active": "on", "steps-TOTAL_FORMS": "1", "steps-INITIAL_FORMS": "0"}
    form |= {"steps-0-number": "3", "steps-0-side": "after", "steps-0-at": "09:00"}
    wrong = browser.post(new, form | {"text": "{owner}"}).content.decode()
    SEEN["wrong words"] = "{owner} is not among the placeholders" in wrong
    browser.post(new, form)
    rule = Rule.objects.get(kind="anniversary")
    SEEN["rule"] = str(rule.steps.get())
    page = browser.get(reverse("reminders:rule", args=[slug, rule.pk])).content.decode()
    SEEN["preview"] = "Cyber has been going for 0 days." in page


def send(browser, slug):
    """It is planned and sent, the lead sees that, and its reader wants no more of it."""
    [sent] = emails()
    SEEN["email"] = [sent.to, sent.subject]
    SEEN["words"] = ["Well done." in sent.body, "Cyber has been going for 6 days." in sent.html]
    listed = browser.get(reverse("reminders:deliveries", args=[slug]) + "?state=sent").content.decode()
    page = reverse("dashboards:workstream", args=[slug, "cyber"])
    SEEN["listed"] = ["An anniversary" in listed, page in listed]
    stop = urlsplit(sent.message["List-Unsubscribe"].strip("<>")).path
    SEEN["unsubscribed"] = [Client().post(stop).status_code, Preference.objects.get().progress]


def walk():
    """All of it; ``test_new_kind`` calls it once Django is set up."""
    migrate()
    setup_test_environment()
    agreement, lead = agreement_with_a_lead()
    browser = Client()
    browser.force_login(lead)
    make_rule(browser, agreement.slug)
    sweep()
    SEEN["planned"] = list(Delivery.objects.values_list("kind", "state", "title"))
    with time_machine.travel(timezone.now() + dt.timedelta(days=6)):
        browser.force_login(lead)
        sweep()
        send(browser, agreement.slug)
        WorkstreamFactory(agreement=agreement, name="Data", slug="data")
        sweep(plan_everything=True)
    SEEN["then"] = list(Delivery.objects.filter(title="Data").values_list("state", "reason"))
    print(json.dumps(SEEN))
