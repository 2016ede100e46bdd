"""Rows for tests, without surprises: a factory makes what its test names, and what the database insists on."""

import datetime as dt

import factory
from django.contrib.auth import get_user_model
from factory.django import DjangoModelFactory

from commitments.models import Commitment, Evidence
from contacts.models import Organisation, Person
from engagements.models import Action, Committee, Decision, Document, Engagement, Note, Participation, Seat, Series
from partnership.models import Agreement, AgreementDate, Membership, Party
from workstreams.models import Workstream

PASSWORD = "partnership"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"user{n}@people.example")
    name = factory.Sequence(lambda n: f"User {n}")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def confirmed(self, create, extracted, **kwargs):
        """Their address is theirs, unless the test says ``confirmed=False``."""
        if create and extracted is not False:
            self.confirm_email()


class AgreementFactory(DjangoModelFactory):
    class Meta:
        model = Agreement

    name = factory.Sequence(lambda n: f"Agreement {n}")
    slug = factory.Sequence(lambda n: f"agreement-{n}")
    status = Agreement.Status.IN_FORCE


class AgreementDateFactory(DjangoModelFactory):
    class Meta:
        model = AgreementDate

    agreement = factory.SubFactory(AgreementFactory)
    kind = AgreementDate.Kind.EFFECTIVE
    on = dt.date(2025, 4, 1)


class PartyFactory(DjangoModelFactory):
    class Meta:
        model = Party

    agreement = factory.SubFactory(AgreementFactory)
    name = factory.Sequence(lambda n: f"Party {n}")
    short_name = factory.Sequence(lambda n: f"P{n}")


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    agreement = factory.SubFactory(AgreementFactory)
    user = factory.SubFactory(UserFactory)


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    agreement = factory.SubFactory(AgreementFactory)
    name = factory.Sequence(lambda n: f"Organisation {n}")


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    agreement = factory.SubFactory(AgreementFactory)
    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@people.example")


class WorkstreamFactory(DjangoModelFactory):
    class Meta:
        model = Workstream

    agreement = factory.SubFactory(AgreementFactory)
    name = factory.Sequence(lambda n: f"Workstream {n}")
    slug = factory.Sequence(lambda n: f"workstream-{n}")


class CommitteeFactory(DjangoModelFactory):
    class Meta:
        model = Committee

    agreement = factory.SubFactory(AgreementFactory)
    name = factory.Sequence(lambda n: f"Committee {n}")


class SeatFactory(DjangoModelFactory):
    class Meta:
        model = Seat

    committee = factory.SubFactory(CommitteeFactory)
    agreement = factory.SelfAttribute("committee.agreement")


class EngagementFactory(DjangoModelFactory):
    class Meta:
        model = Engagement

    agreement = factory.SubFactory(AgreementFactory)
    title = factory.Sequence(lambda n: f"Engagement {n}")
    kind = Engagement.Kind.WORKSHOP
    status = Engagement.Status.HELD
    starts_on = dt.date(2026, 6, 10)


class ParticipationFactory(DjangoModelFactory):
    class Meta:
        model = Participation

    engagement = factory.SubFactory(EngagementFactory)
    agreement = factory.SelfAttribute("engagement.agreement")
    person = factory.SubFactory(PersonFactory, agreement=factory.SelfAttribute("..agreement"))


class DecisionFactory(DjangoModelFactory):
    class Meta:
        model = Decision

    engagement = factory.SubFactory(EngagementFactory)
    agreement = factory.SelfAttribute("engagement.agreement")
    text = "We go on."


class ActionFactory(DjangoModelFactory):
    class Meta:
        model = Action

    agreement = factory.SubFactory(AgreementFactory)
    title = factory.Sequence(lambda n: f"Action {n}")
    owner_organisation = factory.SubFactory(OrganisationFactory, agreement=factory.SelfAttribute("..agreement"))


def party_of_author(paper):
    """As the verbs have it: the party that it is for alone, else that of whoever made it."""
    author = paper.written_by if hasattr(paper, "written_by") else paper.added_by
    return paper.party or (author.organisation.party if author and author.organisation else None)


class NoteFactory(DjangoModelFactory):
    class Meta:
        model = Note

    party = written_by = None
    by_party = factory.LazyAttribute(party_of_author)
    engagement = factory.SubFactory(EngagementFactory)
    agreement = factory.SelfAttribute("engagement.agreement")
    text = "A note."


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = Document

    party = added_by = None
    by_party = factory.LazyAttribute(party_of_author)
    engagement = factory.SubFactory(EngagementFactory)
    agreement = factory.SelfAttribute("engagement.agreement")
    name = "agenda.txt"
    content_type = "text/plain"
    size = 6
    file = factory.django.FileField(data=b"Agenda", filename="agenda.txt")


class CommitmentFactory(DjangoModelFactory):
    class Meta:
        model = Commitment

    agreement = factory.SubFactory(AgreementFactory)
    title = factory.Sequence(lambda n: f"Commitment {n}")


class EvidenceFactory(DjangoModelFactory):
    class Meta:
        model = Evidence

    commitment = factory.SubFactory(CommitmentFactory)
    agreement = factory.SelfAttribute("commitment.agreement")
    engagement = factory.SubFactory(EngagementFactory, agreement=factory.SelfAttribute("..agreement"))
    counts = True
    reason = "It was held together."


class SeriesFactory(DjangoModelFactory):
    class Meta:
        model = Series

    agreement = factory.SubFactory(AgreementFactory)
    title = factory.Sequence(lambda n: f"Series {n}")
    kind = Engagement.Kind.WORKSHOP
    rule = "FREQ=MONTHLY;BYDAY=2TH"
    first_day = dt.date(2026, 12, 10)
