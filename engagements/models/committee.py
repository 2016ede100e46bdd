"""Committees and their seats."""

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse

from contacts.models import Organisation, Person
from engagements.queries import SeatQuerySet
from pages.holidays import working_day_before
from partnership.models import Agreement
from records.constraints import SameAgreement, agreement_key, within_reach
from records.limits import LONG_TEXT, WITHIN_REACH
from records.names import NameField
from records.one_time_key import MadeByForm
from records.querysets import AgreementRows
from records.validators import web_address

MOST_PAPERS_DAYS = 60


@pghistory.track(exclude=["form_key"])
class Committee(MadeByForm):
    """A standing body whose meetings the parties share. All fields but the name may be empty."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="committees")
    name = NameField(max_length=200)
    host = models.ForeignKey(Organisation, models.RESTRICT, null=True, blank=True, related_name="committees")
    purpose = models.TextField(blank=True, max_length=LONG_TEXT)
    how_often = models.CharField("how often it meets", max_length=200, blank=True)
    papers_days = models.PositiveSmallIntegerField(
        "papers are due, working days before",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PAPERS_DAYS)],
        help_text="Weekends and bank holidays do not count. Empty: no day is set.",
    )
    web_page = models.URLField(blank=True, max_length=500, validators=[web_address])

    objects = AgreementRows.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            agreement_key("engagements_committee"),
            SameAgreement(field="host", name="committee_host_same_agreement"),
            models.CheckConstraint(
                name="committee_papers_days_known",
                condition=Q(papers_days=None) | Q(papers_days__range=(1, MOST_PAPERS_DAYS)),
                violation_error_message=f"Papers are due 1 to {MOST_PAPERS_DAYS} working days before a meeting.",
            ),
            models.UniqueConstraint(
                "agreement",
                Lower("name"),
                name="committee_name_unique",
                violation_error_message="A committee of this name is there already.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("engagements:committee", args=[self.agreement.slug, self.pk])

    def papers_due_for(self, day):
        """The day by which the papers of a meeting on ``day`` are due; None where the committee sets none."""
        return working_day_before(day, self.papers_days) if self.papers_days else None

    @property
    def papers_in_words(self):
        """ "5 working days before a meeting"; "" where it sets no day."""
        if not self.papers_days:
            return ""
        return f"{self.papers_days} working day{'s'[: self.papers_days != 1]} before a meeting"


@pghistory.track(exclude=["form_key"])
class Seat(MadeByForm):
    """A place on a committee for a time, with its holder and deputy. A new holder gets a new row."""

    part_of = "committee"

    class Role(models.TextChoices):
        CHAIR = "chair", "Chair"
        VICE_CHAIR = "vice_chair", "Vice-chair"
        MEMBER = "member", "Member"
        OBSERVER = "observer", "Observer"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")
    committee = models.ForeignKey(Committee, models.CASCADE, related_name="seats")
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    organisation = models.ForeignKey(Organisation, models.RESTRICT, null=True, blank=True, related_name="seats")
    holder = models.ForeignKey(Person, models.RESTRICT, null=True, blank=True, related_name="seats")
    deputy = models.ForeignKey(Person, models.RESTRICT, null=True, blank=True, related_name="deputy_seats")
    starts_on = models.DateField("from", null=True, blank=True, validators=WITHIN_REACH)
    ends_on = models.DateField(
        "to", null=True, blank=True, validators=WITHIN_REACH, help_text="Its last day. Empty: still held."
    )

    objects = SeatQuerySet.as_manager()

    class Meta:
        ordering = ["committee", F("ends_on").desc(nulls_first=True), "role", "organisation__name"]
        constraints = [
            agreement_key("engagements_seat"),
            SameAgreement(field="committee", name="seat_committee_same_agreement"),
            SameAgreement(field="organisation", name="seat_organisation_same_agreement"),
            SameAgreement(field="holder", name="seat_holder_same_agreement"),
            SameAgreement(field="deputy", name="seat_deputy_same_agreement"),
            models.CheckConstraint(
                name="seat_role_known", condition=Q(role__in=["chair", "vice_chair", "member", "observer"])
            ),
            models.CheckConstraint(
                name="seat_ends_after_start",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="A seat cannot end before it begins.",
            ),
            within_reach("seat_within_reach", "starts_on", "ends_on"),
            models.CheckConstraint(
                name="seat_has_someone",
                condition=Q(organisation__isnull=False) | Q(holder__isnull=False),
                violation_error_message="Say whose seat it is: an organisation, a person or both.",
            ),
            models.CheckConstraint(
                name="seat_deputy_is_another",
                condition=Q(holder=None) | Q(deputy=None) | ~Q(holder=F("deputy")),
                violation_error_message="The deputy must be somebody else than the holder.",
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()}: {self.holder or self.organisation}"

    def is_held_on(self, day):
        """Whether its term includes ``day``. ``SeatQuerySet.held_on`` is the same in SQL."""
        return (self.starts_on is None or self.starts_on <= day) and (self.ends_on is None or self.ends_on >= day)
