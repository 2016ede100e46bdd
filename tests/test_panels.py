"""The panels that a higher room puts on a lower room's page: one query each at most, for those who may see it."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from engagements.presenters.record import Record
from pages.access import access_of
from tests.factories import CommitmentFactory, EngagementFactory, EvidenceFactory, ParticipationFactory, PersonFactory

PANELS = {
    "counts_towards_panel": "commitments",
    "reminders_panel": "reminders",
    "pending_panel": "reminders",
}
"""{tag: the room whose library has it}. Each takes an engagement."""

ROLES = ["viewer", "officer", "lead", "administrator"]


@pytest.fixture
def engagement(cast, time_machine):
    """A roundtable to come that counts towards two commitments and has people to remind."""
    time_machine.move_to(dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC), tick=False)
    rhythm = {"measure": "rhythm", "rhythm_count": 4, "rhythm_period": "year"}
    engagement = EngagementFactory(
        agreement=cast.agreement, kind="roundtable", status="planned", starts_on=dt.date(2026, 12, 3)
    )
    CommitmentFactory(agreement=cast.agreement, title="Four a year", **rhythm)
    EvidenceFactory(commitment__agreement=cast.agreement, engagement=engagement)
    for _ in range(3):
        ParticipationFactory(engagement=engagement, person=PersonFactory(agreement=cast.agreement))
    return engagement


def shown(tag, user, slug, pk):
    """(What a panel shows on the record, how many queries it took)."""
    request = RequestFactory().get("/")
    request.user, request.access = user, access_of(user, slug)
    record = Record(user, request.access, pk)
    template = Template(f"{{% load {PANELS[tag]} %}}{{% {tag} engagement %}}")
    with CaptureQueriesContext(connection) as queries:
        html = template.render(Context({"request": request, "engagement": record.engagement}))
    return html, len(queries)


def test_the_table_has_every_panel():
    tags = re.compile(r"{% (\w+_panel) ")
    pages = Path(settings.BASE_DIR).glob("*/templates/**/*.html")
    assert {tag for page in pages for tag in tags.findall(page.read_text())} == set(PANELS)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("tag", PANELS)
def test_each_costs_one_query_at_most(cast, engagement, tag, role):
    assert shown(tag, getattr(cast, role), cast.agreement.slug, engagement.pk)[1] <= 1


@pytest.mark.parametrize("role", ROLES)
def test_everyone_sees_what_an_engagement_counts_towards(cast, engagement, role):
    html, _ = shown("counts_towards_panel", getattr(cast, role), cast.agreement.slug, engagement.pk)
    assert "Four a year" in html
    assert "once held, this is the 1st of 4" in html
    assert "added by hand" in html


def test_reminders_are_for_those_who_keep_the_record(cast, engagement):
    assert "Reminders" in shown("reminders_panel", cast.officer, cast.agreement.slug, engagement.pk)[0]
    assert "Reminders" not in shown("reminders_panel", cast.viewer, cast.agreement.slug, engagement.pk)[0]
