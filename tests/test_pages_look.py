"""Every page of the demonstration in a real browser: axe finds nothing, nothing scrolls sideways, nothing complains."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.signing import Signer
from django.utils import timezone

from contacts.models import Person
from engagements.models import Action, Committee, Document, Engagement, Note, Participation, Seat, Series
from engagements.presenters.replies import SERIES_SIGNER, SIGNER
from engagements.rules.action_links import action_path
from partnership.models import Agreement
from reminders.preferences.links import sign
from tests.addresses import EVERYBODY, GET, LEAD, PAGES, SIGNED_OUT, address
from tests.browser import axe_findings, enter, shape_findings, sideways
from tests.markup import markup_findings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NO_PAGES = {
    *("_csv", ":export", "record_ics", "reply_ics", "feed_ics"),
    *("engagements:document", "health_", "contacts:pick", "day_note", "robots"),
}
"""Files, and the fragments that a page asks for."""


@pytest.fixture
def demo(settings, tmp_path):
    """The demonstration, and a function that fills an address with rows of it."""
    settings.DEMO, settings.MEDIA_ROOT = True, tmp_path
    call_command("load_demo", verbosity=0)
    agreement = Agreement.objects.get(slug="lga-techuk")
    lead = get_user_model().objects.get(email="lead@lga.example")
    of_lga = {"organisation__party__short_name": "LGA"}
    document = (
        Document.objects.visible_to(lead).of(agreement).filter(added_by__in=Person.objects.filter(**of_lga)).first()
    )
    committee = Committee.objects.of(agreement).first()
    note = Note.objects.visible_to(lead).of(agreement).filter(written_by__in=Person.objects.filter(**of_lga)).first()
    coming = Engagement.objects.of(agreement).coming(timezone.now())
    place = Participation.objects.filter(engagement__in=coming, reply="").select_related("engagement").first()
    in_series = Participation.objects.filter(engagement__in=coming, engagement__series__isnull=False)
    regular = in_series.select_related("engagement").first()
    owned = Action.objects.of(agreement).open().filter(owner_person__isnull=False).first()
    values = {
        "agreement": agreement.slug,
        "slug": agreement.workstreams.first().slug,
        "engagement": Engagement.objects.of(agreement).first().pk,
        "note": note.pk,
        "document": document.pk,
        "seat": Seat.objects.filter(committee=committee).first().pk,
        "signed": Signer(**SIGNER).sign_object([place.pk, place.engagement.schedule_version, "tentative"]),
        "signed_series": Signer(**SERIES_SIGNER).sign_object(
            [regular.person_id, regular.engagement.series_id, "accepted"]
        ),
        "signed_action": action_path(owned.pk, owned.owner_person_id).split("/")[-2],
        "whose": sign(agreement.people.first().pk),
        "topics": "meetings-actions",
        "uidb36": "1",
        "key": "x-y",
    }
    keys = {
        "person": agreement.people.first().pk,
        "organisation": agreement.organisations.first().pk,
        "commitments:met": agreement.commitments.filter(measure="due").first().pk,
        "commitments": agreement.commitments.first().pk,
        "action": Action.objects.of(agreement).open().first().pk,
        "committee": committee.pk,
        "series": Series.objects.of(agreement).first().pk,
        "seat": committee.pk,
        "note": note.engagement_id,
        "rule": agreement.reminder_rules.first().pk,
        "send_record": Engagement.objects.of(agreement).filter(status="held").first().pk,
        "document": document.engagement_id,
        "": Engagement.objects.of(agreement).filter(documents=document).first().pk,
    }

    def fill(name, converters):
        pk = next(key for word, key in keys.items() if word in name.replace("engagements:", ""))
        return {key: (values | {"pk": pk})[key] for key in converters}

    return fill, lead


def pages(roles):
    """The names of pages that one of the ``roles`` may read."""
    return [
        name
        for name, (method, who) in PAGES.items()
        if method == GET and who & roles and not any(word in name for word in NO_PAGES)
    ]


def findings(page, live_server, names, fill, folder):
    """{name: what is wrong with it}, empty where all is well. The HTML is written to ``folder``, and read there."""
    wrong, documents = {}, {}
    for name in names:
        answer = page.goto(live_server.url + address(name, fill))
        documents[name] = answer.text()
        found = axe_findings(page) + shape_findings(page) + sideways(page)
        if found or not answer.ok:
            wrong[name] = [f"answers {answer.status}", *found]
    if faults := markup_findings(documents, folder):
        wrong["HTML"] = faults
    return wrong


def test_every_page_on_a_desktop(demo, live_server, page, problems, tmp_path):
    fill, lead = demo
    enter(page, live_server, lead)
    assert findings(page, live_server, pages({LEAD}), fill, tmp_path / "html") == {}
    assert problems == []


MAIN_PAGES = [
    "dashboards:dashboard",
    "dashboards:my_week",
    "engagements:list",
    "engagements:record",
    "engagements:quick_log",
    "engagements:full_log",
    "engagements:actions",
    "engagements:calendar",
    "engagements:series",
    "engagements:edit_series",
    "contacts:people",
    "dashboards:about",
]


def test_the_main_pages_on_a_phone_in_the_dark(demo, live_server, page, problems, tmp_path):
    fill, lead = demo
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    enter(page, live_server, lead)
    assert findings(page, live_server, MAIN_PAGES, fill, tmp_path / "html") == {}
    assert problems == []


def test_every_page_of_signing_in(demo, live_server, page, tmp_path):
    fill, _ = demo
    open_to_all = [name for name in pages({SIGNED_OUT}) if PAGES[name][1] == EVERYBODY]
    assert findings(page, live_server, open_to_all, fill, tmp_path / "html") == {}
