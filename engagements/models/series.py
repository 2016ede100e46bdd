"""Series: engagements that repeat by a rule. Each occurrence is an engagement of its own."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from contacts.models import Organisation, Person
from engagements.models.committee import Committee
from engagements.models.engagement import Kind, Mode, home_time_zone, known_time_zone
from engagements.queries import SeriesPersonQuerySet, SeriesQuerySet
from engagements.rules.occurrences import KEEP, MOVE, SKIP, occurrences
from engagements.rules.recurrence import MOST, RuleError, checked, in_words
from engagements.rules.words import times_in_words
from pages.words import date_in_words, period_in_words
from partnership.models import Agreement
from records.constraints import SameAgreement, agreement_key
from records.history import in_history
from records.limits import FIRST_DAY, LAST_DAY, LONG_TEXT, OUT_OF_REACH
from records.names import NameField
from records.querysets import AgreementRows
from records.validators import web_address
from workstreams.models import Workstream

LONGEST = 31
"""The most days that one occurrence may last."""


def known_rule(text):
    """ValidationError, with the reason, for a text that is not a valid rule."""
    try:
        checked(text)
    except RuleError as error:
        raise ValidationError(str(error)) from error


class FreeDays(models.TextChoices):
    """The choices for a date of the rule on a bank holiday, or at a weekend that the rule does not ask for."""

    KEEP = KEEP, "Keep the date"
    MOVE = MOVE, "Move it to the next working day"
    SKIP = SKIP, "Leave that one out"


@pghistory.track()
class Series(models.Model):
    """How often an engagement repeats, and the initial values of each occurrence.

    The rule (RFC 5545) gives days from ``first_day`` on. Times are wall-clock in ``time_zone``, so 10:00 stays 10:00
    when the clocks change. A change to "this one and later" changes the series from that day on.
    """

    Kind, Mode, FreeDays = Kind, Mode, FreeDays

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="series")
    rule = models.CharField(
        max_length=200, validators=[known_rule], help_text="An RRULE of RFC 5545, such as FREQ=MONTHLY;BYDAY=2TH."
    )
    first_day = models.DateField(help_text="From this day on the rule is as it stands here.")
    ends_on = models.DateField("until", null=True, blank=True, help_text="Empty: with no end, or so many times.")
    count = models.PositiveSmallIntegerField(
        "how many times", null=True, blank=True, help_text="From the first day on, those left out among them."
    )
    on_free_days = models.CharField(
        "on bank holidays and weekends", max_length=4, choices=FreeDays, default=FreeDays.KEEP
    )
    skipped = in_history(
        ArrayField(models.DateField(), verbose_name="dates left out", default=list, blank=True, editable=False)
    )
    stopped_on = in_history(models.DateField(null=True, blank=True, editable=False))
    stop_reason = in_history(models.CharField("why it was stopped", max_length=300, blank=True, editable=False))

    title = NameField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind)
    start_time = models.TimeField("from", null=True, blank=True)
    end_time = models.TimeField("to", null=True, blank=True)
    length_days = models.PositiveSmallIntegerField("days that one lasts", default=1)
    time_zone = models.CharField(max_length=50, default=home_time_zone, validators=[known_time_zone])
    mode = models.CharField("how people meet", max_length=9, choices=Mode, blank=True)
    venue = models.CharField(max_length=300, blank=True)
    joining_link = models.URLField(max_length=1000, blank=True, validators=[web_address])
    committee = models.ForeignKey(Committee, models.RESTRICT, null=True, blank=True, related_name="series")
    summary = models.TextField(blank=True, max_length=LONG_TEXT, help_text="What it is about.")
    chatham_house = models.BooleanField("under the Chatham House Rule", default=False)
    is_public_event = models.BooleanField("public event of a party", default=False)
    hosts = models.ManyToManyField(Organisation, through="SeriesHost", related_name="+")
    workstreams = models.ManyToManyField(Workstream, through="SeriesWorkstream", related_name="+")
    people = models.ManyToManyField(Person, through="SeriesPerson", related_name="+")

    started_by = models.ForeignKey(Person, models.RESTRICT, null=True, blank=True, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        verbose_name_plural = "series"
        constraints = [
            agreement_key("engagements_series"),
            SameAgreement(field="committee", name="series_committee_same_agreement"),
            SameAgreement(field="started_by", name="series_started_by_same_agreement"),
            models.CheckConstraint(name="series_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="series_mode_known", condition=Q(mode__in=["", *Mode.values])),
            models.CheckConstraint(name="series_free_days_known", condition=Q(on_free_days__in=FreeDays.values)),
            models.CheckConstraint(name="series_has_title_and_rule", condition=~Q(title="") & ~Q(rule="")),
            models.CheckConstraint(
                name="series_within_reach",
                condition=Q(first_day__range=(FIRST_DAY, LAST_DAY))
                & (Q(ends_on=None) | Q(ends_on__range=(FIRST_DAY, LAST_DAY))),
                violation_error_message=OUT_OF_REACH,
            ),
            models.CheckConstraint(
                name="series_ends_after_first_day",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("first_day")),
                violation_error_message="The last day is before the first.",
            ),
            models.CheckConstraint(
                name="series_one_end",
                condition=Q(ends_on=None) | Q(count=None),
                violation_error_message="Give either a last day or how many times, not both.",
            ),
            models.CheckConstraint(
                name="series_count_within_reach",
                condition=Q(count=None) | Q(count__range=(1, MOST)),
                violation_error_message=f"Give a number from 1 to {MOST}.",
            ),
            models.CheckConstraint(
                name="series_length_within_reach",
                condition=Q(length_days__range=(1, LONGEST)),
                violation_error_message=f"Give a number of days from 1 to {LONGEST}.",
            ),
            models.CheckConstraint(
                name="series_end_time_needs_start",
                condition=Q(end_time=None) | Q(start_time__isnull=False),
                violation_error_message="Give the time it starts as well as the time it ends.",
            ),
            models.CheckConstraint(
                name="series_ends_after_start",
                condition=Q(end_time=None) | Q(length_days__gt=1) | Q(end_time__gt=F("start_time")),
                violation_error_message="It ends before it starts.",
            ),
            models.CheckConstraint(
                name="series_links_are_web_addresses",
                condition=Q(joining_link="") | Q(joining_link__regex=r"^https?://"),
                violation_error_message="A link must begin with http:// or https://.",
            ),
            models.CheckConstraint(
                name="series_committee_only_for_its_meetings",
                condition=Q(committee=None) | Q(kind="committee"),
                violation_error_message="Only a committee meeting has a committee.",
            ),
        ]
        indexes = [
            models.Index(fields=["agreement", "title"], name="series_by_title"),
            models.Index(fields=["committee"], name="series_by_committee", condition=Q(committee__isnull=False)),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("engagements:series", args=[self.agreement.slug, self.pk])

    def clean(self):
        """Put the rule into its plain form. Refuse one that gives no date, or more than ``MOST`` up to ``ends_on``."""
        if not (self.rule and self.first_day):
            return
        try:
            self.rule = checked(self.rule)
        except RuleError:
            # The field's validator reports it.
            return
        if self.ends_on and self.ends_on < self.first_day:
            # The constraint reports it.
            return
        numbered = [day for _, day in zip(range(MOST + 1), self.occurrences(), strict=False)]
        if not numbered:
            when = " between these days" if self.ends_on else ""
            raise ValidationError({"rule": f"{self.rule_in_words} never comes{when}: there would be no date at all."})
        if self.ends_on and len(numbered) > MOST:
            raise ValidationError(
                {"ends_on": f"These are more than {MOST} dates. Give an earlier last day, or none: dates are then "
                 "made a year ahead."}
            )  # fmt: skip

    def occurrences(self):
        """Each ``Occurrence`` of the rule from ``first_day`` on, left-out ones too; with no end, to ``LAST_DAY``."""
        return occurrences(
            self.rule,
            self.first_day,
            ends_on=self.ends_on,
            count=self.count,
            on_free_days=self.on_free_days,
            skipped=frozenset(self.skipped),
        )

    @property
    def is_stopped(self):
        """Whether no further dates are made."""
        return self.stopped_on is not None

    @property
    def rule_in_words(self):
        """ "Every second Thursday of the month"."""
        return in_words(self.rule)

    @property
    def in_words(self):
        """ "Every second Thursday of the month, 10:00 to 11:30, until 31 March 2027"."""
        return ", ".join(filter(None, [self.rule_in_words, times_in_words(self), self.end_in_words]))

    @property
    def end_in_words(self):
        """ "until 31 March 2027", "12 times from 10 December 2026", ""."""
        if self.count:
            times = "once" if self.count == 1 else f"{self.count} times"
            return f"{times} from {date_in_words(self.first_day)}"
        return period_in_words(None, self.ends_on)


class SeriesPart(models.Model):
    """Base of the rows that a series has for the hosts, workstreams and people of each new occurrence."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")

    objects = AgreementRows.as_manager()

    class Meta:
        abstract = True
        ordering = ["series", "id"]


