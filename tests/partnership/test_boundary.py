"""An agreement is the boundary: the database refuses a link that crosses it."""

import datetime as dt

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from partnership.models import Agreement, AgreementDate
from records.constraints import SameAgreement
from tests.factories import DocumentFactory, EngagementFactory, OrganisationFactory, ParticipationFactory, PersonFactory

ROOMS = ("partnership", "contacts", "workstreams", "engagements", "commitments", "outbox", "reminders")


def models_of_agreements():
    return [
        model
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
        if any(field.name == "agreement" for field in model._meta.fields) and not hasattr(model, "pgh_tracked_model")
    ]


def test_every_link_between_rows_of_an_agreement_is_kept_inside_it_by_the_database():
    guarded = models_of_agreements()
    missing = [
        f"{model.__name__}.{field.name}"
        for model in guarded
        for field in model._meta.fields
        if field.is_relation and field.related_model in guarded
        if not any(isinstance(c, SameAgreement) and c.field == field.name for c in model._meta.constraints)
    ]
    assert missing == []


@transaction.atomic
def take_part(engagement, person):
    ParticipationFactory(engagement=engagement, person=person)
    connection.check_constraints()


def test_a_person_of_another_agreement_cannot_take_part(cast):
    stranger = PersonFactory(agreement=cast.elsewhere)
    with pytest.raises(IntegrityError, match="same_agreement"):
        take_part(EngagementFactory(agreement=cast.agreement), stranger)


def test_the_link_is_refused_beside_its_field_before_the_database_has_to(cast):
    person = PersonFactory.build(agreement=cast.agreement, organisation=OrganisationFactory(agreement=cast.elsewhere))
    with pytest.raises(ValidationError) as refused:
        person.full_clean()
    assert refused.value.message_dict == {"organisation": ["This belongs to another agreement."]}


def test_everyone_with_a_role_is_a_person_and_every_party_an_organisation(cast):
    people = {m.user.email: m.agreement.people.get(user=m.user) for m in cast.agreement.memberships.all()}
    assert people["officer@lga.example"].organisation == cast.lga.organisation
    assert people["member@committee.example"].organisation is None
    assert cast.techuk.organisation.name == "techUK"


def test_an_agreement_goes_with_all_that_it_holds(cast):
    ParticipationFactory(engagement=EngagementFactory(agreement=cast.agreement))
    cast.agreement.delete()
    assert [a.name for a in Agreement.objects.all()] == ["Elsewhere"]


def test_a_date_that_no_calendar_can_reckon_with_is_refused(cast):
    date = AgreementDate(agreement=cast.agreement, kind="end", on=dt.date(9999, 12, 31))
    with pytest.raises(ValidationError, match="Give a year from 1990 to 2100"):
        date.full_clean()
    with pytest.raises(IntegrityError, match="within_reach"), transaction.atomic():
        date.save()


def test_a_paper_of_one_party_does_not_give_its_name_away_where_rows_are_listed(cast):
    engagement = EngagementFactory(agreement=cast.agreement)
    assert str(DocumentFactory.build(engagement=engagement, name="Offer.pdf", party=cast.lga)) == "A paper of LGA"
    assert str(DocumentFactory.build(engagement=engagement, name="Agenda.pdf")) == "Agenda.pdf"
