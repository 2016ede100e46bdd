"""Every address of the project: who may open it, and a row of each kind to fill it with."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.core.signing import Signer
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from engagements.operations.feeds import make_feed
from engagements.presenters.replies import SERIES_SIGNER, SIGNER
from engagements.rules.action_links import action_path
from outbox.models import BadAddress
from reminders.models import Delivery, Rule
from reminders.operations.rules import save_rule
from reminders.preferences.links import sign
from tests.factories import (
    ActionFactory,
    CommitmentFactory,
    CommitteeFactory,
    DocumentFactory,
    EngagementFactory,
    NoteFactory,
    ParticipationFactory,
    SeatFactory,
    SeriesFactory,
)

SIGNED_OUT, OUTSIDER, VIEWER, EDITOR, LEAD, ADMINISTRATOR = (
    "signed out",
    "outsider",
    "viewer",
    "editor",
    "lead",
    "administrator",
)
EVERYBODY = {SIGNED_OUT, OUTSIDER, VIEWER, EDITOR, LEAD, ADMINISTRATOR}
SIGNED_IN = EVERYBODY - {SIGNED_OUT}
READERS = {VIEWER, EDITOR, LEAD, ADMINISTRATOR}
EDITORS = {EDITOR, LEAD}
LEADS = {LEAD}

GET, POST = "get", "post"

PAGES = {
    # of the site
    "home": (GET, SIGNED_IN),
    "accessibility": (GET, EVERYBODY),
    "privacy": (GET, EVERYBODY),
    "robots": (GET, EVERYBODY),
    "keyboard": (GET, EVERYBODY),
    "keyboard_switch": (POST, SIGNED_IN),
    "choices": (GET, EVERYBODY),
    "choices_off": (GET, EVERYBODY),
    "health_live": (GET, EVERYBODY),
    "health_ready": (GET, EVERYBODY),
    "metrics": (GET, set()),
    "mail_events": (POST, set()),
    # by what stands in the address itself
    "feed_ics": (GET, EVERYBODY),
    "action_update": (GET, EVERYBODY),
    "reply": (GET, EVERYBODY),
    "reply_series": (GET, EVERYBODY),
    "reply_ics": (GET, EVERYBODY),
    # of an agreement, to read
    "dashboards:dashboard": (GET, READERS),
    "dashboards:months_csv": (GET, READERS),
    "dashboards:my_week": (GET, READERS),
    "dashboards:reached": (GET, READERS),
    "dashboards:export_reached": (GET, READERS),
    "reminders:mine": (GET, READERS),
    "dashboards:workstreams": (GET, READERS),
    "dashboards:workstream": (GET, READERS),
    "dashboards:workstream_months_csv": (GET, READERS),
    "dashboards:organisation": (GET, READERS),
    "dashboards:organisation_months_csv": (GET, READERS),
    "dashboards:person": (GET, READERS),
    "dashboards:about": (GET, READERS),
    "commitments:list": (GET, READERS),
    "commitments:export": (GET, READERS),
    "commitments:commitment": (GET, READERS),
    "commitments:rules": (GET, READERS),
    "commitments:plan": (GET, READERS),
    "commitments:plan_export_csv": (GET, READERS),
    "contacts:people": (GET, READERS),
    "contacts:export_people": (GET, READERS),
    "contacts:export_organisations": (GET, READERS),
    "contacts:organisations": (GET, READERS),
    "engagements:list": (GET, READERS),
    "engagements:export": (GET, READERS),
    "engagements:export_actions": (GET, READERS),
    "engagements:export_attendance": (GET, READERS),
    "engagements:export_ics": (GET, READERS),
    "engagements:record": (GET, READERS),
    "engagements:record_ics": (GET, READERS),
    "engagements:document": (GET, READERS),
    "engagements:feeds": (GET, READERS),
    "engagements:make_feed": (POST, READERS),
    "engagements:renew_feed": (POST, READERS),
    "engagements:revoke_feed": (POST, READERS),
    "engagements:my_reply": (POST, READERS - {ADMINISTRATOR}),
    "engagements:actions": (GET, READERS),
    "engagements:calendar": (GET, READERS),
    "engagements:committees": (GET, READERS),
    "engagements:committee": (GET, READERS),
    "engagements:series": (GET, READERS),
    # of an agreement, to edit
    "contacts:new_person": (GET, EDITORS),
    "contacts:edit_person": (GET, EDITORS),
    "contacts:new_organisation": (GET, EDITORS),
    "contacts:edit_organisation": (GET, EDITORS),
    "contacts:pick": (GET, EDITORS),
    "contacts:pick_new": (POST, EDITORS),
    "contacts:pick_read": (POST, EDITORS),
    "engagements:quick_log": (GET, EDITORS),
    "engagements:full_log": (GET, EDITORS),
    "engagements:edit": (GET, EDITORS),
    "engagements:duplicate": (GET, EDITORS),
    "engagements:took_place": (POST, EDITORS),
    "engagements:confirm": (POST, EDITORS),
    "engagements:cancel": (GET, EDITORS),
    "engagements:reinstate": (GET, EDITORS),
    "engagements:delete": (GET, EDITORS),
    "engagements:history": (GET, EDITORS),
    "engagements:attendance": (GET, EDITORS),
    "engagements:repeat": (GET, EDITORS),
    "engagements:edit_series": (GET, EDITORS),
    "engagements:stop_series": (GET, EDITORS),
    "engagements:put_back_series_date": (GET, EDITORS),
    "engagements:series_history": (GET, EDITORS),
    "engagements:day_note": (GET, EDITORS),
    "engagements:new_note": (GET, EDITORS),
    "engagements:edit_note": (GET, EDITORS),
    "engagements:delete_note": (GET, EDITORS),
    "engagements:new_document": (GET, EDITORS),
    "engagements:delete_document": (GET, EDITORS),
    "engagements:new_action": (GET, EDITORS),
    "engagements:edit_action": (GET, EDITORS),
    "engagements:action_done": (POST, EDITORS),
    "engagements:action_progress": (GET, EDITORS),
    "engagements:action_undo": (POST, EDITORS),
    "engagements:delete_action": (GET, EDITORS),
    "commitments:history": (GET, EDITORS),
    "commitments:plan_history": (GET, EDITORS),
    # of an agreement, for leads
    "commitments:new": (GET, LEADS),
    "commitments:edit": (GET, LEADS),
    "commitments:delete": (GET, LEADS),
    "commitments:find_evidence": (GET, LEADS),
    "commitments:evidence": (GET, LEADS),
    "commitments:withdraw": (POST, LEADS),
    "commitments:edit_plan": (GET, LEADS),
    "commitments:met": (GET, LEADS),
    "commitments:not_met": (POST, LEADS),
    "engagements:new_committee": (GET, LEADS),
    "engagements:edit_committee": (GET, LEADS),
    "engagements:new_seat": (GET, LEADS),
    "engagements:edit_seat": (GET, LEADS),
    "engagements:delete_seat": (GET, LEADS),
    "reminders:deliveries": (GET, LEADS),
    "reminders:export": (GET, LEADS),
    "reminders:send_record": (GET, EDITORS),
    "reminders:pending": (GET, EDITORS),
    "reminders:send_pending": (POST, EDITORS),
    "reminders:undo_pending": (POST, EDITORS),
    "reminders:rules": (GET, LEADS),
    "reminders:new_rule": (GET, LEADS),
    "reminders:rule": (GET, LEADS),
    "reminders:edit_rule": (GET, LEADS),
    "reminders:test_rule": (POST, LEADS),
    "reminders:pause_rule": (POST, LEADS),
    "reminders:resume_rule": (POST, LEADS),
    "reminders:skip": (POST, LEADS),
    "reminders:send_again": (POST, LEADS),
    "reminders:send_all_again": (POST, LEADS),
    "reminders:trust_address": (POST, LEADS),
    "reminders:send_now": (POST, LEADS),
    # of signing in, and of one's account
    "account_login": (GET, EVERYBODY),
    "account_logout": (GET, SIGNED_IN),
    "account_inactive": (GET, EVERYBODY),
    "account_reset_password": (GET, EVERYBODY),
    "account_reset_password_done": (GET, EVERYBODY),
    "account_reset_password_from_key": (GET, EVERYBODY),
    "account_email_verification_sent": (GET, EVERYBODY),
    "account_change_password": (GET, SIGNED_IN),
    "account_email": (GET, SIGNED_IN),
    "account_confirm_email": (GET, SIGNED_IN),
}
"""{name of the address: (method, who may)}. Django admin's addresses are the administrators' alone."""


def names(resolver=None, prefix=""):
    """The names of all addresses, namespaces first: "engagements:list"."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern, URLPattern):
            yield prefix + (pattern.name or str(pattern.pattern))


