"""What each address does, as everybody: what changes in the database when it is opened, and when its form is sent.

An address that is not in the table changes nothing. One that is there changes just what the table says, and only for
those whom it names. So a new address that saves something fails here until somebody says what it saves, and for whom.
"""

import datetime as dt
from dataclasses import dataclass, field
from functools import partial

import pytest
from django.apps import apps
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch
from django.utils import timezone

from commitments.models import Commitment, Evidence
from engagements.models import Action, Engagement, Participation, Series
from reminders.models import Delivery, Rule, Step
from reminders.operations.rules import save_rule
from tests.addresses import (
    ADMIN_NAMES,
    ADMINISTRATOR,
    EVERYBODY,
    LEAD,
    OUR_NAMES,
    PAGES,
    READERS,
    SIGNED_OUT,
    VIEWER,
    address,
)
from tests.factories import PASSWORD
from tests.html_form import as_sent

NOT_LOOKED_AT = {"django_session", "pghistory_context", "pghistory_events", "partnership_version", "accounts_count"}
"""Who is signed in, copies for the history and the cache, and counts of attempts: nobody's own data."""

NEW = "Of the test"
DAY = dt.timedelta(days=1)
ENGAGEMENT = {"engagements_engagement", "engagements_engagementhost"}
WITH_PEOPLE = ENGAGEMENT | {"engagements_participation", "reminders_delivery"}
ACTION = {"engagements_action", "reminders_replanrequest"}
PREFERENCE = {"reminders_preference", "reminders_replanrequest"}
CHANGED = {"engagements_engagement", "reminders_delivery"}
DOCUMENT = {"engagements_document", "reminders_replanrequest"}
REPLY = {"engagements_participation", "reminders_delivery"}
SERIES = {"engagements_series", "engagements_seriesperson"} | CHANGED | REPLY
WITH_ALL = CHANGED | DOCUMENT | REPLY | {"engagements_note", "reminders_cancellationnotice"}
QUEUED = {"outbox_message", "outbox_queuedemail"}
"""What an email about an account changes, until a worker sends it."""

RULE = {"reminders_rule", "reminders_replanrequest"}


@dataclass(frozen=True)
class Does:
    """What an address changes when its form is sent with ``typed``. ``who`` may is that of PAGES, if not given.

    ``first(pk)`` brings the row of the address into the state that is meant, and may give more to type.
    """

    tables: set
    typed: dict = field(default_factory=dict)
    first: object = None
    who: set = None
    query: str = ""


def set_on(model, **fields):
    """Gives the row of the address these fields first."""

    def first(pk):
        model.objects.filter(pk=pk).update(**fields)

    return first


def held_yesterday(pk):
    Engagement.objects.filter(pk=pk).update(status="held", starts_on=timezone.localdate() - DAY)


def planned_for_yesterday(pk):
    Engagement.objects.filter(pk=pk).update(starts_on=timezone.localdate() - DAY)


def counted_by_hand(pk):
    commitment = Commitment.objects.get(pk=pk)
    engagement = Engagement.objects.get(agreement=commitment.agreement, series=None)
    Evidence.objects.create(
        agreement=commitment.agreement, commitment=commitment, engagement=engagement, counts=True, reason="It was one."
    )


def one_for_tomorrow(pk):
    return {"title": NEW, "kind": "workshop", "starts_on": (timezone.localdate() + DAY).isoformat()}


def a_day_left_out(pk):
    day = timezone.localdate() + 8 * DAY
    Series.objects.filter(pk=pk).update(rule="FREQ=DAILY", first_day=day, count=3, skipped=[day])
    return {"day": day.isoformat()}


def one_who_declines(pk):
    place = Participation.objects.filter(engagement=pk).first()
    return {f"p{place.pk}-reply": "declined"}


def all_failed(pk):
    Delivery.objects.update(state="failed")


def a_meeting_to_show(pk):
    rule = Rule.objects.get(pk=pk)
    save_rule(rule, steps=[Step(days=-1)], by=None)
    return {"of": Engagement.objects.filter(agreement=rule.agreement, kind__in=rule.engagement_kinds).first().pk}


def waiting(pk):
    Delivery.objects.filter(engagement=pk).update(due_at=timezone.now() + DAY / 24)


