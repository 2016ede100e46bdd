"""Finding the rows of the demonstration's agreement by name."""

from contacts.models import Organisation, Person


class Book:
    """The people, organisations, workstreams and seats of ``agreement``, each read once."""

    def __init__(self, agreement, calendar):
        self.agreement, self.calendar = agreement, calendar
        people = Person.objects.of(agreement).select_related("organisation", "user").order_by("pk")
        self.people = {person.name: person for person in people}
        self.people_by_pk = {person.pk: person for person in people}
        self.organisations = {}
        for organisation in Organisation.objects.of(agreement):
            self.organisations |= {organisation.name: organisation, str(organisation): organisation}
        self.workstreams = {workstream.slug: workstream for workstream in agreement.workstreams.all()}
        self.committee = agreement.committees.first()
        self.seats = list(self.committee.seats.all()) if self.committee else []

    def of_kind(self, *kinds):
        """The people from organisations of these kinds that are not parties, in the order of the file."""
        return [
            person
            for person in self.people.values()
            if person.organisation and not person.organisation.party_id and person.organisation.kind in kinds
        ]

    def officers(self, organisation):
        """The people of an organisation, those who sign in first."""
        people = [person for person in self.people.values() if person.organisation_id == organisation.pk]
        return sorted(people, key=lambda person: person.user is None)

    def officer(self, organisation):
        """The officer who logs the engagements that ``organisation`` hosts; the LGA's one if it is not a party."""
        host = organisation if organisation.party_id else self.organisations["LGA"]
        return next(person for person in self.officers(host) if person.user and person.user.email.startswith("officer"))