OUR_NAMES = sorted({name for name in names() if not name.startswith("admin:") and name != "admin/login/"})
ADMIN_NAMES = sorted({name for name in names() if name.startswith("admin:")})


@pytest.fixture
def everybody(cast):
    return {
        SIGNED_OUT: None,
        OUTSIDER: cast.outsider,
        VIEWER: cast.viewer,
        EDITOR: cast.officer,
        LEAD: cast.lead,
        ADMINISTRATOR: cast.administrator,
    }


@pytest.fixture
def arguments(cast, settings, tmp_path):
    """What fills the addresses: one row of each kind, in the agreement."""
    settings.MEDIA_ROOT = tmp_path
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    engagement = EngagementFactory(agreement=cast.agreement, status="planned", starts_on=tomorrow)
    committee = CommitteeFactory(agreement=cast.agreement)
    person = cast.agreement.people.get(user=cast.officer)
    action = ActionFactory(agreement=cast.agreement, owner_person=person, owner_organisation=None)
    rule = save_rule(Rule(agreement=cast.agreement, name="Rule", engagement_kinds=["workshop"]), by=None)
    delivery = Delivery.objects.create(
        agreement=cast.agreement,
        kind="invitation",
        engagement=engagement,
        person=person,
        title="It",
        due_at=timezone.now(),
        expires_at=timezone.now() + dt.timedelta(days=1),
    )
    rows = {
        "contacts:edit_person": person,
        "dashboards:person": person,
        "contacts:edit_organisation": cast.lga.organisation,
        "dashboards:organisation": cast.lga.organisation,
        "dashboards:organisation_months_csv": cast.lga.organisation,
        "commitments": CommitmentFactory(agreement=cast.agreement, measure="due", due_on=tomorrow),
        "action": action,
        "committee": committee,
        "seat": committee,
        "series": SeriesFactory(agreement=cast.agreement, rule="FREQ=WEEKLY", first_day=tomorrow, count=2),
        "engagements": engagement,
        "_rule": rule,
        "reminders:rule": rule,
        "reminders:skip": delivery,
        "reminders:send_again": delivery,
        "reminders:send_now": delivery,
        "reminders:trust_address": BadAddress.objects.create(
            agreement=cast.agreement, person=person, address="a@b.example", error="550"
        ),
    }
    seat = SeatFactory(committee=committee, holder=person)
    for user in (cast.viewer, cast.officer, cast.lead):
        place = ParticipationFactory(engagement=engagement, person=cast.agreement.people.get(user=user))
    token = make_feed(cast.agreement, what="mine", by=cast.viewer).path.split("/")[-1].removesuffix(".ics")
    signed = Signer(**SIGNER).sign_object([place.pk, engagement.schedule_version, "accepted"])
    one_of_series = EngagementFactory(
        agreement=cast.agreement, status="planned", starts_on=tomorrow, series=rows["series"], series_date=tomorrow
    )
    ParticipationFactory(engagement=one_of_series, person=person)
    signed_series = Signer(**SERIES_SIGNER).sign_object([person.pk, rows["series"].pk, "accepted"])
    signed_action = action_path(action.pk, person.pk).split("/")[-2]
    note = NoteFactory(engagement=engagement, written_by=person)
    document = DocumentFactory(engagement=engagement, added_by=person, file=ContentFile(b"Agenda", "a.txt"))

    def fill(name, converters):
        row = next((row for key, row in rows.items() if key in name), engagement)
        if name.startswith("engagements:") and not any(
            word in name for word in ("action", "committee", "seat", "series")
        ):
            row = engagement
        values = {
            "agreement": cast.agreement.slug,
            "slug": cast.workstream.slug,
            "pk": row.pk,
            "engagement": engagement.pk,
            "seat": seat.pk,
            "note": note.pk,
            "document": document.pk,
            "signed": signed,
            "signed_series": signed_series,
            "signed_action": signed_action,
            "token": token,
            "whose": sign(person.pk),
            "topics": "meetings",
            "uidb36": "1",
            "key": "x-y",
            "object_id": "1",
            "about": "engagement",
            "ending": "csv",
        }
        return {key: values[key] for key in converters}

    return fill


def address(name, fill):
    """The path of a name, filled in."""
    patterns = get_resolver()
    for namespace in name.split(":")[:-1]:
        patterns = patterns.namespace_dict[namespace][1]
    converters = set()
    for possibility in patterns.reverse_dict.getlist(name.rsplit(":", 1)[-1]):
        converters = set(possibility[0][0][1])
    if not name.startswith(("account_", "admin:")) and ":" in name:
        converters.add("agreement")
    return reverse(name, kwargs=fill(name, converters))