DOES = {
    # of the site
    "keyboard_switch": Does({"accounts_user"}),
    "account_login": Does({"accounts_user"}, {"login": "lead@lga.example", "password": PASSWORD}, who={SIGNED_OUT}),
    "account_reset_password": Does(QUEUED, {"email": "lead@lga.example"}),
    "account_change_password": Does(
        {"accounts_user"}, {"oldpassword": PASSWORD, "password1": "a new long one", "password2": "a new long one"}
    ),
    "account_email": Does(QUEUED, {"email": "new@people.example", "password": PASSWORD}),
    # by what stands in the address itself: whoever has it may
    "action_update": Does(ACTION, {"press": "done"}),
    "choices": Does(PREFERENCE, {"meetings": "off"}),
    "choices_off": Does(PREFERENCE),
    "reply": Does(REPLY, {"reply": "accepted"}),
    "reply_series": Does({"engagements_participation"}, {"reply": "accepted"}),
    # one's own, for everybody who reads an agreement
    "engagements:make_feed": Does({"engagements_feed"}, {"feed": "agreement"}),
    "engagements:renew_feed": Does({"engagements_feed"}, {"feed": "mine"}),
    "engagements:revoke_feed": Does({"engagements_feed"}, {"feed": "mine"}, who={VIEWER}),
    "engagements:my_reply": Does(REPLY, {"reply": "accepted"}),
    "reminders:mine": Does(PREFERENCE, {"meetings": "off"}, who=READERS - {ADMINISTRATOR}),
    # for editors
    "contacts:new_person": Does({"contacts_person"}, {"name": NEW}),
    "contacts:edit_person": Does({"contacts_person", "reminders_replanrequest"}, {"name": NEW}),
    "contacts:new_organisation": Does({"contacts_organisation"}, {"name": NEW, "kind": "council"}),
    "contacts:edit_organisation": Does({"contacts_organisation"}, {"website": "https://council.example"}),
    "contacts:pick_new": Does({"contacts_person"}, {"new_person-name": NEW}),
    "engagements:quick_log": Does(ENGAGEMENT, first=one_for_tomorrow),
    "engagements:full_log": Does(ENGAGEMENT, first=one_for_tomorrow),
    "engagements:duplicate": Does(WITH_PEOPLE, first=one_for_tomorrow),
    "engagements:edit": Does(CHANGED, {"title": NEW}),
    "engagements:took_place": Does(CHANGED, first=planned_for_yesterday),
    "engagements:confirm": Does(CHANGED),
    "engagements:cancel": Does(CHANGED, {"reason": NEW}),
    "engagements:reinstate": Does(CHANGED, first=set_on(Engagement, status="cancelled")),
    "engagements:delete": Does(WITH_ALL),
    "engagements:attendance": Does(CHANGED | REPLY, first=one_who_declines),
    "engagements:repeat": Does(SERIES, {"every": "week", "end": "after", "count": "2"}),
    "engagements:edit_series": Does({"engagements_engagement"}),
    "engagements:stop_series": Does({"engagements_series"}),
    "engagements:put_back_series_date": Does({"engagements_engagement", "engagements_series"}, first=a_day_left_out),
    "engagements:new_note": Does({"engagements_note"}, {"text": NEW, "audience": "all"}),
    "engagements:edit_note": Does({"engagements_note"}, {"text": NEW}),
    "engagements:delete_note": Does({"engagements_note"}),
    "engagements:new_document": Does(DOCUMENT, {"audience": "all"}),
    "engagements:delete_document": Does(DOCUMENT),
    "engagements:new_action": Does(ACTION, {"title": NEW, "owner": "LGA"}),
    "engagements:edit_action": Does(ACTION, {"title": NEW}),
    "engagements:action_done": Does(ACTION),
    "engagements:action_progress": Does(ACTION, {"progress": NEW, "press": "save"}),
    "engagements:action_undo": Does(ACTION, first=set_on(Action, done_on=timezone.localdate())),
    "engagements:delete_action": Does({"engagements_action"}),
    "reminders:send_record": Does({"reminders_delivery"}, first=held_yesterday),
    "reminders:send_pending": Does({"reminders_delivery"}, first=waiting),
    "reminders:undo_pending": Does({"reminders_delivery"}, first=waiting),
    # for leads
    "commitments:new": Does({"commitments_commitment"}, {"title": NEW, "measure": "narrative"}),
    "commitments:edit": Does({"commitments_commitment"}, {"title": NEW}),
    "commitments:delete": Does({"commitments_commitment"}),
    "commitments:evidence": Does({"commitments_evidence"}, {"reason": NEW}),
    "commitments:withdraw": Does({"commitments_evidence"}, first=counted_by_hand),
    "commitments:edit_plan": Does({"commitments_plannumber"}, {"workshop": "4"}),
    "commitments:met": Does({"commitments_commitment"}, {"met_on": timezone.localdate().isoformat()}),
    "commitments:not_met": Does(
        {"commitments_commitment"}, first=set_on(Commitment, met_on=timezone.localdate() - DAY)
    ),
    "engagements:new_committee": Does({"engagements_committee"}, {"name": NEW}),
    "engagements:edit_committee": Does({"engagements_committee", "reminders_replanrequest"}, {"name": NEW}),
    "engagements:new_seat": Does({"engagements_seat"}, {"whose": "LGA", "role": "member"}),
    "engagements:edit_seat": Does({"engagements_seat"}, {"role": "chair"}),
    "engagements:delete_seat": Does({"engagements_seat"}),
    "reminders:new_rule": Does(
        {"reminders_rule", "reminders_step", "reminders_replanrequest"},
        {"name": NEW, "engagement_kinds": ["workshop"], "audience": ["participants"]}
        | {"steps-0-number": "2", "steps-0-side": "before", "steps-0-at": "09:00"},
        query="?kind=reminder",
    ),
    "reminders:edit_rule": Does(RULE | {"reminders_step"}, {"name": NEW, "steps-0-number": "2"}),
    "reminders:test_rule": Does({"emails"}, first=a_meeting_to_show),
    "reminders:pause_rule": Does(RULE),
    "reminders:resume_rule": Does(RULE, first=set_on(Rule, is_active=False)),
    "reminders:skip": Does({"reminders_delivery"}),
    "reminders:send_now": Does({"reminders_delivery"}),
    "reminders:send_again": Does({"reminders_delivery", "outbox_message"}, first=set_on(Delivery, state="failed")),
    "reminders:send_all_again": Does({"reminders_delivery", "outbox_message"}, {"state": "failed"}, first=all_failed),
    "reminders:trust_address": Does({"outbox_badaddress"}),
}


