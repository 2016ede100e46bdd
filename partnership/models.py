"""Agreements with their dates, parties, memberships and versions."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from partnership.agreement_years import AgreementYear, agreement_year
from records.constraints import SameAgreement, agreement_key
from records.limits import FIRST_DAY, LAST_DAY, LONG_TEXT, OUT_OF_REACH, WITHIN_REACH
from records.memberships import agreements_of
from records.names import NameField
from records.querysets import AgreementRows
from records.roles import Role
from records.validators import web_address


class Certainty(models.TextChoices):
    """How sure we are of a fact."""

    STATED = "stated", "stated"
    INFERRED = "inferred", "inferred"
    UNCLEAR = "unclear", "unclear"


class AgreementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The agreements that ``user`` is a member of; all of them for an administrator."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self
        return self.filter(pk__in=agreements_of(user))

    def with_effective_date(self):
        """Annotate with ``effective_on``, a date or None, from the agreement's dates."""
        effective = AgreementDate.objects.filter(agreement=models.OuterRef("pk"), kind=AgreementDate.Kind.EFFECTIVE)
        return self.annotate(effective_on=models.Subquery(effective.values("on")[:1]))


@pghistory.track()
class Agreement(models.Model):
    """A memorandum of understanding or similar. Every other record belongs to one."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_FORCE = "in_force", "In force"
        ENDED = "ended", "Ended"

    name = NameField(max_length=120, help_text="Short, as people say it: LGA and techUK.")
    slug = models.SlugField(max_length=60, unique=True, help_text="Its part of the address: lga-techuk.")
    full_title = NameField(max_length=200, blank=True, help_text="What the document calls itself.")
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    summary = models.TextField(blank=True, max_length=LONG_TEXT, help_text="What it is for, in a few plain sentences.")
    aims = models.TextField(blank=True, max_length=LONG_TEXT, help_text="One aim a line.")
    source = models.CharField(max_length=200, blank=True, help_text="Where this is known from.")
    source_url = models.URLField(blank=True, max_length=500, validators=[web_address])
    is_demo = models.BooleanField(
        "demonstration", default=False, help_text="Its records are invented, and each page says so."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="agreement_status_known", condition=Q(status__in=["draft", "in_force", "ended"])
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """The page that describes the agreement in plain words."""
        return reverse("dashboards:about", args=[self.slug])

    @property
    def has_ended(self):
        """Whether the parties have set its status to ended. A past end date alone does not end it."""
        return self.status == self.Status.ENDED

    @property
    def aim_list(self):
        """The aims, one string each."""
        return [line.strip() for line in self.aims.splitlines() if line.strip()]

    def party_of(self, user):
        """The party for which ``user`` has a role in this agreement; None without one, or where ``user`` is None."""
        return self.parties.filter(memberships__user=user).first() if user else None

    def date_of(self, kind):
        """The ``AgreementDate`` of a kind, or None; reads ``dates`` as prefetched."""
        return next((date for date in self.dates.all() if date.kind == kind), None)

    def year_on(self, day) -> AgreementYear | None:
        """The agreement year that ``day`` falls in, or None without an effective date."""
        effective = self.date_of(AgreementDate.Kind.EFFECTIVE)
        return agreement_year(effective.on, day) if effective else None


@pghistory.track()
class AgreementDate(models.Model):
    """One date of an agreement, with its source and certainty."""

    class Kind(models.TextChoices):
        SIGNED = "signed", "Signed"
        EFFECTIVE = "effective", "Takes effect"
        REVIEW = "review", "Review"
        NOTICE = "notice", "Last day for notice"
        END = "end", "End"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="dates")
    kind = models.CharField(max_length=10, choices=Kind)
    on = models.DateField("date", validators=WITHIN_REACH)
    certainty = models.CharField(max_length=8, choices=Certainty, default=Certainty.STATED)
    source = models.CharField(max_length=300, blank=True)
    source_url = models.URLField(blank=True, max_length=500, validators=[web_address])

    objects = AgreementRows.as_manager()

    class Meta:
        ordering = ["agreement", "on"]
        constraints = [
            agreement_key("partnership_agreementdate"),
            models.UniqueConstraint(fields=["agreement", "kind"], name="agreementdate_one_of_a_kind"),
            models.CheckConstraint(
                name="agreementdate_choices_known",
                condition=Q(kind__in=["signed", "effective", "review", "notice", "end"])
                & Q(certainty__in=["stated", "inferred", "unclear"]),
            ),
            models.CheckConstraint(
                name="agreementdate_within_reach",
                condition=Q(on__range=(FIRST_DAY, LAST_DAY)),
                violation_error_message=OUT_OF_REACH,
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.on:%-d %B %Y}"


@pghistory.track()
class Party(models.Model):
    """One side of an agreement. Its organisation in the address book is created with it."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    name = NameField(max_length=120)
    short_name = NameField(max_length=30, help_text="As in lists: LGA.")
    position = models.PositiveSmallIntegerField(default=0, help_text="Order in lists.")

    objects = AgreementRows.as_manager()

    class Meta:
        verbose_name_plural = "parties"
        ordering = ["agreement", "position", "short_name"]
        constraints = [
            agreement_key("partnership_party"),
            models.UniqueConstraint("agreement", Lower("short_name"), name="party_short_name_unique"),
            models.UniqueConstraint("agreement", Lower("name"), name="party_name_unique"),
        ]

    def __str__(self):
        return self.short_name


@pghistory.track()
class Membership(models.Model):
    """A user's one role in an agreement, for a party; only a viewer may be without one."""

    Role = Role

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    party = models.ForeignKey(Party, models.RESTRICT, null=True, blank=True, related_name="memberships")
    role = models.CharField(max_length=6, choices=Role, default=Role.VIEWER)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AgreementRows.as_manager()

    class Meta:
        ordering = ["agreement", "user"]
        constraints = [
            SameAgreement(field="party", name="membership_party_same_agreement"),
            models.UniqueConstraint(
                fields=["agreement", "user"],
                name="membership_one_role",
                violation_error_message="This person has a role in the agreement already.",
            ),
            models.CheckConstraint(name="membership_role_known", condition=Q(role__in=["viewer", "editor", "lead"])),
            models.CheckConstraint(
                name="membership_officer_has_party",
                condition=Q(role="viewer") | Q(party__isnull=False),
                violation_error_message="An editor or a lead acts for a party: choose which.",
            ),
        ]
        indexes = [models.Index(fields=["user", "agreement"], name="membership_by_user")]

    def __str__(self):
        return f"{self.user}, {self.get_role_display().lower()}"


class Version(models.Model):
    """The number that rises with each change of an agreement or its rows; see ``records.versions``."""

    agreement = models.OneToOneField(Agreement, models.CASCADE, primary_key=True, related_name="version")
    number = models.BigIntegerField(default=1)

    objects = AgreementRows.as_manager()

    def __str__(self):
        return f"{self.agreement}, version {self.number}"
