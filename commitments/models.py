"""Commitments with their measures, statuses and evidence, and the plan of the years."""

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils import timezone

from commitments.queries import CommitmentQuerySet
from commitments.rules.plan import MOST
from commitments.rules.rhythm import CHIPS, State
from contacts.models import Person
from engagements.models import Engagement
from pages.words import date_in_words
from partnership.models import Agreement, Certainty, Party
from records.constraints import SameAgreement, agreement_key, within_reach
from records.limits import FIRST_DAY, LAST_DAY, OUT_OF_REACH, WITHIN_REACH, YEARS
from records.names import NameField
from records.one_time_key import MadeByForm
from records.querysets import AgreementRows
from records.validators import web_address
from workstreams.models import Workstream


@pghistory.track(exclude=["form_key"])
class Commitment(MadeByForm):
    """One promise of the agreement, with its clause and the measure by which it is judged.

    With an empty ``given_by`` all parties give it; with an empty ``given_to`` they give it to each other.
    """

    edited_together = (("measure", "rhythm_count", "rhythm_period", "rhythm_kinds", "due_on", "measured_from"),)

    class Measure(models.TextChoices):
        RHYTHM = "rhythm", "A rhythm: so many in a period"
        DUE = "due", "Done by a date"
        NARRATIVE = "narrative", "Told in words"

    class Period(models.TextChoices):
        QUARTER = "quarter", "a quarter"
        YEAR = "year", "a year"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="commitments")
    position = models.PositiveSmallIntegerField(default=0, help_text="Order in lists.")
    title = NameField(max_length=150, help_text="Short: Four roundtables a year.")
    theme = models.CharField(max_length=80, blank=True, help_text="What it belongs to: Regular engagement.")
    clause = models.CharField(max_length=60, blank=True, help_text="Where the agreement says so.")
    text = models.TextField("what was promised", max_length=10_000, blank=True)
    given_by = models.ForeignKey(Party, models.RESTRICT, null=True, blank=True, related_name="+")
    given_to = models.ForeignKey(Party, models.RESTRICT, null=True, blank=True, related_name="+")
    measure = models.CharField("how it is measured", max_length=9, choices=Measure, default=Measure.NARRATIVE)
    rhythm_count = models.PositiveSmallIntegerField("how many", null=True, blank=True)
    rhythm_period = models.CharField("in", max_length=7, choices=Period, blank=True)
    rhythm_kinds = ArrayField(
        models.CharField(max_length=12, choices=Engagement.Kind),
        default=list,
        blank=True,
        verbose_name="of which kinds",
        help_text="None chosen: of any kind.",
    )
    due_on = models.DateField("due", null=True, blank=True, validators=WITHIN_REACH)
    met_on = models.DateField(
        "met", null=True, blank=True, validators=WITHIN_REACH, help_text="Only of what is done by a date."
    )
    is_illustrative = models.BooleanField(
        "illustrative target", default=False, help_text="The number is ours, not the agreement's."
    )
    certainty = models.CharField(max_length=8, choices=Certainty, default=Certainty.STATED)
    source = models.CharField(max_length=300, blank=True)
    source_url = models.URLField(max_length=500, blank=True, validators=[web_address])
    measured_from = models.DateField(
        "measure applies from",
        default=timezone.localdate,
        validators=WITHIN_REACH,
        help_text="What was held before is judged by the measure of its time.",
    )
    workstreams = models.ManyToManyField(Workstream, through="CommitmentWorkstream", related_name="commitments")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "position", "id"]
        constraints = [
            agreement_key("commitments_commitment"),
            SameAgreement(field="given_by", name="commitment_given_by_same_agreement"),
            SameAgreement(field="given_to", name="commitment_given_to_same_agreement"),
            models.CheckConstraint(name="commitment_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="commitment_choices_known",
                condition=Q(measure__in=["rhythm", "due", "narrative"])
                & Q(rhythm_period__in=["", "quarter", "year"])
                & Q(certainty__in=["stated", "inferred", "unclear"])
                & Q(rhythm_kinds__contained_by=Engagement.Kind.values),
            ),
            models.CheckConstraint(
                name="commitment_rhythm_is_whole",
                condition=~Q(measure="rhythm") | (Q(rhythm_count__gt=0) & ~Q(rhythm_period="")),
                violation_error_message="A rhythm needs how many (at least one) and in what period.",
            ),
            models.CheckConstraint(
                name="commitment_due_has_a_date",
                condition=~Q(measure="due") | Q(due_on__isnull=False),
                violation_error_message="Give the date by which it is due.",
            ),
            within_reach("commitment_due_within_reach", "due_on"),
            within_reach("commitment_measured_from_within_reach", "measured_from"),
            models.CheckConstraint(
                name="commitment_met_only_by_a_date",
                condition=Q(met_on=None) | Q(measure="due", met_on__range=(FIRST_DAY, LAST_DAY)),
                violation_error_message=f"Only what is done by a date can be met on one. {OUT_OF_REACH}",
            ),
            models.CheckConstraint(
                name="commitment_not_to_oneself",
                condition=Q(given_by=None) | Q(given_to=None) | ~Q(given_by=F("given_to")),
                violation_error_message="A party cannot promise something to itself.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("commitments:commitment", args=[self.agreement.slug, self.pk])

    def measure_on(self, day):
        """The measure in force on ``day``: the commitment, one of ``past_measures``, or None before the first."""
        if day >= self.measured_from:
            return self
        return next((past for past in self.past_measures.all() if past.applies_from <= day <= past.applies_until), None)

    @property
    def given_in_words(self):
        """The parties in words: "LGA to techUK", "LGA", "All parties to each other"."""
        if self.given_by and not self.given_to:
            return str(self.given_by)
        return f"{self.given_by or 'All parties'} to {self.given_to or 'each other'}"

    @property
    def measure_in_words(self):
        """The measure in words: "4 roundtables or workshops a year", "by 31 March 2027", "told in words"."""
        if self.measure == self.Measure.RHYTHM:
            kinds = [Engagement.Kind(kind).label.lower() for kind in self.rhythm_kinds] or ["engagement"]
            plural = "s" if self.rhythm_count != 1 else ""
            what = " or ".join(f"{kind}{plural}" for kind in kinds)
            return f"{self.rhythm_count} {what} {self.get_rhythm_period_display()}"
        if self.measure == self.Measure.DUE:
            return f"by {date_in_words(self.due_on)}"
        return "told in words"


class PastMeasure(models.Model):
    """A former measure of a commitment, in force from one day to another, both included.

    ``save_commitment`` creates it. The fields have the names and meanings of those of ``Commitment``, which has the
    present measure.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="past_measures")
    applies_from = models.DateField()
    applies_until = models.DateField()
    measure = models.CharField(max_length=9, choices=Commitment.Measure)
    rhythm_count = models.PositiveSmallIntegerField(null=True)
    rhythm_period = models.CharField(max_length=7, choices=Commitment.Period, blank=True)
    rhythm_kinds = ArrayField(models.CharField(max_length=12, choices=Engagement.Kind), default=list)
    due_on = models.DateField(null=True)
    is_illustrative = models.BooleanField(default=False)

    objects = AgreementRows.as_manager()

    Measure, measure_in_words = Commitment.Measure, Commitment.measure_in_words

    class Meta:
        ordering = ["commitment", "applies_from"]
        constraints = [
            SameAgreement(field="commitment", name="pastmeasure_commitment_same_agreement"),
            models.CheckConstraint(name="pastmeasure_days_in_order", condition=Q(applies_until__gte=F("applies_from"))),
            ExclusionConstraint(
                name="pastmeasure_one_a_day",
                expressions=[
                    (F("commitment"), RangeOperators.EQUAL),
                    (
                        Func(F("applies_from"), F("applies_until"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.measure_in_words}, {date_in_words(self.applies_from)} to {date_in_words(self.applies_until)}"


class CommitmentStatus(models.Model):
    """The status of a commitment from ``day`` until its next row, as computed that day; never set by hand."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="statuses")
    day = models.DateField()
    status = models.CharField(max_length=12, choices=[(state.value, state.capitalize()) for state in State])
    reason = models.CharField(max_length=300)
    is_reconstructed = models.BooleanField(
        default=False, help_text="Worked out afterwards, from what the record says now about the day."
    )

    objects = AgreementRows.as_manager()

    raises_version = True
    """A change raises the version of the agreement, because pages show the status: see ``records.versions``."""

    class Meta:
        verbose_name_plural = "commitment statuses"
        ordering = ["commitment", "-day"]
        constraints = [
            SameAgreement(field="commitment", name="commitmentstatus_commitment_same_agreement"),
            models.UniqueConstraint(fields=["commitment", "day"], name="commitmentstatus_one_a_day"),
            models.CheckConstraint(
                name="commitmentstatus_known", condition=Q(status__in=[state.value for state in State])
            ),
        ]
        indexes = [models.Index(fields=["agreement", "commitment", "-day"], name="commitmentstatus_on_a_day")]

    def __str__(self):
        return f"{self.get_status_display()} from {date_in_words(self.day)}"

    @property
    def chip(self):
        """The state of a chip: good, warn, bad or quiet."""
        return CHIPS.get(self.status, "quiet")


class StatusCheck(models.Model):
    """The day on which the statuses of an agreement were last recorded, and the version of the agreement then."""

    agreement = models.OneToOneField(Agreement, models.CASCADE, primary_key=True, related_name="status_check")
    day = models.DateField()
    version = models.BigIntegerField()

    objects = AgreementRows.as_manager()

    def __str__(self):
        return f"{self.agreement}: {date_in_words(self.day)}, version {self.version}"


@pghistory.track()
class CommitmentWorkstream(models.Model):
    """A workstream that a commitment is about."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="workstream_links")
    workstream = models.ForeignKey(Workstream, models.RESTRICT, related_name="commitment_links")

    objects = AgreementRows.as_manager()

    class Meta:
        ordering = ["commitment", "id"]
        constraints = [
            SameAgreement(field="commitment", name="commitmentlink_commitment_same_agreement"),
            SameAgreement(field="workstream", name="commitmentlink_workstream_same_agreement"),
            models.UniqueConstraint(fields=["commitment", "workstream"], name="commitmentlink_once"),
        ]

    def __str__(self):
        return str(self.workstream)


@pghistory.track()
class Evidence(models.Model):
    """A decision by a lead: an engagement counts towards a commitment, or it does not."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="evidence")
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="evidence")
    counts = models.BooleanField(help_text="Ticked: it counts, whatever the rule says. Else it is struck out.")
    reason = models.CharField("why", max_length=300)
    added_by = models.ForeignKey(Person, models.RESTRICT, null=True, blank=True, related_name="+", editable=False)
    added_at = models.DateTimeField(auto_now_add=True)

    objects = AgreementRows.as_manager()

    class Meta:
        verbose_name_plural = "evidence"
        ordering = ["commitment", "id"]
        constraints = [
            SameAgreement(field="commitment", name="evidence_commitment_same_agreement"),
            SameAgreement(field="engagement", name="evidence_engagement_same_agreement"),
            SameAgreement(field="added_by", name="evidence_added_by_same_agreement"),
            models.UniqueConstraint(
                fields=["commitment", "engagement"],
                name="evidence_once",
                violation_error_message="Something is said of this engagement already: take that back first.",
            ),
            models.CheckConstraint(
                name="evidence_has_a_reason", condition=~Q(reason=""), violation_error_message="Say why."
            ),
        ]

    def __str__(self):
        return str(self.engagement)


@pghistory.track()
class PlanNumber(models.Model):
    """The number of engagements of a kind that the leads have planned for an agreement year.

    The row has the number of the year. If it had the first day instead, a plan would belong to no year once the
    effective date was corrected by a day (or was a 29 February). ``set_for`` is the first day of the year when the
    number was set. Where that is another day now, the pages say so, and the leads decide.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="plan_numbers")
    year = models.PositiveSmallIntegerField("agreement year", help_text="The first is 1.")
    kind = models.CharField(max_length=12, choices=Engagement.Kind)
    number = models.PositiveSmallIntegerField("in the plan", help_text=f"A whole number from 0 to {MOST}.")
    set_for = models.DateField("first day of the year when it was set", editable=False)

    objects = AgreementRows.as_manager()

    class Meta:
        verbose_name = "number in the plan"
        verbose_name_plural = "numbers in the plan"
        ordering = ["agreement", "year", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "year", "kind"],
                name="plannumber_one_of_a_kind",
                violation_error_message="This year has a number for this kind already: change that one.",
            ),
            models.CheckConstraint(name="plannumber_kind_known", condition=Q(kind__in=Engagement.Kind.values)),
            models.CheckConstraint(
                name="plannumber_number_possible",
                condition=Q(number__range=(0, MOST)),
                violation_error_message=f"Give a whole number from 0 to {MOST}.",
            ),
            models.CheckConstraint(
                name="plannumber_year_possible",
                condition=Q(year__range=(1, YEARS)),
                violation_error_message=f"Give the number of an agreement year, from 1 to {YEARS}.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, agreement year {self.year}: {self.number}"