def state():
    """{table: a number that is another one when any of its rows is}, and how many emails went."""
    models = [model for model in apps.get_models() if not hasattr(model, "pgh_tracked_model")]
    tables = sorted({model._meta.db_table for model in models} - NOT_LOOKED_AT)
    sums = [f"SELECT '{table}', coalesce(sum(hashtext(t::text)), 0), count(*) FROM {table} t" for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(sums))
        found = {table: (total, count) for table, total, count in cursor.fetchall()}
    return found | {"emails": len(mail.outbox)}


def read(response):
    """The response, with a file that comes with it read and closed."""
    if response.streaming:
        list(response)
    return response


def changes(*requests):
    """What these change together: a set of tables, with "emails" where one went. Then all is as it was before."""
    mail.outbox.clear()
    with transaction.atomic():
        before = state()
        codes = {read(send()).status_code for send in requests}
        after = state()
        transaction.set_rollback(True)
    assert {code for code in codes if code >= 500} <= {503}
    return {what for what in after if after[what] != before[what]}


@pytest.fixture
def browsers(everybody):
    """{role: a client of their own, signed in}."""
    found = {role: Client() for role in everybody}
    for role, user in everybody.items():
        if user:
            found[role].force_login(user)
    return found


def form_of(path, browsers):
    """What a browser would send of the form on the page, as it stands for whoever may send it."""
    for role in (LEAD, VIEWER, SIGNED_OUT):
        response = read(browsers[role].get(path))
        if response.status_code == 200 and not response.streaming:
            try:
                return as_sent(response.content.decode(), path)
            except KeyError:
                continue
    return {}


def test_the_table_has_no_address_that_is_gone():
    assert set(DOES) - set(OUR_NAMES) == set()


@pytest.mark.parametrize("name", OUR_NAMES)
def test_each_address_does_what_the_table_says_for_those_it_names(name, browsers, arguments):
    does = DOES.get(name, Does(set()))
    more = does.first and does.first(arguments(name, {"pk"})["pk"])
    path = address(name, arguments) + does.query
    form = form_of(path, browsers) | does.typed | (more or {}) if name in DOES else {}
    who = PAGES[name][1] if does.who is None else does.who
    may = who if does.tables else set()

    def look(roles):
        return changes(*(partial(browsers[role].get, path) for role in roles))

    def send(*roles):
        file = {"file": SimpleUploadedFile("a.txt", b"Agenda")} if name == "engagements:new_document" else {}
        return changes(*(partial(browsers[role].post, path, form | file) for role in roles))

    assert look(browsers) == ({"engagements_feedreading"} if name == "feed_ics" else set()), "looking changes nothing"
    assert send(*(EVERYBODY - may)) == set(), "they may not"
    assert {role: send(role) for role in may} == dict.fromkeys(may, does.tables)


def test_django_admin_changes_nothing_for_others_and_nothing_by_being_looked_at(browsers, arguments):
    paths = [path for name in ADMIN_NAMES if (path := of_admin(name, arguments))]
    assert len(paths) > 50
    assert changes(*(partial(browsers[ADMINISTRATOR].get, path) for path in paths)) == set()
    for role in sorted(EVERYBODY - {ADMINISTRATOR}):
        assert changes(*(partial(browsers[role].post, path, {"post": "yes"}) for path in paths)) == set(), role


def of_admin(name, fill):
    """The path of an address of Django admin; None where it needs a row that there is not, or signs in and out."""
    try:
        return None if name in ("admin:login", "admin:logout") else address(name, fill)
    except (KeyError, NoReverseMatch):
        return None
