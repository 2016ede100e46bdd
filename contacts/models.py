"""The address book of an agreement: organisations and people."""

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse

from contacts.queries import Folded, OrganisationQuerySet, PersonQuerySet
from contacts.rules.names import full_name
from partnership.models import Agreement, Membership, Party
from records.constraints import SameAgreement, agreement_key, within_reach
from records.limits import WITHIN_REACH
from records.names import HIDDEN, NameField
from records.one_time_key import MadeByForm
from records.roles import Role
from records.validators import web_address


def visible(name, *fields):
    """A constraint that refuses invisible characters in ``fields``: names that look alike must be alike."""
    hidden = Q()
    for field in fields:
        hidden |= Q(**{f"{field}__regex": f"[{HIDDEN}]"})
    return models.CheckConstraint(name=name, condition=~hidden)


@pghistory.track(exclude=["form_key"])
class Organisation(MadeByForm):
    """An organisation that people belong to. A party's own organisation is created with the party."""

    class Kind(models.TextChoices):
        COUNCIL = "council", "Council"
        SUPPLIER = "supplier", "Supplier"
        GOVERNMENT = "government", "Central government"
        TRADE_BODY = "trade_body", "Trade or professional body"
        RESEARCH = "research", "University or research body"
        OTHER = "other", "Other"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="organisations")
    name = NameField(max_length=200)
    short_name = NameField(max_length=60, blank=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OTHER)
    website = models.URLField(blank=True, max_length=500, validators=[web_address])
    party = models.OneToOneField(Party, models.RESTRICT, null=True, blank=True, related_name="organisation")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            agreement_key("contacts_organisation"),
            SameAgreement(field="party", name="organisation_party_same_agreement"),
            models.UniqueConstraint(
                "agreement",
                Lower("name"),
                name="organisation_name_unique",
                violation_error_message="An organisation of this name is in the address book already.",
            ),
            visible("organisation_names_visible", "name", "short_name"),
            models.CheckConstraint(
                name="organisation_kind_known",
                condition=Q(kind__in=["council", "supplier", "government", "trade_body", "research", "other"]),
            ),
            models.CheckConstraint(
                name="organisation_website_http", condition=Q(website="") | Q(website__regex=r"^https?://")
            ),
        ]
        indexes = [
            models.Index(fields=["agreement", "name"], name="organisation_by_name"),
            GinIndex(OpClass(Folded(F("name")), "gin_trgm_ops"), name="organisation_name_trigrams"),
            GinIndex(OpClass(Folded(F("short_name")), "gin_trgm_ops"), name="organisation_short_trigrams"),
        ]

    def __str__(self):
        return self.short_name or self.name

    def get_absolute_url(self):
        return reverse("dashboards:organisation", args=[self.agreement.slug, self.pk])


@pghistory.track(exclude=["form_key"])
class Person(MadeByForm):
    """Someone in the address book, with or without an account."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="people")
    name = NameField(max_length=200, help_text="Without titles and honours: people are sorted and matched by it.")
    title = NameField(max_length=60, blank=True, help_text="For example, Cllr or Dr")
    honours = NameField(max_length=100, blank=True, help_text="For example, OBE or FRS")
    email = models.EmailField(blank=True)
    job_title = NameField(max_length=150, blank=True)
    organisation = models.ForeignKey(Organisation, models.RESTRICT, null=True, blank=True, related_name="people")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="people")
    left_on = models.DateField(
        "left on",
        null=True,
        blank=True,
        validators=WITHIN_REACH,
        help_text="The day they left their organisation.",
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "people"
        ordering = ["name"]
        constraints = [
            agreement_key("contacts_person"),
            SameAgreement(field="organisation", name="person_organisation_same_agreement"),
            models.UniqueConstraint(
                "agreement",
                Lower("email"),
                condition=~Q(email=""),
                name="person_email_unique",
                violation_error_message="Someone with this email is in the address book already.",
            ),
            models.UniqueConstraint(fields=["agreement", "user"], name="person_one_for_a_user"),
            within_reach("person_left_within_reach", "left_on"),
            models.CheckConstraint(name="person_has_a_name", condition=~Q(name="")),
            visible("person_names_visible", "name", "title", "honours", "job_title"),
        ]
        indexes = [
            models.Index(fields=["agreement", "name"], name="person_by_name"),
            models.Index(fields=["agreement", "organisation"], name="person_by_organisation"),
            GinIndex(OpClass(Folded(F("name")), "gin_trgm_ops"), name="person_name_trigrams"),
            GinIndex(OpClass(Folded(F("email")), "gin_trgm_ops"), name="person_email_trigrams"),
        ]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self):
        """The name with titles and honours: "Cllr Priya Nair MBE"."""
        return full_name(self.title, self.name, self.honours)

    @property
    def party_of_account(self):
        """The party of a person with an account: the one they have a role for, else the one they work for."""
        role = self.user.memberships.filter(agreement=self.agreement_id).select_related("party").first()
        return (role and role.party) or (self.organisation and self.organisation.party)

    def may_be_rerouted_by(self, user):
        """Whether ``user`` may change where this person's email is sent (``operations.ROUTING``).

        If the person has an account, only they, the officers of their party and administrators may: whoever changes an
        address receives what is sent to it.
        """
        if self.user_id in (None, user.pk) or user.is_superuser:
            return True
        party = self.party_of_account
        return bool(party) and Membership.objects.filter(user=user, party=party, role__in=Role.of_officers()).exists()

    def get_absolute_url(self):
        return reverse("dashboards:person", args=[self.agreement.slug, self.pk])

    def has_left(self, today):
        """Whether the person has left their organisation, or lost their account or their role in the agreement.

        Somebody without an account cannot lose either. The reminders check the same for many people at once: see
        ``reminders.planning.recipient_checks``.
        """
        if self.left_on and self.left_on <= today:
            return True
        if self.user is None or (self.user.is_active and self.user.is_superuser):
            return False
        return not (self.user.is_active and self.user.memberships.filter(agreement=self.agreement_id).exists())