@pghistory.track()
class SeriesHost(SeriesPart):
    """An organisation that hosts the occurrences."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="host_links")
    organisation = models.ForeignKey(Organisation, models.RESTRICT, related_name="+")

    class Meta(SeriesPart.Meta):
        constraints = [
            SameAgreement(field="series", name="serieshost_series_same_agreement"),
            SameAgreement(field="organisation", name="serieshost_organisation_same_agreement"),
            models.UniqueConstraint(fields=["series", "organisation"], name="serieshost_once"),
        ]

    def __str__(self):
        return str(self.organisation)


@pghistory.track()
class SeriesWorkstream(SeriesPart):
    """A workstream that the occurrences belong to."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="workstream_links")
    workstream = models.ForeignKey(Workstream, models.RESTRICT, related_name="+")

    class Meta(SeriesPart.Meta):
        constraints = [
            SameAgreement(field="series", name="seriesworkstream_series_same_agreement"),
            SameAgreement(field="workstream", name="seriesworkstream_workstream_same_agreement"),
            models.UniqueConstraint(fields=["series", "workstream"], name="seriesworkstream_once"),
        ]

    def __str__(self):
        return str(self.workstream)


@pghistory.track()
class SeriesPerson(SeriesPart):
    """A person who takes part in each occurrence, beside the holders of seats on its committee."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="person_links")
    person = models.ForeignKey(Person, models.RESTRICT, related_name="+")

    objects = SeriesPersonQuerySet.as_manager()

    class Meta(SeriesPart.Meta):
        constraints = [
            SameAgreement(field="series", name="seriesperson_series_same_agreement"),
            SameAgreement(field="person", name="seriesperson_person_same_agreement"),
            models.UniqueConstraint(fields=["series", "person"], name="seriesperson_once"),
        ]

    def __str__(self):
        return str(self.person)
