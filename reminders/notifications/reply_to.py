"""The person whom an email names, and who gets the replies to it: the organiser, otherwise a lead."""

from collections import defaultdict

from django.db.models import Q
from django.utils import timezone

from contacts.models import Person
from engagements.models import EngagementHost, Participation
from outbox.reply_to import Contact
from partnership.models import Membership
from records.roles import Role


class Contacts:
    """Finds the people whom the emails of claimed messages name. It reads what it needs from the database up front."""

    def __init__(self, claimed):
        engagements = {one.target_id for one in claimed if one.target == "engagement"}
        actions = {one.target_id for one in claimed if one.target == "action"}
        readers = Person.objects.filter(pk__in={one.person_id for one in claimed})
        self.readers = {pk: rest for pk, *rest in readers.values_list("pk", "agreement_id", "organisation__party_id")}
        self.organisers = _organisers(engagements, actions)
        self.hosts = _hosting_parties(engagements, actions)
        self.leads = _leads({agreement for agreement, _ in self.readers.values()})

    def contact_for(self, claimed) -> Contact | None:
        """The person whom the email about one thing names; None where there is nobody but its reader."""
        target = claimed.target, claimed.target_id
        organisers = (one for one in self.organisers[target] if one.person_id != claimed.person_id)
        return next(organisers, None) or self.lead_for(claimed, self.hosts[target])

    def lead_for(self, claimed, hosts=()) -> Contact | None:
        """A lead other than the reader: of a hosting party, else of the reader's own, else any. None without one."""
        agreement, own_party = self.readers.get(claimed.person_id, (None, None))
        nearest = sorted(self.leads[agreement], key=lambda lead: (lead[0] not in hosts, lead[0] != own_party))
        return next((contact for _, contact in nearest if contact.person_id != claimed.person_id), None)


def _contacts(rows, *keys, through=""):
    """(values of ``keys``, ``Contact``) of each person who has not left and whom an email reaches."""
    names = [f"{through}{name}" for name in ("id", "name", "email", "organisation__short_name", "organisation__name")]
    present = Q(**{f"{through}left_on": None}) | Q(**{f"{through}left_on__gt": timezone.localdate()})
    for row in rows.filter(present).exclude(**{f"{through}email": ""}).values_list(*keys, *names):
        pk, name, email, short_name, organisation = row[len(keys) :]
        contact = Contact(pk, " ".join(name.split()), email, short_name or organisation or "")
        if contact.is_usable:
            yield row[: len(keys)], contact


def _organisers(engagements, actions):
    """{(target, key): contacts}: the organisers of an engagement, or of the one from which an action comes.

    Under the Chatham House Rule there are none, since an email may not name anybody who is there.
    """
    rows = Participation.objects.filter(role=Participation.Role.ORGANISER, engagement__chatham_house=False)
    found = defaultdict(list)
    for target, key, wanted in (
        ("engagement", "engagement_id", {"engagement__in": engagements}),
        ("action", "engagement__actions", {"engagement__actions__in": actions}),
    ):
        if any(wanted.values()):
            for (pk,), contact in _contacts(rows.filter(**wanted).order_by("pk"), key, through="person__"):
                found[target, pk].append(contact)
    return found


def _hosting_parties(engagements, actions):
    """{(target, key): keys of the parties that host}."""
    rows = EngagementHost.objects.filter(organisation__party__isnull=False)
    found = defaultdict(set)
    for target, key, wanted in (
        ("engagement", "engagement_id", {"engagement__in": engagements}),
        ("action", "engagement__actions", {"engagement__actions__in": actions}),
    ):
        if any(wanted.values()):
            for pk, party in rows.filter(**wanted).values_list(key, "organisation__party_id"):
                found[target, pk].add(party)
    return found


def _leads(agreements):
    """{agreement: pairs of a party and a contact}: its leads, in the order in which they were added to the contacts."""
    found = defaultdict(list)
    leads = Membership.objects.filter(agreement__in=agreements, role=Role.LEAD, user__is_active=True)
    parties = {(agreement, user): party for agreement, user, party in leads.values_list("agreement", "user", "party")}
    people = Person.objects.filter(agreement__in=agreements, user__in={user for _, user in parties}).order_by("pk")
    for (agreement, user), contact in _contacts(people, "agreement_id", "user_id") if parties else ():
        if (agreement, user) in parties:
            found[agreement].append((parties[agreement, user], contact))
    return found
