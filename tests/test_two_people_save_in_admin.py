"""Two administrators save the same row in Django admin: the second is told what the first saved, and loses nothing."""

import pytest
from django.contrib.admin import site
from django.urls import reverse
from django.utils import timezone

from commitments.models import Evidence, PlanNumber
from engagements.models import Document, Feed, Note, Seat, Series
from partnership.models import Membership
from records.admin import RecordAdmin
from reminders.models import Preference, Rule, Step
from reminders.operations.rules import save_rule
from tests.factories import (
    ActionFactory,
    CommitmentFactory,
    CommitteeFactory,
    EngagementFactory,
    SeatFactory,
    SeriesFactory,
)
from tests.html_form import as_sent

TOLD = "Somebody else saved this while you had it open."
CHANGES = {
    Membership: ("role", "viewer", "lead"),
    PlanNumber: ("number", "4", "5"),
    Evidence: ("reason", "First", "Second"),
    Preference: ("meetings", "off", "daily"),
    Series: ("venue", "First", "Second"),
}
"""{model: (a field, what the first types there, what the second does)}; of the others it is their title or name."""


@pytest.fixture
def rows(cast):
    """{model: a row of it}, of each model that admin changes."""
    agreement = cast.agreement
    engagement = EngagementFactory(agreement=agreement)
    committee = SeatFactory(
        committee=CommitteeFactory(agreement=agreement), organisation=cast.lga.organisation
    ).committee
    commitment = CommitmentFactory(agreement=agreement)
    rows = [
        *(agreement, cast.lga, cast.workstream, agreement.organisations.create(name="Old", kind="other")),
        agreement.people.get(user=cast.officer),
        *(agreement.memberships.get(user=cast.officer), engagement, committee),
        *(SeriesFactory(agreement=agreement), ActionFactory(agreement=agreement)),
        commitment,
        PlanNumber.objects.create(agreement=agreement, year=2, kind="workshop", number=3, set_for=timezone.localdate()),
        Evidence.objects.create(
            agreement=agreement, commitment=commitment, engagement=engagement, counts=True, reason="Old"
        ),
        Preference.objects.create(agreement=agreement, person=agreement.people.get(user=cast.officer)),
        save_rule(Rule(agreement=agreement, name="Old", engagement_kinds=["workshop"]), steps=[Step(days=-2)], by=None),
    ]
    return {type(row): row for row in rows}


def changed_in_admin():
    """Notes, documents and feeds are only looked at there."""
    changed = [model for model, its in site._registry.items() if isinstance(its, RecordAdmin)]
    return [model for model in changed if model not in (Document, Feed, Note)]


def page_of(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


@pytest.mark.parametrize("model", changed_in_admin())
def test_whoever_comes_second_is_told_and_may_save_again(model, rows, cast, sign_in):
    row = rows[model]
    fields = {field.name for field in model._meta.fields}
    field, first, second = CHANGES.get(model, ("title" if "title" in fields else "name", "First", "Second"))
    client, page = sign_in(cast.administrator), page_of(row)
    opened = as_sent(client.get(page).content.decode(), page)
    saved = client.post(page, opened | {field: first})
    assert saved.status_code == 302, saved.context["errors"]
    told = client.post(page, opened | {field: second})
    assert told.status_code == 200
    assert TOLD in told.content.decode()
    row.refresh_from_db()
    assert str(getattr(row, field)) == first
    again = as_sent(told.content.decode(), page)
    assert again[field] == [second]
    assert client.post(page, again).status_code == 302
    row.refresh_from_db()
    assert str(getattr(row, field)) == second


def test_a_seat_of_a_committee_too(rows, cast, sign_in):
    client, seat = sign_in(cast.administrator), Seat.objects.get()
    page = page_of(seat.committee)
    opened = as_sent(client.get(page).content.decode(), page)
    assert client.post(page, opened | {"seats-0-role": "chair"}).status_code == 302
    told = client.post(page, opened | {"seats-0-role": "observer"})
    assert TOLD in told.content.decode()
    seat.refresh_from_db()
    assert seat.role == "chair"
